from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from baocha_indexer.extract.html import lines_below, parse_html
from baocha_indexer.model import Line

TEXT, LONG = "text", "long"
TAGS = (
    "table", "tbody", "thead", "tr", "td", "th", "caption", "colgroup", "div", "p", "span", "form",
    "ul", "li", "dl", "dd", "h1", "b",
)  # fmt: skip
PIECES = st.one_of(
    st.sampled_from([TEXT, LONG, "<br>", "<!-- c -->", "<td rowspan=2>", "<td colspan=3>"]),
    st.sampled_from(["<table border=1>", "<td rowspan=0>", "<th colspan=2 rowspan=9>"]),
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
)


def html(pieces: list[str]) -> str:
    """Return a page. Each text in it has its own number."""
    numbers = iter(range(1000, 9999))
    return "".join(
        f"第{next(numbers)}号" + "很长" * 200 * (piece == LONG) if piece in (TEXT, LONG) else piece
        for piece in pieces
    )


def lines_of(text: str) -> list[Line]:
    return [line for line, _ in lines_below(parse_html(text))]


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=60))
@example(["<table>", "<tr>", "<td>", TEXT, "<table>", "<tr>", "<td>", TEXT, "<td>", LONG])
def test_each_text_of_a_page_is_in_its_lines_once(pieces: list[str]) -> None:
    text = html([TEXT, *pieces])
    found: Any = parse_html(text)
    lines = "\n".join(line.text for line in lines_of(text))
    for node in found.itertext():
        for number in node.split("第")[1:]:
            assert lines.count(f"第{number[:4]}号") == 1, (number[:4], text)


EVALUATION = (
    "<table border=1><caption>项目支出绩效自评表</caption>"
    "<tr><td colspan=2>项目名称<td colspan=4>供水管网改造"
    "<tr><td colspan=2 rowspan=3>项目资金（万元）<td>&nbsp;<td>年初预算数<td>全年执行数<td>执行率"
    "<tr><td>年度资金总额<td>55.10<td>44.20<td>80.22%"
    "<tr><td>其中：财政拨款<td>55.10<td>44.20<td>80.22%"
    f"<tr><td>总体目标<td colspan=5><div><p>{'完成管网改造。' * 30}<p>{'改善水质。' * 30}<p>验收。</div>"
    "<tr><td>一级指标<td>二级指标<td>三级指标<td>指标值<td>完成值<td>得分"
    "<tr><td rowspan=3>产出指标<td rowspan=2>数量指标<td>改造长度<td>≥12公里<td>12公里<td>10"
    "<tr><td>更换水表<td>300只<td>320只<td>10"
    "<tr><td>质量指标<td>水质合格率<td>100%<td>99.8%<td>9"
    f"<tr><td colspan=2>说明<td colspan=4>{'因汛期工期顺延。' * 60}"
    "<tr><td colspan=5>总分<td>96.5</table>"
)


def test_a_table_with_long_cells_and_paragraphs_keeps_its_rows() -> None:
    for table in (EVALUATION, EVALUATION.replace(" border=1", "")):
        lines = [line for line in lines_of(table) if line.role == "table"]
        assert [line.text.split(" | ")[0] for line in lines] == [
            "项目名称", "项目资金（万元）", "", "", "总体目标", "一级指标", "产出指标", "", "", "说明", "总分",
        ]  # fmt: skip
        assert lines[4].text.endswith("验收。")
        assert len(lines[9].text) > 480
        assert [line.begins_table for line in lines] == [True] + [False] * 10


def test_the_rows_and_columns_that_a_cell_covers_are_known() -> None:
    rows = [line.cells for line in lines_of(EVALUATION) if line.role == "table"]
    places = {
        cell.text: (at, cell.column, cell.columns, cell.rows, cell.is_head)
        for at, row in enumerate(rows)
        for cell in row
    }
    assert places["项目资金（万元）"] == (1, 0, 2, 3, False)
    assert places["年度资金总额"] == (2, 2, 1, 1, False)
    assert places["产出指标"] == (6, 0, 1, 3, False)
    assert places["水质合格率"] == (8, 2, 1, 1, False)
    assert places["总分"] == (10, 0, 5, 1, False)
