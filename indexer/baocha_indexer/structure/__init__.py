"""Find the structure of a report in its lines: title, paragraphs, tables, sections."""

from baocha_indexer.structure.front import ATTACHMENT
from baocha_indexer.structure.furniture import without_figures
from baocha_indexer.structure.joining import joined
from baocha_indexer.structure.long_paragraphs import MAX_PARAGRAPH, cut_long
from baocha_indexer.structure.metadata import metadata_from, unknown_fields
from baocha_indexer.structure.numbering import is_item, is_ordinal
from baocha_indexer.structure.paragraphs import join_lines_into_paragraphs
from baocha_indexer.structure.sections import canonical_section, in_sections, unnumbered
from baocha_indexer.structure.typeset import breaks_off, ends_sentence, has_clauses, wrap_width

__all__ = [
    "ATTACHMENT",
    "MAX_PARAGRAPH",
    "breaks_off",
    "canonical_section",
    "cut_long",
    "ends_sentence",
    "has_clauses",
    "in_sections",
    "is_item",
    "is_ordinal",
    "join_lines_into_paragraphs",
    "joined",
    "metadata_from",
    "unknown_fields",
    "unnumbered",
    "without_figures",
    "wrap_width",
]
