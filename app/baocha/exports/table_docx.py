"""Write tables as a Word document: A4, landscape, with links, in the faces of GB/T 9704.

GB/T 9704-2012 (党政机关公文格式) asks for 仿宋 in the body and 黑体 in the heads. A wide table is cut into
several, each with the columns that name a row.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from baocha.exports.provenance import xml_text
from baocha.exports.table import ExportTable, TableCell, TableExport
from baocha_indexer.messages import Language, Message

_BODY, _HEAD, _TITLE = "仿宋", "黑体", "方正小标宋简体"
_MAX_COLUMNS = 12
"""Maximum number of columns of a table that fits on a page."""

_MAX_CELLS = 100_000
"""Maximum number of cells in a document. Word cannot work with more; an Excel file can."""


def write(content: TableExport, language: Language, file: BinaryIO) -> None:
    """Write the title, the tables, and the lines about how they were made."""
    document = docx.Document()
    _set_up(document, content)
    document.add_paragraph(xml_text(content.title), style="Title")
    left = _MAX_CELLS
    for table in content.tables:
        document.add_paragraph(xml_text(table.name), style="Heading 1")
        rows = table.rows[: left // max(1, len(table.head))]
        left -= len(rows) * len(table.head)
        for columns in _parts(table):
            _add_table(document, table, rows, columns)
            document.add_paragraph()
        if len(rows) < len(table.rows):
            missing = len(table.rows) - len(rows)
            note = Message(
                zh=f"另有 {missing:,} 行未列出；请导出 Excel 查看",
                en=f"{missing:,} more rows are not listed; export to Excel for all",
            )
            document.add_paragraph(note.render(language))
    document.add_paragraph(Message(zh="说明", en="About").render(language), style="Heading 1")
    for name, value in content.about:
        document.add_paragraph(xml_text(f"{name}：{value}"))
    document.save(file)


def _set_up(document: Any, content: TableExport) -> None:
    """Set the page, the faces, the page numbers and the properties of a new document."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    for name, face, size in (
        ("Normal", _BODY, 12),
        ("Title", _TITLE, 22),
        ("Heading 1", _HEAD, 14),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = face, Pt(size)
        style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        style.font.bold = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):  # the theme of the template comes before the names
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(script), face)
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    document.styles["Title"].paragraph_format.alignment = 1
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    footer = section.footer.paragraphs[0]
    footer.alignment = 1
    for text in ("— ", "PAGE", " / ", "NUMPAGES", " —"):
        if text.isupper():
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), text)
            field.append(_run("1"))
            footer._p.append(field)  # noqa: SLF001 — python-docx has no fields
        else:
            footer.add_run(text)
    properties = document.core_properties
    properties.title = xml_text(content.title)[:255]
    properties.author = properties.comments = properties.keywords = ""
    created = datetime.fromisoformat(content.created).replace(tzinfo=None)
    properties.created = properties.modified = created


def _parts(table: ExportTable) -> Iterator[list[int]]:
    """Yield the columns of each part of a table that fits on a page."""
    fixed = list(range(table.fixed))
    others = range(table.fixed, len(table.head))
    size = max(1, _MAX_COLUMNS - table.fixed)
    for at in range(0, max(1, len(others)), size):
        yield [*fixed, *others[at : at + size]]


def _add_table(
    document: Any, table: ExportTable, rows: Sequence[Sequence[TableCell]], columns: Sequence[int]
) -> None:
    # The elements are built directly: the tables of python-docx need quadratic time.
    element = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    style = OxmlElement("w:tblStyle")
    style.set(qn("w:val"), document.styles["Table Grid"].style_id)
    width = OxmlElement("w:tblW")
    width.set(qn("w:w"), "5000")
    width.set(qn("w:type"), "pct")
    properties.extend([style, width])
    element.append(properties)
    grid = OxmlElement("w:tblGrid")
    grid.extend([OxmlElement("w:gridCol") for _ in columns])
    element.append(grid)
    heads = [TableCell(table.head[column]) for column in columns]
    element.append(_row(document, heads, is_head=True, is_bold=True))
    first_sum = len(table.rows) - table.sums
    for at, row in enumerate(rows):
        cells = [row[column] for column in columns]
        element.append(_row(document, cells, is_bold=at >= first_sum))
    document.element.body.insert_element_before(element, "w:sectPr")


def _row(document: Any, cells: Sequence[TableCell], *, is_head: bool = False, is_bold: bool) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:  # it is repeated on each page
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for cell in cells:
        column, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
        if not isinstance(cell.value, str):
            align = OxmlElement("w:pPr")
            right = OxmlElement("w:jc")
            right.set(qn("w:val"), "right")
            align.append(right)
            paragraph.append(align)
        run = _run(_shown(cell.value), is_bold=is_bold, is_link=bool(cell.link))
        if cell.link:
            link = OxmlElement("w:hyperlink")
            rels = document.part.rels
            # `relate_to` looks at all earlier links each time.
            name = f"rLink{len(rels) + 1}"
            rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, xml_text(cell.link), name, is_external=True
            )
            link.set(qn("r:id"), name)
            link.append(run)
            paragraph.append(link)
        else:
            paragraph.append(run)
        column.append(paragraph)
        row.append(column)
    return row


def _shown(value: str | int | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _run(text: str, *, is_bold: bool = False, is_link: bool = False) -> Any:
    run, properties, content = (OxmlElement(name) for name in ("w:r", "w:rPr", "w:t"))
    if is_bold:
        fonts = OxmlElement("w:rFonts")
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(script), _HEAD)
        properties.append(fonts)
    if is_link:
        color, line = OxmlElement("w:color"), OxmlElement("w:u")
        color.set(qn("w:val"), "175B69")
        line.set(qn("w:val"), "single")
        properties.append(color)
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "21")  # half points
    properties.append(size)
    if is_link:
        properties.append(line)
    content.text = xml_text(text)
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.extend([properties, content])
    return run
