"""The engine of a running server: opened on first use, reopened when the index changes."""

import threading

from baocha.search import Credentials, Engine, Filters, Status, open_engine
from baocha_indexer.errors import DamagedIndexError, IndexUnreachableError, IndexUnusableError
from baocha_indexer.messages import Message
from baocha_indexer.text import load_segmenter

WARM_UP_QUERY = "绩效 管理 䶮䶮䶮"
"""No paragraph has all of these keywords, so that the search runs every step, also relaxing."""

_FREQUENT = "的 一 是 不 了"
"""Very frequent characters. This search allocates as much memory as the largest query."""


class LiveEngine:
    """Provides the engine for the newest commit. Safe to share between threads."""

    def __init__(self, index: str, credentials: Credentials | None = None) -> None:
        """Remember the index, as `open_engine` takes it. It is opened on first use."""
        self._index, self._credentials = index, credentials
        self._engine: Engine | None = None
        self._by_scope: dict[Filters, Engine] = {}
        self._lock = threading.Lock()

    def current(self, scope: Filters | None = None) -> Engine:
        """Return the engine. With `scope`, it sees only the reports in that scope.

        Raises IndexUnusableError if the index cannot be opened.
        """
        with self._lock:
            if self._engine is None or not self._engine.is_current():
                self._engine = _warmed(open_engine(self._index, self._credentials))
                self._by_scope.clear()
            if scope is None:
                return self._engine
            if scope not in self._by_scope:
                self._by_scope[scope] = self._engine.restricted_to(scope)
            return self._by_scope[scope]

    def readable_status(self) -> Status | None:
        """Return the status of the index, or None if it cannot be opened."""
        try:
            return self.current().status()
        except IndexUnusableError:
            return None


def public_reason(error: IndexUnusableError) -> Message:
    """Return why the index cannot be searched, without the path or address, which the log has."""
    match error:
        case IndexUnreachableError():
            return Message(
                zh="存放索引的服务器未响应，通常会自行恢复；详情见服务器日志",
                en="the server that has the index does not respond, and usually recovers by itself; "
                "see the log",
            )
        case DamagedIndexError():
            return Message(
                zh="索引已损坏；详情见服务器日志", en="the index is damaged; the log says where"
            )
        case _:
            return Message(
                zh="索引不存在、无法读取或由另一版本建立；详情见服务器日志",
                en="the index is missing, cannot be read or is of another version; see the log",
            )


def _warmed(engine: Engine) -> Engine:
    """Load the segmenter and, with two searches, the caches, so that no request waits for them."""
    load_segmenter()
    for query in (WARM_UP_QUERY, _FREQUENT):
        engine.search(query)
    engine.status()
    return engine
