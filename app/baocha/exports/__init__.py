"""Export search results and tables as CSV, Excel, Word or JSON. Hits are written as they are read."""

from baocha.exports.cells import cells_text
from baocha.exports.citation import Quotation, citation, gb7714, quotation, source_text
from baocha.exports.csv_file import pieces as csv_pieces
from baocha.exports.forms import EXPORT_FORMATS
from baocha.exports.provenance import (
    certificate_lines,
    filters_text,
    provenance_of,
    xml_text,
)
from baocha.exports.table import (
    TABLE_FORMS,
    ExportTable,
    TableCell,
    TableExport,
    media_type_of,
    write_tables,
)

__all__ = [
    "EXPORT_FORMATS",
    "TABLE_FORMS",
    "ExportTable",
    "Quotation",
    "TableCell",
    "TableExport",
    "cells_text",
    "certificate_lines",
    "citation",
    "csv_pieces",
    "filters_text",
    "gb7714",
    "media_type_of",
    "provenance_of",
    "quotation",
    "source_text",
    "write_tables",
    "xml_text",
]
