"""Compare the joined paragraphs with the manuscripts, in many layouts."""

from itertools import product

import pytest

from baocha_indexer.model import Line
from baocha_indexer.parse import parse
from baocha_indexer.structure.paragraphs import join_lines_into_paragraphs
from baocha_indexer.text.fold import fold
from tools.manuscript import (
    BlankLines,
    Layout,
    Manuscript,
    PageNumber,
    lay_out,
    manuscripts,
)

PAGES: tuple[tuple[int | None, PageNumber], ...] = (
    (None, ""),
    (37, ""),
    (37, "{}"),
    (41, "- {} -"),
    (29, "第 {} 页"),
)
BLANKS: tuple[BlankLines, ...] = ("after every line", "between paragraphs", "none")
LAYOUTS = [
    Layout(columns, blanks, page_lines, number, space_at_page_top=page_lines is not None)
    for columns, blanks, (page_lines, number) in product((None, 44, 52, 56, 60, 72), BLANKS, PAGES)
    # Whole paragraphs on consecutive lines, with page breaks, cannot be recognised.
    if not (columns is None and blanks == "none" and page_lines)
]


def as_written(manuscript: Manuscript) -> list[tuple[str, tuple[str, ...]]]:
    return [(fold(text), tuple(map(fold, path))) for text, path in manuscript.paragraphs()]


def as_parsed(content: bytes) -> list[tuple[str, tuple[str, ...]]]:
    paragraphs = parse(content, "").paragraphs
    return [(fold(p.text), tuple(map(fold, p.section_path))) for p in paragraphs]


def test_nearly_all_paragraphs_are_restored_in_ninety_layouts() -> None:
    found = wanted = right = 0
    for manuscript, layout in product(manuscripts(), LAYOUTS):
        parsed = set(as_parsed(lay_out(manuscript, layout)))
        written = set(as_written(manuscript))
        found += len(parsed)
        wanted += len(written)
        right += len(parsed & written)
    # If a sentence ends exactly at the margin and a short line follows, the page does not show
    # whether the paragraph continues. The remaining errors are of this kind.
    assert 2 * right / (found + wanted) > 0.99


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_no_character_is_lost_or_added(layout: Layout) -> None:
    for manuscript in manuscripts():
        written = "".join(text for text, _ in as_written(manuscript))
        parsed = "".join(text for text, _ in as_parsed(lay_out(manuscript, layout)))
        assert parsed.replace("|", "").replace(" ", "") == written.replace("|", "").replace(" ", "")


def blocks(text: str) -> list[str]:
    return [
        block.text
        for block in join_lines_into_paragraphs([Line(line) for line in text.split("\n") if line])
    ]


WRAPPED = """关于水务的报告
一、基本情况
水务局负责全区水资源管理和供水排水工作，下设三个科
室，全年完成管网改造一百三十公里，供水保证率提高到百分
之九十七，群众满意度有所提高，各项任务按期完成，没有发
生安全事故。
（一）管网改造
一是制定改造方案，明确每月的任务和责任人，按月通报
进展；二是加强质量监管，做好验收，把住材料进场的关口。"""


def test_joins_lines_that_the_margin_broke() -> None:
    healed = blocks(WRAPPED)
    assert healed[:2] == ["关于水务的报告", "一、基本情况"]
    assert healed[2].startswith("水务局负责")
    assert healed[2].endswith("没有发生安全事故。")
    assert healed[3] == "（一）管网改造"
    assert len(healed) == 5


def test_a_page_number_inside_a_sentence_is_removed() -> None:
    broken = WRAPPED.replace("百分\n", "百分\n6\n")
    assert blocks(broken) == blocks(WRAPPED)


def test_a_figure_at_the_start_of_a_wrapped_line_is_not_an_item() -> None:
    text = WRAPPED.replace("之九十七，群众", "4.5 个百分点，群众")
    assert len(blocks(text)) == len(blocks(WRAPPED))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("收入 307.82", "万元。"),
        ("支出 887.36万", "元。"),
        ("增长 3.5", "%。"),
        ("建成 1,200", "平方米。"),
    ],
)
def test_a_figure_and_its_unit_stay_together(first: str, second: str) -> None:
    blocks = join_lines_into_paragraphs([Line("一、收入"), Line(first), Line(second)])
    assert [block.text for block in blocks] == ["一、收入", first + second]


def test_a_number_out_of_order_inside_a_sentence_is_not_a_heading() -> None:
    text = WRAPPED.replace("百分\n之九十七，群众", "方案\n（三）项的要求，群众")
    assert len(blocks(text)) == len(blocks(WRAPPED))


def test_a_numbered_line_that_ends_no_sentence_is_a_heading() -> None:
    roles = {
        b.text: b.role
        for b in join_lines_into_paragraphs([Line(line) for line in WRAPPED.split("\n")])
    }
    assert roles["（一）管网改造"] == "heading"
    assert roles["关于水务的报告"] == "title"


