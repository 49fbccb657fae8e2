"""The contract of every engine, compared with the brute-force reference."""

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from baocha.search import (
    AXES,
    MODES,
    Axis,
    Counts,
    Engine,
    Filters,
    Hit,
    MatchKind,
    MatrixCell,
    Mode,
    SearchResult,
    open_engine,
)
from baocha.search.local.pipeline import KINDS
from baocha.search.local.rank.order import FIRST_LABELS
from baocha.search.opensearch.engine import ClusterEngine
from baocha.search.query import (
    Figures,
    Phrase,
    Query,
    as_typed,
    exactly,
    figure_conditions,
    filters_in,
    highlighted_phrases,
    in_mode,
    marks_ignored,
    parse_query,
)
from baocha.search.results import NO_VALUES, HistogramRange
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Paragraph
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.text import bare, fold
from tests.app.search.indexes import (
    CONDITIONS,
    DEPARTMENTS,
    Indexed,
    MakeEngine,
    collections,
    few_examples,
    filters,
    phrases,
    present,
    queries,
    sentences,
    write_index,
)
from tests.app.search.reference import (
    Entry,
    answer,
    covered,
    expected_cover,
    expected_facet,
    has_measure,
    is_in_range,
    matches,
    passes,
    readings,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=collections(), asked=st.lists(st.tuples(queries, filters), max_size=10))
def test_finds_counts_and_marks_as_the_reference_does(
    make_engine: MakeEngine, entries: list[Entry], asked: list[tuple[str, Filters]]
) -> None:
    engine = make_engine(entries)
    for query, drawn in asked:
        chosen = present(drawn, entries)
        result = assert_answered(engine, entries, query, chosen)
        for hit in result.hits:
            assert_marked(hit, parse_query(query).tree)
        assert tuple(engine.hits(query, filters=chosen)) == result.hits
        assert_grouped(
            engine.search(query, filters=chosen, limit=1000, grouping="report"), result.hits
        )


@few_examples
@given(query=st.one_of(queries, st.sampled_from(["预算 -后", "预 | 效", "-㎡"])), drawn=filters)
def test_finds_and_counts_in_a_large_index_as_the_reference_does(
    large: Indexed, query: str, drawn: Filters
) -> None:
    entries = [entry for _, entry in large.live()]
    assert_answered(open_engine(large.folder), entries, query, drawn)


def assert_answered(
    engine: Engine, entries: list[Entry], query: str, chosen: Filters
) -> SearchResult:
    tree = parse_query(query).tree
    found, relaxed = answer(tree, entries, chosen)
    expected = [entry for entry in found if passes(entry, chosen)]
    event("relaxed" if relaxed else "found" if expected else "nothing")
    result = engine.search(query, filters=chosen, limit=10_000)
    hits = [(hit.report.id, hit.ordinal) for hit in result.hits]
    assert sorted(hits) == sorted((entry.report, entry.ordinal) for entry in expected)
    assert result.total == len(expected)
    assert result.reports == len({entry.report for entry in expected})
    assert result.relaxed == relaxed
    if result.relaxed:
        assert_lacking(result)
    assert_kinds(engine, [entry for entry in entries if passes(entry, chosen)], result, chosen)
    for name, values in result.facets.items():
        # A cluster does not know which paragraphs are copied.
        is_known = name != "copied" or not isinstance(engine, ClusterEngine)
        counts = expected_facet(found, chosen, name) if is_known else {}
        assert {v.value: v.count for v in values} == counts
    return result


def assert_kinds(
    engine: Engine, entries: list[Entry], result: SearchResult, chosen: Filters
) -> None:
    """Each hit has its kind of match, better kinds come first, and each kind is counted.

    The mode "exact" finds what matches as typed. `entries` pass the filters.
    """
    tree = parse_query(result.query).tree
    typed = as_typed(tree)
    kinds: dict[tuple[str, int], MatchKind] = {}
    readings: list[tuple[MatchKind, Query]]
    readings = [("words", tree), ("marks_ignored", typed), ("exact", exactly(typed))]
    for kind, query in readings:
        kinds |= {(e.report, e.ordinal): kind for e in entries if matches(query, e)}
    expected = Counter(kinds.values())
    counts = Counts(expected["exact"], expected["marks_ignored"], expected.total())
    exact = engine.search(result.query, filters=chosen, limit=10_000, mode="exact")
    assert result.counts == exact.counts == counts
    assert exact.total == counts.typed
    assert not exact.relaxed
    assert (result.certificate is None) >= (counts.typed > 0)
    if not result.relaxed:
        for shown in (result, exact):
            ranks = [(not hit.is_last_group, KINDS.index(hit.match)) for hit in shown.hits]
            assert ranks == sorted(ranks, reverse=True)
            assert_few_labels(shown)
            assert all(kinds[hit.report.id, hit.ordinal] == hit.match for hit in shown.hits)
    assert_matrix_total(engine, result.query, chosen, counts)


def assert_few_labels(result: SearchResult) -> None:
    """Only two headings are among the paragraphs; all others are last, unless all are headings."""
    last = [hit for hit in result.hits if hit.is_last_group]
    others = [hit for hit in result.hits if not hit.is_last_group]
    assert not any(hit.role == "body" for hit in last)
    if any(hit.role == "body" for hit in result.hits):
        assert sum(hit.role == "heading" for hit in others) <= FIRST_LABELS


