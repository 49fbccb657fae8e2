"""Every change between two reports is named, and none is invented."""

import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocha.search import ReadReport, ReportParagraph, ReportSummary, open_engine
from baocha.search.differences import compare_reports
from baocha.search.differences.align import AlignedText, align, in_place
from baocha.search.differences.edits import MOST_TOKENS, edits_between
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Location, Paragraph

SUMMARY = ReportSummary("r1", "报告", "云溪市青湖区水务局", 2022, "部门决算", "a.txt", "")


def paragraph(text: str, ordinal: int = 1, section: str = "一、基本情况") -> ReportParagraph:
    parsed = Paragraph(ordinal, text, "body", section, (section,), Location())
    figures = figures_of(parsed, 2022)
    return ReportParagraph.of(replace(parsed, figures=figures), ())


def report(*texts: str) -> ReadReport:
    return ReadReport(SUMMARY, tuple(paragraph(t, at) for at, t in enumerate(texts, 1)), {})


def kinds(first: ReadReport, second: ReadReport) -> list[tuple[str, bool]]:
    return [(one.kind, one.is_moved) for one in compare_reports(first, second).paragraphs]


LEVEE = "全面检查堤防险工险段，落实汛期值守责任，及时处置隐患。"
METERS = "推进老旧水表更换，完善计量设施，减少管网漏损。"
SCHOOL = "组织义务教育学校开展校舍安全排查，建立台账。"


def test_a_report_does_not_differ_from_itself() -> None:
    one = report(LEVEE, METERS, LEVEE, "", "三、问题")
    found = compare_reports(one, one)
    assert found.changes == []
    assert found.summary["unchanged"] == 5


def test_an_empty_report_has_nothing_and_all_paragraphs_are_gone_or_new() -> None:
    one, empty = report(LEVEE, METERS), report()
    assert kinds(one, empty) == [("gone", False)] * 2
    assert kinds(empty, one) == [("new", False)] * 2
    assert kinds(empty, empty) == []


def test_differences_of_marks_and_width_are_no_changes() -> None:
    assert kinds(report("“三公”经费，共１２万元"), report("三公经费,共12万元")) == [
        ("unchanged", False)
    ]


def test_only_the_year_and_only_figures_are_told_apart() -> None:
    first = report("2021年执行率为82.3%，支出120万元。", "2021年各项工作任务全部完成。")
    second = report("2022年执行率为97.6%，支出150万元。", "2022年各项工作任务全部完成。")
    assert kinds(first, second) == [("figures", False), ("year", False)]
    figures = compare_reports(first, second).paragraphs[0].figures
    assert [(str(one.first.value), str(one.second.value)) for one in figures] == [
        ("82.3", "97.6"),
        ("1200000", "1500000"),
    ]
    assert figures[0].to_dict()["label"] == "执行率"


def test_a_moved_paragraph_is_named_also_if_it_changed() -> None:
    first = report(LEVEE, METERS, SCHOOL, "加强预算管理。", "完善内部控制制度。")
    second = report(METERS, SCHOOL, "加强预算管理。", "完善内部控制制度。", LEVEE)
    assert kinds(first, second)[-1] == ("unchanged", True)
    second = report(
        METERS, SCHOOL, "加强预算管理。", "完善内部控制制度。", LEVEE.replace("及时", "立即")
    )
    assert kinds(first, second)[-1] == ("changed", True)


def test_a_paragraph_that_is_gone_stands_behind_the_one_before_it() -> None:
    found = compare_reports(report(LEVEE, METERS, SCHOOL), report(LEVEE, SCHOOL))
    assert [(one.kind, one.first.text if one.first else "") for one in found.paragraphs] == [
        ("unchanged", LEVEE),
        ("gone", METERS),
        ("unchanged", SCHOOL),
    ]


def test_changed_words_are_marked_in_both_texts() -> None:
    first, second = (
        "全面检查堤防险工险段，落实值守责任。",
        "重点检查堤防险工险段，落实汛期值守责任。",
    )
    edits = edits_between(first, second)
    assert [(first[slice(*a)], second[slice(*b)]) for a, b in edits] == [
        ("全面", "重点"),
        ("", "汛期"),
    ]
    assert edits_between(first, first) == ()
    assert edits_between("", second) == (((0, 0), (0, len(second))),)


def test_a_very_long_paragraph_is_compared_between_its_equal_ends() -> None:
    text = "甲、" * MOST_TOKENS
    one, other = f"{text}乙，{text}", f"{text}丙丁，{text}"
    ((first, second),) = edits_between(one, other)
    assert (one[slice(*first)], other[slice(*second)]) == ("乙", "丙丁")


