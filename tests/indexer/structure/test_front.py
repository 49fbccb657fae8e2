import pytest

from baocha_indexer.model import Block, Line
from baocha_indexer.structure.front import without_repeated_title
from baocha_indexer.structure.paragraphs import join_lines_into_paragraphs

TITLE = "2022年度青湖区水务局部门决算"


def test_a_title_repeated_on_several_lines_is_kept_once() -> None:
    blocks = [
        Block(TITLE, "title"),
        Block("2023年9月", "body"),
        Block("2022年度", "body"),
        Block("青湖区水务局部门决算", "body"),
        Block("一、部门概况", "heading"),
    ]
    kept = without_repeated_title(blocks)
    assert [block.text for block in kept] == [TITLE, "2023年9月", "一、部门概况"]


def test_text_that_only_begins_like_the_title_is_kept() -> None:
    blocks = [Block(TITLE, "title"), Block("2022年度", "heading"), Block("收支平衡。", "body")]
    assert without_repeated_title(blocks) == blocks


def test_a_number_alone_on_its_line_is_joined_to_its_heading() -> None:
    lines = [Line(text) for text in (TITLE, "第一部分", "部门概况", "一、职责", "供水。")]
    assert [block.text for block in join_lines_into_paragraphs(lines)] == [
        TITLE,
        "第一部分部门概况",
        "一、职责",
        "供水。",
    ]


def test_a_line_that_begins_with_a_date_is_not_part_of_the_title() -> None:
    lines = [
        Line(text)
        for text in ("青湖区供水管理条例", "2021年3月1日青湖区水务局通过", "第一章 总则", "供水。")
    ]
    assert [(block.text, block.role) for block in join_lines_into_paragraphs(lines)][:2] == [
        ("青湖区供水管理条例", "title"),
        ("2021年3月1日青湖区水务局通过", "body"),
    ]


def test_the_place_and_date_of_a_speech_are_part_of_the_title() -> None:
    lines = [
        Line(text)
        for text in (
            "政府工作报告",
            "2023年2月2日在青湖区第三届人民代表大会第一次会议上",
            "一、回顾",
        )
    ]
    assert [block.text for block in join_lines_into_paragraphs(lines) if block.role == "title"] == [
        "政府工作报告2023年2月2日在青湖区第三届人民代表大会第一次会议上"
    ]


def test_the_title_ends_where_the_text_begins() -> None:
    opening = "根据《青湖区财政局关于做好2023年度项目支出绩效自"
    rest = "评工作的通知》（青财绩〔2024〕3号）要求，我局开展自评。"
    for title in (
        ("青湖区水务局2023年度", "部门整体支出绩效自评报告"),
        ("青湖区水务局2023年部门决算",),
    ):
        blocks = join_lines_into_paragraphs([Line(text) for text in (*title, opening, rest)])
        assert [block.text for block in blocks] == ["".join(title), opening + rest]
    blocks = join_lines_into_paragraphs(
        [Line("青湖区水务局2023年部门决算"), Line("部门基本情况"), Line("供水。")]
    )
    assert [block.role for block in blocks][:2] == ["title", "heading"]
    assert join_lines_into_paragraphs([Line("某" + "-" * 80_000 + "某")])[0].role == "body"


def test_a_date_in_han_numerals_is_not_part_of_the_title() -> None:
    blocks = join_lines_into_paragraphs(
        [Line("青湖区水务局部门决算"), Line("二〇二二年三月"), Line("一、概况")]
    )
    assert [block.text for block in blocks][:2] == ["青湖区水务局部门决算", "二〇二二年三月"]


def test_the_place_of_a_speech_on_two_lines_belongs_to_the_title() -> None:
    texts = [
        "政府工作报告",
        "——2024年1月10日在青湖区人民代表大会会",
        "议上",
        "区长",
        "一、回顾",
        "好。",
    ]
    blocks = join_lines_into_paragraphs([Line(text) for text in texts])
    assert [block.text for block in blocks[:2]] == ["".join(texts[:3]), "区长"]


@pytest.mark.parametrize("contents", [["目录"], ["目 录"], ["目", "录"]])
def test_a_short_title_above_contents_ends_there(contents: list[str]) -> None:
    # No entry is repeated below, so the contents stay as text.
    lines = [Line(text) for text in ("工作要点", *contents, "概况", "职责", "本局主管供水。")]
    first, *others = join_lines_into_paragraphs(lines)
    assert (first.text, first.role) == ("工作要点", "title")
    assert "".join(block.text for block in others).startswith("".join(contents))


def test_copies_of_a_form_keep_their_first_lines() -> None:
    form = ["水务局通知书", "请各单位按时报送材料"]
    lines = [Line(text, page) for page in (1, 2, 3, 4) for text in form]
    found = join_lines_into_paragraphs(lines)
    assert "".join(block.text for block in found) == "".join(form) * 4
    assert [block.text for block in found[1:]] == form * 3
