"""Export search results and tables as CSV, Excel, Word or JSON. Hits are written as they are read.

Each name is imported on first use: a search on the command line needs only its text.
"""

from typing import TYPE_CHECKING

from baocha.lazy import importer_of

if TYPE_CHECKING:
    from baocha.exports.analysis_tables import (
        copies_head,
        copies_rows,
        copies_table,
        findings_table,
        indicator_table,
    )
    from baocha.exports.cells import cells_of_row, cells_text
    from baocha.exports.citations import Quotation, citation, gb7714, quotation, source_text
    from baocha.exports.csv_file import csv_of_search, csv_pieces
    from baocha.exports.differences_docx import (
        change_name,
        figure_changes,
        summary_lines,
        write_differences,
    )
    from baocha.exports.forms import EXPORT_FORMATS
    from baocha.exports.paper import (
        Entry,
        Paper,
        SearchRecord,
        entry_of,
        paper_of_hits,
        shown_cells,
    )
    from baocha.exports.provenance import (
        QUERY,
        certificate_lines,
        filters_text,
        mention_lines,
        provenance_of,
        xml_text,
    )
    from baocha.exports.search_text import result_lines, result_messages
    from baocha.exports.table import (
        TABLE_FORMS,
        ExportTable,
        TableCell,
        TableExport,
        media_type_of,
        write_tables,
    )
    from baocha.exports.template import TemplateError, write_template

__all__ = [
    "EXPORT_FORMATS",
    "QUERY",
    "TABLE_FORMS",
    "Entry",
    "ExportTable",
    "Paper",
    "Quotation",
    "SearchRecord",
    "TableCell",
    "TableExport",
    "TemplateError",
    "cells_of_row",
    "cells_text",
    "certificate_lines",
    "change_name",
    "citation",
    "copies_head",
    "copies_rows",
    "copies_table",
    "csv_of_search",
    "csv_pieces",
    "entry_of",
    "figure_changes",
    "filters_text",
    "findings_table",
    "gb7714",
    "indicator_table",
    "media_type_of",
    "mention_lines",
    "paper_of_hits",
    "provenance_of",
    "quotation",
    "result_lines",
    "result_messages",
    "shown_cells",
    "source_text",
    "summary_lines",
    "write_csv_rows",
    "write_differences",
    "write_tables",
    "write_template",
    "xml_text",
]

__getattr__ = importer_of(
    __name__,
    {
        "baocha.exports.analysis_tables": (
            "copies_head",
            "copies_rows",
            "copies_table",
            "findings_table",
            "indicator_table",
        ),
        "baocha.exports.cells": ("cells_of_row", "cells_text"),
        "baocha.exports.citations": ("Quotation", "citation", "gb7714", "quotation", "source_text"),
        "baocha.exports.csv_file": ("csv_of_search", "csv_pieces"),
        "baocha.exports.differences_docx": (
            "change_name",
            "figure_changes",
            "summary_lines",
            "write_differences",
        ),
        "baocha.exports.forms": ("EXPORT_FORMATS",),
        "baocha.exports.paper": (
            "Entry",
            "Paper",
            "SearchRecord",
            "entry_of",
            "paper_of_hits",
            "shown_cells",
        ),
        "baocha.exports.provenance": (
            "QUERY",
            "certificate_lines",
            "filters_text",
            "mention_lines",
            "provenance_of",
            "xml_text",
        ),
        "baocha.exports.search_text": ("result_lines", "result_messages"),
        "baocha.exports.table_csv": ("write_csv_rows",),
        "baocha.exports.table": (
            "TABLE_FORMS",
            "ExportTable",
            "TableCell",
            "TableExport",
            "media_type_of",
            "write_tables",
        ),
        "baocha.exports.template": ("TemplateError", "write_template"),
    },
)
