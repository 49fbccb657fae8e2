"""The Whoosh schema: one document a paragraph.

Two fields index the text. `pairs` holds every sequence of two folded characters with its
position, and is what matching uses; the last character stands alone, so that a single
character is the prefix of the terms at all its positions. `text` holds jieba's words,
and is what ranking uses, and stock Whoosh queries.
"""

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.columns import RefBytesColumn
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from baocha_indexer.text import fold, words_of

UNKNOWN_YEAR = 0
"""Stands in the year field where a report's year could not be told."""


class PairAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Folded text as overlapping pairs of characters, the last character alone."""

    def __call__(self, value: str, mode: str = "", **_asked: Any) -> Iterator[Token]:
        """Yield the pairs of `value`."""
        folded = fold(value)
        token = Token(positions=True, removestops=False, mode=mode)
        token.boost = 1.0
        token.stopped = False
        for position in range(len(folded)):
            token.text = folded[position : position + 2]
            token.pos = position
            yield token


class WordAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Folded text as jieba's words, positions counted in words."""

    def __call__(self, value: str, mode: str = "", **_asked: Any) -> Iterator[Token]:
        """Yield the words of `value`."""
        token = Token(positions=True, removestops=False, mode=mode)
        token.boost = 1.0
        token.stopped = False
        for position, (word, _) in enumerate(words_of(fold(value))):
            token.text = word
            token.pos = position
            yield token


def new_schema() -> Schema:
    """Return the schema of a new index."""
    return Schema(
        report=ID(stored=True, sortable=True),
        ordinal=NUMERIC(int, stored=True, sortable=True),
        text=TEXT(analyzer=WordAnalyzer(), phrase=False, stored=True),
        pairs=TEXT(analyzer=PairAnalyzer()),
        role=ID(stored=True, sortable=RefBytesColumn()),
        section=ID(stored=True, sortable=RefBytesColumn()),
        section_path=STORED,
        page=STORED,
        title=ID(stored=True, sortable=RefBytesColumn()),
        department=ID(stored=True, sortable=RefBytesColumn()),
        year=NUMERIC(int, stored=True, sortable=True, default=UNKNOWN_YEAR),
        kind=ID(stored=True, sortable=RefBytesColumn()),
        source=ID(stored=True, sortable=True),
    )
