"""Queries of every kind, made from the texts that are searched. The same seed gives the same queries."""

from collections.abc import Callable, Collection, Mapping, Sequence
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


NEAR_DISTANCE = 20
"""Maximum number of characters between the two words of a query of the kind "near"."""

COMPARED = (
    "rare phrase",
    "common phrase",
    "one character",
    "two keywords",
    "or",
    "exclusion",
    "near",
    "relaxed",
    "filter",
    "facets",
    "export",
)
"""The kinds for which `benchmarks.search` compares engines."""


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A query of a kind, for baocha and as parts that any engine can translate.

    For baocha: what is `typed`, the method of `Engine` to `call`, and its other arguments, `options`.

    The parts are folded. A paragraph matches if it contains all `phrases`, at least one of the
    `alternatives` if there are any, and none of `excluded`. If `near` is set, at most
    `NEAR_DISTANCE` characters are between the two phrases. If `department` is not empty, the
    paragraph is of this department; the counts of the departments ignore this filter. `limit`: the
    number of hits; None stands for all, without facets. A query without parts has no equivalent in
    other engines.
    """

    kind: str
    typed: str
    options: Mapping[str, Any] = field(default_factory=dict)
    call: str = "search"
    phrases: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    near: bool = False
    department: str = ""
    limit: int | None = 10

    @property
    def has_parts(self) -> bool:
        """Whether other engines can answer the query."""
        return bool(self.phrases or self.alternatives)


class QueryMaker:
    """Makes queries from paragraphs."""

    def __init__(self, texts: Sequence[str], departments: Sequence[str], seed: int) -> None:
        """Use the texts of paragraphs, and the departments of the same paragraphs ("" if unknown)."""
        self._random = Random(seed)  # noqa: S311 — no secret
        self._folded = [bare(fold(text)) for text in texts]
        self._texts = [text for text in texts if len(text) >= LONGEST]
        self._departments = sorted({name for name in departments if name})
        self._common = self._common_pairs()

    def queries(self, of_each: int, kinds: Collection[str] = ()) -> list[Query]:
        """Return `of_each` queries of each kind, in an order in which the kinds take turns.

        `kinds`: only these, if any are given.
        """
        makers: dict[str, Callable[[], Query | None]] = {
            "rare phrase": lambda: self._exactly("rare phrase", self._phrase(6, LONGEST)),
            "common phrase": lambda: self._exactly("common phrase", self._frequent()),
            "one character": lambda: self._exactly("one character", self._phrase(1, 1)),
            "phrase with marks": lambda: self._of("phrase with marks", f"“{self._marked()}”"),
            "keyword": lambda: self._of("keyword", self._word()),
            "two keywords": self._together,
            "long keyword": lambda: self._of("long keyword", self._phrase(5, LONGEST)),
            "or": self._either,
            "exclusion": self._without,
            "near": self._close,
            "relaxed": lambda: self._of(
                "relaxed", f"{self._word()} {self._word()} {self._word()} {self._phrase(2, 4)}"
            ),
            "question": lambda: self._of("question", "".join(self._phrase(6, 10) for _ in "12")),
            "absent": lambda: self._of("absent", f"“{self._word()}{self._phrase(3, 6)}”"),
            "filter": self._filtered,
            "by report": lambda: self._of("by report", self._word(), grouping="report"),
            "newest first": lambda: self._of("newest first", self._word(), sort="newest"),
            "as typed": lambda: self._of("as typed", self._phrase(3, 8), mode="exact"),
            "facets": self._counted,
            "export": self._exported,
            "comparison": lambda: Query("comparison", self._word(), call="matrix"),
            "completion": lambda: Query("completion", self._phrase(1, 4), call="suggest"),
        }
        made: list[Query] = []
        for _ in range(of_each):
            for make in (makers[kind] for kind in kinds or makers):
                for _ in range(TRIES):
                    query = make()
                    if query and "“”" not in query.typed and query.typed.strip():
                        made.append(query)
                        break
        return made

    @staticmethod
    def _of(kind: str, typed: str, **options: Any) -> Query:
        return Query(kind, typed, options)

    @staticmethod
    def _exactly(kind: str, phrase: str) -> Query:
        return Query(kind, f"“{phrase}”", phrases=(phrase,))

    def _together(self) -> Query:
        words = tuple(self._words_together())
        return Query("two keywords", " ".join(words), phrases=words)

    def _either(self) -> Query:
        words = self._word(), self._word()
        return Query("or", " OR ".join(words), alternatives=words)

    def _without(self) -> Query:
        word, excluded = self._word(), self._frequent()
        return Query("exclusion", f"{word} -{excluded}", phrases=(word,), excluded=(excluded,))

    def _close(self) -> Query:
        words = tuple(self._words_together())
        typed = f'"{" ".join(words)}"~{NEAR_DISTANCE}'
        return Query("near", typed, phrases=words, near=True)

    def _filtered(self) -> Query | None:
        if not self._departments:
            return None
        name, phrase = self._random.choice(self._departments), self._frequent()
        filters = {"filters": {"department": (name,)}}
        return Query("filter", f"“{phrase}”", filters, phrases=(phrase,), department=name)

    def _counted(self) -> Query:
        word = self._word()
        return Query("facets", word, {"limit": 0}, phrases=(word,), limit=0)

    def _exported(self) -> Query:
        word = self._word()
        return Query("export", word, call="hits", phrases=(word,), limit=None)

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
