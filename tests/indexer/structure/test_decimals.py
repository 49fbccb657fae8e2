import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.model import Line
from baocha_indexer.structure import in_sections, join_lines_into_paragraphs
from baocha_indexer.structure.decimals import with_decimal_levels

PLAN = [
    "青湖区防汛应急预案",
    "1 总则",
    "1.1 编制目的",
    "做好防汛工作，减少损失。",
    "1.2 编制依据",
    "依据有关法律制定。",
    "1.2.1 国家法律",
    "1. 防洪方面的法律。",
    "2. 水方面的法律。",
    "2 组织体系",
    "2.1 指挥部",
    "2.1.1 职责",
    "负责指挥，下设办公室。",
    "2.2 办公室",
    "1.5 亿元以上的项目由办公室审查。",
    "3 附则",
]


def paths(texts: list[str], *, whole: bool = False) -> dict[str, tuple[str, ...]]:
    lines = [Line(text, whole=whole) for text in texts]
    return {p.text: p.section_path for p in in_sections(join_lines_into_paragraphs(lines))}


@pytest.mark.parametrize("whole", [False, True])
def test_decimal_numbers_give_sections_of_two_levels(*, whole: bool) -> None:
    found = paths(PLAN, whole=whole)
    assert list(found) == PLAN
    assert found["做好防汛工作，减少损失。"] == ("1 总则", "1.1 编制目的")
    assert found["2. 水方面的法律。"] == ("1 总则", "1.2 编制依据")
    assert found["负责指挥，下设办公室。"] == ("2 组织体系", "2.1 指挥部")
    assert found["1.5 亿元以上的项目由办公室审查。"] == ("2 组织体系", "2.2 办公室")
    assert found["3 附则"] == ("3 附则",)


def test_the_name_of_a_section_has_no_decimal_number() -> None:
    lines = [Line(text) for text in PLAN]
    sections = {p.section for p in in_sections(join_lines_into_paragraphs(lines))}
    assert sections == {"", "总则", "组织体系", "附则"}


def test_decimal_numbers_below_numbered_headings_are_the_second_level() -> None:
    texts = ["一、总论", "1.1 概况", "情况良好。", "1.2 依据", "二、评价", "2.1 结论", "结论是优。"]
    assert paths(texts)["结论是优。"] == ("二、评价", "2.1 结论")


def test_decimal_numbers_below_items_are_not_sections() -> None:
    texts = ["一、总论", "1.概况", "1.1 位置", "在区内。", "1.2 面积", "2.评价", "2.1 结论", "优。"]
    assert paths(texts)["优。"] == ("一、总论",)


def test_a_clause_with_a_decimal_number_is_a_paragraph_but_no_heading() -> None:
    texts = ["1 总则", "1.1 本办法适用于全区。", "1.2 区财政局负责解释。", "1.3 自印发起施行。"]
    blocks = join_lines_into_paragraphs([Line("某办法"), *map(Line, texts)])
    assert [block.text for block in blocks[1:]] == texts
    assert [block.role for block in blocks[1:]] == ["heading", "body", "body", "body"]


@pytest.mark.parametrize(
    "texts",
    [
        ["1.1 亿元", "1.2 亿元", "1.3 亿元"],
        ["9.5 分", "8.7 分", "9.9 分", "1.1 项目", "1.2 项目"],
        ["1.1 项目", "1.1 项目", "1.1 项目"],
        ["3.1 项目", "3.2 项目", "3.3 项目"],
    ],
)
def test_numbers_that_do_not_follow_each_other_are_not_headings(texts: list[str]) -> None:
    lines = [Line(text) for text in texts]
    assert with_decimal_levels(lines) == lines


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_complete_outline_is_recognised(shape: list[list[int]]) -> None:
    texts = []
    for first, below in enumerate(shape, start=1):
        texts.append(f"{first} 部分")
        for second, count in enumerate(below, start=1):
            texts.append(f"{first}.{second} 内容")
            texts += [f"{first}.{second}.{third} 事项" for third in range(1, count + 1)]
    levels = [line.level for line in with_decimal_levels([Line(text) for text in texts])]
    expected = [text.split()[0].count(".") + 1 for text in texts]
    dotted = [text for text in texts if "." in text]
    has_siblings = any(not text.split()[0].endswith(".1") for text in dotted)
    is_outline = len(dotted) >= 3 and has_siblings
    assert levels == (expected if is_outline else [None] * len(texts))
