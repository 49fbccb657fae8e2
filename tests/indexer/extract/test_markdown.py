from indexer.extract.markdown import lines_of_markdown


def test_comments_and_heading_marks_go() -> None:
    content = "# 条例\n\n<!-- 注 -->\n\n## 第一章 总则\n第一条 <!-- x --># 号不是标记\n".encode()
    lines, warnings = lines_of_markdown(content)
    assert [line.text for line in lines] == ["条例", "第一章 总则", "第一条 # 号不是标记"]
    assert not warnings
