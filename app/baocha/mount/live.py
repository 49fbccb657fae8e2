"""The engine of a running server: opened when first asked, opened again when the index changes."""

import threading
from pathlib import Path

from baocha.search import Engine, Filters, Status, open_engine
from baocha_indexer.errors import IndexUnusableError

WARM_UP_QUERY = "绩效 管理 䶮䶮䶮"
"""Keywords that do not all occur in one paragraph, so the search runs every step, also relaxing."""

_FREQUENT = "的 一 是 不 了"
"""Very frequent characters: searching them allocates as much memory as any query will."""


class LiveEngine:
    """Gives out the engine of the newest commit. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is opened yet."""
        self._folder = folder
        self._engine: Engine | None = None
        self._narrowed: dict[Filters, Engine] = {}
        self._lock = threading.Lock()

    def current(self, scope: Filters | None = None) -> Engine:
        """Return the engine; with `scope`, one that sees only the reports in that scope.

        Raises IndexUnusableError where the index cannot be opened.
        """
        with self._lock:
            if self._engine is None or not self._engine.is_current():
                self._engine = _warmed(open_engine(self._folder))
                self._narrowed.clear()
            if scope is None:
                return self._engine
            if scope not in self._narrowed:
                self._narrowed[scope] = self._engine.restricted_to(scope)
            return self._narrowed[scope]

    def readable_status(self) -> Status | None:
        """Return what the index holds, or None where it cannot be opened."""
        try:
            return self.current().status()
        except IndexUnusableError:
            return None


def _warmed(engine: Engine) -> Engine:
    """Run two searches, so that the engine loads its caches now and no request waits for it."""
    for query in (WARM_UP_QUERY, _FREQUENT):
        engine.search(query)
    engine.status()
    return engine
