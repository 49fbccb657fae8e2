import multiprocessing
import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.html import tables
from baocha_indexer.extract.html.reader import extract
from baocha_indexer.extract.html.site import fact_box_in, is_site_line
from baocha_indexer.extract.html.tree import MAX_ELEMENTS
from baocha_indexer.parse import parse
from baocha_indexer.structure.tables import columns

SENTENCE = "全年预算执行率为 97.60%，比上年提高 0.40 个百分点。"


def page(body: str, head: str = "") -> bytes:
    return f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def texts(body: str, head: str = "") -> list[str]:
    return [line.text for line in extract(page(body, head)).lines]


def test_menus_and_tools_around_the_text_are_removed() -> None:
    assert texts(
        "<ul><li><a>首页</a><li><a>政务公开，信息公开</a></ul>"
        "<div>当前位置：首页 &gt; 政务公开 &gt; 财政信息</div>"
        "<div class=a><div>字体：大 中 小 打印</div><div>发布时间：2024-01-01 来源：本网 浏览量：3</div>"
        f"<p>一、基本情况<p>{SENTENCE}</p></div>"
        "<div>上一篇：公告</div><div>【打印本页】【关闭窗口】</div><p>主办单位：区政府办</p>"
    ) == ["一、基本情况", SENTENCE]


def test_sentences_outside_the_main_text_are_kept() -> None:
    body = (
        f"<div>{''.join(f'<p>{SENTENCE}</p>' for _ in range(20))}</div><div><p>另附一句。</p></div>"
    )
    assert texts(body) == [SENTENCE] * 20 + ["另附一句。"]


WORKS = [
    f"青湖区{name}工程" for name in ("河道", "供水", "水库", "水质", "防汛", "灌溉", "泵站", "水闸")
]


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("<p><a href=a.html>{}</a></p>", ["{}"]),
        ("<li><a href=a.html>《{}管理办法》</a></li>", ["《{}管理办法》"]),
        ("<p><a name=a>{}</a></p>", ["{}"]),
        ("<h3><a href=a.html>{}</a></h3>", ["{}"]),
        ("<p><a href=a.html>{}</a> 完成投资101万元</p>", ["{} 完成投资101万元"]),
        ("<p><a href=a.html>{}</a></p><p>已完成九成</p>", ["{}", "已完成九成"]),
    ],
    ids=["projects", "laws", "anchors", "headings", "amounts", "notes"],
)
def test_lines_with_links_inside_the_main_text_are_kept(block: str, shown: list[str]) -> None:
    blocks = "".join(block.format(name) for name in WORKS)
    lines = [text.format(name) for name in WORKS for text in shown]
    body = f"<div><p>有关情况如下：</p>{blocks}<p>{SENTENCE}</p></div>"
    assert texts(body) == ["有关情况如下：", *lines, SENTENCE]


def test_lines_beside_a_link_in_a_block_with_breaks_are_kept() -> None:
    lines = "<br>".join(f"{name}投资302万元" for name in WORKS)
    body = f"<p>{SENTENCE}</p><div>{lines}<br><a href=a.html>详见青湖区水务局网站公告栏目</a></div>"
    assert texts(f"<div>{body}<p>{SENTENCE}</p></div>") == [
        SENTENCE,
        *(f"{name}投资302万元" for name in WORKS),
        "详见青湖区水务局网站公告栏目",
        SENTENCE,
    ]


