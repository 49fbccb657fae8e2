"""The contract of every engine, held against the brute-force reference."""

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search import Engine, Filters, open_index
from indexer.fold import fold
from indexer.model import Metadata, Paragraph, Report
from indexer.parse import parse
from indexer.store.manifest import IndexedReport
from indexer.store.writer import IndexWriter
from tests.app.search.reference import (
    Entry,
    covered,
    expected_cover,
    expected_facet,
    expected_hits,
)
from tests.make_corpus import corpus_files

MakeEngine = Callable[[list[Entry]], Engine]

DEPARTMENTS = ("水务局", "教育局", "农业农村局")
SECTIONS = ("基本情况", "绩效自评")
KINDS = ("部门决算", "绩效评价")

# Few characters, so that queries match; with marks, spaces, commas and widths that fold.
CHARACTERS = "预算绩效效自评1,2 3年“”AaＢ㎡後后\n"
texts = st.text(alphabet=CHARACTERS, min_size=1, max_size=40)
phrases = st.text(alphabet=CHARACTERS, min_size=1, max_size=6).filter(
    lambda text: bool(fold(text)) and '"' not in text
)


def embedded(folder: Path, entries: list[Entry]) -> Engine:
    """Write the entries into an index and open it."""
    reports: dict[str, list[Entry]] = {}
    for entry in entries:
        reports.setdefault(entry.report, []).append(entry)
    with IndexWriter(folder) as writer:
        for report_id, members in reports.items():
            first = members[0]
            metadata = Metadata(report_id, first.department, first.year, first.kind)
            paragraphs = tuple(
                Paragraph(e.ordinal, e.text, "body", e.section, (f"一、{e.section}",), None)
                for e in members
            )
            writer.add(
                IndexedReport(
                    id=report_id,
                    source=f"{report_id}.txt",
                    path=f"/{report_id}.txt",
                    sha256="",
                    title=report_id,
                    department=first.department,
                    year=first.year,
                    kind=first.kind,
                    paragraphs=len(members),
                ),
                Report(metadata, paragraphs, ()),
            )
        writer.commit()
    return open_index(folder)


@pytest.fixture(params=[embedded], ids=["embedded"])
def make_engine(request: pytest.FixtureRequest) -> Iterator[MakeEngine]:
    """Make an engine over entries; every engine to come joins `params`."""
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(10**9))
        yield lambda entries: request.param(Path(folder, str(next(count))), entries)


@st.composite
def collections(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for number in range(draw(st.integers(1, 4))):
        department = draw(st.sampled_from(DEPARTMENTS))
        year = draw(st.integers(2021, 2023))
        kind = draw(st.sampled_from(KINDS))
        for ordinal, text in enumerate(draw(st.lists(texts, min_size=1, max_size=6)), start=1):
            section = draw(st.sampled_from(SECTIONS))
            entries.append(Entry(f"r{number}", ordinal, text, department, year, section, kind))
    return entries


filters = st.builds(
    Filters,
    department=st.sets(st.sampled_from(DEPARTMENTS), max_size=2).map(lambda s: tuple(sorted(s))),
    year=st.lists(st.sampled_from([(2021, 2021), (2022, 2023)]), max_size=2).map(tuple),
    section=st.sets(st.sampled_from(SECTIONS), max_size=1).map(lambda s: tuple(sorted(s))),
    kind=st.sets(st.sampled_from(KINDS), max_size=1).map(lambda s: tuple(sorted(s))),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    entries=collections(),
    queries=st.lists(st.tuples(st.lists(phrases, min_size=1, max_size=3), filters), max_size=8),
)
def test_finds_what_the_law_says_and_counts_it(
    make_engine: MakeEngine,
    entries: list[Entry],
    queries: list[tuple[list[str], Filters]],
) -> None:
    engine = make_engine(entries)
    present = {getattr(e, name) for e in entries for name in ("department", "section", "kind")}
    for wanted, drawn in queries:
        # A name that is no whole value is looked for in parts; that has tests of its own.
        chosen = Filters(
            tuple(d for d in drawn.department if d in present),
            drawn.year,
            tuple(s for s in drawn.section if s in present),
            tuple(k for k in drawn.kind if k in present),
        )
        query = " ".join(f'"{phrase}"' for phrase in wanted)
        result = engine.search(query, filters=chosen, limit=1000)
        found = [(hit.report.id, hit.ordinal) for hit in result.hits]
        assert set(found) == expected_hits(entries, wanted, chosen)
        assert result.total == len(found) == len(set(found))
        assert result.reports == len({report for report, _ in found})
        for name, values in result.facets.items():
            expected = expected_facet(entries, wanted, chosen, name)
            assert {value.value: value.count for value in values} == expected
        for hit in result.hits:
            assert list(hit.spans) == sorted(hit.spans)
            ends = [end for _, end in hit.spans]
            assert all(end < start for end, (start, _) in zip(ends, hit.spans[1:], strict=False))
            assert expected_cover(hit.text, wanted) <= covered(hit.spans)
            assert all(any(fold(p) in fold(hit.text[s:e]) for p in wanted) for s, e in hit.spans)


def entry(text: str, ordinal: int = 1, report: str = "r", year: int = 2022) -> Entry:
    return Entry(report, ordinal, text, "水务局", year, "基本情况", "部门决算")


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("发放小化妆包 20 个。", "小化妆", "小化妆"),
        ("中国农业发展银行贷款。", "农业", "农业"),
        ("全年预算 2,937.4 万元。", "2937.4", "2,937.4"),
        ("截至 2022 年度，", "2022年度", "2022 年度"),
        ("完成率为 98.5%。", "98.5", "98.5"),
        ("SO₂ 排放下降。", "so2", "SO₂"),
        ("預算績效管理", "预算绩效", "預算績效"),
        ("坚持‘过紧日子’。", "“过紧日子”", "过紧日子"),
        ("共 12 个。", "个", "个"),
        ("新建 5G 基站。", "5g", "5G"),
    ],
)
def test_lights_the_whole_phrase_in_the_original(
    make_engine: MakeEngine, text: str, query: str, marked: str
) -> None:
    (hit,) = make_engine([entry(text), entry("别的话。", 2)]).search(query).hits
    assert [hit.text[start:end] for start, end in hit.spans] == [marked]


