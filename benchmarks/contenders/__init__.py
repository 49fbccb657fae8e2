"""The search engines that are compared, each behind the same three calls."""

from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from benchmarks.material import Answer, Material, Query


class Contender(Protocol):
    """A search engine. It is created with the folder of its index."""

    def build(self, material: Material) -> None:
        """Build the index, from the texts to the last file."""
        ...

    def open(self, material: Material) -> None:
        """Open the index for queries."""
        ...

    def ids(self, query: Query) -> Any:
        """Find the exact count, the counts of all facets, and the ids of the best ten."""
        ...

    def whole(self, query: Query) -> Any:
        """Find the same, and also the texts, spans and snippets of the best ten."""
        ...

    def answer(self, found: Any) -> Answer:
        """Convert a result of `ids` or `whole`, so that it can be compared. This is not timed."""
        ...


CONTENDERS = {
    "baocha": "baocha.Baocha",
    "tantivy pairs": "tantivy_index.TantivyPairs",
    "tantivy words": "tantivy_index.TantivyWords",
    "tantivy words and pairs": "tantivy_index.TantivyBoth",
    "SQLite FTS5 trigram": "fts5.Fts5",
    "Whoosh ChineseAnalyzer": "stock_whoosh.StockWhoosh",
}
"""Module and class of each. A module is imported only when it is measured: it may need a package
that is not installed."""


def contender(name: str, folder: Path) -> Contender:
    """Return the contender `name` with its index in `folder`."""
    module, _, found = CONTENDERS[name].rpartition(".")
    return cast("Contender", getattr(import_module(f"{__name__}.{module}"), found)(folder))