def test_the_work_for_many_links_in_one_block_grows_with_their_number() -> None:
    def calls(count: int) -> int:
        """Return the number of calls of functions: unlike the time, it is the same each time."""
        links = "<br>".join(f"<a href=a.html>河道治理第{number}标</a>" for number in range(count))
        content = page(f"<div><p>{SENTENCE}</p><div>{links}</div><p>{SENTENCE}</p></div>")
        counted = 0

        def count_call(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(count_call)
        try:
            lines = extract(content).lines
        finally:
            sys.setprofile(before)
        assert len(lines) == count + 2
        return counted

    assert calls(2000) < 12 * calls(250)  # linear: 8; quadratic: 64


def test_scripts_and_comments_are_skipped_and_escaped_characters_are_text() -> None:
    body = (
        "<script>alert('注入。')</script><p>a &lt;b&gt; 与&nbsp;c，<b>粗</b>体。<!-- 注。 --></p>"
    )
    assert texts(body) == ["a <b> 与 c，粗体。"] or texts(body) == ["a <b> 与\xa0c，粗体。"]


def test_a_br_separates_paragraphs_unless_it_only_breaks_lines_at_a_margin() -> None:
    found = extract(page(f"<p>路面年久失修<br>个别项目滞后<br/>{SENTENCE}</p>")).lines
    assert [(line.text, line.whole) for line in found] == [
        ("路面年久失修", True),
        ("个别项目滞后", True),
        (SENTENCE, True),
    ]
    wrapped = "<br>".join(
        "全年预算执行率比上年提高零点四个百分点比前年提高一点二个" for _ in range(12)
    )
    assert not any(line.whole for line in extract(page(f"<p>{wrapped}。</p>")).lines)


def test_a_cell_of_several_columns_or_rows_is_followed_by_empty_cells() -> None:
    rows = (
        "<tr><td rowspan=2>指标<td colspan=2>金额<td>得分<tr><td>预算<td>决算<td>分"
        "<tr><td>供水<td>55.1<td>44.2<td>7"
    )
    assert texts(f"<table>{rows}</table>") == [
        "指标 | 金额 |  | 得分",
        " | 预算 | 决算 | 分",
        "供水 | 55.1 | 44.2 | 7",
    ]


def test_a_data_table_gives_rows_and_a_layout_table_does_not() -> None:
    rows = "<table><tr><th>指标<th>得分<tr><td>水质<td>9.5</table>"
    layout = f"<table><tr><td><p>{SENTENCE}</p>{rows}<td>边栏</table>"
    assert texts(layout)[:3] == [SENTENCE, "指标 | 得分", "水质 | 9.5"]


def test_the_title_is_the_declared_one_or_the_heading_or_the_window_title() -> None:
    meta = '<meta name="ArticleTitle" content="甲局2022年部门决算">'
    for body, head in (
        (f"<h1>乙</h1><p>{SENTENCE}", meta),
        (f"<h1>甲局2022年部门决算</h1><p>{SENTENCE}", "<title>丙</title>"),
        (f"<p>{SENTENCE}", "<title>甲局2022年部门决算-某区政府网</title>"),
    ):
        assert texts(body, head)[0] == "甲局2022年部门决算"


def test_the_department_comes_from_the_record_of_the_page() -> None:
    record = (
        "<table><tr><td>索引号<td>001<td>发布机构<td>青湖区审计局<tr><td>有效性<td>有效</table>"
    )
    report = parse(page(f"{record}<h1>2022年度区本级审计报告</h1><p>{SENTENCE}"), "a.html")
    assert report.metadata.department == "青湖区审计局"
    assert all("索引号" not in paragraph.text for paragraph in report.paragraphs)
    meta = '<meta name="ContentSource" content="青湖区水务局">'
    assert extract(page(f"<p>{SENTENCE}", meta)).properties.department == "青湖区水务局"


def test_text_that_begins_like_a_record_is_not_a_record() -> None:
    assert is_site_line("索引号: 001 主题分类: 财政 发布机构: 甲局")
    assert is_site_line("【字体：大 中 小】")
    assert not is_site_line("来源：本项目资金由区财政安排，全部到位。")
    assert not is_site_line("打印设备更新项目")
    assert fact_box_in(["发布机构：青湖区水务局 生成日期：2023-01-01"]).publisher == "青湖区水务局"


def test_a_page_that_declares_gb2312_is_read_as_gb18030() -> None:
    content = f'<meta charset="gb2312"><p>朱镕基讲话，{SENTENCE}</p>'.encode("gb18030")
    assert [line.text for line in extract(content).lines] == [f"朱镕基讲话，{SENTENCE}"]


@pytest.mark.parametrize("content", [b"<!-- -->", b"   ", b"<html></html>"])
def test_an_empty_page_has_no_lines_or_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"not a web page|no text"):
        parse(content, "x.html")


