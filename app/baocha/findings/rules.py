"""What a rule is, and the protocol of the modules that find something. `docs/findings.md` describes each rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from baocha.search import Engine, Filters
from baocha_indexer.messages import Message

if TYPE_CHECKING:  # it imports this module
    from baocha.findings.finding import Finding

Severity = Literal["error", "warning", "notice"]
"""How serious a finding is, by how sure it is: a clear contradiction, probably an error, or only a hint."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

SEVERITY_NAMES: dict[Severity, Message] = {
    "error": Message(zh="明确不符", en="clear"),
    "warning": Message(zh="可能不符", en="probable"),
    "notice": Message(zh="供参考", en="hint"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `id` is stable. `severity`: of its findings, unless one says otherwise."""

    id: str
    name: Message
    severity: Severity


class RuleSet(Protocol):
    """Some rules that are checked together. A package adds one as an entry point of the group `baocha.rules`."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in the order in which they are listed."""
        ...

    def find(self, engine: Engine, filters: Filters) -> "Iterator[Finding | Message]":
        """Yield the findings of the reports that pass the filters, and messages about what was left out.

        Filters by section, role and copied text are not set.
        """
        ...


def make_rules(*rules: tuple[str, str, str, Severity]) -> tuple[Rule, ...]:
    """Return rules from their ids, Chinese names, English names and severities."""
    return tuple(Rule(name, Message(zh=zh, en=en), severity) for name, zh, en, severity in rules)
