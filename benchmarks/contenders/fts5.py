"""SQLite FTS5 with its trigram tokenizer, in plain SQL.

It cannot find phrases shorter than three characters.
"""

import sqlite3
from pathlib import Path
from typing import Any

from baocha.search.results import FACETS
from benchmarks.material import Answer, Material, Query

_MATCHES = "WITH found AS MATERIALIZED (SELECT rowid FROM texts WHERE texts MATCH ?) "
_COUNTS = _MATCHES + " UNION ALL ".join(
    f"SELECT '{name}', {name}, count(*) FROM found JOIN paragraphs USING (rowid) GROUP BY {name}"  # noqa: S608
    for name in FACETS
)
_BEST = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10"
_SNIPPETS = (
    "SELECT rowid, text, snippet(texts, 0, '<mark>', '</mark>', '…', 64) "
    "FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10"
)


class Fts5:
    """A database with one table of folded texts and one of facets."""

    def __init__(self, folder: Path) -> None:
        """Use a database in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "index.sqlite"

    def build(self, material: Material) -> None:
        """Build the database."""
        self.open(material)
        database = self._database
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='trigram')")
        database.execute(
            "CREATE TABLE paragraphs (rowid INTEGER PRIMARY KEY, original TEXT, "
            + ", ".join(f"{name} TEXT" for name in FACETS)
            + ")"
        )
        database.executemany("INSERT INTO texts VALUES (?)", zip(material.folded, strict=True))
        columns = [material.facets[name] for name in FACETS]
        rows = zip(material.texts, *columns, strict=True)
        database.executemany(
            f"INSERT INTO paragraphs (original, {', '.join(FACETS)}) "  # noqa: S608 — constants
            f"VALUES ({', '.join('?' * (1 + len(FACETS)))})",
            rows,
        )
        database.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        database.commit()
        database.close()

    def open(self, material: Material) -> None:
        """Open the database."""
        self._database = sqlite3.connect(self._path)

    def ids(self, query: Query) -> Any:
        """Find count, facets and ids, without texts."""
        return self._found(query, _BEST)

    def whole(self, query: Query) -> Any:
        """Find the same, with texts and snippets."""
        return self._found(query, _SNIPPETS)

    def _found(self, query: Query, best: str) -> Any:
        match = " AND ".join('"{}"'.format(phrase.replace('"', '""')) for phrase in query.phrases)
        counts = self._database.execute(_COUNTS, (match,)).fetchall()
        return counts, self._database.execute(best, (match,)).fetchall()

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        counts, best = found
        facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for name, value, count in counts:
            if value:
                facets[name][value] = count
        total = sum(count for name, _, count in counts if name == FACETS[0])
        return Answer(total, facets, [row[0] - 1 for row in best])
