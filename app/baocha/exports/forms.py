"""The file formats of exports."""

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
    """A file format: the function that writes it, and its media type."""

    write: Write
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMS = {
    "csv": Form(csv_file.write, "text/csv"),
    "xlsx": Form(xlsx_file.write, f"{_OFFICE}.spreadsheetml.sheet"),
    "docx": Form(docx_file.write, f"{_OFFICE}.wordprocessingml.document"),
}
