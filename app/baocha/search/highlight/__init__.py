"""Highlight matches in a text and cut the snippet around them. Does not use an index."""

from baocha.search.highlight.fragment import text_fragment
from baocha.search.highlight.snippets import (
    MAX_CONTEXT,
    MAX_SNIPPET,
    Span,
    marked_html,
    merged,
    snippet,
    snippet_html,
)

__all__ = [
    "MAX_CONTEXT",
    "MAX_SNIPPET",
    "Span",
    "marked_html",
    "merged",
    "snippet",
    "snippet_html",
    "text_fragment",
]
