"""A query over its budget, in a real index; as a browser, a program and a shell see it."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from baocha import create_app
from baocha.search import Engine, Filters, QueryTooCostlyError, open_engine
from baocha.search.local.match import Evaluation, is_over_budget
from baocha.search.local.match.budget import (
    DOCUMENTS_PER_POSTING,
    MIN_BUDGET,
    SHARE_OF_TEXT,
    work_of,
)
from baocha.search.query import Or, parse_query
from tests.app.cli.test_cli import baocha, one_line
from tests.app.search.indexes import Indexed, few_examples, queries, write_index
from tests.app.search.reference import Entry
from tests.app.web.pages import page, parse, text_of, texts

COSTLY = f"“{'预算' * 450}”"
"""Each of its 450 pairs of characters is everywhere: 9 million postings."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [
        Entry(department, n, "预算" * 50 + "。", department, 2022, "基本情况", "部门决算")
        for department in ("水务局", "教育局")
        for n in range(1, 201)
    ]
    return write_index(tmp_path_factory.mktemp("costly"), entries)


@pytest.fixture(scope="module")
def engine(index: Path) -> Engine:
    return open_engine(index)


@pytest.fixture(scope="module")
def evaluation(index: Path) -> Evaluation:
    return Indexed.of(index, []).evaluation()


def work(query: str, evaluation: Evaluation) -> int:
    return sum(work_of(parse_query(query).tree, evaluation).values())


def longest_answered(evaluation: Evaluation) -> int:
    """Return how often 预算 may be repeated in a phrase before it is over the budget."""
    return next(n for n in range(450) if work(f"“{'预算' * (n + 1)}”", evaluation) > MIN_BUDGET)


def test_a_query_over_the_budget_gets_no_answer(engine: Engine, evaluation: Evaluation) -> None:
    costly = f"“{'预算' * (longest_answered(evaluation) + 1)}”"
    (report, *_) = engine.coverage()
    for ask in (
        lambda: engine.search(costly),
        lambda: engine.search(costly, limit=0, grouping="report"),
        lambda: engine.search(costly, filters=Filters(department=("没有",))),
        lambda: list(engine.hits(costly)),
        lambda: engine.matrix(costly),
        lambda: engine.mentions(costly),
        lambda: engine.read(report.report.id, costly),
    ):
        with pytest.raises(QueryTooCostlyError):
            ask()
    assert not engine.suggest(costly)


def test_a_query_just_within_the_budget_gets_the_true_count(
    engine: Engine, evaluation: Evaluation
) -> None:
    # The longest phrase is in no paragraph; the one with “or” is in all.
    longest = f"“{'预算' * longest_answered(evaluation)}”"
    assert engine.search(longest, limit=1).total == 0
    either = f"“{'预算' * (longest_answered(evaluation) - 9)}” | “预算”"
    assert work(either, evaluation) <= MIN_BUDGET
    assert engine.search(either, limit=1).total == 400
    assert engine.matrix(either).total == 400
    assert len(list(engine.hits(either))) == 400
    assert engine.read("水务局", either) is not None


def test_a_query_for_one_short_phrase_is_never_refused(evaluation: Evaluation) -> None:
    for phrase in ("预", "预算", "预算预"):
        assert not is_over_budget(parse_query(f"“{phrase}”").tree, evaluation, min_budget=0)
        assert work(f"“{phrase}”", evaluation) > 10_000
    for query in ("“预算预算”", "“预算” | “算预”", '"预 算"~3', "-预算"):
        assert is_over_budget(parse_query(query).tree, evaluation, min_budget=0)


@few_examples
@given(query=queries)
def test_the_budget_is_a_share_of_the_index_but_at_least_the_minimum(
    large: Indexed, query: str
) -> None:
    tree, evaluation = parse_query(query).tree, large.evaluation()
    needed = sum(work_of(tree, evaluation).values())
    share = int(large.collection.starts[-1]) // SHARE_OF_TEXT
    assert not is_over_budget(tree, evaluation, min_budget=needed)
    if is_over_budget(tree, evaluation, min_budget=0):
        assert needed > share
        assert is_over_budget(tree, evaluation, min_budget=needed - 1)


@few_examples
@given(query=queries)
def test_a_repeated_part_costs_as_much_as_once(large: Indexed, query: str) -> None:
    tree, evaluation = parse_query(query).tree, large.evaluation()
    twice = Or((tree, tree))
    costs = work_of(twice, evaluation)
    assert costs.pop(twice) == large.collection.document_count // DOCUMENTS_PER_POSTING
    assert costs == work_of(tree, evaluation)


def test_different_distances_are_different_parts(evaluation: Evaluation) -> None:
    once = work('“预算” | "预 算"~9', evaluation)
    assert work('“预算” | "预 算"~9 | “预算” | "预 算"~9', evaluation) == once
    assert work('“预算” | "预 算"~9 | "预 算"~8', evaluation) > once


def test_the_refusal_names_the_costliest_parts_but_not_to_a_reader_of_a_part_of_the_index(
    engine: Engine,
) -> None:
    query = f'{COSTLY} | "预 算"~9 | 没有这句'
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.search(query)
    assert "“预 算”~9" in refused.value.message.zh
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.restricted_to(Filters(department=("水务局",))).search(query)
    # The frequency of a word in the other reports must not be shown.
    assert "预 算" not in refused.value.message.zh


