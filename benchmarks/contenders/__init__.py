"""The search engines that are compared, each behind the same three calls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from benchmarks.contenders.baocha import Baocha
from benchmarks.contenders.fts5 import Fts5
from benchmarks.contenders.stock_whoosh import StockWhoosh
from benchmarks.contenders.tantivy_index import TantivyBoth, TantivyPairs, TantivyWords
from benchmarks.material import Answer, Material, Query


class Contender(Protocol):
    """A search engine; made with the folder of its index."""

    def build(self, material: Material) -> None:
        """Make the index, from texts to the last file."""
        ...

    def open(self, material: Material) -> None:
        """Make ready to answer."""
        ...

    def ids(self, query: Query) -> Any:
        """Find the exact count, the counts of all facets, and the best ten."""
        ...

    def whole(self, query: Query) -> Any:
        """Find the same, with texts, spans and snippets of the best ten."""
        ...

    def answer(self, found: Any) -> Answer:
        """Return what `ids` or `whole` found, to be compared; this is not timed."""
        ...


CONTENDERS: dict[str, Callable[[Path], Contender]] = {
    "baocha": Baocha,
    "tantivy pairs": TantivyPairs,
    "tantivy words": TantivyWords,
    "tantivy words and pairs": TantivyBoth,
    "SQLite FTS5 trigram": Fts5,
    "Whoosh ChineseAnalyzer": StockWhoosh,
}
