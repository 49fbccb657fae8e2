"""Highlight matches in a text and cut the snippet around them. Does not use an index."""

from baocha.search.highlight.fragment import text_fragment
from baocha.search.highlight.in_text import readings_of, spans_in_text, spans_of_query, with_figures
from baocha.search.highlight.snippets import (
    MAX_CONTEXT,
    MAX_SNIPPET,
    Span,
    marked_html,
    merged,
    snippet,
    snippet_html,
    split_at,
)

__all__ = [
    "MAX_CONTEXT",
    "MAX_SNIPPET",
    "Span",
    "marked_html",
    "merged",
    "readings_of",
    "snippet",
    "snippet_html",
    "spans_in_text",
    "spans_of_query",
    "split_at",
    "text_fragment",
    "with_figures",
]
