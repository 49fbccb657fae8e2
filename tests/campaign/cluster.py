"""Compare an index on a cluster with a brute-force search in the same texts, paragraph by paragraph."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from baocha.search import Engine, Filters, open_engine, writer_of
from baocha.search.query import Query, in_mode, parse_query
from baocha.search.results import FACETS, SearchResult
from baocha_indexer.build import build_index
from baocha_indexer.model import UNKNOWN
from baocha_indexer.sources.find import Failure, Source, find_sources
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import region_of, region_of_title
from baocha_indexer.workers import Task, parse_all
from tests.app.search.reference import Entry, expected_facet, matches, passes
from tests.campaign.outcome import Outcome

KNOWN_FACETS = tuple(name for name in FACETS if name != "copied")
"""A cluster does not know which paragraphs are copied."""

NASTY = (
    "的",
    "的的",
    "，",
    "“”",
    "(一)",
    "1,000",
    "𠮷",
    "ａ",
    "。第",
    " ",
    "·",
    "第  条",
    "'",
    "\\",
    "*:*",
)
"""Phrases of one character, of marks only, and of characters that have a meaning in query languages."""

PARTS = 2
"""Number of processes that search the texts. Each has a part of them."""

Asked = tuple[str, Filters]
_texts: list[Entry] = []


def cluster(folder: Path, texts: Path | None, address: str, queries: int, seed: int) -> Outcome:
    """Index texts at an address, and compare totals, facets, reports and matrices of random queries."""
    outcome, random = Outcome(), Random(seed)
    if texts is None or not address:
        return outcome
    build_index(
        [texts], folder, rebuild=True, open_writer=writer_of(address, [texts], rebuild=True)
    )
    entries = list(read_entries(texts))
    engine = open_engine(address)
    asked = list(Queries(entries, random).some(queries))
    _texts[:] = entries
    context = get_context("fork")  # so that each process has the texts
    with ProcessPoolExecutor(PARTS, mp_context=context) as processes:
        for one, found in zip(asked, processes.map(correct, asked, chunksize=4), strict=True):
            outcome.trials += 1
            wrong = differences(engine, one, found)
            outcome.count(
                "queries with a wrong answer" if wrong else "queries with the correct answer"
            )
            outcome.wrong += wrong
    return outcome


def read_entries(texts: Path) -> Iterator[Entry]:
    """Yield the paragraphs of a folder, as it is indexed."""
    sources = [found for found in find_sources([texts]) if isinstance(found, Source)]
    for one in parse_all([Task(source) for source in sources]):
        if isinstance(one, Failure):
            continue
        about = one.report.metadata
        place = region_of(about.department) if about.department else region_of_title(about.title)
        years = tuple(year for year in about.years if year != about.year)
        for paragraph in one.report.paragraphs:
            yield Entry(
                report=one.task.source.name,
                ordinal=paragraph.ordinal,
                text=paragraph.text,
                department=about.department,
                year=about.year,
                section=paragraph.section,
                kind=about.kind,
                role="heading" if paragraph.role == "title" else paragraph.role,
                region=place.region,
                level=place.level,
                further_years=years if about.year else (),
            )


class Queries:
    """Random queries made from the texts: phrases, conditions, and filters."""

    def __init__(self, entries: Sequence[Entry], random: Random) -> None:
        """Make them from `entries`."""
        self._entries, self._random = entries, random

    def some(self, count: int) -> Iterator[Asked]:
        """Yield this number of queries."""
        for text in NASTY:
            yield f'"{text}"', Filters()
        number, phrase, two, value = self._random.randint, self._phrase, self._two, self._value
        none = Filters
        makers: tuple[Callable[[], Asked], ...] = (
            lambda: (f'"{phrase(12)}"', none()),
            lambda: (f'"{phrase(400)}"', none()),
            lambda: (f'"{phrase(6)}䶮"', none()),
            lambda: (f'="{phrase(6)}"', none()),
            lambda: ('"{}" "{}"'.format(*two()), none()),
            lambda: (f'"{phrase(4)}" OR "{phrase(4)}"', none()),
            lambda: ('"{}" -"{}"'.format(*two()), self._filters()),
            lambda: ('"{} {}"~{}'.format(*two(), number(0, 40)), none()),
            lambda: (f'年份:{number(1990, 2010)}-2020 "{phrase(3)}"', none()),
            lambda: (f'部门:{value("department")} "{phrase(2)}"', self._filters()),
            lambda: (f'"{phrase(3)}"', self._filters()),
            lambda: (f'"{phrase(2)}"', self._filters()),
        )
        for at in range(count - len(NASTY)):
            yield makers[at % len(makers)]()

    def _phrase(self, most: int) -> str:
        while True:
            text = fold(self._random.choice(self._entries).text)
            length = self._random.randint(1, most)
            start = self._random.randint(0, max(0, len(text) - length))
            found = text[start : start + length].strip()
            if found and '"' not in found:
                return found

    def _two(self) -> tuple[str, str]:
        """Return two short texts of one paragraph."""
        while True:
            text = fold(self._random.choice(self._entries).text)
            if len(text) > 20 and '"' not in text:
                one, other = sorted(self._random.sample(range(len(text) - 4), 2))
                return text[one : one + self._random.randint(1, 4)], text[other : other + 3]

    def _value(self, name: str) -> str:
        return str(getattr(self._random.choice(self._entries), name) or UNKNOWN)

    def _filters(self) -> Filters:
        name = self._random.choice(KNOWN_FACETS)
        if name == "year":
            year = self._random.randint(1990, 2024)
            return Filters(year=((year, year + self._random.randint(0, 5)),))
        chosen: dict[str, Any] = {name: (self._value(name),)}
        return Filters(**chosen)


def correct(asked: Asked) -> dict[str, object]:
    """Return the correct answer: what `differences` compares."""
    query, filters = asked
    tree: Query = in_mode(parse_query(query).tree, "words")
    found = [entry for entry in _texts if matches(tree, entry)]
    passing = [entry for entry in found if passes(entry, filters)]
    cells: Counter[object] = Counter()
    for entry in passing:
        cells.update(dict.fromkeys(((entry.department, year) for year in entry.years), 1))
    facets = {name: dict(expected_facet(found, filters, name)) for name in KNOWN_FACETS}
    return {
        "total": len(passing),
        "reports": len({entry.report for entry in passing}),
        "matrix": dict(cells),
        # The empty value is left out: paragraphs before the first heading have no section.
        **{name: {v: n for v, n in counts.items() if v != ""} for name, counts in facets.items()},
    }


def differences(engine: Engine, asked: Asked, correct: dict[str, object]) -> list[str]:
    """Return what is wrong in the answer of the engine to a query."""
    query, filters = asked
    result: SearchResult = engine.search(query, filters=filters)
    matrix = engine.matrix(query, filters=filters)
    found: dict[str, object] = {
        "total": result.total,
        "reports": result.reports,
        "matrix": {
            (row, column): cell.paragraphs
            for row, cells in zip(matrix.row_values, matrix.cells, strict=True)
            for column, cell in zip(matrix.column_values, cells, strict=True)
            if cell.paragraphs
        },
        **{name: {v.value: v.count for v in result.facets[name]} for name in KNOWN_FACETS},
    }
    # With a filter by year the matrix is not compared: a report counts only under years of the filter.
    if filters.year:
        found["matrix"] = correct["matrix"]
    return [
        f"{query} {filters}: {name} {str(found[name])[:200]}, not {str(correct[name])[:200]}"
        for name in found
        if found[name] != correct[name]
    ]
