"""Write CSV for spreadsheets: with a byte order mark, and safe against formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from baocha.exports.paper import Paper, SearchRecord, paper_of_hits
from baocha.exports.provenance import (
    CHECK,
    COUNTS,
    FILTERS,
    GENERATION,
    MODE,
    NOTE,
    QUERY,
    WRITTEN,
    provenance_of,
)
from baocha.exports.rows import columns_of, values_of
from baocha.search import Engine, Filters, SearchResult, Sort
from baocha_indexer.messages import Language, Message

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Input in Chinese has full-width signs, which a spreadsheet may read as the narrow ones."""

_REPEATED = (QUERY, FILTERS, NOTE, GENERATION, WRITTEN, MODE, COUNTS, CHECK)
"""The lines of the search that each row repeats."""


def write(paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write the entries, one in each row."""
    file.writelines(csv_pieces(paper, language))


def csv_of_search(
    engine: Engine,
    result: SearchResult,
    language: Language,
    *,
    filters: Filters,
    sort: Sort,
    expand: bool,
    offset: int,
    limit: int | None,
    warnings: Sequence[Message] = (),
) -> Iterator[bytes]:
    """Yield the file of the hits of a search from `offset` on, at most `limit`, without any limit if None.

    `result`: of the same search, of which only the counts are needed. `warnings` are added to its own.
    """
    hits = engine.hits(result.query, filters=filters, sort=sort, mode=result.mode, expand=expand)
    last = None if limit is None else offset + limit
    provenance = provenance_of(engine, result, filters, warnings)
    paper = paper_of_hits(islice(hits, offset, last), provenance, language)
    yield from csv_pieces(paper, language)


def csv_pieces(paper: Paper, language: Language) -> Iterator[bytes]:
    """Yield the file row by row. A search that proves an absence has a row of its own."""
    columns = columns_of(paper, _REPEATED)
    yield b"\xef\xbb\xbf" + csv_row(column.render(language) for column in columns)
    lines: dict[int, list[str]] = {}
    for number, entry in enumerate(paper.entries, start=1):
        search = id(entry.record)
        if search not in lines:
            lines[search] = _lines_of(entry.record)
        yield csv_row(values_of(number, entry, paper, language, lines[search]))
    before = columns.index(QUERY)
    after = len(columns) - before - len(_REPEATED)
    for record in paper.searches:
        if record.is_absence and id(record) not in lines:
            yield csv_row([*[""] * before, *_lines_of(record), *[""] * after])


def _lines_of(record: SearchRecord | None) -> list[str]:
    lines = record.lines if record else ()
    return ["；".join(value for name, value in lines if name == one) for one in _REPEATED]


def csv_row(values: Iterable[str | float | Decimal]) -> bytes:
    """Return a row of a file, safe against formulas."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(_no_formula, values))
    return buffer.getvalue().encode("utf-8", "replace")


def _no_formula(value: str | float | Decimal) -> str | float:
    """Return a cell value; put an apostrophe before text that would be run as a formula."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
