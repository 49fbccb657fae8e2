"""The analysis of a report, and how it is stored."""

import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.analysis import (
    NO_ANALYSIS,
    StoredAnalysis,
    analyse,
    read_analysis,
    stored_analysis,
)
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Column, Paragraph

HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
COLUMNS = tuple(Column(head, "") for head in HEADS)


def row(ordinal: int, *cells: str) -> Paragraph:
    return Paragraph(ordinal, " | ".join(cells), "table", "", (), columns=COLUMNS)


def sentence(ordinal: int, text: str) -> Paragraph:
    paragraph = Paragraph(ordinal, text, "body", "", ())
    return replace(paragraph, figures=figures_of(paragraph, 2023))


PARAGRAPHS = [
    sentence(1, "年初预算为500万元，支出决算为400万元，完成年初预算的80%。"),
    sentence(2, "年初预算为500万元，支出决算为400万元，完成年初预算的70%。"),
    row(3, *HEADS),
    row(4, "产出", "数量", "培训场次", "≥10场", "12场", "60", "60", ""),
    row(5, "产出", "质量", "合格率", "100%", "98%", "40", "38", "个别学员缺考"),
]


def test_a_report_has_its_indicators_and_its_checks() -> None:
    analysis = analyse(PARAGRAPHS)
    (table,) = analysis.evaluations
    assert [one.level3 for one in table.rows] == ["培训场次", "合格率"]
    assert [check.paragraphs for check in analysis.failed if check.rule == "execution-rate"] == [
        (2,)
    ]
    assert analysis.results["execution-rate"].passed == 1
    assert analysis.results["execution-rate"].failed == 1


def test_an_analysis_is_read_as_it_was_stored() -> None:
    analysis = analyse(PARAGRAPHS)
    assert read_analysis(stored_analysis(analysis)) == analysis


def test_a_summary_has_the_failed_checks_only() -> None:
    analysis = analyse(PARAGRAPHS)
    summary = read_analysis(stored_analysis(analysis), is_summary=True)
    assert summary == replace(analysis, checks=analysis.failed)


def test_a_report_without_figures_stores_nothing() -> None:
    assert (
        stored_analysis(analyse([Paragraph(1, "绩效目标完成。", "body", "", ())]))
        == StoredAnalysis()
    )
    assert read_analysis(StoredAnalysis()) == NO_ANALYSIS


def test_half_of_a_surrogate_pair_is_kept() -> None:
    analysis = analyse(
        [*PARAGRAPHS, row(6, "产出", "质量", "合格\ud800率", "100%", "98%", "1", "1", "")]
    )
    assert read_analysis(stored_analysis(analysis)) == analysis


@given(st.binary(min_size=1, max_size=40))
def test_other_contents_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="while decompressing"):
        read_analysis(StoredAnalysis(content))


def test_other_json_is_refused() -> None:
    with pytest.raises(ValueError, match=r"evaluations|failed|indices"):
        read_analysis(StoredAnalysis(zlib.compress(b"[]")))
