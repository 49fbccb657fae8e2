"""The search engines that are compared, each behind the same three calls."""

from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

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


CONTENDERS = {
    "baocha": "baocha.Baocha",
    "tantivy pairs": "tantivy_index.TantivyPairs",
    "tantivy words": "tantivy_index.TantivyWords",
    "tantivy words and pairs": "tantivy_index.TantivyBoth",
    "SQLite FTS5 trigram": "fts5.Fts5",
    "Whoosh ChineseAnalyzer": "stock_whoosh.StockWhoosh",
}
"""Modules and classes; each is imported where it is measured, for a peer may not be installed."""


def contender(name: str, folder: Path) -> Contender:
    """Return the contender of that name, with its index in a folder."""
    module, _, found = CONTENDERS[name].rpartition(".")
    return cast("Contender", getattr(import_module(f"{__name__}.{module}"), found)(folder))
