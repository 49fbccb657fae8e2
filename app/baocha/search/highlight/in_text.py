"""Find the spans of phrases in a text by folding it. Needs no index.

An engine finds spans faster with its index. This is for texts that no index has, such as a paragraph
as it was before its report changed, and for the few that need folding again.
"""

from collections.abc import Iterable, Iterator, Sequence

from baocha.search.highlight.snippets import Span, merged
from baocha.search.query import Figures, Phrase, highlighted_phrases, parse_query
from baocha_indexer.model import Figure
from baocha_indexer.text import MARKS, bare, fold_with_offsets


def spans_of_query(query: str, text: str) -> tuple[Span, ...]:
    """Return the spans that a search for `query` marks in `text`: sorted, without overlap.

    Synonyms of the vocabulary are not marked.
    """
    phrases = highlighted_phrases(parse_query(query).tree)
    return spans_in_text([one for phrase in phrases for one in readings_of(phrase)], text)


def with_figures(
    spans: tuple[Span, ...], text: str, conditions: Sequence[Figures], figures: Iterable[Figure]
) -> tuple[Span, ...]:
    """Return the spans in a text, with those of its figures that meet one of the conditions, with their units."""
    if not conditions:
        return spans
    found = [
        (figure.span[0], _end_of_unit(text, figure))
        for figure in figures
        if any(condition.includes(figure) for condition in conditions)
    ]
    return merged([*spans, *found])


def _end_of_unit(text: str, figure: Figure) -> int:
    """Return where the unit beside a figure ends, or the end of the figure if it stands elsewhere."""
    end = figure.span[1]
    start = end + (text[end : end + 1] == " ")
    return start + len(figure.unit) if figure.unit and text.startswith(figure.unit, start) else end


def readings_of(phrase: Phrase) -> Iterator[Phrase]:
    """Yield the phrase and, if it has marks, the phrase with exactly these marks."""
    yield Phrase("", phrase.folded, phrase.exact)
    if not phrase.exact and bare(phrase.folded) != phrase.folded:
        yield Phrase("", phrase.folded, exact=True)


def spans_in_text(readings: Iterable[Phrase], text: str) -> tuple[Span, ...]:
    """Return the spans of phrases in a text, sorted. Those that overlap or touch are joined."""
    spans: list[Span] = []
    folded = fold_with_offsets(text)
    everything: Sequence[int] = range(len(folded.text))
    text_without_marks = bare(folded.text)
    without_marks = everything
    if text_without_marks != folded.text:
        without_marks = [at for at in everything if folded.text[at] not in MARKS]
    for phrase in readings:
        sought = "" if phrase.exact else bare(phrase.folded)
        searched, origins = (
            (text_without_marks, without_marks) if sought else (folded.text, everything)
        )
        sought = sought or phrase.folded
        at = searched.find(sought)
        while at >= 0:
            spans.append(folded.original_span(origins[at], origins[at + len(sought) - 1] + 1))
            at = searched.find(sought, at + 1)
    return merged(spans)
