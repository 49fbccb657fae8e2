"""The Whoosh schema. A document is a paragraph.

Two fields index the text. `pairs` has every sequence of two folded characters, with its position.
Matching uses it. The last character of a text is a term of its own, so that a single character is
the prefix of the terms at all its positions. `text` has jieba's words. Ranking and ordinary Whoosh
queries use it.
"""

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.columns import RefBytesColumn
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from baocha_indexer.text import fold, words_of

UNKNOWN_YEAR = 0
"""The value of the year field if the year of a report is unknown."""


class PairAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Splits text into overlapping pairs of folded characters; the last character is single."""

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
    """Splits text into jieba's words. Positions are counted in words."""

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
