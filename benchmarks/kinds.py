"""Queries of every kind, made from the texts that are searched. The same seed gives the same queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from baocha.search.query.words import query_words
from baocha_indexer.text.fold import bare, fold
from baocha_indexer.text.words import words_of

COMMON_SHARE = 0.02
"""A common phrase occurs in at least this share of the paragraphs."""

LONGEST = 12
"""Maximum length of a phrase, in characters."""

TRIES = 2000
"""Number of attempts to find a query of a kind, after which a small corpus has too few of them."""


@dataclass(frozen=True, slots=True, eq=False)
class KindQuery:
    """A query of a kind: what is typed, the method of `Engine` to call, and its other arguments."""

    kind: str
    typed: str
    options: Mapping[str, Any] = field(default_factory=dict)
    call: str = "search"


class QueryMaker:
    """Makes queries from paragraphs."""

    def __init__(self, texts: Sequence[str], departments: Sequence[str], seed: int) -> None:
        """Use the texts of paragraphs, and the departments of the same paragraphs ("" if unknown)."""
        self._random = Random(seed)  # noqa: S311 — no secret
        self._folded = [bare(fold(text)) for text in texts]
        self._texts = [text for text in texts if len(text) >= LONGEST]
        self._departments = sorted({name for name in departments if name})
        self._common = self._common_pairs()

    def queries(self, of_each: int) -> list[KindQuery]:
        """Return `of_each` queries of each kind, in an order in which the kinds take turns."""
        makers: dict[str, Callable[[], KindQuery | None]] = {
            "rare phrase": lambda: self._of("rare phrase", f"“{self._phrase(6, LONGEST)}”"),
            "common phrase": lambda: self._of("common phrase", f"“{self._frequent()}”"),
            "one character": lambda: self._of("one character", f"“{self._phrase(1, 1)}”"),
            "phrase with marks": lambda: self._of("phrase with marks", f"“{self._marked()}”"),
            "keyword": lambda: self._of("keyword", self._word()),
            "two keywords": lambda: self._of("two keywords", " ".join(self._words_together())),
            "long keyword": lambda: self._of("long keyword", self._phrase(5, LONGEST)),
            "or": lambda: self._of("or", f"{self._word()} OR {self._word()}"),
            "exclusion": lambda: self._of("exclusion", f"{self._word()} -{self._frequent()}"),
            "near": lambda: self._of("near", f'"{" ".join(self._words_together())}"~20'),
            "relaxed": lambda: self._of(
                "relaxed", f"{self._word()} {self._word()} {self._word()} {self._phrase(2, 4)}"
            ),
            "question": lambda: self._of("question", "".join(self._phrase(6, 10) for _ in "12")),
            "absent": lambda: self._of("absent", f"“{self._word()}{self._phrase(3, 6)}”"),
            "filter": self._filtered,
            "by report": lambda: self._of("by report", self._word(), grouping="report"),
            "newest first": lambda: self._of("newest first", self._word(), sort="newest"),
            "as typed": lambda: self._of("as typed", self._phrase(3, 8), mode="exact"),
            "export": lambda: KindQuery("export", self._word(), call="hits"),
            "comparison": lambda: KindQuery("comparison", self._word(), call="matrix"),
            "completion": lambda: KindQuery("completion", self._phrase(1, 4), call="suggest"),
        }
        made: list[KindQuery] = []
        for _ in range(of_each):
            for make in makers.values():
                for _ in range(TRIES):
                    query = make()
                    if query and "“”" not in query.typed and query.typed.strip():
                        made.append(query)
                        break
        return made

    @staticmethod
    def _of(kind: str, typed: str, **options: Any) -> KindQuery:
        return KindQuery(kind, typed, options)

    def _filtered(self) -> KindQuery | None:
        if not self._departments:
            return None
        department = self._random.choice(self._departments)
        return KindQuery(
            "filter", f"“{self._frequent()}”", {"filters": {"department": (department,)}}
        )

    def _phrase(self, least: int, most: int) -> str:
        length = self._random.randint(least, most)
        for _ in range(TRIES):
            text = self._random.choice(self._folded)
            if len(text) >= length:
                start = self._random.randint(0, len(text) - length)
                phrase = text[start : start + length]
                if phrase == fold(phrase) and '"' not in phrase and phrase[0] not in "-=~:|":
                    return phrase
        return ""

    def _marked(self) -> str:
        """Return a part of an original text, with its marks but without double quotation marks."""
        for _ in range(TRIES):
            text = self._random.choice(self._texts)
            start = self._random.randint(0, len(text) - LONGEST)
            phrase = text[start : start + LONGEST]
            if fold(phrase) != bare(fold(phrase)) and '"' not in fold(phrase):
                return phrase
        return self._phrase(4, 8)

    def _word(self) -> str:
        return (self._words_of_some() or ["工作"])[0]

    def _words_together(self) -> list[str]:
        return (self._words_of_some(2) or ["工作", "管理"])[:2]

    def _words_of_some(self, least: int = 1) -> list[str]:
        for _ in range(TRIES):
            words = [w for w, _ in words_of(self._random.choice(self._folded)) if _is_word(w)]
            chosen = list(dict.fromkeys(self._random.sample(words, min(len(words), least + 1))))
            if len(chosen) >= least:
                return chosen
        return []

    def _frequent(self) -> str:
        return self._random.choice(self._common)

    def _common_pairs(self) -> list[str]:
        some = self._random.sample(self._folded, min(len(self._folded), 5000))
        pairs = {text[at : at + 2] for text in some[:500] for at in range(len(text) - 1)}
        pairs = {pair for pair in pairs if pair.isalpha() and not pair.isascii()}
        joined = "\n".join(some)
        # Occurrences, not paragraphs: near enough to choose by.
        counts = {pair: joined.count(pair) for pair in sorted(pairs)}
        common = [pair for pair, count in counts.items() if count > COMMON_SHARE * len(some)]
        return common or sorted(counts, key=lambda pair: -counts[pair])[:10] or ["工作"]


def _is_word(word: str) -> bool:
    return 1 < len(word) <= LONGEST and word.isalnum() and query_words(word) == (word,)
