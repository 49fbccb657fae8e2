"""The kinds of file in which hits can be taken away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from baocha.exports import csv_file, docx_file, xlsx_file
from baocha.exports.provenance import Provenance
from baocha.search import Hit
from baocha_indexer.messages import Language

Write = Callable[[Iterable[Hit], Provenance, Language, BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: how it is written, and what it is called over HTTP."""

    write: Write
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMS = {
    "csv": Form(csv_file.write, "text/csv"),
    "xlsx": Form(xlsx_file.write, f"{_OFFICE}.spreadsheetml.sheet"),
    "docx": Form(docx_file.write, f"{_OFFICE}.wordprocessingml.document"),
}
