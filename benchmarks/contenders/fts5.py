"""SQLite FTS5 with its trigram tokenizer, in plain SQL.

It cannot find phrases shorter than three characters.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contenders.contender import Contender
from benchmarks.kinds import Query
from benchmarks.material import COMPARED_FACETS, Answer, Material


def _counting(matches: str, filtered: str) -> str:
    """Return SQL that counts the facets: the departments in `matches`, the others in `filtered`."""
    return matches + " UNION ALL ".join(
        f"SELECT '{name}', {name}, count(*) "  # noqa: S608 — constants
        f"FROM {'matching' if name == 'department' else filtered} "
        f"JOIN paragraphs USING (rowid) GROUP BY {name}"
        for name in COMPARED_FACETS
    )


_MATCHING = "WITH matching AS MATERIALIZED (SELECT rowid FROM texts WHERE texts MATCH :match) "
_COUNTS = _counting(_MATCHING, "matching")
_FILTERED_COUNTS = _counting(
    f"{_MATCHING}, filtered AS MATERIALIZED (SELECT rowid FROM matching JOIN paragraphs "  # noqa: S608 — constants
    "USING (rowid) WHERE department = :department) ",
    "filtered",
)
_IN_DEPARTMENT = "AND rowid IN (SELECT rowid FROM paragraphs WHERE department = :department) "
_IDS = "SELECT rowid FROM texts WHERE texts MATCH :match {}ORDER BY rank LIMIT :limit"
_SNIPPETS = (
    "SELECT rowid, text, snippet(texts, 0, '<mark>', '</mark>', '…', 64) "
    "FROM texts WHERE texts MATCH :match {}ORDER BY rank LIMIT :limit"
)
_ALL = "SELECT rowid, text FROM texts WHERE texts MATCH :match ORDER BY rowid"


class Fts5(Contender):
    """A database with one table of folded texts and one of facets."""

    def __init__(self, folder: Path) -> None:
        """Use a database in `folder`."""
        super().__init__(folder)
        self._path = folder / "index.sqlite"

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        return sqlite3.sqlite_version

    def build(self, material: Material) -> None:
        """Build the database."""
        self.open(material)
        database = self._database
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='trigram')")
        database.execute(
            "CREATE TABLE paragraphs (rowid INTEGER PRIMARY KEY, original TEXT, "
            + ", ".join(f"{name} TEXT" for name in COMPARED_FACETS)
            + ")"
        )
        database.executemany("INSERT INTO texts VALUES (?)", zip(material.folded, strict=True))
        columns = [material.facets[name] for name in COMPARED_FACETS]
        rows = zip(material.texts, *columns, strict=True)
        database.executemany(
            f"INSERT INTO paragraphs (original, {', '.join(COMPARED_FACETS)}) "  # noqa: S608 — constants
            f"VALUES ({', '.join('?' * (1 + len(COMPARED_FACETS)))})",
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
        return self._found(query, _IDS)

    def whole(self, query: Query) -> Any:
        """Find the same, with texts and snippets."""
        if query.limit is None:
            return self._database.execute(_ALL, {"match": _match(query)}).fetchall()
        return self._found(query, _SNIPPETS)

    def _found(self, query: Query, best: str) -> Any:
        asked = {"match": _match(query), "department": query.department, "limit": query.limit}
        counting = _FILTERED_COUNTS if query.department else _COUNTS
        counts = self._database.execute(counting, asked).fetchall()
        hits = best.format(_IN_DEPARTMENT if query.department else "")
        return counts, self._database.execute(hits, asked).fetchall()

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        if isinstance(found, list):
            return Answer(len(found), {}, [row[0] - 1 for row in found])
        counts, best = found
        facets: dict[str, dict[str, int]] = {name: {} for name in COMPARED_FACETS}
        for name, value, count in counts:
            if value:
                facets[name][value] = count
        total = sum(count for name, _, count in counts if name == "section")
        return Answer(total, facets, [row[0] - 1 for row in best])


def _match(query: Query) -> str:
    """Return the query in the syntax of FTS5."""
    parts = [_all(query.phrases)] if query.phrases else []
    if query.alternatives:
        parts.append(" OR ".join(map(_quoted, query.alternatives)))
    found = " AND ".join(f"({part})" for part in parts)
    return found + "".join(f" NOT {_quoted(phrase)}" for phrase in query.excluded)


def _all(phrases: Sequence[str]) -> str:
    return " AND ".join(map(_quoted, phrases))


def _quoted(phrase: str) -> str:
    return '"{}"'.format(phrase.replace('"', '""'))
