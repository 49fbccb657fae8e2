"""What officers decided about findings: confirmed, or dismissed with a reason. Shared by all users.

The decisions are records beside the index (see `baocha.basket`), so that they survive a rebuild.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from baocha.basket import RecordConflictError, RecordStore
from baocha_indexer.errors import BaochaError
from baocha_indexer.messages import Message

State = Literal["open", "confirmed", "dismissed"]
STATES: tuple[State, ...] = get_args(State)

STATE_NAMES: dict[State, Message] = {
    "open": Message(zh="未处理", en="open"),
    "confirmed": Message(zh="属实", en="confirmed"),
    "dismissed": Message(zh="已排除", en="dismissed"),
}

MAX_REASON = 500
"""Maximum length of a reason, in characters."""

_EVERYONE = ""
"""The user whose records all users share. The name of a real user is not empty."""

_KIND = "decision"


class DecisionError(BaochaError):
    """A decision is not valid. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a finding. `by`: the user, empty if unknown. `when`: ISO 8601, in UTC."""

    state: State = "open"
    reason: str = ""
    by: str = ""
    when: str = ""


NO_DECISION = Decision()


class Decisions:
    """The decisions about the findings of an index."""

    def __init__(self, index: Path) -> None:
        """Use the records beside an index folder."""
        self._store = RecordStore(index)

    def all(self) -> Mapping[str, Decision]:
        """Return the decisions by the id of the finding. Raises StoreError."""
        return {
            record.key: Decision(
                record.value["state"],
                record.value.get("reason", ""),
                record.value.get("by", ""),
                record.value.get("when", ""),
            )
            for record in self._store.list(_EVERYONE, _KIND)
            if record.value.get("state") in STATES
        }

    def decide(self, finding: str, state: State, reason: str = "", by: str = "") -> None:
        """Store a decision about the finding with an id; "open" removes an earlier one.

        Raises DecisionError if a finding is dismissed without a reason, StoreError, TooManyRecordsError.
        """
        reason = " ".join(reason.split())
        if state == "dismissed" and not reason:
            raise DecisionError(
                zh="排除一条发现须填写理由", en="give a reason to dismiss a finding"
            )
        if len(reason) > MAX_REASON:
            raise DecisionError(
                zh=f"理由不能超过 {MAX_REASON} 字",
                en=f"a reason has at most {MAX_REASON} characters",
            )
        if state == "open":
            self._store.delete(_EVERYONE, _KIND, finding)
            return
        when = datetime.now(UTC).isoformat(timespec="seconds")
        value = asdict(Decision(state, reason, by, when))
        version = None
        while True:
            try:
                self._store.put(_EVERYONE, _KIND, finding, value, version)
            except RecordConflictError as conflict:
                # The last decision counts.
                version = conflict.record.version if conflict.record else None
            else:
                return