@given(st.text(st.sampled_from("甲乙丙丁，。 12%预算绩效管理"), max_size=40), st.data())
def test_the_parts_between_the_edits_are_equal(first: str, data: st.DataObject) -> None:
    second = data.draw(
        st.text(st.sampled_from("甲乙丙丁，。 12%预算绩效管理"), max_size=40) | st.just(first)
    )
    at = other_at = 0
    for (a, b), (c, d) in [*edits_between(first, second), ((len(first),) * 2, (len(second),) * 2)]:
        between = [re.sub(r"\s", "", text) for text in (first[at:a], second[other_at:c])]
        assert between[0] == between[1]
        at, other_at = b, d


def texts_of(words: list[str]) -> list[AlignedText]:
    return [AlignedText(word, word, "") for word in words]


@given(
    st.lists(st.sampled_from("abcdef"), max_size=12),
    st.lists(st.sampled_from("abcdef"), max_size=12),
)
def test_each_paragraph_has_at_most_one_partner_and_the_kept_ones_ascend(
    first: list[str], second: list[str]
) -> None:
    pairs = align(texts_of(first), texts_of(second))
    assert len(set(pairs.values())) == len(pairs)
    assert all(first[at] == second[other] for at, other in pairs.items())
    kept = sorted(in_place(pairs))
    assert [pairs[at] for at in kept] == sorted(pairs[at] for at in kept)


@dataclass
class Made:
    """A report made from another one, and what was changed, by the number of the paragraph in it."""

    report: ReadReport
    changed: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    new: set[str] = field(default_factory=set)


def made_from(source: ReadReport, seed: int) -> Made:
    """Return a report with paragraphs deleted, inserted, moved, edited, and with other figures."""
    rnd = random.Random(seed)
    whole = list(source.paragraphs)
    texts = [one.text for one in whole]
    free = [at for at, text in enumerate(texts) if len(text) >= 30 and texts.count(text) == 1]
    rnd.shuffle(free)

    def take(most: int) -> list[int]:
        return [free.pop() for _ in range(min(len(free), rnd.randint(1, most)))]

    made = Made(source, gone=set(take(4)), moved=set(take(2)))
    changed = dict[int, str]()
    for at in take(4):
        cut = rnd.randrange(5, len(texts[at]) - 8)
        changed[at] = texts[at][:cut] + "另行补充说明" + texts[at][cut + rnd.randint(0, 4) :]
        made.changed[at] = "changed"
    for at in take(4):
        found = re.search(r"(?<![\d.,])\d{2,3}(?![\d.,年])", texts[at])
        if found:
            changed[at] = (
                f"{texts[at][: found.start()]}{int(found[0]) + 7}{texts[at][found.end() :]}"
            )
            made.changed[at] = "figures"
    order = [
        (at, replace(one, text=changed.get(at, one.text)))
        for at, one in enumerate(whole)
        if at not in made.gone | made.moved
    ]
    for at in made.moved:
        home = next((k for k, (other, _) in enumerate(order) if other > at), len(order))
        places = [k for k in range(len(order) + 1) if abs(k - home) >= 4]
        order.insert(rnd.choice(places), (at, whole[at]))
    for number in range(rnd.randint(1, 3)):
        text = "".join(chr(rnd.randrange(0x4E00, 0x9000)) for _ in range(rnd.randint(20, 80)))
        order.insert(
            rnd.randrange(len(order)), (-1 - number, replace(whole[0], text=text, role="body"))
        )
        made.new.add(text)
    paragraphs = (replace(one, ordinal=at) for at, (_, one) in enumerate(order, 1))
    made.report = ReadReport(source.report, tuple(paragraphs), {})
    return made


@pytest.mark.parametrize("seed", range(30))
def test_every_change_made_by_program_is_named_and_none_is_invented(
    corpus_index: Path, seed: int
) -> None:
    engine = open_engine(corpus_index)
    ids = [one.report.id for one in engine.coverage()]
    reads = [read for one in ids if (read := engine.read(one)) and len(read.paragraphs) > 25]
    source = reads[seed % len(reads)]
    made = made_from(source, seed)
    number = {one.ordinal: at for at, one in enumerate(source.paragraphs)}
    found = Made(source)
    for one in compare_reports(source, made.report).changes:
        if one.first is None:
            assert one.second is not None
            found.new.add(one.second.text)
        elif one.kind == "gone":
            found.gone.add(number[one.first.ordinal])
        else:
            if one.kind != "unchanged":
                found.changed[number[one.first.ordinal]] = one.kind
            if one.is_moved:
                found.moved.add(number[one.first.ordinal])
    found.report = made.report
    assert found == made


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from([LEVEE, METERS, SCHOOL, "甲" * 30, "二、", ""]), max_size=12),
    st.randoms(),
)
def test_paragraphs_in_another_order_are_only_moved(texts: list[str], rnd: random.Random) -> None:
    other = texts.copy()
    rnd.shuffle(other)
    summary = compare_reports(report(*texts), report(*other)).summary
    assert summary["unchanged"] == len(texts)
