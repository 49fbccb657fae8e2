from collections.abc import Sequence

import pytest

from baocha_indexer.model import Line
from baocha_indexer.structure import in_sections, join_lines_into_paragraphs
from baocha_indexer.structure.contents import without_contents


def kept(*texts: str) -> list[str]:
    return [line.text for line in without_contents([Line(text) for text in texts])]


REPORT = ("一、部门概况", "主管供水。", "二、收支情况", "收支平衡。", "三、名词解释", "无。")


@pytest.mark.parametrize(
    "contents",
    [
        ("一、部门概况", "二、收支情况", "三、名词解释"),
        ("一、部门概况……1", "二、收支情况……12", "三、名词解释……30"),
        ("一、部门概况 .......... 1", "二、收支情况 ........ 12", "三、名词解释 ....... 3"),
        ("一、部门概况 1", "二、收支情况 12", "三、名词解释 30"),
        ("一、部门概况 PAGEREF _Toc1 h 3", "二、收支情况 PAGEREF _Toc2 h 4", "三、名词解释"),
    ],
)
@pytest.mark.parametrize("title", ["目录", "目 录", "目　　录"])
def test_a_table_of_contents_is_removed(title: str, contents: tuple[str, ...]) -> None:
    assert kept("某局决算", title, *contents, *REPORT) == ["某局决算", *REPORT]


def test_an_entry_on_two_lines_is_removed_completely() -> None:
    contents = ("一、部门概况", "二、收支", "情况", "三、名词解释")
    assert kept("目录", *contents, *REPORT) == list(REPORT)


def test_lines_with_dot_leaders_are_entries_even_without_a_title() -> None:
    entries = ("部门概况……………1", "收支情况……………2", "名词解释……………9")
    assert kept(*entries, *REPORT) == list(REPORT)


def test_the_word_contents_alone_removes_nothing() -> None:
    lines = ("一、目录", "目录", "本目录由区财政局编制。", "一、适用范围", "全区。")
    assert kept(*lines) == list(lines)


def test_figures_with_dots_are_not_dot_leaders() -> None:
    lines = ("执行率 97.60%", "……", "提高 0.4", "等等……", "共 3.5 亿元")
    assert kept(*lines) == list(lines)


def test_dot_leaders_before_figures_are_not_entries() -> None:
    lines = ("财政拨款收入…………1200", "事业收入…………1300", "其他收入…………1400")
    assert kept("二、收入", *lines, "收支平衡。") == ["二、收入", *lines, "收支平衡。"]


def test_entries_without_page_numbers_whose_headings_have_no_number_are_removed() -> None:
    entries = ["目录", "第一部分水务局概况", "一、主要职能", "第二部分决算表", "一、收入决算表"]
    text = ["第一部分 水务局概况", "一、主要职能", "负责供水。", "第二部分 决算表", "收入决算表"]
    assert kept(*entries, *text) == text


def test_entries_after_the_title_of_the_contents_need_no_page_number_after_their_leader() -> None:
    entries = ["目录", *(f"{number}、第{number}类情况……………………" for number in "一二三")]
    text = ["水务局主要职能", "负责供水。"]
    rows = [Line(entry, whole=True, role="table") for entry in entries]
    assert without_contents([*rows, *map(Line, text)]) == list(map(Line, text))


@pytest.mark.parametrize("title", [["目录"], ["目", "录"], ["目 | 录"]])
def test_the_title_of_the_contents_may_be_spread(title: list[str]) -> None:
    entries = [f"{number}、第{number}类情况" for number in "一二三"]
    lines = [*map(Line, title), *map(Line, entries), *map(Line, entries)]
    assert without_contents(lines) == list(map(Line, entries))


UNIT = (
    "目录",
    "一、单位主要职能",
    "二、名词解释",
    "三、单位预算表",
    "1. 2025年单位收入预算总表",
    "2．2025年单位支出预算总表",
    "四、其他情况说明",
)
PAGES = (
    ["青湖区水务局主要职能", "（一）负责供水。"],
    ["名词解释", "一、基本支出：保障运转的支出。"],
    ["2025年单位收入预算总表", "事业收入 12"],
    ["2025年单位支出预算总表", "办公费 12"],
    ["其他情况说明", "一、“三公”经费", "减少。"],
)


def with_pages(contents: Sequence[str], *pages: Sequence[str]) -> list[Line]:
    texts = [contents, *pages]
    return [Line(text, page=page) for page, lines in enumerate(texts, start=1) for text in lines]


def test_a_page_of_entries_is_removed_and_headings_without_number_are_marked() -> None:
    lines = without_contents(with_pages(UNIT, *PAGES))
    assert [line.text for line in lines] == [text for page in PAGES for text in page]
    marked = {line.text: line.level for line in lines if line.role == "heading"}
    # The heading above the tables does not occur, so they are not below another one.
    assert marked == {page[0]: 0 for page in PAGES}


def test_headings_found_in_the_contents_are_above_numbered_headings() -> None:
    lines = with_pages(UNIT, *PAGES)
    path = {p.text: p.section_path for p in in_sections(join_lines_into_paragraphs(lines))}
    assert path["减少。"] == ("其他情况说明", "一、“三公”经费")


def test_a_heading_that_the_contents_name_is_joined_from_its_lines() -> None:
    contents = ["目录", "第一部分 水务局概况", "第二部分 水务局决算情况说明", "一、收入表"]
    pages = (
        ["第一部分 水务局概况", "负责供水。"],
        ["第二部分 水务局决算", "情况说明"],
        ["收入表"],
    )
    lines = without_contents(with_pages(contents, *pages))
    assert [(line.text, line.level) for line in lines[2:]] == [
        ("第二部分 水务局决算情况说明", None),
        ("收入表", 2),
    ]


def test_numbered_lines_below_the_contents_stay_if_few_entries_are_repeated() -> None:
    lines = with_pages(["目录", "一、范围", "二、依据", "三、附则"], ["适用全区。"])
    assert without_contents(lines) == lines


def test_text_below_a_heading_is_not_removed_as_contents() -> None:
    headings = ["一、基本情况", "二、绩效情况", "三、问题"]
    text = ["负责供水。", "完成投资5亿元。", "资金不足。"]
    body = [line for pair in zip(headings, text, strict=True) for line in pair]
    assert kept("目录", *body, "附：自评表", *headings)[1:] == [*body, "附：自评表", *headings]
    numbered = ["一、基本情况", "1.编制50人", "二、绩效情况", "三、问题"]
    assert "1.编制50人" in kept("目录", *numbered, *numbered[:1], "好。", *numbered[2:])


def test_numbered_lines_behind_the_last_entry_are_kept() -> None:
    contents = ["目录", "一、概况", "二、收支", "三、问题", "1. 投资100万元", "2. 编制50人"]
    lines = without_contents(with_pages(contents, ["一、概况", "二、收支", "三、问题"]))
    assert [line.text for line in lines][:2] == contents[4:]


def test_figures_with_leaders_below_the_contents_are_kept() -> None:
    entries = ["目录", "一、收入……1", "二、支出……3", "三、人员……5"]
    rows = ["水费……100", "电费……200", "排污费……300"]
    assert kept(*entries, "一、收入", *rows, "二、支出", "三、人员")[1:4] == rows