def test_deeply_nested_elements_are_read_and_too_deeply_nested_ones_are_refused() -> None:
    assert texts("<div>" * 1500 + SENTENCE) == [SENTENCE]
    with pytest.raises(SourceError, match="nested too deep"):
        texts("<div>" * 3000 + SENTENCE)


def test_text_in_a_form_or_next_to_the_main_text_is_kept() -> None:
    assert texts(f"<form><p>{SENTENCE}</p><select><option>甲。</select></form>") == [SENTENCE]
    main = "".join(f"<p>{SENTENCE}</p>" for _ in range(20))
    beside = "<div><p>附件：收支决算总表</p><p>青湖区财政局</p></div>"
    assert texts(f"<div>{main}</div>{beside}")[20:] == ["附件：收支决算总表", "青湖区财政局"]


def test_rows_and_lines_of_the_main_text_with_site_labels_are_kept() -> None:
    rows = "<tr><td>责任部门<td>问题<tr><td>服务对象<td>满意度"
    lines = f"<p>{SENTENCE}<p>来源：上级专项资金300万元<p>{SENTENCE}<table>{rows}</table>"
    assert texts(f"<div>{lines}</div>") == [
        SENTENCE,
        "来源：上级专项资金300万元",
        SENTENCE,
        "责任部门 | 问题",
        "服务对象 | 满意度",
    ]


def test_a_utf8_page_that_declares_gb2312_is_read_as_utf8() -> None:
    for bom in (b"", b"\xef\xbb\xbf"):
        content = bom + f'<meta charset="gb2312"><p>{SENTENCE}</p>'.encode()
        assert [line.text for line in extract(content).lines] == [SENTENCE]


def test_a_layout_table_with_a_menu_does_not_make_a_row_of_the_text() -> None:
    body = f"<table><tr><td><a>领导之窗</a><td><h1>某局决算</h1><p>{SENTENCE}<p>{SENTENCE}</table>"
    assert texts(body)[-2:] == [SENTENCE, SENTENCE]


def test_a_numbered_list_has_the_numbers_that_a_browser_shows() -> None:
    assert texts(
        "<ol><li>甲项</li><li><p>乙项</p></li><li></li><li value=7>丁项<ol><li>子项</li></ol></li>"
        "<li>戊项</li></ol><ul><li>无号</li></ul><ol start=3><li>起三</li></ol>"
        "<ol><li>1、自写</li><li>（2）自写</li></ol>"
    ) == [
        "1. 甲项",
        "2. 乙项",
        "7. 丁项",
        "1. 子项",
        "8. 戊项",
        "无号",
        "3. 起三",
        "1、自写",
        "（2）自写",
    ]


def test_labels_about_information_disclosure_are_kept_inside_the_text() -> None:
    labels = [
        "公开方式：主动公开、依申请公开",
        "公开时限：自信息形成之日起二十个工作日内",
        "微信",
        "微博",
    ]
    body = (
        f"<div><p>{SENTENCE * 3}</p>"
        + "".join(f"<p>{text}</p>" for text in labels)
        + f"<p>{SENTENCE}</p></div>"
    )
    assert texts(body) == [SENTENCE * 3, *labels, SENTENCE]


def test_text_outside_rows_and_cells_inside_forms_are_read() -> None:
    assert texts(
        f"<table><p>{SENTENCE}</p><tr><form><td>项目</td><td>金额</td></form></tr>"
        "<tr><td>水质</td><td>100</td></tr></table>"
    ) == [SENTENCE, "项目 | 金额", "水质 | 100"]


def test_an_element_with_300_000_attributes_is_read() -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(300_000))
    body = f"<p {attributes}>{SENTENCE}</p><table><tr><td colspan=2 {attributes}>甲<td>乙</table>"
    # In a child process with a time limit, because a wrong reader would need hours.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply_async(texts, (body,)).get(timeout=60)
    assert found == [SENTENCE, "甲 |  | 乙"]


def test_a_page_with_too_many_elements_is_refused() -> None:
    assert len(texts("<p>甲。" * 1_000)) == 1_000
    with pytest.raises(SourceError, match="over 400,000 elements"):
        texts("<p>甲。" * MAX_ELEMENTS)


