"""The input of every contender: the same paragraphs and queries, and the correct answers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from baocha.search.query.words import query_words
from baocha.search.results import FACETS
from baocha_indexer.errors import SourceError
from baocha_indexer.model import IndexedReport, Report
from baocha_indexer.parse import parse
from baocha_indexer.sources.find import Source, find_sources, report_id
from baocha_indexer.sources.read import read_source
from baocha_indexer.text.fold import bare, fold
from baocha_indexer.text.words import words_of
from baocha_indexer.vocabulary import region_of, region_of_title
from benchmarks.kinds import LONGEST, NEAR_DISTANCE, Query

COMPARED_FACETS = tuple(name for name in FACETS if name != "copied")
"""The facets that every contender can count: only baocha knows which paragraphs are copied."""

MIXED = "mixed"
"""The kind of the queries that `queries` makes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a contender: the count, the counts of each facet, the numbers of the hits."""

    total: int
    facets: dict[str, dict[str, int]]
    best: list[int]


@dataclass(frozen=True, slots=True)
class Material:
    """The reports, and all their paragraphs in order with the facet values of each.

    `folded`: the folded texts without marks. All contenders search these: baocha ignores marks.
    """

    reports: tuple[tuple[IndexedReport, Report], ...]
    texts: tuple[str, ...]
    folded: tuple[str, ...]
    facets: dict[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """The size of the texts as UTF-8, in bytes."""
        return sum(len(text.encode()) for text in self.texts)


def load(folder: Path) -> Material:
    """Read a folder as `baocha index` does. Files that it cannot read are left out."""
    sources = [found for found in find_sources([folder]) if isinstance(found, Source)]
    with ProcessPoolExecutor() as pool:
        parsed = [found for found in pool.map(_parse, sources, chunksize=8) if found]
    paragraphs = [(entry, p) for entry, report in parsed for p in report.paragraphs]
    regions = [
        region_of(entry.department) if entry.department else region_of_title(entry.title)
        for entry, _ in paragraphs
    ]
    return Material(
        reports=tuple(parsed),
        texts=tuple(p.text for _, p in paragraphs),
        folded=tuple(bare(fold(p.text)) for _, p in paragraphs),
        facets={
            "department": tuple(entry.department or "" for entry, _ in paragraphs),
            "year": tuple(str(entry.year or "") for entry, _ in paragraphs),
            "section": tuple(p.section for _, p in paragraphs),
            "kind": tuple(entry.kind for entry, _ in paragraphs),
            "role": tuple("heading" if p.role == "title" else p.role for _, p in paragraphs),
            "region": tuple(region.region or "" for region in regions),
            "level": tuple(region.level or "" for region in regions),
        },
    )


def _parse(source: Source) -> tuple[IndexedReport, Report] | None:
    try:
        report = parse(read_source(source.path), source.path.name)
    except SourceError:
        return None
    metadata = report.metadata
    entry = IndexedReport(
        id=report_id(source.name),
        source=source.name,
        path=str(source.path),
        sha256="",
        title=metadata.title,
        department=metadata.department,
        year=metadata.year,
        kind=metadata.kind,
        paragraphs=len(report.paragraphs),
    )
    return entry, report


def queries(material: Material, count: int, seed: int) -> list[Query]:
    """Return queries made from the texts: half are phrases of 1 to 12 characters, half keywords.

    A third of the keyword queries have two words of one paragraph, the others one word. Words are
    those of jieba.
    """
    random = Random(seed)  # noqa: S311 — no secret
    phrases = _phrases(material, random)
    keywords = _keywords(material, random)
    pairs = _pairs_of_keywords(material, random)
    turns = [phrases, keywords, phrases, keywords, phrases, pairs]
    return [next(turns[at % len(turns)]) for at in range(count)]


def _phrases(material: Material, random: Random) -> Iterator[Query]:
    while True:
        length = random.randint(1, LONGEST)
        text = random.choice(material.folded)
        if len(text) >= length:
            start = random.randint(0, len(text) - length)
            phrase = text[start : start + length]
            if phrase == fold(phrase):
                yield Query(MIXED, f'"{phrase}"', phrases=(phrase,))


def _keywords(material: Material, random: Random) -> Iterator[Query]:
    while True:
        word = random.choice(_words(random.choice(material.folded)))
        if word:
            yield Query(MIXED, word, phrases=(word,))


def _pairs_of_keywords(material: Material, random: Random) -> Iterator[Query]:
    while True:
        words = _words(random.choice(material.folded))
        one, other = random.choice(words), random.choice(words)
        if one and other and one != other and len(one) + len(other) < LONGEST:
            yield Query(MIXED, f"{one} {other}", phrases=(one, other))


def _words(folded: str) -> list[str]:
    """Return the words of a text that a query does not cut further, or one empty word."""
    words = [word for word, _ in words_of(folded) if query_words(word) == (word,)]
    return [word for word in words if len(word) <= LONGEST] or [""]


def correct_answers(material: Material, asked: Sequence[Query]) -> list[Answer]:
    """Return the correct answer of each query that has parts, found by searching every text.

    `Answer.best` has all hits.
    """
    answers = []
    departments = material.facets["department"]
    for query in asked:
        # Most texts lack the first phrase. To test only for it is much faster.
        first = query.phrases[0] if query.phrases else ""
        holding = [at for at, text in enumerate(material.folded) if first in text]
        matching = [at for at in holding if matches(query, material.folded[at])]
        found = [at for at in matching if query.department in ("", departments[at])]
        facets = {}
        if query.limit is not None:
            facets = {name: _counts(material, name, found) for name in COMPARED_FACETS}
            facets["department"] = _counts(material, "department", matching)
        answers.append(Answer(len(found), facets, found))
    return answers


def _counts(material: Material, facet: str, found: Sequence[int]) -> dict[str, int]:
    column = material.facets[facet]
    return dict(Counter(value for at in found if (value := column[at])))


def matches(query: Query, text: str) -> bool:
    """Return whether a folded text has the parts of a query, without its filter."""
    return (
        all(phrase in text for phrase in query.phrases)
        and (not query.alternatives or any(phrase in text for phrase in query.alternatives))
        and not any(phrase in text for phrase in query.excluded)
        and (not query.near or _are_near(query.phrases, text))
    )


def _are_near(phrases: Sequence[str], text: str) -> bool:
    """Return whether two phrases occur with at most `NEAR_DISTANCE` characters between them."""
    one, other = ([at.start() for at in re.finditer(f"(?={re.escape(p)})", text)] for p in phrases)
    room = NEAR_DISTANCE + sum(map(len, phrases))
    return any(
        max(first + len(phrases[0]), second + len(phrases[1])) - min(first, second) <= room
        for first in one
        for second in other
    )


def is_exact(answer: Answer, correct: Answer, limit: int | None = 10) -> bool:
    """Return whether count, facets and hits are correct. The choice of the best hits is not judged.

    `limit`: the number of hits that were asked for; None stands for all.
    """
    wanted = correct.total if limit is None else min(limit, correct.total)
    return (
        answer.total == correct.total
        and answer.facets == correct.facets
        and len(answer.best) == len(set(answer.best)) == wanted
        and set(answer.best) <= set(correct.best)
    )
