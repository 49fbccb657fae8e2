"""Find the spans of the phrases of a query in the original text of documents.

Matching finds offsets in the folded text. A segment stores how these differ from offsets in the
original text. A document is folded again only if one of its folded characters comes from
several, for example a letter and a combining mark.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from baocha.search.arrays import Documents, Positions
from baocha.search.highlight import Span, merged, readings_of, spans_in_text
from baocha.search.local.collection import Collection
from baocha.search.local.match.evaluate import Evaluation
from baocha.search.query import Phrase
from baocha_indexer.model import MAX_PARAGRAPH

MAX_SPANS = MAX_PARAGRAPH
"""Maximum number of occurrences of a phrase that become spans in one paragraph.

Indexed paragraphs are short enough to have all of their spans. An index made before long
paragraphs were cut may have paragraphs with millions of occurrences.
"""


def spans_of(
    phrases: Iterable[Phrase], documents: Documents, evaluation: Evaluation
) -> dict[int, tuple[Span, ...]]:
    """Return the spans of every phrase in each of `documents`.

    A span includes the marks of the phrase where they occur as typed. Spans are sorted; those
    that overlap or touch are joined. A document without spans is not among the keys. If a phrase
    occurs more than `MAX_SPANS` times in a document, only the first occurrences are used.
    """
    collection = evaluation.collection
    readings = list(dict.fromkeys(r for phrase in phrases for r in readings_of(phrase)))
    if not readings or not len(documents):
        return {}
    documents = np.sort(documents)
    occurrences = [evaluation.occurrences(r.folded, exact=r.exact) for r in readings]
    found = [_first_of_each(*one.inside(documents)) for one in occurrences]
    lasts = [
        one.last_positions(positions)
        for one, (positions, _) in zip(occurrences, found, strict=True)
    ]
    holders = np.concatenate([holder for _, holder in found])
    edges = np.concatenate([*(positions for positions, _ in found), *lasts])
    origins = collection.origins(edges, np.concatenate([holders, holders])).tolist()
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    half = len(holders)
    for at, document in enumerate(holders.tolist()):
        spans[document].append((origins[at], origins[half + at] + 1))
    return {
        document: _exact(readings, found, collection, document) for document, found in spans.items()
    }


def _first_of_each(positions: Positions, holders: Documents) -> tuple[Positions, Documents]:
    """Return the first `MAX_SPANS` positions in each document. Both arrays are ascending."""
    if len(holders) <= MAX_SPANS:
        return positions, holders
    rank = np.arange(len(holders)) - holders.searchsorted(holders)
    kept = rank < MAX_SPANS
    return positions[kept], holders[kept]


def _exact(
    phrases: Sequence[Phrase], spans: Sequence[Span], collection: Collection, document: int
) -> tuple[Span, ...]:
    """Return exact spans. Fold again if a span may end between a letter and its mark."""
    if document in collection.clustered:
        text = collection.text(document)
        if len(text) <= MAX_PARAGRAPH:  # folding is slow: a longer text may lose its last mark
            return spans_in_text(phrases, text)
    return merged(spans)
