"""Where the terms of a query stand in a text, in the original characters."""

from app.search.query import Conjunction
from app.search.snippets import Span, merged
from indexer.fold import fold_with_offsets


def find_spans(query: Conjunction, text: str) -> tuple[Span, ...]:
    """Return the spans of every term in `text`, sorted, overlapping ones made one."""
    if not query.parts:
        return ()
    folded = fold_with_offsets(text)
    spans = []
    for term in query.parts:
        at = folded.text.find(term.folded)
        while at >= 0:
            spans.append(folded.original_span(at, at + len(term.folded)))
            at = folded.text.find(term.folded, at + 1)
    return merged(spans)
