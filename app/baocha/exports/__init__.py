"""Export search results as CSV, Excel, Word or JSON. Hits are written as they are read."""

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

__all__ = [
    "EXPORT_FORMATS",
    "Quotation",
    "cells_text",
    "certificate_lines",
    "citation",
    "csv_pieces",
    "filters_text",
    "gb7714",
    "provenance_of",
    "quotation",
    "source_text",
    "xml_text",
]
