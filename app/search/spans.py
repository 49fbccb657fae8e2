"""Where the phrases of a query stand in a text, in the original characters."""

from collections.abc import Iterable

from app.search.query import Phrase
from app.search.snippets import Span, merged
from indexer.fold import fold_with_offsets


def find_spans(phrases: Iterable[Phrase], text: str) -> tuple[Span, ...]:
    """Return the spans of every phrase in `text`, sorted, those that overlap or touch made one."""
    spans: list[Span] = []
    wanted = list(phrases)
    if not wanted:
        return ()
    folded = fold_with_offsets(text)
    for phrase in wanted:
        at = folded.text.find(phrase.folded)
        while at >= 0:
            spans.append(folded.original_span(at, at + len(phrase.folded)))
            at = folded.text.find(phrase.folded, at + 1)
    return merged(spans)