def test_pages_say_that_a_costly_query_was_not_run(index: Path) -> None:
    client = create_app(index).test_client()
    (report, _) = open_engine(index).coverage()
    for address in (
        "/?",
        "/?by=report&",
        "/compare?",
        "/compare.xlsx?",
        "/absent?",
        "/absent.docx?",
        "/embed?",
        "/feed.atom?",
        "/export.csv?",
        "/export.xlsx?",
        f"/reports/{report.report.id}?",
        f"/reports/{report.report.id}/paragraphs/1?",
    ):
        html = page(client, f"{address}q={COSTLY}", 422)
        assert "未予执行" in html
        assert "这不表示未找到" in html
        assert "0 条" not in html
    assert "was not run" in page(client, f"/?lang=en&q={COSTLY}", 422)
    assert json.loads(page(client, f"/suggest?q={COSTLY}")) == []
    assert "400 段" in page(client, "/?q=“预算”")


def test_a_costly_term_among_others_has_its_warning_beside_it(index: Path) -> None:
    html = page(create_app(index).test_client(), f"/compare?term=“预算”&term={COSTLY}&columns=year")
    (warning,) = texts(html, "row-warning")
    assert "未予执行" in warning
    (table,) = parse(html).find_class("matrix")
    assert [text_of(cell) for cell in table.find_class("sum")] == ["400"]


def test_the_api_refuses_a_costly_query_without_a_count(index: Path) -> None:
    client = create_app(index).test_client()
    for address in ("search", "facets", "matrix"):
        response = client.get(f"/api/v1/{address}?q={COSTLY}")
        assert response.status_code == 422
        assert response.mimetype == "application/problem+json"
        problem = json.loads(response.data)
        assert "未予执行" in problem["detail"]
        assert "total" not in problem
    assert client.get(f"/api/v1/suggest?q={COSTLY}").get_json()["suggestions"] == []


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",), ("--facets",)])
def test_the_command_line_refuses_a_costly_query_as_an_error(
    index: Path, form: tuple[str, ...]
) -> None:
    result = baocha("search", COSTLY, "--index", index, *form)
    assert (result.returncode, result.stdout) == (2, "")
    assert one_line(result.stderr)
    assert "未予执行" in result.stderr


def test_the_refusal_names_at_most_three_parts_and_cuts_long_ones(engine: Engine) -> None:
    longest, cut = "预算" * 10, "算预" * 10
    query = f"{COSTLY} | “{longest}” | “{cut}算” | “预算” | 年份:2022"
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.search(query)
    parts = refused.value.message.zh.partition("计算量最大的是 ")[2].partition("；")[0].split("、")
    assert parts[0] == f"“{longest}…”"
    assert set(parts[1:]) == {f"“{longest}”", f"“{cut}…”"}


def test_a_phrase_typed_in_two_ways_is_one_part(evaluation: Evaluation) -> None:
    assert work("“预算” | “預 算”", evaluation) == work("“预算” | “预算”", evaluation)


def test_a_keyword_of_several_words_may_be_refused(evaluation: Evaluation) -> None:
    assert is_over_budget(parse_query("预算预算").tree, evaluation, min_budget=0)


def test_the_work_of_a_query_is_that_of_its_parts(large: Indexed) -> None:
    evaluation = large.evaluation()
    one, other = work("“预算”", evaluation), work("“绩效”", evaluation)
    table = large.collection.document_count // DOCUMENTS_PER_POSTING
    assert work("年份:2022", evaluation) == work("部门:局", evaluation) == table > 0
    assert work("预算 绩效", evaluation) == one + other
    # Ranking looks for the whole run of a keyword too, and for the pair between its words.
    run = work("“预算绩效”", evaluation)
    between = evaluation.occurrences("算绩", exact=True).work
    assert work("预算绩效", evaluation) == one + other + run + between
    assert work("预算 | 绩效", evaluation) == one + other + table
    assert work("预算 -绩效", evaluation) == one + other + 2 * table
    assert work("“预”", evaluation) == evaluation.occurrences("预").work + table
    # Comparing the positions of two phrases costs more than finding them; of three, more still.
    near, nearer = work('"预算 绩效"~3', evaluation), work('"预算 绩效 自评"~3', evaluation)
    assert near == 4 * (one + other)
    assert nearer > 4 * (one + other + work("“自评”", evaluation))


def test_the_refusal_names_only_parts_that_are_text_and_none_in_a_restricted_scope(
    engine: Engine,
) -> None:
    query = f"{COSTLY} -“没有”"
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.search(query)
    longest = "预算" * 10
    assert f"计算量最大的是 “{longest}…”、“没有”；请" in refused.value.message.zh
    assert f"so there is no count; most of the work is for “{longest}…”, “没有”; use fewer" in (
        refused.value.message.en
    )
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.search(f"{COSTLY} 年份:2021..2022")
    assert f"计算量最大的是 “{longest}…”、“2021-2022”；请" in refused.value.message.zh
    with pytest.raises(QueryTooCostlyError) as refused:
        engine.restricted_to(Filters(department=("水务局",))).search(query)
    assert "也未计数；请减少" in refused.value.message.zh
    assert "no count; use fewer" in refused.value.message.en
