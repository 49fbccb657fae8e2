"""Export search results as CSV, Excel or Word. Hits are written as they are read."""

from baocha.exports.citation import citation
from baocha.exports.csv_file import pieces as csv_pieces
from baocha.exports.forms import EXPORT_FORMATS
from baocha.exports.provenance import filters_text, provenance_of, xml_text

__all__ = ["EXPORT_FORMATS", "citation", "csv_pieces", "filters_text", "provenance_of", "xml_text"]
