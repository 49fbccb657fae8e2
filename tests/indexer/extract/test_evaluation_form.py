"""The standard form of a self-evaluation (自评表) is read as a whole from every format."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import sync_playwright

from baocha_indexer.figures import evaluations_of
from baocha_indexer.parse import parse
from tests.indexer.extract.archives import saved
from tools.render import CHROMIUM, FLAGS

TITLE = "项目支出绩效自评表"
COLUMNS = 7

# Each cell: its text, and how many columns and rows it covers.
FORM = (
    (("项目名称", 1, 1), ("供水管网改造", 6, 1)),
    (("主管部门", 1, 1), ("青湖区水务局", 3, 1), ("实施单位", 1, 1), ("供水中心", 2, 1)),
    (("项目资金（万元）", 1, 3), ("", 1, 1), ("年初预算数", 1, 1), ("全年执行数", 1, 1), ("分值", 1, 1), ("执行率", 1, 1), ("得分", 1, 1)),
    (("年度资金总额", 1, 1), ("120.50", 1, 1), ("118.00", 1, 1), ("10", 1, 1), ("97.9%", 1, 1), ("9.8", 1, 1)),
    (("其中：财政拨款", 1, 1), ("120.50", 1, 1), ("118.00", 1, 1), ("—", 1, 1), ("97.9%", 1, 1), ("—", 1, 1)),
    (("年度总体目标", 1, 2), ("预期目标", 3, 1), ("实际完成情况", 3, 1)),
    (("管网全部更新。", 3, 1), ("已更新九成。", 3, 1)),
    (("一级指标", 1, 1), ("二级指标", 1, 1), ("三级指标", 1, 1), ("指标值", 1, 1), ("实际完成值", 1, 1), ("分值", 1, 1), ("得分", 1, 1)),
    (("产出指标", 1, 3), ("数量指标", 1, 2), ("改造管网长度", 1, 1), ("≥12公里", 1, 1), ("12.6公里", 1, 1), ("15", 1, 1), ("15", 1, 1)),
    (("新装水表数", 1, 1), ("≥800只", 1, 1), ("790只", 1, 1), ("15", 1, 1), ("14.8", 1, 1)),
    (("质量指标", 1, 1), ("水质合格率", 1, 1), ("≥98%", 1, 1), ("99.2%", 1, 1), ("20", 1, 1), ("20", 1, 1)),
    (("效益指标", 1, 1), ("社会效益指标", 1, 1), ("漏损率", 1, 1), ("≤9%", 1, 1), ("8.7%", 1, 1), ("30", 1, 1), ("30", 1, 1)),
    (("总分", 5, 1), ("100", 1, 1), ("99.6", 1, 1)),
)  # fmt: skip


def placed() -> Iterator[tuple[int, int, str, int, int]]:
    """Yield row, column, text, columns and rows of each cell of the form."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(FORM):
        column = 0
        for text, columns, rows in cells:
            while (row, column) in taken:
                column += 1
            taken |= {(row + r, column + c) for r in range(rows) for c in range(columns)}
            yield row, column, text, columns, rows


def as_html() -> bytes:
    rows = "".join(
        "<tr>"
        + "".join(f"<td colspan={columns} rowspan={rows}>{t}</td>" for t, columns, rows in cells)
        for cells in FORM
    )
    style = "<style>td { border: 1px solid; font: 12pt 'Noto Sans CJK SC' }</style>"
    table = f"<table style='border-collapse: collapse'>{rows}</table>"
    return f"<meta charset=utf-8>{style}<h1>{TITLE}</h1>{table}".encode()


def as_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(len(FORM), COLUMNS)
    for row, column, text, columns, rows in placed():
        first, last = table.cell(row, column), table.cell(row + rows - 1, column + columns - 1)
        cell: Any = first.merge(last) if (columns, rows) != (1, 1) else first
        cell.text = text
    return saved(document)


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([TITLE])
    for row, column, text, columns, rows in placed():
        first = row + 2, column + 1
        sheet.cell(*first, text)
        if (columns, rows) != (1, 1):
            sheet.merge_cells(
                start_row=first[0],
                start_column=first[1],
                end_row=first[0] + rows - 1,
                end_column=first[1] + columns - 1,
            )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_pdf() -> bytes:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        page.set_content(as_html().decode())
        content = page.pdf(format="A4")
        browser.close()
    return content


def in_order(rows: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows in the order of the heads of the form."""
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分")
    return [{head: row[head] for head in heads} for row in rows.values()]


@pytest.mark.parametrize(
    ("suffix", "written"),
    [("html", as_html), ("docx", as_docx), ("xlsx", as_xlsx), ("pdf", as_pdf)],
)
def test_every_cell_of_the_form_has_its_head(suffix: str, written: Callable[[], bytes]) -> None:
    report = parse(written(), f"自评表.{suffix}")
    assert report.metadata.title == TITLE
    rows = [p for p in report.paragraphs if p.role == "table"]
    joined = "\n".join(p.text for p in rows)
    for cells in FORM:
        for text, _, _ in cells:
            assert text in joined
    by_third = {
        heads["三级指标"].text: {head: cell.text for head, cell in heads.items()}
        for p in rows
        if "三级指标" in (heads := {cell.head: cell for cell in p.cells})
    }
    assert by_third == {
        third: {
            "一级指标": first,
            "二级指标": second,
            "三级指标": third,
            "指标值": target,
            "实际完成值": actual,
            "分值": points,
            "得分": score,
        }
        for first, second, third, target, actual, points, score in [
            ("产出指标", "数量指标", "改造管网长度", "≥12公里", "12.6公里", "15", "15"),
            ("产出指标", "数量指标", "新装水表数", "≥800只", "790只", "15", "14.8"),
            ("产出指标", "质量指标", "水质合格率", "≥98%", "99.2%", "20", "20"),
            ("效益指标", "社会效益指标", "漏损率", "≤9%", "8.7%", "30", "30"),
        ]
    }
    (table,) = evaluations_of(report.paragraphs)
    assert table.project == "供水管网改造"
    assert [
        (r.level1, r.level2, r.level3, r.target, r.actual, r.weight, r.score) for r in table.rows
    ] == [tuple(row.values()) for row in in_order(by_third)]
    assert table.total is not None
    assert table.funds is not None
    assert (table.total.weight, table.total.score) == ("100", "99.6")
    assert (table.funds.weight, table.funds.score) == ("10", "9.8")
    goals = [cell for p in rows for cell in p.cells if cell.text.endswith("。")]
    assert [(cell.head, cell.text) for cell in goals] == [
        ("预期目标", "管网全部更新。"),
        ("实际完成情况", "已更新九成。"),
    ]
    units = {(cell.head, cell.text): cell.unit for p in rows for cell in p.cells}
    assert units["年初预算数", "120.50"] == units["全年执行数", "118.00"] == "万元"
