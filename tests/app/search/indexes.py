"""Indexes to search in: written from entries, small ones drawn by hypothesis and a large one."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from baocha.search import Engine, Filters
from baocha.search.address import Credentials, parse_address
from baocha.search.arrays import Documents
from baocha.search.local.collection import Collection
from baocha.search.local.match import Evaluation
from baocha.search.opensearch import ClusterWriter
from baocha_indexer.model import (
    UNKNOWN,
    Figure,
    FigureKind,
    IndexedReport,
    Metadata,
    Paragraph,
    Report,
    Role,
)
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.write.writer import IndexWriter
from baocha_indexer.text import fold
from tests.app.search.reference import Entry

MakeEngine = Callable[[list[Entry]], Engine]

DEPARTMENTS = ("水务局", "教育局", "农业农村局", "江西省赣州市财政局", "某县林业局")
REGIONS = {"江西省赣州市财政局": ("江西省赣州市", "市"), "某县林业局": ("某县", "县")}
"""The region and level of the departments whose names have them."""

YEARS = (2021, 2022, 2023, None)
FURTHER_YEARS = ((), (2022,), (2020, 2021, 2023))
SECTIONS = ("基本情况", "绩效自评")
KINDS = ("部门决算", "绩效评价")
ROLES: tuple[Role, ...] = ("body", "table", "heading")
FIELDS = (
    "部门:水务局",
    "部门:局",
    "部门:未知",
    "年份:2022",
    "年份:未知",
    "year:2021-2022",
    "章节:基本情况",
    "类型:决算",
    "地区:赣州",
    "地区:未知",
    "层级:县",
    "标题:r1",
)

CONDITIONS = (
    "执行率<80%",
    "执行率:60..80%",
    "执行率:60%..<80%",
    "“预算”数>=500万元",
    "金额=5万元",
    "支出增长率>5%",
    "降幅>=5%",
    "户数>10户",
    "支出>上年",
    "支出<=去年",
    "数值>=5",
    "得分:5分",
    "比率<=80.00%",
)
LABELS = ("执行率", "预算执行率 / 完成值", "支出", "预算数", "“预算”数", "项目支出", "户数", "")
NAMES = ("", "", "执行率", "得分", "年初预算数")
UNITS = ("%", "个百分点", "万元", "元", "户", "万户", "分", "个", "")
VALUES = tuple(map(Decimal, ("-5", "0", "3", "5", "10", "60", "80", "80.0", "50000", "5000000")))

# Few characters, so that queries match; with marks, spaces, commas and widths that fold.
CHARACTERS = "预算绩效效自评1,2 3年“”（·。AaＢ㎡後后\n"
texts = st.text(alphabet=CHARACTERS, min_size=1, max_size=40)
phrases = st.text(alphabet=CHARACTERS, min_size=1, max_size=6).filter(
    lambda text: bool(fold(text)) and '"' not in text
)
folded_phrases = phrases.map(fold)

# A reference over many entries is slow.
few_examples = settings(max_examples=max(1, settings().max_examples // 3))

_OPERATORS = (" ", " ", " | ", " OR ", " -", " (", ") ", "|", "-", "“", "”")
_operands = st.one_of(
    phrases,
    phrases.map('"{}"'.format),
    phrases.map('="{}"'.format),
    st.lists(phrases, min_size=2, max_size=3).flatmap(
        lambda words: st.integers(0, 9).map(lambda n: f'"{" ".join(words)}"~{n}')
    ),
    st.sampled_from(FIELDS),
    st.sampled_from(CONDITIONS),
)
# Valid and invalid syntax: the engine must answer whatever tree the grammar makes.
queries = st.lists(st.tuples(st.sampled_from(_OPERATORS), _operands), min_size=1, max_size=5).map(
    lambda pieces: "".join(operator + operand for operator, operand in pieces).strip()
)

filters = st.builds(
    Filters,
    department=st.sets(st.sampled_from([*DEPARTMENTS, UNKNOWN]), max_size=2).map(
        lambda s: tuple(sorted(s))
    ),
    year=st.lists(st.sampled_from([(2021, 2021), (2022, 2023), None]), max_size=2).map(tuple),
    section=st.sets(st.sampled_from(SECTIONS), max_size=1).map(lambda s: tuple(sorted(s))),
    kind=st.sets(st.sampled_from(KINDS), max_size=1).map(lambda s: tuple(sorted(s))),
    role=st.sets(st.sampled_from(ROLES), max_size=1).map(tuple),
    region=st.sets(st.sampled_from(["江西省赣州市", UNKNOWN]), max_size=1).map(tuple),
    level=st.sets(st.sampled_from(["市", "县", UNKNOWN]), max_size=2).map(
        lambda s: tuple(sorted(s))
    ),
)


def placed(department: str | None) -> dict[str, Any]:
    """Return the region and level of a department, as fields of an entry."""
    region, level = REGIONS.get(department or "", (None, None))
    return {"region": region, "level": level}


def figure(label: str, name: str, unit: str, value: Decimal, more: int, text: str) -> Figure:
    """Return a figure whose number is a character of `text`. `more` chooses the other fields."""
    kinds: dict[str, FigureKind] = {
        "%": "rate",
        "个百分点": "rate",
        "万元": "amount",
        "元": "amount",
        "分": "score",
    }
    at = more % len(text)
    return Figure(
        kinds.get(unit, "count"),
        value,
        unit,
        text[at : at + 1],
        (at, at + 1),
        label,
        name,
        qualifier=(None, None, "增长", "下降", "约")[more % 5],
        currency="USD" if unit == "元" and more % 7 == 1 else "",
    )


def with_years(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return figures, the first of which is that of the year before the others."""
    if len(figures) < 2:
        return tuple(figures)
    first, *others = figures
    first = replace(first, period="上年", qualifier=None)
    return first, *(
        replace(other, before=first.value) if other.kind == first.kind else other
        for other in others
    )


