"""Compare a parse with a gold file."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.compare import Difference, Score, compare


def report(*texts: str, **values: Any) -> dict[str, Any]:
    paragraphs = [{"ordinal": at, "text": text} for at, text in enumerate(texts, start=1)]
    return {"title": "节水总结", "year": 2022, **values, "paragraphs": paragraphs}


def row(*cells: Sequence[str]) -> dict[str, Any]:
    named = [dict(zip(("head", "text", "unit"), cell, strict=True)) for cell in cells]
    return {"text": " | ".join(cell[1] for cell in cells), "role": "table", "cells": named}


def kinds(found: Mapping[str, Any], gold: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(d.kind, d.where) for d in compare(found, gold).differences]


def test_only_what_the_gold_file_has_is_compared() -> None:
    found = report("甲。", "乙。", origins={"title": {"source": "title", "certainty": "certain"}})
    assert compare(found, found).differences == ()
    assert kinds(found, {"year": 2022, "origins": {"title": {"source": "title"}}}) == []
    assert compare(found, {"year": 2021}).differences == (Difference("value", "year", 2021, 2022),)
    wrong = {"origins": {"title": {"source": "cover"}}}
    assert kinds(found, wrong) == [("value", "origins.title.source")]
    assert compare(found, {}).boundaries == Score()
    assert compare(found, {}).boundaries.to_dict()["precision"] is None
    assert compare(found, report()).boundaries.to_dict()["precision"] == 0


def test_splits_are_found_where_they_are() -> None:
    gold = report("一、概况", "收支平衡。总体良好。", "二、问题")
    found = report("一、概况", "收支平衡。", "总体良好。二、问题")
    comparison = compare(found, gold)
    assert comparison.differences == (
        Difference("missing split", "2", "收支平衡。总体良好。｜二、问题", None),
        Difference("extra split", "2", None, "收支平衡。｜总体良好。二、问题"),
    )
    assert comparison.boundaries == Score(3, 3, 2)


def test_missing_and_added_texts() -> None:
    gold = report("甲乙丙。", "丁戊己。", "庚辛。")
    assert compare(report("甲乙丙。", "庚辛。"), gold).differences == (
        Difference("missing text", "2", "丁戊己。", None),
    )
    assert compare(gold, report("甲乙丙。", "庚辛。")).differences == (
        Difference("added text", "2", None, "丁戊己。"),
    )
    assert kinds(report("甲 乙丙。", "丁戊\u3000己。", "庚辛。"), gold) == []


def test_roles_and_headings_of_equal_paragraphs() -> None:
    gold = {"paragraphs": [{"text": "甲", "role": "heading", "section_path": ["甲"]}]}
    found = {"paragraphs": [{"text": "甲", "role": "body", "section_path": []}]}
    assert kinds(found, gold) == [("value", "1 role"), ("value", "1 section_path")]


def test_cells_are_compared_row_by_row() -> None:
    one, two = (
        row(("", "甲", ""), ("金额", "1", "万元")),
        row(("", "乙", ""), ("金额", "2", "万元")),
    )
    gold = {"paragraphs": [one, two]}
    assert compare(gold, gold).cells == Score(4, 4, 4)
    no_unit = row(("", "乙", ""), ("金额", "2", ""))
    comparison = compare({"paragraphs": [one, no_unit]}, gold)
    assert comparison.cells == Score(4, 4, 3)
    assert [(d.kind, d.where) for d in comparison.differences] == [
        ("missing cell", "2"),
        ("added cell", "2"),
    ]
    lost = compare({"paragraphs": [one]}, gold)
    assert (lost.cells, lost.cells.recall) == (Score(4, 2, 2), 0.5)
    added = compare(gold, {"paragraphs": [one]})
    assert (added.cells, added.cells.precision) == (Score(2, 4, 2), 0.5)
    without_units = {"paragraphs": [{**two, "cells": [{"text": "乙"}, {"text": "2"}]}]}
    assert compare({"paragraphs": [no_unit]}, without_units).cells == Score(2, 2, 2)


splits = st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=5), min_size=1, max_size=8)


@given(splits, st.sets(st.integers(1, 20)))
def test_the_score_of_splits_of_the_same_text(right: list[str], cuts: set[int]) -> None:
    whole = "".join(right)
    ends = sorted({cut for cut in cuts if cut < len(whole)} | {len(whole)})
    parts = [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    score = compare(report(*parts), report(*right)).boundaries
    same = set(accumulate(map(len, right))) & set(ends)
    assert score[:2] == (len(right), len(parts))
    # An alignment may match equal texts elsewhere, so never more ends than there are.
    assert score.matched <= min(len(right), len(parts))
    if parts == right:
        assert score.matched == len(same) == len(right)
