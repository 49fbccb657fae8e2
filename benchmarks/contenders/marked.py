"""Snippets for engines that return only texts."""

from collections.abc import Iterator, Sequence

from baocha.search.highlight.snippets import merged, snippet_html


def marked_html(text: str, phrases: Sequence[str]) -> str:
    """Return the snippet of a text in which the phrases are marked.

    They are searched in the original text: folding first would take longer than the search.
    """
    return snippet_html(text, merged([span for p in phrases for span in _spans(p, text)]))


def _spans(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = text.find(phrase, at + 1)
