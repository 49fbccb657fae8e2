import time
import zipfile
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from openpyxl.xml.constants import SHEET_MAIN_NS

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.office.xlsx import extract
from tests.indexer.extract.archives import archive, saved, with_changed_parts


def test_a_row_is_a_line_and_a_row_with_one_cell_is_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["青湖区水务局得分表"],
        [],
        ["指标", "目标", "得分"],
        ["水质", None, 9.5],
        [None, "合计", 9.5],
    ):
        sheet.append(row)
    # A sheet with its default name has no heading.
    book.create_sheet("附注").append(["注：数据截至年末。\n单位：万元"])
    hidden = book.create_sheet("底稿")
    hidden.append(["隐藏", "内容"])
    hidden.sheet_state = "hidden"
    found = extract(saved(book)).lines
    assert [(line.text, line.role) for line in found] == [
        ("青湖区水务局得分表", None),
        ("指标 | 目标 | 得分", "table"),
        ("水质 |  | 9.5", "table"),
        (" | 合计 | 9.5", "table"),
        ("附注", "heading"),
        ("注：数据截至年末。", None),
        ("单位：万元", None),
    ]
    assert all(line.whole for line in found)
    (warning,) = extract(saved(book)).warnings
    assert "底稿" in warning.zh


def test_the_title_comes_before_the_name_of_the_first_sheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "得分"
    for row in (["青湖区水务局得分表"], ["指标", "得分"], ["水质", 9]):
        sheet.append(row)
    book.create_sheet("资金").append(["来源", "金额"])
    found = extract(saved(book)).lines
    assert [line.text for line in found] == [
        "青湖区水务局得分表",
        "得分",
        "指标 | 得分",
        "水质 | 9",
        "资金",
        "来源 | 金额",
    ]


def test_dates_are_shown_as_chinese_excel_shows_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([date(2023, 1, 2), timedelta(hours=30)])
    sheet["A1"].number_format = "mm-dd-yy"
    content = saved(book)
    assert [line.text for line in extract(content).lines] == ["2023/1/2 | 30:00:00"]
    # A format that the file gives only by its number.
    content = with_changed_parts(
        content, lambda _, part: part.replace(b'numFmtId="14"', b'numFmtId="31"')
    )
    assert extract(content).lines[0].text.startswith("2023年1月2日")


def test_formulas_without_a_value_are_counted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["合计", "=SUM(C1:C2)", 3])
    found = extract(saved(book))
    assert [line.text for line in found.lines] == ["合计 |  | 3"]
    (warning,) = found.warnings
    assert "1 formulas" in warning.en


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"none", b""])
def test_a_file_that_is_not_a_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match="damaged"):
        extract(content)


def test_a_row_number_beyond_the_last_row_is_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲", "乙"])
    content = with_changed_parts(
        saved(book), lambda _, part: part.replace(b'<row r="1"', b'<row r="2000000000"')
    )
    with pytest.raises(SourceError, match="damaged"):
        extract(content)


def test_a_long_text_that_is_stored_once_and_shown_often_is_refused_early() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲"])
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    kind = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    text = f'<sst xmlns="{SHEET_MAIN_NS}"><si><t>{"字" * 30_000}</t></si></sst>'

    def changed(name: str, part: bytes) -> bytes:
        if "sheet1" in name:
            end = part.index(b"</sheetData>")
            return part[:end] + row.encode() * 20_000 + part[end:]
        return part.replace(b"</Types>", kind.encode())

    with zipfile.ZipFile(BytesIO(with_changed_parts(saved(book), changed))) as packed:
        parts: dict[str, bytes] = {name: packed.read(name) for name in packed.namelist()}
    content = archive(parts | {"xl/sharedStrings.xml": text.encode()})
    start = time.process_time()
    with pytest.raises(SourceError, match="more than 8,000,000 characters"):
        extract(content)
    assert time.process_time() - start < 10


def test_many_empty_cells_are_shortened() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, "甲")
    sheet.cell(1, 16384, "乙")
    (line,) = extract(saved(book)).lines
    assert len(line.text) < 100


def test_a_sheet_that_is_not_defined_correctly_gives_a_warning() -> None:
    book = openpyxl.Workbook()
    for sheet, text in ((book.active, "水质"), (book.create_sheet("资金"), "来源")):
        assert sheet is not None
        sheet.append([text])
    found = extract(
        with_changed_parts(saved(book), lambda _, part: part.replace(b'r:id="rId2"', b'r:id=""'))
    )
    assert [line.text for line in found.lines] == ["水质"]
    (warning,) = found.warnings
    assert "1 个工作表" in warning.zh


def test_hidden_rows_and_columns_are_read_and_counted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["指标", "得分"], ["水质", 9], ["水量", 8]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("D", "XFD", hidden=True)
    hidden = book.create_sheet("草稿")
    hidden.append(["甲", "乙"])
    hidden.sheet_state = "hidden"
    found = extract(saved(book))
    assert [line.text for line in found.lines] == ["指标 | 得分", "水质 | 9", "水量 | 8"]
    assert [warning.en for warning in found.warnings] == [
        "hidden sheets were not read: 草稿",
        "1 hidden rows and 1 hidden columns were read too",
    ]


def test_the_place_of_a_row_is_its_sheet_and_the_range_of_its_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收入表"
    for row in (["单位：万元"], [], [None, "项目", "金额"], [None, "福利费", 42.77]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("C3:D3")
    places = [(line.place.sheet, line.place.cells) for line in extract(saved(book)).lines]
    assert places == [("收入表", "A1:C1"), ("收入表", "B3:D3"), ("收入表", "B4:C4")]
