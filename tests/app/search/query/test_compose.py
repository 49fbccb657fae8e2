"""A query written from its parts is read back as these parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.query import QueryParts, YearRange, parse_query, query_text
from baocha.search.query.tree import And, Field, Keyword, Near, Not, Phrase, Years
from baocha_indexer.text import bare, fold

# Text as people type it, with everything that could be read as an operator.
typed = st.text(alphabet="预算绩效 “”「」\"'‘’|｜-－()（）:：=~1部门年度OR", max_size=12)
years: st.SearchStrategy[YearRange] = st.one_of(
    st.none(), st.tuples(st.integers(1990, 2009), st.integers(2010, 2030))
)


@pytest.mark.parametrize(
    ("parts", "query"),
    [
        (QueryParts(words="预算 执行"), "预算 执行"),
        (QueryParts(phrase="过紧日子"), "“过紧日子”"),
        (QueryParts(phrase="“三公”经费", exact=True), "=「“三公”经费」"),
        (QueryParts(words="预算", without="疫情 防控"), "预算 -疫情 -防控"),
        (QueryParts(near="招商 落地", distance=10), '"招商 落地"~10'),
        (QueryParts(near="招商"), "招商"),
        (QueryParts(words="a|b -c (d"), "“a|b” “-c” “(d”"),
        (
            QueryParts(
                "预算", department="水务局", section="基本情况", kind="部门决算", years=(2021, 2023)
            ),
            "预算 部门:水务局 章节:基本情况 类型:部门决算 年度:2021-2023",
        ),
        (QueryParts("预算", department="水务局（本级）"), "预算 部门:“水务局（本级）”"),
        (QueryParts("“三公”经费", phrase="绩效"), "「“三公”经费」 “绩效”"),
        (QueryParts("为零", section="“三公”经费支出情况"), "为零 章节:「“三公”经费支出情况」"),
        (QueryParts(words="“” 「", phrase='""', without="「」"), ""),
    ],
)
def test_a_query_is_written_as_a_user_would(parts: QueryParts, query: str) -> None:
    assert query_text(parts) == query


@given(
    words=typed, phrase=typed, exact=st.booleans(), without=typed, near=typed, department=typed,
    years=years,
)  # fmt: skip
def test_a_written_query_has_its_parts_and_no_warning(
    words: str,
    phrase: str,
    exact: bool,  # noqa: FBT001 — given by name
    without: str,
    near: str,
    department: str,
    years: YearRange,
) -> None:
    parts = QueryParts(words, phrase, exact, without, near, 20, department, years)
    parsed = parse_query(query_text(parts))
    found = parsed.tree.parts if isinstance(parsed.tree, And) else (parsed.tree,)
    if parsed.warnings:
        assert query_text(parts) == ""
        return
    kinds = {
        kind: [part for part in found if isinstance(part, kind)] for kind in (Field, Years, Not)
    }
    text = [part for part in found if isinstance(part, Keyword | Phrase | Near)]
    assert len(text) + sum(map(len, kinds.values())) == len(found)
    assert [part.range for part in kinds[Years] if isinstance(part, Years)] == (
        [years] if years else []
    )
    assert len(kinds[Not]) <= len(without.split())
    wanted = "".join(bare(fold(part)) for part in (words, phrase, near))
    written = "".join(
        bare("".join(p.folded for p in part.phrases) if isinstance(part, Near) else part.folded)
        for part in text
    )
    # A space may separate words that are near each other, or be in a phrase.
    assert set(written) - {" "} == set(wanted) - {" "}
