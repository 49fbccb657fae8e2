"""The file formats of exports."""

from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from baocha.exports.paper import Paper
from baocha_indexer.messages import Language


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A kind of file: the module that writes it, and its media type."""

    module: str
    media_type: str

    def write(self, paper: Paper, language: Language, file: BinaryIO) -> None:
        """Write a paper to a binary file."""
        # Loaded when the first file of its kind is written: a search needs no library for Word.
        import_module(f"baocha.exports.{self.module}").write(paper, language, file)


_OFFICE = "application/vnd.openxmlformats-officedocument"

EXPORT_FORMATS = {
    "csv": ExportFormat("csv_file", "text/csv"),
    "xlsx": ExportFormat("xlsx_file", f"{_OFFICE}.spreadsheetml.sheet"),
    "docx": ExportFormat("docx_file", f"{_OFFICE}.wordprocessingml.document"),
    "json": ExportFormat("json_file", "application/json"),
}