def random_figures(text: str, rng: random.Random) -> tuple[Figure, ...]:
    """Return up to three figures in a text."""
    found = [
        figure(
            rng.choice(LABELS),
            rng.choice(NAMES),
            rng.choice(UNITS),
            rng.choice(VALUES),
            rng.randrange(70),
            text,
        )
        for _ in range(rng.choice((0, 0, 1, 2, 3)))
    ]
    return with_years(found)


def figures_in(text: str) -> st.SearchStrategy[tuple[Figure, ...]]:
    """Return a strategy for the figures of a paragraph. One drawn number chooses all: many draws are slow."""
    return st.integers(0, 1 << 16).map(lambda seed: random_figures(text, random.Random(seed)))


@st.composite
def collections(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for number in range(draw(st.integers(1, 4))):
        department = draw(st.sampled_from([*DEPARTMENTS, None]))
        year = draw(st.sampled_from(YEARS))
        kind = draw(st.sampled_from(KINDS))
        further = draw(st.sampled_from(FURTHER_YEARS)) if year else ()
        for ordinal, text in enumerate(draw(st.lists(texts, min_size=1, max_size=6)), start=1):
            section = draw(st.sampled_from(SECTIONS))
            role = draw(st.sampled_from(ROLES))
            entries.append(
                Entry(
                    f"r{number}",
                    ordinal,
                    text,
                    department,
                    year,
                    section,
                    kind,
                    role,
                    **placed(department),
                    further_years=tuple(other for other in further if other != year),
                    figures=draw(figures_in(text)),
                )
            )
    return entries


def many_entries() -> list[Entry]:
    """Return 1,500 entries in 15 reports.

    Frequent characters and pairs are in more than 1,000 paragraphs, so a search of them uses
    tables; others are in a few, so a search of them uses binary search.
    """
    rng = random.Random(16)
    pieces = ["预算", "绩效", "自评", "效", "1,2", " 3", "年", "“a”", "Ｂ㎡", "後", "后续", "\n"]
    pieces += ["“", "”", "·", "《", "。"]
    weights = [14, 12, 6, 3, 3, 3, 3, 2, 1, 1, 1, 1, 2, 2, 1, 1, 1]
    texts = ["".join(rng.choices(pieces, weights, k=rng.randint(3, 14))) for _ in range(1500)]

    return [
        Entry(
            f"r{number}",
            ordinal,
            (text := texts[100 * number + ordinal - 1]),
            (*DEPARTMENTS, None)[number % 6],
            YEARS[number % 5 % 4],
            rng.choice(SECTIONS),
            KINDS[number % 5 % 2],
            rng.choices(ROLES, [8, 1, 1])[0],
            **placed((*DEPARTMENTS, None)[number % 6]),
            further_years=tuple(
                other
                for other in FURTHER_YEARS[number % 3]
                if YEARS[number % 5 % 4] not in (None, other)
            ),
            figures=random_figures(text, rng),
        )
        for number in range(15)
        for ordinal in range(1, 101)
    ]


def sentences(
    department: str = "水务局",
    texts: Sequence[str] = (
        "绩效目标完成情况良好。",
        "绩效目标完成情况较好。",
        "绩效目标设定合理。",
        "绩效自评。",
    ),
) -> list[Entry]:
    """Return the paragraphs of one report of a department."""
    return [
        Entry(f"r{department}", n, text, department, 2022, "基本情况", "部门决算")
        for n, text in enumerate(texts, start=1)
    ]


def by_report(entries: list[Entry]) -> dict[str, list[Entry]]:
    reports: dict[str, list[Entry]] = {}
    for entry in entries:
        reports.setdefault(entry.report, []).append(entry)
    return reports


def add(writer: IndexWriter | ClusterWriter, report_id: str, members: list[Entry]) -> None:
    first = members[0]
    years = tuple(sorted(year for year in first.years if year))
    metadata = Metadata(report_id, first.department, first.year, first.kind, years)
    paragraphs = tuple(
        Paragraph(
            e.ordinal,
            e.text,
            cast("Role", e.role),
            e.section,
            (f"一、{e.section}",),
            figures=e.figures,
        )
        for e in members
    )
    report = Report(metadata, paragraphs, ())
    entry = IndexedReport(
        id=report_id,
        source=f"{report_id}.txt",
        path=f"/{report_id}.txt",
        sha256="",
        title=report_id,
        department=first.department,
        year=first.year,
        kind=first.kind,
        paragraphs=len(members),
        details=report.details() if first.further_years else "",
    )
    writer.add(entry, report)


def write_index(folder: Path, entries: list[Entry]) -> Path:
    """Write the entries into an index with one segment."""
    with IndexWriter(folder) as writer:
        for report_id, members in by_report(entries).items():
            add(writer, report_id, members)
        writer.commit()
    return folder


def write_segments(folder: Path, entries: list[Entry], per_segment: int = 1) -> Path:
    """Write the reports into segments, between copies that are then removed."""
    reports = list(by_report(entries).items())
    for at in range(0, len(reports), per_segment):
        with IndexWriter(folder) as writer:
            for report_id, members in reports[at : at + per_segment]:
                add(writer, f"before {report_id}", members)
                add(writer, report_id, members)
                add(writer, f"after {report_id}", members[:1])
            writer.commit()
    with IndexWriter(folder) as writer:
        for removed in set(writer.reports) - dict(reports).keys():
            writer.remove(removed)
        writer.commit()
    return folder


def write_cluster(address: str, entries: list[Entry]) -> str:
    """Write the entries into an index of a cluster, instead of what it has."""
    with ClusterWriter(parse_address(address), Credentials()) as writer:
        for report_id in list(writer.reports):
            writer.remove(report_id)
        for report_id, members in by_report(entries).items():
            add(writer, report_id, members)
        writer.commit()
    return address


@dataclass(frozen=True)
class Indexed:
    """A collection, and the entry of each document; None for a removed one."""

    folder: Path
    collection: Collection
    entries: list[Entry | None]

    @classmethod
    def of(cls, folder: Path, entries: list[Entry]) -> "Indexed":
        snapshot = Snapshot(folder)
        collection = Collection(snapshot)
        known = {(entry.report, entry.ordinal): entry for entry in entries}
        ids = [collection.summary(report).id for report in collection.report_of.tolist()]
        ordinals = [at for part in snapshot.parts for at in part.segment["ordinal"].tolist()]
        places = zip(ids, ordinals, strict=True)
        return cls(folder, collection, [known.get(place) for place in places])

    def live(self) -> list[tuple[int, Entry]]:
        """Return the number and the entry of each document that is not removed."""
        return [(at, entry) for at, entry in enumerate(self.entries) if entry is not None]

    def some(self, seed: int, size: int) -> Documents:
        """Return up to `size` documents that are not removed, chosen by `seed`, ascending."""
        live = [at for at, _ in self.live()]
        return np.array(sorted(random.Random(seed).sample(live, min(size, len(live)))), np.int64)

    def evaluation(self) -> Evaluation:
        return Evaluation(self.collection)


def present(drawn: Filters, entries: list[Entry]) -> Filters:
    """Keep only the names that are whole values in the entries. Parts of names have own tests."""

    def whole(name: str) -> tuple[str, ...]:
        values = {getattr(entry, name) or UNKNOWN for entry in entries}
        return tuple(value for value in getattr(drawn, name) if value in values)

    return Filters(
        whole("department"),
        drawn.year,
        whole("section"),
        whole("kind"),
        whole("role"),
        whole("region"),
        whole("level"),
    )
