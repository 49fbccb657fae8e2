"""The search engines that are compared, each behind the same calls."""

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.contenders.contender import Contender, HttpContender

__all__ = [
    "BUILT_ONLY",
    "CONTENDERS",
    "OWN",
    "Contender",
    "HttpContender",
    "contender",
    "installed",
    "missing",
    "version_of",
]

OWN = "baocha"
BUILT_ONLY = "tantivy words and pairs"
"""It is only built, not searched: its index has as much content as ours."""

CONTENDERS = {
    OWN: "baocha.Baocha",
    "tantivy pairs": "tantivy_index.TantivyPairs",
    "tantivy words": "tantivy_index.TantivyWords",
    BUILT_ONLY: "tantivy_index.TantivyBoth",
    "Groonga TokenBigram": "groonga.Groonga",
    "OpenSearch": "opensearch.OpenSearch",
    "SQLite FTS5 trigram": "fts5.Fts5",
    "Whoosh ChineseAnalyzer": "stock_whoosh.StockWhoosh",
}
"""Module and class of each. A module is imported only when it is measured: it may need a package
that is not installed."""


def _class_of(name: str) -> type[Contender]:
    module, _, found = CONTENDERS[name].rpartition(".")
    of_name: type[Contender] = getattr(import_module(f"{__name__}.{module}"), found)
    return of_name


def contender(name: str, folder: Path) -> Contender:
    """Return the contender `name` with its index in `folder`."""
    return _class_of(name)(folder)


def missing(name: str) -> str | None:
    """Return what must be installed before the contender can be measured, or None."""
    try:
        return _class_of(name).missing()
    except ModuleNotFoundError as error:
        return f"the Python package {error.name} (pip install -c constraints.txt -e '.[test,opensearch,benchmark]')"


def installed(names: Iterable[str]) -> list[str]:
    """Return those of the contenders that can be measured. Say what is missing for the others."""
    found = []
    for name in names:
        if lacks := missing(name):
            print(f"{name} is left out; install {lacks}", file=sys.stderr)
        else:
            found.append(name)
    return found


def version_of(name: str) -> str:
    """Return the version of the engine of a contender."""
    return _class_of(name).version()
