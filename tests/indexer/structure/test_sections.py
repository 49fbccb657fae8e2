import pytest

from baocha_indexer.model import Block, Line
from baocha_indexer.section_names import CANONICAL_SECTIONS, canonical_section
from baocha_indexer.structure.paragraphs import join_lines_into_paragraphs
from baocha_indexer.structure.sections import in_sections


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("一、部门基本情况", "基本情况"),
        ("二、综合评价分析", "绩效自评"),
        ("二、绩效自评情况", "绩效自评"),
        ("三、存在 问题", "存在的主要问题"),
        ("四、有关建议", "下一步改进措施"),
        ("五、其他需要说明的问题", "其他需要说明的问题"),
    ],
)
def test_returns_the_canonical_name_of_a_section(heading: str, name: str) -> None:
    assert canonical_section(heading) == name


def test_no_heading_belongs_to_two_sections() -> None:
    headings = [heading for text in CANONICAL_SECTIONS.values() for heading in text.split()]
    assert len(headings) == len(set(headings))


def paths(*texts: str) -> list[tuple[str, ...]]:
    blocks = [Block(text, "heading" if len(text) < 12 else "body") for text in texts]
    return [paragraph.section_path for paragraph in in_sections(blocks)]


def test_a_path_has_the_two_highest_levels_as_written() -> None:
    assert paths("一、情况", "（一）职能", "1.供水", "二、问题") == [
        ("一、情况",),
        ("一、情况", "（一）职能"),
        ("一、情况", "（一）职能"),
        ("二、问题",),
    ]


def test_a_second_level_without_a_first_is_the_whole_path() -> None:
    (paragraph,) = in_sections([Block("（一）职能", "heading")])
    assert paragraph.section_path == ("（一）职能",)
    assert paragraph.section == ""


def test_a_heading_may_share_its_paragraph_with_the_text() -> None:
    assert paths("三、存在问题", "（一）绩效意识不强。部分科室填报不及时，质量不高。")[1] == (
        "三、存在问题",
        "（一）绩效意识不强",
    )


def test_ordinals_count_from_one_and_a_title_has_no_section() -> None:
    title, heading = in_sections([Block("某局报告", "title"), Block("一、情况", "heading")])
    assert (title.ordinal, title.section, title.section_path) == (1, "", ())
    assert heading.ordinal == 2


def test_a_long_numbered_sentence_ends_the_section_before_it() -> None:
    long = "（二）公务用车购置及运行维护费支出86.20万元，完成预算的95.78%，其中车辆维修费用比上年下降了3.2个百分点。"
    assert paths("一、三公经费", "（一）出国费支出", long) == [
        ("一、三公经费",),
        ("一、三公经费", "（一）出国费支出"),
        ("一、三公经费",),
    ]


def test_an_annex_begins_a_part_with_its_own_levels() -> None:
    texts = [
        "某局通知",
        "一、总体要求",
        "（一）目标",
        "全面推进。",
        "附件1",
        "水务局清单",
        "一、供水",
        "按期完成。",
    ]
    blocks = join_lines_into_paragraphs([Line(text) for text in texts])
    paths = {p.text: p.section_path for p in in_sections(blocks)}
    assert list(paths) == texts
    assert paths["全面推进。"] == ("一、总体要求", "（一）目标")
    assert paths["附件1"] == paths["水务局清单"] == ("附件1",)
    assert paths["按期完成。"] == ("附件1", "一、供水")