def test_text_after_the_end_of_the_page_is_read() -> None:
    assert texts(f"<p>{SENTENCE}</p></body></html>{SENTENCE}<p>{SENTENCE}") == [SENTENCE] * 3


def test_a_control_character_written_as_a_reference_is_removed() -> None:
    assert texts(f'<p title="&#1;">&#1;{SENTENCE[:5]}&#xffff;{SENTENCE[5:]}') == [SENTENCE]


@pytest.mark.parametrize(
    "table",
    [
        "<table>甲<tr><td>乙<td>丙</table>",
        "<table><tr>甲<td>乙<td>丙</td>丁</tr>戊</table>己",
        "<table><tr><p>甲</p><td>乙<td>丙</table>",
        "<table><td>乙</td><td>丙</td></table>",
        "<table><tbody>甲<tr><td>乙<td>丙</tr>丁</tbody></table>",
        "<table><tr><td>乙<td>丙<tr><span>甲</span>丁</tr></table>",
        "<table><tr><td>乙</td><form>甲<td>丙</td></form></tr></table>",
        "<table><caption>甲</caption>丁<colgroup><col>戊</colgroup><tr><td>乙<td>丙</table>",
    ],
)
def test_text_of_a_table_outside_its_cells_is_kept_once(table: str) -> None:
    found = extract(f"<p>段落。</p>{table}".encode()).lines
    text = "".join(line.text for line in found)
    for character in "甲乙丙丁戊己":
        assert text.count(character) == table.count(character), character


CELLS = st.sampled_from(["短", "<a>链接</a>", "甲乙，" * 150, "<p>甲<p>乙<p>丙", "<b>1</b>2.5"])


@settings(max_examples=60)
@given(st.data())
def test_no_row_of_a_table_is_lost(data: st.DataObject) -> None:
    columns = data.draw(st.integers(3, 5))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=2))
    numbers = iter(range(1000, 9999))
    # Two cells of each row are no links.
    cells = [[f"第{next(numbers)}号", f"第{next(numbers)}号", *row[2:]] for row in rows]
    start = data.draw(st.sampled_from(["<table>", "<table border=1>"]))
    table = start + "".join(f"<tr><td>{'<td>'.join(row)}" for row in cells) + "</table>"
    article = "".join(f"<p>{SENTENCE}</p>" for _ in range(40))
    body = data.draw(
        st.sampled_from(
            ["<div><div>{0}</div></div><div>{1}</div>", "<div>{1}</div><div><div>{0}</div></div>"]
        )
    )
    found = "\n".join(texts(body.format(article, f"<div><div>{table}</div></div>")))
    for row in cells:
        for cell in row[:2]:
            assert found.count(cell) == 1, cell


def test_cells_that_cover_too_many_rows_do_not_multiply_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = "<tr><td rowspan=60000>全{}</td><td>{}</td><td>乙</td></tr>"
    rows = "".join(row.format(at, at) for at in range(100))
    table = f"<table border=1>{rows}</table>"
    with monkeypatch.context() as patched:
        # Each text would be in up to 100 rows.
        patched.setattr(columns, "MAX_CHARACTERS", 10_000)
        with pytest.raises(SourceError, match="more than 8,000,000 characters"):
            parse(page(table), "x.html")
    # The first cell covers 99 rows below. Only one row is left for the others.
    monkeypatch.setattr(tables, "_MAX_COVERED", 100)
    found = extract(page(table)).lines
    assert [cell.rows for line in found for cell in line.cells if cell.text[0] == "全"] == [
        100,
        *[1] * 97,
        2,
        1,
    ]


def test_sentences_beside_a_link_outside_the_main_text_are_kept() -> None:
    main = "<p>全年预算执行率比上年提高，项目全部完工，群众满意。</p>" * 12
    beside = (
        "本年支出60万元，完成预算。<br>合格率98%，比上年高。<br><a href='x'>详见网站公告栏目</a>"
    )
    page = (
        f"<html><body><div>{main}</div><p></p><section><div>{beside}</div></section></body></html>"
    )
    texts = [line.text for line in extract(page.encode()).lines]
    assert "本年支出60万元，完成预算。" in texts
    assert "合格率98%，比上年高。" in texts