def test_orders_as_asked_and_breaks_ties_by_year_report_and_ordinal(
    make_engine: MakeEngine,
) -> None:
    entries = [
        entry("绩效", o, r, y) for r, y in (("a", 2021), ("b", 2023), ("c", 2023)) for o in (1, 2)
    ]
    engine = make_engine(entries)
    order = {
        "relevance": ["b#1", "b#2", "c#1", "c#2", "a#1", "a#2"],
        "newest": ["b#1", "b#2", "c#1", "c#2", "a#1", "a#2"],
        "oldest": ["a#1", "a#2", "b#1", "b#2", "c#1", "c#2"],
        "document": ["a#1", "a#2", "b#1", "b#2", "c#1", "c#2"],
    }
    for sort, ids in order.items():
        assert [hit.id for hit in engine.search("绩效", sort=sort).hits] == ids  # type: ignore[arg-type]


def test_a_word_on_its_own_ranks_above_one_inside_another(make_engine: MakeEngine) -> None:
    entries = [
        entry("中国农业发展银行给予贷款支持。", 1),
        entry("大力发展农业，给予贷款支持了。", 2),
    ]
    assert [hit.ordinal for hit in make_engine(entries).search("农业").hits] == [2, 1]


def test_pages_show_every_hit_once(make_engine: MakeEngine) -> None:
    engine = make_engine([entry(f"绩效{n}", n) for n in range(1, 24)])
    pages = [engine.search("绩效", limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [len(page.hits) for page in pages] == [10, 10, 3, 0]
    assert len({hit.id for page in pages for hit in page.hits}) == 23
    assert {page.total for page in pages} == {23}


def test_a_filter_may_name_part_of_a_value(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("绩效")])
    assert engine.search("绩效", filters=Filters(department=("水务",))).total == 1


def test_a_section_goes_by_its_heading_too(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("绩效")])
    for name in ("基本情况", "部门概况", "一、部门基本情况", "基本"):
        assert engine.search("绩效", filters=Filters(section=(name,))).total == 1


def test_a_filter_that_names_nothing_is_said(make_engine: MakeEngine) -> None:
    result = make_engine([entry("绩效")]).search("绩效", filters=Filters(department=("公安局",)))
    assert result.total == 0
    assert "公安局" in result.warnings[0].zh


def test_an_empty_query_finds_nothing_and_says_so(make_engine: MakeEngine) -> None:
    result = make_engine([entry("绩效")]).search("  ")
    assert (result.total, result.hits) == (0, ())
    assert result.warnings


def test_reads_a_report_with_the_query_lit(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("一、绩效", 1), entry("预算", 2)])
    read = engine.read("r", "绩效")
    assert read is not None
    assert [(p.ordinal, p.text, p.spans) for p in read.paragraphs] == [
        (1, "一、绩效", ((2, 4),)),
        (2, "预算", ()),
    ]
    assert engine.read("nowhere") is None


def test_an_engine_is_current_until_the_index_is_written(tmp_path: Path) -> None:
    engine = embedded(tmp_path, [entry("绩效")])
    assert engine.is_current()
    embedded(tmp_path, [entry("预算", report="s")])
    assert not engine.is_current()
    assert engine.search("绩效").total == 1


def test_random_substrings_of_the_corpus_are_found_exactly(corpus_engine: Engine) -> None:
    reports = [parse(content, path.stem) for path, content in corpus_files().items()]
    texts = [paragraph.text for report in reports for paragraph in report.paragraphs]
    rng = random.Random(20260101)
    for _ in range(500):
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        phrase = text[start : start + rng.randint(1, 30)]
        if not fold(phrase):
            continue
        result = corpus_engine.search(f'"{phrase}"', limit=len(texts))
        assert sorted(hit.text for hit in result.hits) == sorted(
            text for text in texts if fold(phrase) in fold(text)
        )
