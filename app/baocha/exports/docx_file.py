"""Write a working paper 底稿 as a Word document: its head, the numbered entries, the searches.

The text is written to `word/document.xml` paragraph by paragraph (ECMA-376, part 1, 17.3: `w:p`
contains `w:r`, which contains `w:t`), so memory does not grow with the number of entries.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from baocha.exports.citation import source_text
from baocha.exports.docx_parts import MAIN, PAGE, RELATIONS, TEXT_WIDTH, parts
from baocha.exports.paper import (
    STATE_NAMES,
    VERDICT_NAMES,
    WORKING_PAPER,
    Entry,
    Paper,
    SearchRecord,
    ShownCell,
    runs_of,
    shown_cells,
)
from baocha.exports.provenance import row_of, xml_text
from baocha_indexer.messages import Language, Message

_W = f"{{{MAIN}}}"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"

Runs = Sequence[tuple[str, bool]]
"""Pieces of a text, each with whether it is a match."""

MAX_COLUMNS = 6
"""Maximum number of cells side by side. A wider row is written with a cell in each line."""

_SHORT_ROW = 400
"""A row with fewer characters is kept on one page. A longer one may not fit on any."""

_SHADE = "FFF2AB"
"""Background of a match. It stays visible in print."""

EXCERPTS = Message(zh="一、摘录", en="1. Excerpts")
CERTIFICATE = Message(zh="核查结果：未见该表述", en="Finding: no paragraph contains it")
NO_EXCERPTS = Message(zh="（无）", en="(none)")
SEARCHES = Message(zh="二、检索记录", en="2. Searches")
_HEADS = {
    "number": Message(zh="编号", en="Number"),
    "auditee": Message(zh="被审计（检查）单位", en="Audited (inspected) body"),
    "subject": Message(zh="事项", en="Subject"),
    "prepared": Message(zh="编制人 / 日期", en="Prepared by / on"),
    "reviewed": Message(zh="复核人 / 日期", en="Reviewed by / on"),
}
_TEXT_NOW = Message(zh="现文：", en="Text now: ")
_NOTE = Message(zh="备注：", en="Remark: ")
_VERDICT = Message(zh="判断：", en="Verdict: ")
_STATE = Message(zh="状态：", en="State: ")
_CITATION = Message(zh="出处：", en="Source: ")
_FILE = Message(zh="文件：", en="File: ")
_LEAD = Message(zh="标题下的文字：", en="Below the heading: ")
_COLUMN, _UNIT, _CONTENT = (
    Message(zh="栏目", en="column"),
    Message(zh="单位", en="unit"),
    Message(zh="内容", en="content"),
)


def write(paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write the working paper."""
    title = paper.fields.subject or paper.name or WORKING_PAPER.render(language)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts(title, paper.fields.prepared_by, language):
            archive.writestr(name, content)
        with archive.open("word/document.xml", "w", force_zip64=True) as text:
            _write_text(text, paper, language)


def _write_text(file: Any, paper: Paper, language: Language) -> None:
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        xml.write_declaration(standalone=True)
        with (
            xml.element(f"{_W}document", nsmap={"w": MAIN, "r": RELATIONS}),
            xml.element(f"{_W}body"),
        ):
            xml.write(_paragraph(WORKING_PAPER.render(language), "Title"))
            xml.write(_head(paper, language))
            xml.write(_paragraph(EXCERPTS.render(language), "Heading1"))
            count = 0
            for count, entry in enumerate(paper.entries, start=1):
                for element in _of_entry(count, entry, paper.is_basket, language):
                    xml.write(element)
            if not count:
                is_proof = any(record.is_absence for record in paper.searches)
                shown = CERTIFICATE if is_proof else NO_EXCERPTS
                xml.write(_paragraph(shown.render(language), "Remark"))
            xml.write(_paragraph(SEARCHES.render(language), "Heading1"))
            for number, record in enumerate(paper.searches, start=1):
                for element in _of_search(number, record, language):
                    xml.write(element)
            xml.write(etree.fromstring(PAGE))


def _head(paper: Paper, language: Language) -> Any:
    fields = paper.fields
    heads = {name: message.render(language) for name, message in _HEADS.items()}
    prepared = " / ".join(filter(None, (fields.prepared_by, fields.prepared_on)))
    reviewed = " / ".join(filter(None, (fields.reviewed_by, fields.reviewed_on)))
    first, second = 2250, 1450
    widths = (first, TEXT_WIDTH - first - 2 * second - 600, second, second + 600)
    return _table(
        widths,
        (
            _row(
                widths,
                (_label(heads["auditee"]), fields.auditee, _label(heads["number"]), fields.number),
            ),
            _row(widths, (_label(heads["subject"]), fields.subject or paper.name), last_spans=3),
            _row(
                widths, (_label(heads["prepared"]), prepared, _label(heads["reviewed"]), reviewed)
            ),
        ),
    )