def test_latin_words_broken_by_the_margin_stay_apart() -> None:
    text = WRAPPED.replace("供水保证率提高到百分\n之九十七", "平台采用 Apache Solr\nCloud 部署")
    assert "Apache Solr Cloud 部署" in blocks(text)[2]


def roles(text: str) -> dict[str, str]:
    return {
        b.text: b.role
        for b in join_lines_into_paragraphs([Line(line) for line in text.split("\n")])
    }


def test_items_of_a_list_are_not_headings() -> None:
    listed = roles(
        WRAPPED + "\n跟踪四项数据：\n1、末梢水质合格率\n2、分区漏损率\n3、报修响应时长\n定期公布。"
    )
    assert listed["1、末梢水质合格率"] == listed["3、报修响应时长"] == "body"
    headed = roles(WRAPPED + "\n1、水质\n水质合格。\n2、漏损\n漏损下降。")
    assert headed["1、水质"] == headed["2、漏损"] == "heading"


def test_a_list_may_begin_after_a_comma() -> None:
    text = WRAPPED + "\n围绕三件大事，\n1.加强收入组织，应收尽收。\n2.压减支出。"
    assert blocks(text)[-3:] == ["围绕三件大事，", "1.加强收入组织，应收尽收。", "2.压减支出。"]


def test_no_lines_give_no_paragraphs() -> None:
    assert join_lines_into_paragraphs([]) == []


def test_spaces_from_line_breaks_are_removed_and_other_spaces_are_kept() -> None:
    lines = [
        Line(text, whole=True)
        for text in (
            "第六条　加强绩效 管理，提质 增效。",
            "（一）落实 GIS 平台，共 12 项。",
            "张 三",
        )
    ]
    assert [block.text for block in join_lines_into_paragraphs(lines)] == [
        "第六条　加强绩效管理，提质增效。",
        "（一）落实 GIS 平台，共 12 项。",
        "张 三",
    ]


MINUTES = "会议听取了供水工作汇报，并作出如下决定。"


@pytest.mark.parametrize(
    "lines",
    [
        ("出席：张三  李四  王五", "列席：赵六  钱七", "记录：孙八"),
        (
            "出席：张三 李四 王五 周八 吴九 郑十 冯一 陈二 褚三",
            "列席人员：赵六\t钱七",
            "记录：孙八",
        ),
        ("时  间：2024年3月5日", "地点：水务局三楼会议室", "主持人：张三"),
        ("参加单位：财政局  水务局", "联系人：张三  李四"),
    ],
)
@pytest.mark.parametrize("before", ["水务局会议纪要\n", f"水务局会议纪要\n{MINUTES}\n"])
def test_lines_of_names_are_paragraphs_and_keep_the_gaps(
    lines: tuple[str, ...], before: str
) -> None:
    found = blocks(before + "\n".join((*lines, MINUTES)))
    assert found[-len(lines) - 1 :] == [*(" ".join(line.split()) for line in lines), MINUTES]


def test_a_name_that_is_spread_to_the_width_of_three_characters_is_one_name() -> None:
    assert blocks("纪要\n出席：张 三  李四四  王 五\n完毕。")[1] == "出席：张三 李四四 王五"


def test_names_on_two_lines_of_a_wrapped_text_stay_apart() -> None:
    wide = "全区供水设施运行情况总体良好，各项重点任务均按照时间节点推进，没有发现明显问题"
    names = " ".join(f"张{char}" for char in "一二三四五六七八九十百千万元")
    text = "\n".join(["纪要", *[wide] * 6, "完成。", f"出席：{names}", "李四  王五", "列席：赵六"])
    assert f"出席：{names} 李四 王五" in blocks(text)


def test_a_sentence_behind_a_short_name_continues_on_the_next_line() -> None:
    text = "纪要\n会议指出：供水工作要坚持以人民为中心的发展思想并且统筹城乡，\n有序推进各项工作。"
    assert blocks(text)[1] == text.split("\n", 1)[1].replace("\n", "")


def test_a_sentence_continues_after_a_short_line_with_a_colon() -> None:
    title = "某局2023年度绩效自评报告\n一、存在问题\n"
    for first, second in (
        ("存在的主要问题是：部分项目", "执行进度偏慢，需要加强管理。"),
        ("主要成效：合格率", "达到98%，比上年提高。"),
    ):
        paragraphs = parse(f"{title}{first}\n{second}\n".encode(), "a.txt").paragraphs
        assert paragraphs[-1].text == first + second
    fields = "时间：3月5日\n地点：三楼会议室\n会议研究了预算安排，同意执行。"
    paragraphs = parse(f"某局会议纪要\n{fields}\n".encode(), "a.txt").paragraphs
    assert [paragraph.text for paragraph in paragraphs[1:]] == fields.split("\n")
