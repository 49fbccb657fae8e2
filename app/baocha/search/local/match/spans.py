"""Where the phrases of a query stand in the original characters of documents.

The positions that matching found are offsets into folded text; a segment keeps where an
offset into the original differs, and by how much. Only documents in which a folded
character comes from several, a letter and a mark, are folded again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from baocha.search.highlight import Span, merged
from baocha.search.local.match.evaluate import Collection, Evaluation
from baocha.search.local.match.postings import Documents, Positions
from baocha.search.query import Phrase
from baocha_indexer.structure import MAX_PARAGRAPH
from baocha_indexer.text import fold_with_offsets

MOST_SPANS = MAX_PARAGRAPH
"""Occurrences of a phrase that are looked up in one paragraph.

A paragraph of today's size has all of its spans. In an index made before paragraphs were cut,
one may have millions; only the first of these become spans.
"""


class Texts(Collection, Protocol):
    """What spans need to know of the documents, besides what evaluation does."""

    def origins(self, positions: Positions, documents: Documents) -> Positions:
        """Return the offset, in the original text, of what each position was folded from."""
        ...

    def is_clustered(self, document: int) -> bool:
        """Whether a folded character of a document comes from more than one."""
        ...

    def text(self, document: int) -> str:
        """Return a document as it was written."""
        ...


def spans_of(
    phrases: Iterable[Phrase], documents: Documents, evaluation: Evaluation, texts: Texts
) -> dict[int, tuple[Span, ...]]:
    """Return the spans of every phrase in each of `documents`.

    They are sorted; spans that overlap or touch are made one. A document without any is not
    among the keys. Of a phrase that occurs more than `MOST_SPANS` times in a document, the
    first of these are returned.
    """
    folded = [phrase.folded for phrase in phrases]
    if not folded or not len(documents):
        return {}
    documents = np.sort(documents)
    found = [_first_of_each(*evaluation.occurrences(text).inside(documents)) for text in folded]
    lasts = [
        positions + (len(text) - 1) for text, (positions, _) in zip(folded, found, strict=True)
    ]
    holders = np.concatenate([holder for _, holder in found])
    edges = np.concatenate([*(positions for positions, _ in found), *lasts])
    origins = texts.origins(edges, np.append(holders, holders)).tolist()
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    half = len(holders)
    for at, document in enumerate(holders.tolist()):
        spans[document].append((origins[at], origins[half + at] + 1))
    return {document: _exact(folded, held, texts, document) for document, held in spans.items()}


def _first_of_each(positions: Positions, holders: Documents) -> tuple[Positions, Documents]:
    """Return the first `MOST_SPANS` positions in each document; both are ascending."""
    if len(holders) <= MOST_SPANS:
        return positions, holders
    rank = np.arange(len(holders)) - holders.searchsorted(holders)
    kept = rank < MOST_SPANS
    return positions[kept], holders[kept]


def _exact(
    phrases: Sequence[str], spans: Sequence[Span], texts: Texts, document: int
) -> tuple[Span, ...]:
    """Return the spans, by folding again where the end of one may be a letter and its mark."""
    if texts.is_clustered(document):
        text = texts.text(document)
        if len(text) <= MAX_PARAGRAPH:  # folding is slow: a longer one goes without its last mark
            return _by_folding(phrases, text)
    return merged(spans)


def _by_folding(phrases: Sequence[str], text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    folded = fold_with_offsets(text)
    for phrase in phrases:
        at = folded.text.find(phrase)
        while at >= 0:
            spans.append(folded.original_span(at, at + len(phrase)))
            at = folded.text.find(phrase, at + 1)
    return merged(spans)
