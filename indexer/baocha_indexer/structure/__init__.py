"""Find the structure of a report in its lines: title, paragraphs, tables, sections."""

from baocha_indexer.structure.front import ATTACHMENT, DATELINE
from baocha_indexer.structure.headers_footers import page_numbers_among, without_figures
from baocha_indexer.structure.joining import joined
from baocha_indexer.structure.kinds import KINDS, OTHER_KIND, is_document
from baocha_indexer.structure.layout import (
    begins_roll,
    breaks_off,
    ends_sentence,
    has_clauses,
    wrap_width,
)
from baocha_indexer.structure.long_paragraphs import cut_long
from baocha_indexer.structure.metadata import metadata_from, unknown_fields
from baocha_indexer.structure.paragraphs import join_lines_into_paragraphs
from baocha_indexer.structure.sections import in_sections
from baocha_indexer.structure.years import date_in

__all__ = [
    "ATTACHMENT",
    "DATELINE",
    "KINDS",
    "OTHER_KIND",
    "begins_roll",
    "breaks_off",
    "cut_long",
    "date_in",
    "ends_sentence",
    "has_clauses",
    "in_sections",
    "is_document",
    "join_lines_into_paragraphs",
    "joined",
    "metadata_from",
    "page_numbers_among",
    "unknown_fields",
    "without_figures",
    "wrap_width",
]
