"""Tables as Word and Excel files, read with libraries for their formats."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from lxml import etree

from baocha.exports import (
    TABLE_FORMS,
    ExportTable,
    TableCell,
    TableExport,
    table_docx,
    table_xlsx,
    write_tables,
    xlsx_book,
)
from tests.app.exports.spreadsheet import shown_texts

LINK = "http://localhost/?q=%E7%BB%A9%E6%95%88&year="

HOSTILE = {
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "+1+1": "+1+1",
    "]]></w:t><w:p/>&amp;": "]]></w:t><w:p/>&amp;",
    "_x0041_": "_x0041_",
    "<r><t>&</t>_x0041_</r>": "<r><t>&</t>_x0041_</r>",
    "\x00\x1f尾": "\ufffd\ufffd尾",
    "\ud800\udfff": "\ufffd\ufffd",
    "第一行\n第二行": "第一行\n第二行",
    "  前后空格  ": "  前后空格  ",
    "字" * 40_000: "字" * 40_000,
    "𠀀" * 20_000: "𠀀" * 20_000,
}
"""Texts, and what the files show for them."""


def counts(columns: int = 3, rows: int = 4) -> ExportTable:
    """Return a table of linked numbers. Its last row has sums."""
    lines = [
        [
            TableCell(f"部门{row}"),
            *(TableCell(row * at, f"{LINK}{row}-{at}") for at in range(columns)),
        ]
        for row in range(rows)
    ]
    lines.append([TableCell("合计"), *(TableCell(at / 3) for at in range(columns))])
    return ExportTable("段数", ("部门", *map(str, range(columns))), lines, sums=1)


def written(form: str, *tables: ExportTable, title: str = "对比：绩效") -> io.BytesIO:
    file = io.BytesIO()
    about = (("检索词", "绩效"), *(("文", text) for text in HOSTILE))
    write_tables(form, TableExport(title, about, tables), "zh", file)
    file.seek(0)
    return file


def document(*tables: ExportTable, title: str = "对比：绩效") -> Any:
    return docx.Document(written("docx", *tables, title=title))


def texts(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_document_is_a4_in_landscape_and_has_true_properties() -> None:
    title = "题" * 300 + "\x00]]>"
    file = written("docx", counts(), title=title)
    found: Any = docx.Document(file)
    (section,), properties = found.sections, found.core_properties
    size = [round(length.mm) for length in (section.page_width, section.page_height)]
    assert (size, section.orientation) == ([297, 210], WD_ORIENT.LANDSCAPE)
    assert (properties.title, properties.author) == (title[:255], "")
    now = datetime.now(UTC)
    for time in (properties.created, properties.modified):
        assert abs(now - time.replace(tzinfo=UTC)) < timedelta(hours=1)
    with ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert all(code in parts["word/footer1.xml"] for code in ("第 ", " PAGE ", " NUMPAGES "))
    assert "footer1.xml" in parts["word/_rels/document.xml.rels"]
    assert not any("python-docx" in part for part in parts.values())


def test_a_document_has_the_faces_of_gb_t_9704_and_others_in_their_place() -> None:
    with ZipFile(written("docx", counts())) as archive:
        styles, fonts = (
            etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("styles", "fontTable")
        )
    names = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    used = set(styles.xpath("//w:rFonts/@w:eastAsia", namespaces=names))
    assert used == {"仿宋", "黑体"}
    assert used == set(fonts.xpath("//w:font/@w:name", namespaces=names))
    others = fonts.xpath("//w:altName/@w:val", namespaces=names)
    assert ["FangSong" in others[0], "SimHei" in others[1]] == [True, True]


def test_the_cells_of_a_document_link_to_their_addresses() -> None:
    table, _ = document(counts()).tables
    for number, row in enumerate(list(table.rows)[1:-1]):
        assert not row.cells[0].paragraphs[0].hyperlinks
        for at, cell in enumerate(row.cells[1:]):
            (link,) = cell.paragraphs[0].hyperlinks
            assert (link.text, link.address) == (str(number * at), f"{LINK}{number}-{at}")
            assert link.runs[0].style.font.underline


def test_numbers_are_right_aligned_and_sums_are_bold() -> None:
    table, _ = document(counts()).tables
    for row in list(table.rows)[1:]:
        alignments = [cell.paragraphs[0].alignment for cell in row.cells]
        assert alignments == [None, *[WD_ALIGN_PARAGRAPH.RIGHT] * 3]
    bold = [[bool(c.paragraphs[0].style.font.bold) for c in row.cells] for row in table.rows]
    assert bold == [*[[False] * 4] * 5, [True] * 4]
    assert texts(table)[-1] == ["合计", "0.00", "0.33", "0.67"]


def test_a_wide_table_is_cut_into_several_that_name_their_rows() -> None:
    *tables, about = document(counts(columns=30)).tables
    found = [texts(table) for table in tables]
    assert [len(rows[0]) for rows in found] == [12, 12, 9]
    assert [rows[0][1] for rows in found] == ["0", "11", "22"]
    assert all([row[0] for row in rows] == [row[0] for row in found[0]] for rows in found)
    for table in tables:
        widths = [column.width.mm for column in table.columns]
        assert 250 < sum(widths) <= 257
        head, *rows = (row._tr.trPr.xml for row in table.rows)
        assert "w:tblHeader" in head
        assert all("w:cantSplit" in row and "w:tblHeader" not in row for row in rows)
        # Word shows tables that touch as one.
        assert table._tbl.getnext().tag.endswith("}p")
    assert texts(about)[0] == ["检索词", "绩效"]


def test_long_texts_get_most_of_the_width_and_dates_are_not_cut() -> None:
    cells = [TableCell("2022-09-22")] * 8 + [TableCell("很长的标题" * 20)] * 3
    columns = ExportTable("报告", tuple("甲乙丙丁戊己庚辛壬癸子"), [cells])
    table, _ = document(columns).tables
    widths = [round(column.width.pt * 20) for column in table.columns]
    assert min(widths[:8]) >= 10 * 105 + 216
    assert min(widths[8:]) > max(widths[:8])
    assert sum(widths) <= 14570


def test_a_document_says_how_many_rows_it_does_not_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_docx, "_MAX_CELLS", 9)
    found = document(counts(), counts())
    assert [len(texts(table)) for table in found.tables[:2]] == [3, 1]
    notes = [p.text for p in found.paragraphs if "未列出" in p.text]
    assert notes == [f"另有 {rows} 行未列出；请导出 Excel 查看" for rows in (3, 5)]


def test_a_row_that_may_not_fit_on_a_page_may_be_cut() -> None:
    rows = [[TableCell("甲"), TableCell("字" * count)] for count in (10, 5_000)]
    table, _ = document(ExportTable("表", ("甲", "乙"), rows)).tables
    assert ["w:cantSplit" in row._tr.trPr.xml for row in table.rows] == [True, True, False]


def hostile() -> ExportTable:
    rows = [[TableCell(text), TableCell(text, f'{LINK}\x00\ud800"<&')] for text in HOSTILE]
    return ExportTable("[段数]:*?/\\" + "长" * 40, ("=1+1", "<r>&</r>"), rows)


def test_hostile_text_in_a_document_is_text() -> None:
    found = document(hostile())
    table, about = found.tables
    assert texts(table) == [["=1+1", "<r>&</r>"], *([text] * 2 for text in HOSTILE.values())]
    assert [row[1] for row in texts(about)[1:]] == list(HOSTILE.values())
    links = [link for row in table.rows for c in row.cells for link in c.paragraphs[0].hyperlinks]
    assert {link.address for link in links} == {f'{LINK}\ufffd\ufffd"<&'}


def test_hostile_text_in_a_workbook_is_text() -> None:
    file = written("xlsx", hostile())
    sheet, _ = openpyxl.load_workbook(file)
    assert len(sheet.title) == 31
    assert {cell.data_type for row in sheet for cell in row} == {"s"}
    cells, about = shown_texts(file), shown_texts(file, 2)
    assert [cells["A1"], cells["B1"]] == ["=1+1", "<r>&</r>"]
    for line, expected in enumerate(HOSTILE.values(), start=2):
        text = cells[f"A{line}"]
        assert text == cells[f"B{line}"] == about[f"B{line}"]
        if len(expected) < 10_000:
            assert text == expected
        else:
            assert text.endswith("（太长，此处截断 cut here）")
            assert 32_766 <= len(text.encode("utf-16-le")) // 2 <= 32_767


def test_a_linked_number_is_a_number_and_a_linked_empty_cell_is_empty() -> None:
    rows = [
        [
            TableCell("甲"),
            TableCell(0, f"{LINK}1"),
            TableCell(1.5, f"{LINK}2#a"),
            TableCell("", LINK),
        ]
    ]
    file = written("xlsx", ExportTable("表", ("部门", "甲", "乙", "丙"), rows))
    _, whole, rate, empty = openpyxl.load_workbook(file)["表"][2]
    assert [(c.value, c.number_format) for c in (whole, rate)] == [(0, "#,##0"), (1.5, "#,##0.00")]
    assert all(cell.font.underline == "single" for cell in (whole, rate, empty))
    assert [c.hyperlink.target for c in (whole, rate, empty)] == [f"{LINK}1", f"{LINK}2", LINK]
    assert rate.hyperlink.location == "a"
    # openpyxl reads the address as the value of a linked cell that has none.
    with ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="D2"[^>]*/>', sheet)


def test_sums_are_bold_and_not_filtered_and_the_columns_that_name_a_row_are_frozen() -> None:
    book = openpyxl.load_workbook(written("xlsx", counts()))
    sheet = book["段数"]
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:D5", "B2")
    bold = [[cell.font.bold for cell in row] for row in sheet.iter_rows()]
    assert bold == [[True] * 4, *[[False] * 4] * 4, [True] * 4]
    now = datetime.now(UTC)
    assert (book.properties.title, book.properties.creator) == ("对比：绩效", None)
    assert abs(now - book.properties.created.replace(tzinfo=UTC)) < timedelta(hours=1)


def test_a_sheet_has_only_the_links_that_excel_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_xlsx, "_MAX_LINKS", 3)
    long = TableCell(1, LINK + "9" * 3_000)
    rows = [[TableCell("甲"), long, *[TableCell(2, LINK)] * 4]]
    tables = [ExportTable(name, tuple("甲乙丙丁戊己"), rows) for name in ("一", "二")]
    book = openpyxl.load_workbook(written("xlsx", *tables))
    for sheet in book.worksheets[:2]:
        assert [cell.value for cell in sheet[2]] == ["甲", 1, 2, 2, 2, 2]
        assert [bool(cell.hyperlink) for cell in sheet[2]] == [
            False,
            False,
            True,
            True,
            True,
            False,
        ]
        assert sheet["F2"].font.underline is None


def test_rows_that_do_not_fit_on_a_sheet_go_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_book, "_MAX_ROWS", 3)
    monkeypatch.setattr(table_xlsx, "_MAX_LINKS", 9)
    book = openpyxl.load_workbook(written("xlsx", counts()))
    assert book.sheetnames == ["段数", "段数 2", "说明"]
    first, second = book.worksheets[:2]
    names = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in (first, second)]
    assert names == [["部门", "部门0", "部门1", "部门2"], ["部门", "部门3", "合计"]]
    assert [sheet.auto_filter.ref for sheet in (first, second)] == ["A1:D4", "A1:D2"]
    assert all(cell.hyperlink for row in (*first["B2:D4"], *second["B2:D2"]) for cell in row)


@pytest.mark.parametrize("form", TABLE_FORMS)
def test_a_table_without_rows_is_a_valid_file(form: str) -> None:
    file = written(form, ExportTable("段数", ("部门", "2022"), []))
    if form == "csv":
        assert file.getvalue().decode("utf-8-sig") == "部门,2022\r\n"
    elif form == "xlsx":
        assert openpyxl.load_workbook(file)["段数"].max_row == 1
    else:
        assert texts(docx.Document(file).tables[0]) == [["部门", "2022"]]
