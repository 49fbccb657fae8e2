import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.markdown import extract
from baocha_indexer.model import Line


def lines(text: str) -> list[tuple[str, str | None, int | None]]:
    return [(line.text, line.role, line.level) for line in extract(text.encode()).lines]


def test_the_one_highest_heading_is_the_title_and_others_count_from_it() -> None:
    assert lines("# 条例\n\n## 第一章 总则\n\n正文。\n\n### 第一节\n") == [
        ("条例", "title", None),
        ("第一章 总则", "heading", 1),
        ("正文。", None, None),
        ("第一节", "heading", 2),
    ]


def test_where_several_are_highest_none_is_the_title() -> None:
    assert [role for _, role, _ in lines("# 甲\n\n# 乙\n")] == ["heading", "heading"]
    assert [level for _, _, level in lines("# 甲\n\n# 乙\n")] == [1, 1]


def test_comments_and_front_matter_are_no_text_and_html_is() -> None:
    assert lines("---\na: b\n---\n\n甲 <!-- 注 --> 乙\n\n<!-- 注\n注 -->\n\n<div>丙</div>\n") == [
        ("甲  乙", None, None),
        ("丙", None, None),
    ]


def test_marks_go_and_their_text_stays() -> None:
    (line,) = extract("**提质**增效，见[附件](https://example.org)与`代码`。".encode()).lines
    assert line == Line("提质增效，见附件与代码。", blank_before=True)


def test_lines_of_a_paragraph_stay_lines_and_rows_of_a_table_are_rows() -> None:
    assert lines("第一行\n第二行\n\n| 指标 | 得分 |\n|---|---|\n| 水质 | 9.5 |\n") == [
        ("第一行", None, None),
        ("第二行", None, None),
        ("指标 | 得分", "table", None),
        ("水质 | 9.5", "table", None),
    ]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert lines("---\n\n第一段。\n\n---\n\n第二段。") == [
        ("第一段。", None, None),
        ("第二段。", None, None),
    ]


def test_what_looks_like_a_tag_or_a_link_is_text() -> None:
    assert lines("完成率<90%的有3个，完成率>95%的有5个。") == [
        ("完成率<90%的有3个，完成率>95%的有5个。", None, None)
    ]
    assert lines("[注1]: 本年度数据不含二级单位。") == [
        ("[注1]: 本年度数据不含二级单位。", None, None)
    ]


def test_items_keep_their_numbers_and_depth_loses_none() -> None:
    assert lines("3. 加强管理。\n4. 严格考核。\n") == [
        ("3. 加强管理。", None, None),
        ("4. 严格考核。", None, None),
    ]
    deep = "".join("  " * level + f"- 第{level}层\n" for level in range(15))
    assert len(lines(deep)) == 15


def test_a_table_in_html_is_rows() -> None:
    table = "<table><tr><td>指标</td><td>得分</td></tr><tr><td>水质</td><td>9.5</td></tr></table>"
    assert lines(table) == [("指标 | 得分", "table", None), ("水质 | 9.5", "table", None)]


def texts(markdown: str) -> list[str]:
    return [line.text for line in extract(markdown.encode()).lines]


def test_text_after_a_comment_and_between_rules_is_text() -> None:
    assert texts("<!-- 注 --> 本部门负责供水。\n") == ["本部门负责供水。"]
    lines = texts("---\n单位: 水务局\n\n# 决算报告\n\n收支平衡。\n\n---\n\n附表说明。\n")
    assert "收支平衡。" in lines
    assert "附表说明。" in lines


def test_cells_beyond_the_columns_of_a_table_are_kept() -> None:
    text = "> | 甲 | 乙 |\n> |---|---|\n> | 丙 | 丁 | **戊** | 己\\|庚 |\n> | 辛 |\n"
    assert [line.text for line in extract(text.encode()).lines] == [
        "甲 | 乙",
        "丙 | 丁 | 戊 | 己|庚",
        "辛",
    ]


def test_what_is_nested_too_deep_is_refused_and_never_skipped() -> None:
    def nested(levels: int) -> bytes:
        return "".join(f"{'  ' * at}- 第{at}层\n" for at in range(levels)).encode()

    assert len(extract(nested(40)).lines) == 40
    with pytest.raises(SourceError, match="too deep"):
        extract(nested(60))


def test_the_text_after_a_tag_without_an_end_is_kept() -> None:
    found = extract("<div 执行率为 97.60%\n\n后文。\n".encode())
    assert [line.text for line in found.lines] == ["<div 执行率为 97.60%", "后文。"]
