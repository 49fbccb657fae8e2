"""The Whoosh schema. A document is a paragraph.

Two fields index the text. `pairs` has every sequence of two folded characters, with its position.
Matching uses it. The last character of a text is a term of its own, so that a single character is
the prefix of the terms at all its positions. `text` has jieba's words. Ranking and ordinary Whoosh
queries use it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.columns import RefBytesColumn
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from baocha_indexer.text import fold, words_of

UNKNOWN_YEAR = 0
"""The value of the year field if the year of a report is unknown."""


class _FoldingAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Folds text and cuts it into terms. The position of a term is its number."""

    def _terms(self, folded: str) -> Iterable[str]:
        raise NotImplementedError

    def __call__(self, value: str, mode: str = "", **_options: Any) -> Iterator[Token]:
        """Yield the terms of `value`."""
        token = Token(positions=True, removestops=False, mode=mode)
        token.boost = 1.0
        token.stopped = False
        for token.pos, token.text in enumerate(self._terms(fold(value))):
            yield token


class PairAnalyzer(_FoldingAnalyzer):
    """Cuts text into overlapping pairs of characters; the last character is single."""

    def _terms(self, folded: str) -> Iterable[str]:
        return (folded[at : at + 2] for at in range(len(folded)))


class WordAnalyzer(_FoldingAnalyzer):
    """Cuts text into jieba's words."""

    def _terms(self, folded: str) -> Iterable[str]:
        return (word for word, _ in words_of(folded))


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
        cells=STORED,
        box=STORED,
        place=STORED,
        ocr=STORED,
        confidence=STORED,
        title=ID(stored=True, sortable=RefBytesColumn()),
        department=ID(stored=True, sortable=RefBytesColumn()),
        year=NUMERIC(int, stored=True, sortable=True, default=UNKNOWN_YEAR),
        kind=ID(stored=True, sortable=RefBytesColumn()),
        source=ID(stored=True, sortable=True),
    )