def assert_matrix_total(engine: Engine, query: str, chosen: Filters, counts: Counts) -> None:
    """The matrix counts what matches as typed, or with all words if it is asked to."""
    assert engine.matrix(query, filters=chosen).total == counts.typed
    matrix = engine.matrix(query, filters=chosen, mode="words")
    assert (matrix.total, matrix.matching) == (counts.words, counts)


def assert_lacking(result: SearchResult) -> None:
    """The first hit has none of the words that the warning names."""
    lacking = result.warnings[0].zh.partition("未包含：")[2]
    assert all(fold(word) not in fold(result.hits[0].text) for word in lacking.split("、"))


def assert_grouped(grouped: SearchResult, hits: tuple[Hit, ...]) -> None:
    """Each report is there once, in the order of its best hit, with its number of hits."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.report.id, hit)
    counts = Counter(hit.report.id for hit in hits)
    assert list(grouped.hits) == [
        replace(hit, in_report=counts[report]) for report, hit in best.items()
    ]
    assert (grouped.total, grouped.reports) == (len(hits), len(best))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    entries=collections(),
    query=queries,
    drawn=filters,
    axes=st.sampled_from(tuple(permutations(AXES, 2))),
    mode=st.sampled_from(MODES),
)
def test_the_matrix_counts_as_the_reference_does(
    make_engine: MakeEngine,
    entries: list[Entry],
    query: str,
    drawn: Filters,
    axes: tuple[Axis, Axis],
    mode: Mode,
) -> None:
    engine = make_engine(entries)
    chosen = present(drawn, entries)
    rows, columns = axes
    matrix = engine.matrix(query, filters=chosen, mode=mode, rows=rows, columns=columns)
    tree = parse_query(query).tree
    searched = searched_entries(entries, tree, chosen)
    tree = in_mode(tree, mode)

    def counted(row: object = EVERY, column: object = EVERY) -> MatrixCell:
        own = [
            entry
            for entry in searched
            if (row is EVERY or row in values_of(entry, rows, chosen))
            and (column is EVERY or column in values_of(entry, columns, chosen))
        ]
        found = [entry for entry in own if matches(tree, entry)]
        loose = [entry for entry in own if matches(marks_ignored(tree), entry)]
        return MatrixCell(
            len(found),
            len(loose) - len(found),
            len({entry.report for entry in found}),
            len({entry.report for entry in own}),
            # An empty text, which no real paragraph has, is stored with one character.
            sum(max(1, len(fold(entry.text))) for entry in own),
        )

    assert set(matrix.row_values) == {v for e in searched for v in values_of(e, rows, chosen)}
    assert set(matrix.column_values) == {v for e in searched for v in values_of(e, columns, chosen)}
    for axis, values in ((rows, matrix.row_values), (columns, matrix.column_values)):
        if axis == "year":
            assert list(values) == sorted(values, key=lambda year: (year is not None, year))
    for row, cells, whole in zip(matrix.row_values, matrix.cells, matrix.by_row, strict=True):
        assert whole == counted(row)
        for column, cell in zip(matrix.column_values, cells, strict=True):
            assert cell == counted(row, column)
    assert list(matrix.by_column) == [counted(column=column) for column in matrix.column_values]
    assert matrix.whole == counted()
    if rows != "year":
        sums = [cell.paragraphs for cell in matrix.by_row]
        assert sums == sorted(sums, reverse=True)


EVERY = object()


def searched_entries(entries: list[Entry], tree: Query, chosen: Filters) -> list[Entry]:
    """Return the entries that pass the filters and those inside the query."""
    scope = filters_in(tree)
    return [entry for entry in entries if passes(entry, chosen) and matches(scope, entry)]


def values_of(entry: Entry, axis: Axis, chosen: Filters) -> list[object]:
    """Return the values under which the matrix counts an entry."""
    if axis != "year":
        return [getattr(entry, axis)]
    wanted = chosen.year or [(0, 9999), None]
    return [year for year in entry.years if any(is_in_range(year, item) for item in wanted)]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=collections(), query=queries, drawn=filters)
def test_mentions_count_the_matches_of_each_searched_report_as_the_reference_does(
    make_engine: MakeEngine, entries: list[Entry], query: str, drawn: Filters
) -> None:
    engine = make_engine(entries)
    chosen = present(drawn, entries)
    tree = parse_query(query).tree
    searched = searched_entries(entries, tree, chosen)
    mentions = engine.mentions(query, filters=chosen)
    assert [item.report.id for item in mentions.reports] == sorted({e.report for e in searched})
    loose = marks_ignored(tree)
    for item in mentions.reports:
        own = [entry for entry in searched if entry.report == item.report.id]
        exact = sum(matches(exactly(as_typed(loose)), entry) for entry in own)
        typed = sum(matches(as_typed(loose), entry) for entry in own)
        words = sum(matches(loose, entry) for entry in own)
        assert item.matching == Counts(exact, typed - exact, words)
        assert item.paragraphs == len(own)
        assert (item.region, item.level) == (own[0].region, own[0].level)
    for one in mentions.departments():
        own = [entry for entry in searched if entry.department == one.name]
        assert one.reports == len({entry.report for entry in own})
        assert one.typed == sum(matches(as_typed(loose), entry) for entry in own)
        assert one.words == sum(matches(loose, entry) for entry in own)
    names = [one.name for one in mentions.departments()]
    assert names == sorted({e.department for e in searched if e.department is not None})
    if mentions.certificate:
        assert not parse_query(query).warnings
        assert mentions.certificate.paragraphs == len(searched)
        assert mentions.certificate.reports == len(mentions.reports)


def test_a_matrix_of_a_facet_with_itself_is_refused(corpus_engine: Engine) -> None:
    with pytest.raises(ValueError, match="year"):
        corpus_engine.matrix("预算", rows="year", columns="year")


def test_a_query_for_the_same_marks_proves_no_absence_where_other_marks_are(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(
        [
            Entry("r1", 1, "压减“三公”经费。", "水务局", 2022, "基本情况", "部门决算"),
            Entry("r2", 1, "压减三公经费。", "教育局", 2022, "基本情况", "部门决算"),
            Entry("r3", 1, "收支平衡。", "审计局", 2022, "基本情况", "部门决算"),
        ]
    )
    matrix = engine.matrix("=“三公经费”")
    cells = dict(zip(matrix.row_values, matrix.by_row, strict=True))
    assert (cells["教育局"].paragraphs, cells["教育局"].other_marks) == (1, 0)
    assert (cells["水务局"].paragraphs, cells["水务局"].other_marks) == (0, 1)
    assert [name for name, cell in cells.items() if cell.is_absent] == ["审计局"]
    mentions = engine.mentions("=“三公经费”")
    assert [item.matching for item in mentions.reports] == [
        Counts(0, 1, 1),
        Counts(1, 0, 1),
        Counts(0, 0, 0),
    ]
    assert mentions.certificate is not None
    assert mentions.certificate.checks == (("三公经费", "三公经费"),)
    # Without a phrase that every match contains, nothing is proved.
    assert engine.mentions("年份:2022").certificate is None
    assert engine.mentions("三公经费", filters=Filters(department=("无此局",))).certificate is None


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=collections(), run=phrases, drawn=filters)
def test_each_suggestion_finds_as_many_paragraphs_as_it_shows(
    make_engine: MakeEngine, entries: list[Entry], run: str, drawn: Filters
) -> None:
    engine = make_engine(entries)
    chosen = present(drawn, entries)
    entries = [entry for entry in entries if passes(entry, chosen)]
    for before in ("", "绩效 ", "预算 | ", "年份:2022 "):
        for suggestion in engine.suggest(before + run, filters=chosen):
            assert suggestion.query.startswith(before)
            tree = parse_query(suggestion.query).tree
            assert suggestion.count == sum(matches(tree, entry) for entry in entries) > 0


def assert_marked(hit: Hit, query: Query) -> None:
    """Every match is marked, nothing else is, and the spans are sorted and apart."""
    phrases = highlighted_phrases(query)
    figures = [
        figure.span
        for figure in hit.figures
        for condition in figure_conditions(query)
        if any(has_measure(measure, figure) for measure in condition.measures)
    ]
    assert list(hit.spans) == sorted(hit.spans)
    assert all(end < start for (_, end), (start, _) in pairwise(hit.spans))
    assert expected_cover(hit.text, phrases) | covered(figures) <= covered(hit.spans)
    for start, end in hit.spans:
        assert any(start <= at < end for at, _ in figures) or any(
            sought in normal(hit.text[start:end])
            for phrase in phrases
            for normal, sought in readings(phrase)
        )


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=collections(), wanted=st.lists(phrases, min_size=1, max_size=8))
def test_finds_every_paragraph_with_a_phrase_and_no_other(
    make_engine: MakeEngine, entries: list[Entry], wanted: list[str]
) -> None:
    engine = make_engine(entries)
    for phrase in wanted:
        exact = {(e.report, e.ordinal) for e in entries if fold(phrase) in fold(e.text)}
        without = bare(fold(phrase))
        ignored = {
            (e.report, e.ordinal) for e in entries if without and without in bare(fold(e.text))
        }
        for query, expected in ((f'"{phrase}"', exact | ignored), (f'="{phrase}"', exact)):
            result = engine.search(query, limit=1000)
            assert {(hit.report.id, hit.ordinal) for hit in result.hits} == expected


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
def test_marks_the_whole_phrase_in_the_original_text(
    make_engine: MakeEngine, text: str, query: str, marked: str
) -> None:
    (hit,) = make_engine([entry(text), entry("别的话。", 2)]).search(query).hits
    assert [hit.text[start:end] for start, end in hit.spans] == [marked]


def test_sorts_as_chosen_and_breaks_ties_by_year_report_and_ordinal(
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


@pytest.mark.parametrize("length", range(2, 12))
def test_a_phrase_never_continues_from_one_paragraph_into_the_next(
    make_engine: MakeEngine, length: int
) -> None:
    whole = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
    for cut in range(1, length):
        entries = [entry(whole[:cut], 1), entry(whole[cut:], 2), entry(whole, 3)]
        engine = make_engine(entries)
        for start in range(len(whole) - length + 1):
            phrase = whole[start : start + length]
            found = [hit.ordinal for hit in engine.search(f"“{phrase}”", sort="document").hits]
            assert found == [e.ordinal for e in entries if phrase in e.text]


def test_an_exact_run_ranks_above_its_scattered_words(make_engine: MakeEngine) -> None:
    scattered = "服务企业，服务企业，建设情况，建设企业，服务情况，企业情况，建设服务。"
    entries = [entry(scattered, 1), entry("长" * 300 + "企业建设服务情况。", 2)]
    result = make_engine(entries).search("企业建设服务情况")
    assert [hit.ordinal for hit in result.hits] == [2, 1]
    assert not result.relaxed


def test_words_close_together_rank_above_words_apart(make_engine: MakeEngine) -> None:
    apart = entry("招商工作" + "有序推进各项任务" * 6 + "项目落地。", 1)
    close = entry("有序推进各项任务" * 6 + "招商工作项目落地。", 2)
    assert [hit.ordinal for hit in make_engine([apart, close]).search("招商 落地").hits] == [2, 1]


def test_keywords_that_never_occur_together_are_relaxed_with_a_warning(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(
        [entry("数字孪生水务平台。", 1), entry("水务工作。", 2), entry("教育。", 3)]
    )
    result = engine.search("数字孪生 水务 火星")
    assert result.relaxed
    assert result.hits[0].ordinal == 1
    assert "火星" in result.warnings[0].zh
    assert "水务" not in result.warnings[0].zh


@pytest.mark.parametrize("query", ["“数字孪生火星”", "数字孪生 年份:1999", "火星", "火星 “水务”"])
def test_phrases_and_filters_are_never_relaxed(make_engine: MakeEngine, query: str) -> None:
    result = make_engine([entry("数字孪生水务平台。")]).search(query)
    assert (result.total, result.relaxed) == (0, False)


def test_relaxing_takes_the_closest_that_pass_the_filters(make_engine: MakeEngine) -> None:
    far = Entry("s", 1, "满意度绩效自评。", "教育局", 2022, "基本情况", "部门决算")
    engine = make_engine([entry("绩效满意度。", 1), entry("绩效。", 2), far])
    result = engine.search("满意度 绩效 自评", filters=Filters(department=("水务局",)))
    assert result.relaxed
    assert [hit.ordinal for hit in result.hits][:1] == [1]
    assert "自评" in result.warnings[0].zh
    assert {v.value for v in result.facets["department"]} == {"水务局", "教育局"}


def test_the_first_relaxed_hit_is_the_closest(make_engine: MakeEngine) -> None:
    closest = entry("长" * 300 + "数字孪生，" + "长" * 300 + "水务。", 2)
    engine = make_engine([entry("数字孪生，数字孪生。", 1), closest, entry("水务。", 3)])
    assert engine.search("数字孪生 水务 火星").hits[0].ordinal == 2


def test_a_paragraph_with_a_word_twice_ranks_above_one_with_it_once(
    make_engine: MakeEngine,
) -> None:
    repeated = make_engine([entry("绩效好，预算好，人好。", 1), entry("绩效好，绩效好，人好。", 2)])
    assert [hit.ordinal for hit in repeated.search("绩效").hits] == [2, 1]


def test_a_field_value_that_does_not_exist_gives_a_warning(make_engine: MakeEngine) -> None:
    result = make_engine([entry("绩效")]).search("绩效 部门:不存在局")
    assert result.total == 0
    assert any("不存在局" in warning.zh for warning in result.warnings)


def test_ten_thousand_characters_and_a_thousand_ors_are_answered(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("绩效")])
    assert engine.search("绩" * 10_000).warnings
    assert engine.search(" OR ".join(["绩效"] * 1000)).total == 1
    assert engine.search("(" * 500 + "绩效" + ")" * 500).warnings


def test_pages_show_every_hit_once(make_engine: MakeEngine) -> None:
    engine = make_engine([entry(f"绩效{n}", n) for n in range(1, 24)])
    pages = [engine.search("绩效", limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [len(page.hits) for page in pages] == [10, 10, 3, 0]
    assert len({hit.id for page in pages for hit in page.hits}) == 23
    assert {page.total for page in pages} == {23}


def test_a_filter_may_name_part_of_a_value(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("绩效")])
    assert engine.search("绩效", filters=Filters(department=("水务",))).total == 1


def test_a_section_filter_accepts_other_forms_of_the_heading(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("绩效")])
    for name in ("基本情况", "部门概况", "一、部门基本情况", "基本"):
        assert engine.search("绩效", filters=Filters(section=(name,))).total == 1


def test_a_filter_value_that_does_not_exist_gives_a_warning(make_engine: MakeEngine) -> None:
    result = make_engine([entry("绩效")]).search("绩效", filters=Filters(department=("公安局",)))
    assert result.total == 0
    assert "公安局" in result.warnings[0].zh


def test_an_empty_query_finds_nothing_and_gives_a_warning(make_engine: MakeEngine) -> None:
    result = make_engine([entry("绩效")]).search("  ")
    assert (result.total, result.hits) == (0, ())
    assert result.warnings


def test_reads_a_report_with_the_matches_marked(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("一、绩效", 1), entry("预算", 2)])
    read = engine.read("r", "绩效")
    assert read is not None
    assert [(p.ordinal, p.text, p.spans) for p in read.paragraphs] == [
        (1, "一、绩效", ((2, 4),)),
        (2, "预算", ()),
    ]
    assert engine.read("nowhere") is None
    assert engine.report("r") == read.report
    assert engine.report("nowhere") is None
    elsewhere = engine.restricted_to(Filters(department=("不存在",)))
    assert (elsewhere.read("r"), elsewhere.report("r")) == (None, None)


@pytest.mark.parametrize("field", ["department", "region"])
@pytest.mark.parametrize(
    ("text", "filtered", "conditioned"),
    [("江西省", 1, 2), ("江西省赣州市", 1, 1), ("赣州", 1, 1), ("西省", 2, 2), ("云溪", 0, 0)],
)
def test_a_filter_prefers_a_whole_name_and_a_condition_finds_all_that_contain_its_text(
    tmp_path: Path, field: str, text: str, filtered: int, conditioned: int
) -> None:
    entries = [
        replace(entry("预算", report=name), department=name if field == "department" else full)
        for name, full in (("江西省", "江西省财政厅"), ("江西省赣州市", "江西省赣州市财政局"))
    ]
    engine = open_engine(write_index(tmp_path, entries))
    chosen = Filters(department=(text,)) if field == "department" else Filters(region=(text,))
    assert engine.search("预算", filters=chosen).total == filtered
    assert engine.search(f"预算 {field}:{text}").total == conditioned


def test_an_engine_is_current_until_the_index_is_written(tmp_path: Path) -> None:
    engine = open_engine(write_index(tmp_path, [entry("绩效")]))
    assert engine.is_current()
    write_index(tmp_path, [entry("预算", report="s")])
    assert not engine.is_current()
    assert engine.search("绩效").total == 1


def test_random_substrings_of_the_corpus_are_found_exactly(
    corpus_engine: Engine, corpus_index: Path
) -> None:
    reports = [report.id for report in Snapshot(corpus_index).reports()]
    found = [corpus_engine.read(report_id) for report_id in reports]
    texts = [paragraph.text for report in found if report for paragraph in report.paragraphs]
    assert len(texts) > 700
    rng = random.Random(20260101)
    for _ in range(500):
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        phrase = text[start : start + rng.randint(1, 30)]
        if not fold(phrase):
            continue
        result = corpus_engine.search(f'"{phrase}"', limit=len(texts))
        wanted = Phrase(phrase, fold(phrase))
        assert sorted(hit.text for hit in result.hits) == sorted(
            text
            for text in texts
            if any(sought in normal(text) for normal, sought in readings(wanted))
        )


def test_an_empty_index_has_no_answers(make_engine: MakeEngine) -> None:
    engine = make_engine([])
    assert not engine.suggest("绩")
    assert not engine.examples()
    assert not engine.coverage()
    assert engine.matrix("绩效").row_values == ()
    assert list(engine.hits("绩效")) == []


def test_examples_find_something(corpus_engine: Engine) -> None:
    examples = corpus_engine.examples()
    assert len(examples) == 4
    assert all(corpus_engine.search(query).total for query in examples)


def test_a_report_lacks_the_sections_that_most_reports_of_its_kind_have(
    make_engine: MakeEngine,
) -> None:
    entries = []
    for number, sections in enumerate(["甲乙", "甲乙丙", "乙甲", "甲"]):
        entries += [
            Entry(f"r{number}", at, "预算。", "水务局", 2022, section, "部门决算")
            for at, section in enumerate(sections, start=1)
        ]
    covered = make_engine(entries).coverage()
    assert [item.report.id for item in covered] == ["r0", "r1", "r2", "r3"]
    assert [item.missing_sections for item in covered] == [(), (), (), ("乙",)]
    assert [item.paragraphs for item in covered] == [2, 3, 2, 1]


def test_with_few_reports_of_a_kind_no_report_lacks_anything(make_engine: MakeEngine) -> None:
    entries = [
        Entry(f"r{n}", 1, "预算。", "水务局", 2022, section, "部门决算")
        for n, section in enumerate("甲乙")
    ]
    assert [item.missing_sections for item in make_engine(entries).coverage()] == [(), ()]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=collections(), query=queries, drawn=filters, department=st.sampled_from(DEPARTMENTS))
def test_a_restricted_engine_answers_like_an_index_of_only_its_reports(
    make_engine: MakeEngine, entries: list[Entry], query: str, drawn: Filters, department: str
) -> None:
    scope = Filters(department=(department,), year=((2021, 2022),))
    # A scope looks only at the main year of a report, a filter at each of its years.
    seen = [entry for entry in entries if passes(replace(entry, further_years=()), scope)]
    narrowed = make_engine(entries).restricted_to(scope)
    alone = make_engine(seen)
    for chosen in (Filters(), drawn):
        found = narrowed.search(query, filters=chosen, limit=1000)
        expected = alone.search(query, filters=chosen, limit=1000)
        assert sorted(hit.id for hit in found.hits) == sorted(hit.id for hit in expected.hits)
        assert (found.total, found.reports) == (expected.total, expected.reports)
        assert found.facets == expected.facets
        # Nor do warnings tell that there is more.
        assert found.warnings == expected.warnings
        assert narrowed.matrix(query, filters=chosen) == alone.matrix(query, filters=chosen)
        some, others = (e.mentions(query, filters=chosen) for e in (narrowed, alone))
        assert (some.reports, some.warnings) == (others.reports, others.warnings)
    assert narrowed.coverage() == alone.coverage()
    assert [item.report.id for item in make_engine(entries).coverage(filters=scope)] == sorted(
        {entry.report for entry in entries if passes(entry, scope)}
    )
    assert narrowed.examples() == alone.examples()
    assert set(narrowed.suggest("绩")) == set(alone.suggest("绩"))
    for report in {entry.report for entry in entries}:
        assert narrowed.read(report, query) == alone.read(report, query)
    one, other = narrowed.status(), alone.status()
    assert (one.reports, one.paragraphs, one.departments, one.years) == (
        other.reports,
        other.paragraphs,
        other.departments,
        other.years,
    )


def test_a_scope_selects_departments_by_whole_names(make_engine: MakeEngine) -> None:
    engine = make_engine(sentences("水务局") + sentences("某区水务局"))
    assert engine.restricted_to(Filters(department=("水务局",))).status().departments == ("水务局",)
    assert engine.restricted_to(Filters(department=("水",))).status().reports == 0


def test_a_year_that_the_index_does_not_have_gives_a_warning(make_engine: MakeEngine) -> None:
    engine = make_engine(sentences())
    (warning,) = engine.search("绩效 年份:1999").warnings
    assert "1999" in warning.zh


def test_marks_in_the_text_and_in_the_query_do_not_hide_a_phrase(make_engine: MakeEngine) -> None:
    engine = make_engine(
        [
            entry("“三公”经费下降。", 1),
            entry("三公经费下降。", 2),
            entry("三公。经费下降。", 3),
            entry("（三公）《经费》下降。", 4),
        ]
    )
    for query in ("三公经费", "“三公经费”", "“三公”经费", "「“三公”经费」"):
        result = engine.search(query, mode="exact")
        assert sorted(hit.ordinal for hit in result.hits) == [1, 2, 4], query
        assert result.hits[0].match == "exact"
        assert result.hits[0].ordinal == (2 if query.strip("“”") == "三公经费" else 1)
        assert result.counts == Counts(1, 2, result.counts.words)
    assert [hit.ordinal for hit in engine.search("=“三公经费”").hits] == [2]
    assert [hit.ordinal for hit in engine.search("=「“三公”经费」").hits] == [1]
    assert engine.search("“三公经费下”").total == 3


def test_a_query_with_only_marks_is_matched_exactly(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("《预算法》", 1), entry("预算法", 2)])
    for query in ("《", "“《”", "》"):
        result = engine.search(query)
        assert [hit.ordinal for hit in result.hits] == [1]
        assert result.counts == Counts(1, 0, 1)
    assert engine.search("“》《”").total == 0


def test_a_zero_is_certified_with_both_checks_and_what_was_searched(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(
        [entry("三公“经费”。", 1), entry("绩效。", 2), entry("绩效。", 1, "s", 2023)]
    )
    assert engine.search("“三公经费”").certificate is None
    proof = engine.search("“招商”引资").certificate
    assert proof is not None
    assert proof.checks == (('"招商"引资', "招商引资"),)
    assert (proof.paragraphs, proof.reports) == (3, 2)
    assert proof.generation == str(engine.status().generation)
    filtered = engine.search("“招商引资”", filters=Filters(year=((2023, 2023),))).certificate
    assert filtered is not None
    assert (filtered.paragraphs, filtered.reports) == (1, 1)


@pytest.mark.parametrize(
    "query", ["", "“招商” 部门:不存在局", "招商 (", "部门:水务局 年度:1999", "-绩效 -三公"]
)
def test_a_zero_is_not_certified_if_the_query_was_not_understood_or_names_no_text(
    make_engine: MakeEngine, query: str
) -> None:
    assert make_engine([entry("三公。"), entry("绩效。", 2)]).search(query).certificate is None


def test_a_run_with_its_words_apart_is_counted_as_typed_and_with_all_words(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(
        [entry("支出进度，执行率。", 1), entry("支出率为 9%。", 2), entry("率先支出。", 3)]
    )
    result = engine.search("支出率")
    assert result.counts == Counts(exact=1, marks_ignored=0, words=3)
    assert [hit.match for hit in result.hits] == ["exact", "words", "words"]
    exact = engine.search("支出率", mode="exact")
    assert (exact.total, exact.counts, exact.mode) == (1, result.counts, "exact")
    assert [hit.ordinal for hit in engine.hits("支出率", mode="exact")] == [2]
    assert engine.matrix("支出率").total == 1
    assert engine.matrix("支出率", mode="words").total == 3


@pytest.mark.parametrize(
    ("query", "checked"),
    [
        ("绩效 招商", ["招商"]),  # 绩效 occurs
        ("绩效 招商 -三公", ["招商"]),
        ("招商 | 引资", ["招商", "引资"]),
        ("招商 | 绩效 三公", []),
        ("三公 绩效", []),  # each occurs, but not together
        ("三公 -经费", []),
        ('"招商 引资"~9', []),
        ("绩效 年度:2023 -招商", []),
    ],
)
def test_only_a_phrase_that_is_nowhere_is_certified(
    make_engine: MakeEngine, query: str, checked: list[str]
) -> None:
    engine = make_engine([entry("三公经费。"), entry("绩效。", 2), entry("好。", 1, "s", 2023)])
    result = engine.search(query, mode="exact")
    assert result.total == 0
    proof = result.certificate
    if query == "绩效 年度:2023 -招商":
        assert proof is not None
        assert (proof.checks, proof.paragraphs, proof.reports) == ((("绩效", "绩效"),), 1, 1)
    else:
        assert [exact for exact, _ in proof.checks] == checked if proof else not checked


def test_a_short_name_of_a_department_does_not_prevent_the_proof_of_a_zero(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(
        [Entry("r", 1, "绩效。", "青湖区文化广电旅游体育局", 2022, "基本情况", "部门决算")]
    )
    short = Filters(department=("文广旅体局",))
    assert engine.search("“招商”", filters=short).certificate is not None
    assert engine.search("“招商” 部门:文广旅体局").certificate is not None
    assert engine.search("“招商”", filters=Filters(department=("没有局",))).certificate is None


def test_an_exact_phrase_is_certified_only_if_it_is_nowhere_with_other_marks_either(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine([entry("“三公”经费。"), entry("绩效。", 2)])
    for query in ("=“三公经费”", "绩效 =“三公经费”"):
        result = engine.search(query)
        assert (result.total, result.certificate) == (0, None)
    assert engine.search("=“招商引资”").certificate is not None


def test_words_that_are_near_only_without_marks_are_no_exact_match(make_engine: MakeEngine) -> None:
    engine = make_engine([entry("“三公”经费。"), entry("三公经费。", 2)])
    result = engine.search('"三公 经费"~0')
    assert result.counts == Counts(1, 1, 2)
    assert [hit.match for hit in result.hits] == ["exact", "marks_ignored"]


def test_an_alternative_finds_as_many_in_each_mode(make_engine: MakeEngine) -> None:
    engine = make_engine(
        [entry("招商引资。"), entry("预算执行率。", 2), entry("预算，执行律。", 3)]
    )
    for mode in MODES:
        found = engine.search("招商引自 | 预算执行律", mode=mode).alternatives
        assert found
        for item in found:
            assert engine.search(item.query, mode=mode).total == item.count


def test_a_mark_written_as_less_or_greater_hides_no_phrase(make_engine: MakeEngine) -> None:
    engine = make_engine(
        sentences(texts=["关于修改‹预算法>的决定。", "关于修改＜会计法＞的决定。"])
    )
    for query in ("“修改预算法的决定”", "“修改《会计法》的决定”"):
        found = engine.search(query)
        assert (found.total, found.counts.marks_ignored, found.certificate) == (1, 1, None)


on_each_engine = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@on_each_engine
@given(entries=collections(), asked=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=5))
def test_a_condition_finds_the_paragraphs_with_such_a_figure_and_no_others(
    make_engine: MakeEngine, entries: list[Entry], asked: list[str]
) -> None:
    engine = make_engine(entries)
    for condition in asked:
        result = assert_answered(engine, entries, condition, Filters())
        event("found" if result.total else "nothing")
        for hit in result.hits:
            assert hit.spans
            assert_marked(hit, parse_query(condition).tree)


@on_each_engine
@given(
    entries=collections(),
    condition=st.sampled_from(CONDITIONS),
    rest=st.sampled_from(["", "预算", "-预算"]),
    drawn=filters,
)
def test_each_range_of_a_histogram_finds_as_many_paragraphs_as_it_shows(
    make_engine: MakeEngine, entries: list[Entry], condition: str, rest: str, drawn: Filters
) -> None:
    engine = make_engine(entries)
    chosen = present(drawn, entries)
    for histogram in engine.search(f"{condition} {rest}".strip(), filters=chosen).histograms:
        for one in histogram.ranges:
            tree = parse_query(f"{one.query} {rest}".strip()).tree
            found = [e for e in entries if matches(tree, e) and passes(e, chosen)]
            assert one.count == len(found)
        condition_tree = parse_query(condition).tree
        assert isinstance(condition_tree, Figures)
        for entry in entries:
            for value in condition_tree.without_range().values_of(entry.figures):
                holding = [one for one in histogram.ranges if is_in_value_range(value, one)]
                assert len(holding) == 1


def is_in_value_range(value: Decimal, wanted: HistogramRange) -> bool:
    is_above = wanted.low is None or value >= wanted.low
    if wanted.low is not None and value == wanted.low and wanted.high is None:
        is_above = not wanted.query.endswith(("100%", "100分")) or ">=" in wanted.query
    is_below = wanted.high is None or value < wanted.high
    return is_above and (is_below or (wanted.includes_high and value == wanted.high))


@on_each_engine
@given(entries=collections(), condition=st.sampled_from(CONDITIONS))
def test_sorts_by_the_value_of_the_figure_that_meets_the_condition(
    make_engine: MakeEngine, entries: list[Entry], condition: str
) -> None:
    engine = make_engine(entries)
    tree = parse_query(condition).tree
    assert isinstance(tree, Figures)
    best: dict[tuple[str, int], list[Decimal]] = {
        (entry.report, entry.ordinal): list(tree.values_of(entry.figures)) for entry in entries
    }
    for sort, of in (("highest", max), ("lowest", min)):
        hits = engine.search(condition, sort=sort, limit=1000).hits  # type: ignore[arg-type]  # a literal
        values = [of(best[hit.report.id, hit.ordinal]) for hit in hits]
        assert values == sorted(values, reverse=sort == "highest")
        assert len(values) == sum(map(bool, best.values()))


def test_sorting_by_value_without_a_condition_is_by_relevance_and_said(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sentences())
    result = engine.search("绩效目标", sort="highest")
    assert NO_VALUES in result.warnings
    assert result.hits == engine.search("绩效目标").hits


def with_figures_of(department: str, *texts: str) -> list[Entry]:
    """Return the paragraphs of one report, with the figures that a parser finds in them."""
    return [
        replace(
            entry,
            figures=figures_of(Paragraph(1, entry.text, "body", "", ()), entry.year),
        )
        for entry in sentences(department, texts)
    ]


BUDGETS = (
    "年初预算为500万元，支出决算为400万元，完成年初预算的80%。",
    "全年预算数257,000元，执行率99.5%，得分9.95分。",
    "“三公”经费支出12万元，上年为10万元。",
    "“三公”经费支出比上年减少3.2万元，下降20.4%。",
    "接待群众1.2万人次，资助50户。",
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("执行率<90%", [1]),
        ("执行率<=80%", [1]),
        ("执行率<80%", []),
        ("执行率>99.4%", [2]),
        ("预算数>=500万元", [1]),
        ("预算数=25.7万元", [2]),
        ("金额:0.0257百万元 | 金额:400万元", [1]),
        ("得分:9..10分", [2]),
        ("三公经费>上年", [3]),
        ("三公经费 < 上年", [4]),
        ("降幅>20%", [4]),
        ("增长率<0%", [4]),
        ("数量=12000人次", [5]),
        ("数量=50户", [5]),
        ("数量=50人次", []),
        ("支出 -执行率>0%", [3, 4]),
        ("金额>99999999999999999999万元", []),
    ],
)
def test_finds_figures_in_any_unit_and_writing(
    make_engine: MakeEngine, query: str, expected: list[int]
) -> None:
    engine = make_engine(with_figures_of("水务局", *BUDGETS))
    result = engine.search(query, sort="document")
    assert [hit.ordinal for hit in result.hits] == expected
    assert result.total == len(expected)


def test_a_condition_whose_label_no_figure_has_gives_a_warning(make_engine: MakeEngine) -> None:
    engine = make_engine(with_figures_of("水务局", *BUDGETS))
    assert any("捐赠额" in warning.zh for warning in engine.search("捐赠额>5万元").warnings)
    assert not engine.search("执行率<1%").warnings


@pytest.mark.parametrize(
    ("query", "condition"),
    [("哪些执行率低于90%", "执行率<90%"), ("金额在400万元以上", "金额>=400万元")],
)
def test_a_condition_in_words_is_offered_with_its_count(
    make_engine: MakeEngine, query: str, condition: str
) -> None:
    engine = make_engine(with_figures_of("水务局", *BUDGETS))
    (offered, *_) = engine.search(query).alternatives
    assert (offered.kind, offered.text) == ("figures", condition)
    assert engine.search(offered.query).total == offered.count > 0


def with_indicators(department: str, score: str) -> list[Entry]:
    """Return one report with a table of indicators and a wrong rate of execution."""
    rows = (
        "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因",
        "产出 | 数量 | 培训场次 | ≥10场 | 12场 | 60 | 60 | ",
        f"产出 | 质量 | 合格率 | 100% | 98% | 40 | {score} | ",
        "年初预算为500万元，支出决算为400万元，完成年初预算的70%。",
    )
    entries = with_figures_of(department, *rows)
    return [replace(one, role="table") if "|" in one.text else one for one in entries]


def test_the_indicators_and_checks_of_each_report_are_stored(make_engine: MakeEngine) -> None:
    plain = sentences("教育局", ("绩效目标完成。",))
    engine = make_engine(
        [*with_indicators("水务局", "38"), *plain, *with_indicators("林业局", "40")]
    )
    found = {report.department: analysis for report, analysis in engine.analyses()}
    assert set(found) == {"水务局", "林业局"}
    for department, analysis in found.items():
        (table,) = analysis.evaluations
        assert [row.level3 for row in table.rows] == ["培训场次", "合格率"]
        whole = engine.analysis(f"r{department}")
        assert whole is not None
        assert whole.failed == analysis.checks
        assert "execution-rate" in {check.rule for check in analysis.checks}
        assert whole.results == analysis.results
    filters = Filters(department=("水务局",))
    ((report, _),) = engine.analyses(filters=filters)
    assert report.department == "水务局"
    assert [one.id for one, _ in engine.restricted_to(filters).analyses()] == ["r水务局"]
    assert engine.restricted_to(filters).analysis("r林业局") is None
    nothing = engine.analysis("r教育局")
    assert nothing is not None
    assert nothing.is_empty
    assert engine.analysis("missing") is None
