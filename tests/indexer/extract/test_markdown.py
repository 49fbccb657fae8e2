import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import markdown
from baocha_indexer.extract.markdown import extract
from baocha_indexer.model import Changes, Line
from baocha_indexer.parse import parse


def lines(text: str) -> list[tuple[str, str | None, int | None]]:
    return [(line.text, line.role, line.level) for line in extract(text.encode()).lines]


def test_the_only_heading_of_the_highest_level_is_the_title() -> None:
    assert lines("# 条例\n\n## 第一章 总则\n\n正文。\n\n### 第一节\n") == [
        ("条例", "title", None),
        ("第一章 总则", "heading", 1),
        ("正文。", None, None),
        ("第一节", "heading", 2),
    ]


def test_if_several_headings_have_the_highest_level_there_is_no_title() -> None:
    assert [role for _, role, _ in lines("# 甲\n\n# 乙\n")] == ["heading", "heading"]
    assert [level for _, _, level in lines("# 甲\n\n# 乙\n")] == [1, 1]


def test_comments_and_front_matter_are_skipped_and_html_is_read() -> None:
    assert lines("---\na: b\n---\n\n甲 <!-- 注 --> 乙\n\n<!-- 注\n注 -->\n\n<div>丙</div>\n") == [
        ("甲  乙", None, None),
        ("丙", None, None),
    ]


def test_marks_are_removed_and_their_text_is_kept() -> None:
    (line,) = extract("**提质**增效，见[附件](https://example.org)与`代码`。".encode()).lines
    assert line == Line("提质增效，见附件与代码。", blank_before=True)


def test_line_breaks_in_a_paragraph_are_kept_and_table_rows_are_rows() -> None:
    assert lines("第一行\n第二行\n\n| 指标 | 得分 |\n|---|---|\n| 水质 | 9.5 |\n") == [
        ("第一行", None, None),
        ("第二行", None, None),
        ("指标 | 得分", "table", None),
        ("水质 | 9.5", "table", None),
    ]


def test_a_horizontal_rule_at_the_top_is_not_front_matter() -> None:
    assert lines("---\n\n第一段。\n\n---\n\n第二段。") == [
        ("第一段。", None, None),
        ("第二段。", None, None),
    ]


def test_text_that_looks_like_a_tag_or_a_link_is_kept() -> None:
    assert lines("完成率<90%的有3个，完成率>95%的有5个。") == [
        ("完成率<90%的有3个，完成率>95%的有5个。", None, None)
    ]
    assert lines("[注1]: 本年度数据不含二级单位。") == [
        ("[注1]: 本年度数据不含二级单位。", None, None)
    ]


def test_items_keep_their_numbers_and_nested_items_are_not_lost() -> None:
    assert lines("3. 加强管理。\n4. 严格考核。\n") == [
        ("3. 加强管理。", None, None),
        ("4. 严格考核。", None, None),
    ]
    deep = "".join("  " * level + f"- 第{level}层\n" for level in range(15))
    assert len(lines(deep)) == 15


def test_a_table_in_html_gives_rows() -> None:
    table = "<table><tr><td>指标</td><td>得分</td></tr><tr><td>水质</td><td>9.5</td></tr></table>"
    assert lines(table) == [("指标 | 得分", "table", None), ("水质 | 9.5", "table", None)]


def texts(markdown: str) -> list[str]:
    return [line.text for line in extract(markdown.encode()).lines]


def test_text_after_a_comment_and_between_rules_is_kept() -> None:
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


def test_too_deeply_nested_items_are_refused_and_not_skipped() -> None:
    def nested(levels: int) -> bytes:
        return "".join(f"{'  ' * at}- 第{at}层\n" for at in range(levels)).encode()

    assert len(extract(nested(40)).lines) == 40
    with pytest.raises(SourceError, match="too deep"):
        extract(nested(60))


def test_the_text_after_an_unclosed_tag_is_kept() -> None:
    found = extract("<div 执行率为 97.60%\n\n后文。\n".encode())
    assert [line.text for line in found.lines] == ["<div 执行率为 97.60%", "后文。"]


def test_the_number_of_an_empty_item_does_not_go_to_the_next_paragraph() -> None:
    report = parse("# 报告\n\n1.\n\n下一段。\n".encode(), "a.md")
    assert [paragraph.text for paragraph in report.paragraphs] == ["报告", "下一段。"]
    assert report.account.unexplained == 0


pieces = st.sampled_from(
    # Blank lines and spaces, text, and everything that can be a mark of Markdown.
    ["\n", "\n\n", " ", "    ", "\t", "\u3000", "第一条 ", "正文。", "2015年", "⽔", "０１", "(1)",
     "# ", "## 一、总则", "#", "1.", "1) ", "12、", "- ", "* ", "+5", "> ", "---", "===", "~~~", "`",
     "<!-- 注 -->", "<!--", "-->", "<b>", "&amp;", "&", "!", "[注1]:", "\\", "|", "a|b", ":-:", "_", "**",
     "\0", "\x0b", "\x0c", "\x85", "\u2028", "\u200b", "\r"]
)  # fmt: skip


@given(st.lists(pieces, max_size=14).map("".join))
@example("# 标题\n\n<!-- INFO END -->\n\n第一条 正文。\n　　第二行\n\n2015年4月\n")
@example("正文\n# 标题\n正文\n<!-- 注 -->\n正文")
def test_a_plain_text_gives_the_same_lines_with_and_without_the_parser(text: str) -> None:
    text = markdown._NEWLINE.sub("\n", text)
    fast, slow = Changes(), Changes()
    lines = markdown._plain_lines(text, fast)
    if lines is None:
        assert fast == Changes()
        return
    assert [line for line in lines if line.text] == [
        line for line in markdown._parsed_lines(text, slow) if line.text
    ]
    assert fast == slow


def test_a_report_of_headings_and_paragraphs_needs_no_parser() -> None:
    text = "# 关于预算的决定\n\n<!-- 完 -->\n\n第一条 收入12.5%，支出（3）项。\n2022年5月1日\n\n## 附则\n"
    lines = markdown._plain_lines(text, Changes())
    assert lines is not None
    assert len(lines) == 4


def test_what_a_file_of_comments_leaves_out_is_recorded_once() -> None:
    removed = extract("<!-- 注 -->\n".encode()).changes.removed
    assert [text for reason, text in removed if reason == "hidden text"] == ["<!-- 注 -->"]
