"""The state of the items of a basket, compared with a real index that is built again."""

from collections import Counter
from typing import Any

from baocha.basket import Asked, Checked, check, parse_basket
from baocha.search import Engine, Filters, open_engine
from baocha.search.highlight import spans_of_query
from tests.app.basket.baskets import basket_of, item_of
from tests.conftest import IndexFiles

ASKED = {"q=绩效目标": Asked("绩效目标", Filters())}
LINES = [f"第{n}项工作已经完成，绩效目标按期实现，没有超出预算安排{n}。" for n in "一二三四五六"]


def checked(engine: Engine, items: list[dict[str, Any]]) -> list[Checked]:
    return list(check(parse_basket(basket_of(items)).basket, engine, ASKED))


def report(lines: list[str]) -> str:
    return "青湖区水务局2022年部门决算\n" + "".join(f"\n{line}\n" for line in lines)


def test_every_hit_is_current_and_has_the_spans_of_the_search(corpus_engine: Engine) -> None:
    for query in ("绩效目标", "“绩效 目标”", "资金 2022年"):
        asked = {"q=绩效目标": Asked(query, Filters())}
        hits = list(corpus_engine.hits(query))
        items = {item["text"] + item["report"]: item for item in map(item_of, hits)}
        basket = parse_basket(basket_of(items.values())).basket
        spans = {(hit.report.id, hit.ordinal): hit.spans for hit in hits}
        found = check(basket, corpus_engine, asked)
        assert Counter(one.state for one in found) == {"current": len(items)}
        assert all(one.spans == spans[one.item.report, one.ordinal] for one in found)


def test_the_spans_of_synonyms_are_those_of_the_engine(corpus_engine: Engine) -> None:
    asked = {"q=绩效目标": Asked("一般公共预算", Filters(), expand=True)}
    hits = list(corpus_engine.hits("一般公共预算", expand=True))
    basket = parse_basket(basket_of(map(item_of, hits[:5]))).basket
    assert [one.spans for one in check(basket, corpus_engine, asked)] == [h.spans for h in hits[:5]]


def test_a_basket_survives_a_new_index(index_files: IndexFiles) -> None:
    engine = open_engine(index_files({"a.txt": report(LINES)}))
    items = [item_of(hit) for hit in engine.hits("绩效目标", sort="document")]
    assert len(items) == 6
    changed = LINES[2].replace("按期实现", "大部分实现")
    # A paragraph is added, the third is changed, the last is removed.
    lines = ["新增加的一段文字。", *LINES[:2], changed, *LINES[3:5]]
    engine = open_engine(index_files({"a.txt": report(lines)}))
    found = checked(engine, items)
    states = ["current", "current", "changed", "current", "current", "removed"]
    assert [one.state for one in found] == states
    assert [one.ordinal - one.item.ordinal for one in found] == [1, 1, 1, 1, 1, 0]
    assert found[2].text_now == changed
    assert found[2].text == LINES[2]
    assert found[5].spans == spans_of_query("绩效目标", LINES[5]) != ()


def test_the_items_of_a_removed_report_are_removed(corpus_engine: Engine) -> None:
    hit = next(corpus_engine.hits("绩效目标"))
    (found,) = checked(corpus_engine, [item_of(hit, report="gone")])
    assert (found.state, found.report, found.text) == ("removed", None, hit.text)


def test_of_equal_paragraphs_the_nearest_is_taken(index_files: IndexFiles) -> None:
    engine = open_engine(index_files({"a.txt": report([LINES[0], *LINES[1:5], LINES[0]])}))
    hits = [hit for hit in engine.hits("绩效目标", sort="document") if hit.text == LINES[0]]
    assert len(hits) == 2
    (found,) = checked(engine, [item_of(hits[1])])
    assert found.ordinal == hits[1].ordinal


def test_the_text_of_the_index_is_quoted_with_what_looks_like_markup(
    index_files: IndexFiles,
) -> None:
    line = "绩效目标<mark>未实现</mark>的项目见附件。"
    engine = open_engine(index_files({"a.txt": report([line, *LINES])}))
    hit = next(hit for hit in engine.hits("绩效目标") if hit.text == line)
    (found,) = checked(engine, [item_of(hit)])
    assert (found.state, found.text, "<" in found.item.text) == ("current", line, False)
