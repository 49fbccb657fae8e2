"""Write CSV for spreadsheets: with a byte order mark, and safe against formulas."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from baocha.exports.cells import cells_text
from baocha.exports.provenance import (
    CELLS,
    CHECK,
    COLUMNS,
    COUNTS,
    FILTERS,
    GENERATION,
    MODE,
    NOTE,
    QUERY,
    WRITTEN,
    Provenance,
    row_of,
)
from baocha.search import Hit
from baocha_indexer.messages import Language

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_REPEATED = (QUERY, FILTERS, NOTE, GENERATION, WRITTEN, MODE, COUNTS, CHECK)
"""The lines of the provenance that each row repeats."""


def write(hits: Iterable[Hit], provenance: Provenance, language: Language, file: BinaryIO) -> None:
    """Write the hits, one in each row."""
    file.writelines(pieces(hits, provenance, language))


def pieces(hits: Iterable[Hit], provenance: Provenance, language: Language) -> Iterator[bytes]:
    """Yield the file row by row. A certificate without hits is a row of its own."""
    lines = list(provenance.lines(language))
    repeated = ["；".join(value for name, value in lines if name == one) for one in _REPEATED]
    header = [name.render(language) for name in (*COLUMNS, *_REPEATED, CELLS)]
    yield b"\xef\xbb\xbf" + _row(header)
    row = b""
    for hit in hits:
        row = _row([*row_of(hit, language), *repeated, cells_text(hit.cells, language)])
        yield row
    if not row and provenance.certificate:
        yield _row([*[""] * len(COLUMNS), *repeated, ""])


def _row(values: Iterable[str | int]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(_no_formula, values))
    return buffer.getvalue().encode()


def _no_formula(value: str | int) -> str | int:
    """Return a cell value; put an apostrophe before text that would be run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
