"""Where a query matches in a text, and the snippet around it. Knows no index."""

from baocha.search.highlight.snippets import MAX_CONTEXT, Span, merged, snippet, snippet_html

__all__ = ["MAX_CONTEXT", "Span", "merged", "snippet", "snippet_html"]