def _of_entry(number: int, entry: Entry, is_basket: bool, language: Language) -> Iterator[Any]:  # noqa: FBT001 — a field of the paper
    hit = entry.hit
    _, department, year, kind, *_ = row_of(number, hit, language)
    dot = "．" if language == "zh" else ". "
    where = " · ".join(str(part) for part in (department, year, kind) if part)
    yield _paragraph(f"{number}{dot}{where}", "Heading2")
    if cells := shown_cells(hit):
        yield _cells_table(cells, language)
    else:
        yield _paragraph(runs_of(hit.text, hit.spans), "Quote")
    if hit.lead:
        yield _paragraph(_LEAD.render(language) + hit.lead, "Remark")
    if entry.state != "current":
        yield _paragraph(
            [(_STATE.render(language), False), (STATE_NAMES[entry.state].render(language), True)],
            "Remark",
        )
    if entry.text_now:
        yield _paragraph(_TEXT_NOW.render(language) + entry.text_now, "Remark")
    if is_basket and entry.verdict:
        yield _paragraph(
            _VERDICT.render(language) + VERDICT_NAMES[entry.verdict].render(language), "Remark"
        )
    if entry.note:
        yield _paragraph(_NOTE.render(language) + entry.note, "Remark")
    colon = "：" if language == "zh" else ": "
    lines = (
        _CITATION.render(language)
        + source_text(hit.report, hit.section_path, hit.location, language),
        _FILE.render(language) + hit.report.source,
        f"SHA-256{colon}{hit.report.sha256}",
    )
    yield _paragraph("\n".join(line.replace("\n", " ") for line in lines), "Source")


def _of_search(number: int, record: SearchRecord, language: Language) -> Iterator[Any]:
    widths = (1900, TEXT_WIDTH - 1900)
    rows = [_row(widths, (_label(name.render(language)), value)) for name, value in record.lines]
    heading = Message(zh=f"检索 {number}", en=f"Search {number}").render(language)
    yield _paragraph(heading, "Heading2")
    yield _table(widths, rows)


def _cells_table(cells: Sequence[ShownCell], language: Language) -> Any:
    """Return a row of a table as a table: head, unit, cells. The cell of the match is shaded."""
    if len(cells) <= MAX_COLUMNS:
        width = TEXT_WIDTH // len(cells)
        widths = (width,) * len(cells)
        heads = [_label(cell.head + (f"（{cell.unit}）" if cell.unit else "")) for cell in cells]
        rows = [_row(widths, heads)] if any(cell.head or cell.unit for cell in cells) else []
        rows.append(_row(widths, [cell.runs for cell in cells]))
        return _table(widths, rows)
    widths = (TEXT_WIDTH // 2 - 700, 1000, TEXT_WIDTH - TEXT_WIDTH // 2 - 300)
    names = [_label(message.render(language)) for message in (_COLUMN, _UNIT, _CONTENT)]
    lines = [_row(widths, (cell.head, cell.unit, cell.runs)) for cell in cells]
    return _table(widths, [_row(widths, names), *lines])


class _Label(str):
    """A text of a cell that is a head."""

    __slots__ = ()


def _label(text: str) -> _Label:
    return _Label(text)


def _table(widths: Sequence[int], rows: Iterable[Any]) -> Any:
    """Return a table (17.4.37) with thin lines."""
    table = etree.Element(f"{_W}tbl")
    properties = _add(table, "tblPr")
    _add(properties, "tblW", w=sum(widths), type="dxa")
    borders = _add(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _add(borders, side, val="single", sz=4, space=0, color="808080")
    _add(properties, "tblLayout", type="fixed")
    grid = _add(table, "tblGrid")
    for width in widths:
        _add(grid, "gridCol", w=width)
    table.extend(rows)
    return table


def _row(widths: Sequence[int], cells: Sequence[str | Runs], *, last_spans: int = 1) -> Any:
    """Return a row. The last cell covers the columns that are left."""
    row = etree.Element(f"{_W}tr")
    if sum(map(_length, cells)) < _SHORT_ROW:
        _add(_add(row, "trPr"), "cantSplit")
    for at, content in enumerate(cells):
        is_last = at == len(cells) - 1
        cell = _add(row, "tc")
        properties = _add(cell, "tcPr")
        _add(properties, "tcW", w=sum(widths[at:]) if is_last else widths[at], type="dxa")
        if is_last and last_spans > 1:
            _add(properties, "gridSpan", val=last_spans)
        is_hit = not isinstance(content, str) and any(lit for _, lit in content)
        if is_hit or isinstance(content, _Label):
            _add(properties, "shd", val="clear", color="auto", fill=_SHADE if is_hit else "F2F2F2")
        _add(properties, "vAlign", val="center")
        style = "CellHead" if isinstance(content, _Label) else "Cell"
        cell.append(_paragraph(content, style))
    return row


def _length(content: str | Runs) -> int:
    return len(content) if isinstance(content, str) else sum(len(text) for text, _ in content)


def _paragraph(content: str | Runs, style: str) -> Any:
    """Return a paragraph. A line break in its text becomes one of the document."""
    paragraph = etree.Element(f"{_W}p")
    _add(_add(paragraph, "pPr"), "pStyle", val=style)
    for text, lit in [(content, False)] if isinstance(content, str) else content:
        if not text:
            continue
        run = _add(paragraph, "r")
        if lit:
            properties = _add(run, "rPr")
            _add(properties, "b")
            _add(properties, "shd", val="clear", color="auto", fill=_SHADE)
        for at, line in enumerate(text.split("\n")):
            if at:
                _add(run, "br")
            piece = _add(run, "t")
            piece.set(_PRESERVE, "preserve")
            piece.text = xml_text(line)
    return paragraph


def _add(parent: Any, name: str, **attributes: str | int) -> Any:
    child = etree.SubElement(parent, f"{_W}{name}")
    for attribute, value in attributes.items():
        child.set(f"{_W}{attribute}", str(value))
    return child
