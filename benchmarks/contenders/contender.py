"""The base of all contenders."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.kinds import COMPARED, Query
from benchmarks.material import MIXED, Answer, Material

WITHOUT_NEAR = frozenset({MIXED, *COMPARED}) - {"near", "relaxed"}


class Contender(ABC):
    """A search engine with its index in a folder.

    `kinds`: the kinds of query that it can express. Nearness is measured in terms by most engines,
    and no other engine relaxes a query as baocha does.
    """

    kinds: ClassVar[Collection[str]] = WITHOUT_NEAR

    def __init__(self, folder: Path) -> None:
        """Use an index in `folder`, which is created if it does not exist."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    @staticmethod
    def missing() -> str | None:
        """Return what must be installed before the engine can be measured, or None."""
        return None

    @staticmethod
    @abstractmethod
    def version() -> str:
        """Return the version of the engine."""

    def start(self) -> None:  # noqa: B027 — most engines have no server
        """Start the server of the engine, if it has one. Called before `build` and `open`; not timed."""

    @abstractmethod
    def build(self, material: Material) -> None:
        """Build the index, from the texts to the last file."""

    @abstractmethod
    def open(self, material: Material) -> None:
        """Open the index for queries."""

    @abstractmethod
    def ids(self, query: Query) -> Any:
        """Find the exact count, the counts of all facets, and the ids of the best ten."""

    @abstractmethod
    def whole(self, query: Query) -> Any:
        """Find the same, and also the texts, spans and snippets of the best ten.

        If `query.limit` is None, find the ids and texts of all hits in the order of the paragraphs,
        and count no facets.
        """

    @abstractmethod
    def answer(self, found: Any) -> Answer:
        """Convert a result of `ids` or `whole`, so that it can be compared. This is not timed."""

    def other_memory(self, before: int) -> int:
        """Return the maximum resident memory of the processes that this engine started, in bytes.

        `before`: the resident memory of this process before the build.
        """
        return 0

    def close(self) -> None:  # noqa: B027 — as start
        """Stop what `start` started."""


class HttpContender(Contender):
    """A search engine in a server of its own, which answers at `address`, "host:port"."""

    address: str

    @abstractmethod
    def whole_request(self, query: Query) -> bytes:
        """Return the HTTP request for `whole`, for a query without a filter."""

    @abstractmethod
    def ask_nothing(self) -> None:
        """Send a request that searches nothing, to measure what any request costs."""
