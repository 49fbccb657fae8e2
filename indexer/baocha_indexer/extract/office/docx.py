"""Convert Word documents (DOCX) to lines: paragraphs, headings by style, rows of tables.

The automatic numbers of Word (一、, 1.) are not in the text; `docx_numbers` computes them. Tracked
changes are accepted, and hidden text is left out (`revisions`). Tables of contents are skipped: those
in a field TOC, in a content control for them, or with their styles. The text of a text box comes
after the paragraph to which it is anchored, and footnotes come at the end.

The place of a line is the number of its paragraph: all w:p elements of the body are counted in the
order of the file, from 1, also those in tables and text boxes. A row of a table has the number of its
first paragraph. Footnotes have no number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import takewhile
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import LxmlError

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.office.docx_numbers import Numbers, element_path, value
from baocha_indexer.extract.office.revisions import FALLBACK, WRITTEN, Revisions
from baocha_indexer.extract.rows import row_of_cells
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken, check_archive
from baocha_indexer.messages import Message
from baocha_indexer.model import NO_PLACE, Cell, Changes, Extract, Line, Place, Properties, Role
from baocha_indexer.structure import breaks_off, joined

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BOX = qn("w:txbxContent")
_SKIPPED = frozenset({qn("w:pPr"), qn("w:rPr"), _BOX, FALLBACK})
_TEXTS = frozenset((qn("w:t"), qn("m:t")))
_AS_TEXT = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PARAGRAPH, _TABLE, _ROW, _CELL = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc"))
_CONTAINERS = frozenset({
    *map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")),
    f"{_MC}AlternateContent", f"{_MC}Choice",
})  # fmt: skip
_CONTENTS = ("toc", "目录")
_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]")
_FIELD_MARK, _INSTRUCTION, _SIMPLE_FIELD = map(qn, ("w:fldChar", "w:instrText", "w:fldSimple"))
_MAX_INSTRUCTION = 50
_PAGE_NUMBER = re.compile(r"[\s.．·…‥﹒][-—(（]?\s?(?:\d{1,4}|[ivxIVX]{1,6})\s?[-—)）]?$")
_REFERENCE = re.compile(r'PAGEREF|HYPERLINK\s+\\l\s+"?_Toc')
_SENTENCE_END = re.compile("[。！？；][”’）)」』》]*$")
_MAX_ENTRY = 60
"""Maximum number of characters of an entry that has neither a page number nor a link."""

_NOTES = (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)
_HEADS = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
_MAX_DEPTH = 40
_TOO_DEEP = "Excessive depth"
"""The error of libxml2 for more than 255 elements inside each other."""

_MAX_SPAN = 64


def extract(content: bytes) -> Extract:
    """Return the paragraphs and rows; raises SourceError if it is not a Word document."""
    check_archive(content, "word/document.xml")
    try:
        document = docx.Document(BytesIO(content))
        _without_comments(document.part.element)
        reader = _Reader(document.part)
        text = _plain_text(document.part, reader.changes)
        lines = tuple(line for line in reader.lines() if line.text or line.cells)
        title = document.core_properties.title or ""
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, TypeError) as error:
        # The errors of python-docx for missing or invalid parts.
        raise (_too_deep() if _TOO_DEEP in str(error) else broken()) from error
    chunks = len(list(document.element.body.iter(qn("w:altChunk"))))
    skipped = Message(
        zh=f"嵌入的 {chunks} 处其他格式内容未读取；请用 Word 打开后另存",
        en=f"{chunks} embedded parts of other formats were not read; "
        "open it in Word and save it again",
    )
    warnings = (*((skipped,) if chunks else ()), *reader.revisions.warnings())
    return Extract(
        lines, warnings, Properties(title=printable(title).strip()), text, reader.changes
    )


def _plain_text(part: Any, changes: Changes) -> str:
    """Return all text of the document, its notes, heads and feet. The last two are removed."""
    texts = list(_shown(part.element.body))
    for related in part.rels.values():
        if related.reltype in _NOTES:
            texts += _shown(parse_xml(related.target_part.blob))
        elif related.reltype in _HEADS:
            text = "\n".join(_shown(parse_xml(related.target_part.blob)))
            changes.remove("page head", text)
            texts.append(text)
    return "\n".join(texts)


def _shown(root: Any) -> Iterator[str]:
    """Yield the text of each paragraph, but not what `Fallback` repeats."""
    for paragraph in root.iter(_PARAGRAPH):
        texts = (
            found
            for found in paragraph.iter(*WRITTEN)
            if next(found.iterancestors(_PARAGRAPH)) is paragraph
            and next(found.iterancestors(FALLBACK), None) is None
        )
        yield "".join(found.text or "" for found in texts)


class _Reader:
    """Reads one document, and counts its numbered paragraphs."""

    def __init__(self, part: Any) -> None:
        self._part = part
        self.changes = Changes()
        styles = part.styles.element.findall(qn("w:style"))
        self._styles = {style.get(qn("w:styleId"), ""): style for style in styles}
        self.revisions = Revisions(self.changes)
        paragraphs = part.element.body.iter(_PARAGRAPH)
        self._places = {element: Place(paragraph=at) for at, element in enumerate(paragraphs, 1)}
        self._numbers = Numbers(_related(part, RELATIONSHIP_TYPE.NUMBERING), self._styles)

    def lines(self) -> Iterator[Line]:
        body = self._part.element.body
        self.revisions.apply(body, self._styles)
        self._remove_contents(body)
        yield from self._below(body, 0)
        for kind in _NOTES:
            notes = _related(self._part, kind)
            if notes is not None:
                self.revisions.apply(notes, self._styles)
            for note in () if notes is None else notes:
                # Those with a type are separator lines.
                if note.get(qn("w:type")) is None and not self.revisions.remove_note(note):
                    yield from self._below(note, 0)

    def _remove_contents(self, body: Any) -> None:
        """Remove the text of the fields that are tables of contents, and 目录 above them."""
        for elements in _contents_fields(body):
            paragraph = next(elements[0].iterancestors(_PARAGRAPH), None)
            above = None if paragraph is None else paragraph.getprevious()
            title: list[Any] = []
            if above is not None and _CONTENTS_TITLE.fullmatch(_text(above).strip()):
                title = list(above.iter(*_TEXTS))
            for found in (*title, *self._entries(elements)):
                # A field in another one was removed with it.
                if found.getparent() is not None:
                    self.changes.remove("contents", found.text or "")
                    found.getparent().remove(found)

    def _entries(self, elements: Sequence[Any]) -> list[Any]:
        """Return the elements of a field TOC in its entries. Its end may be below text of the body.

        That text begins with the first sentence or long paragraph that does not look like an entry, and with
        the headings above it.
        """
        paragraphs: dict[Any, list[Any]] = {}
        for found in elements:
            paragraphs.setdefault(next(found.iterancestors(_PARAGRAPH), None), []).append(found)
        cell = next(elements[0].iterancestors(_CELL), None)
        removed: list[Any] = []
        waiting: list[Any] = []  # entries, or headings of the body
        in_body = False
        for paragraph, inside in paragraphs.items():
            text = "".join(found.text or _AS_TEXT.get(found.tag, "") for found in inside).strip()
            in_table = next(inside[0].iterancestors(_CELL), None) is not cell
            if not text:
                removed += inside
            elif paragraph is None or self._is_entry(paragraph, inside, text, in_table=in_table):
                removed += (*waiting, *inside)
                waiting = []
            elif in_body or in_table or len(text) > _MAX_ENTRY or _SENTENCE_END.search(text):
                in_body = True
                waiting = []
            else:
                waiting += inside
        return removed if in_body else list(elements)

    def _is_entry(
        self, paragraph: Any, inside: Sequence[Any], text: str, *, in_table: bool
    ) -> bool:
        """Whether a paragraph looks like an entry of contents. `inside`, `text`: of the field in it."""
        style = self._style_name(paragraph) or value(paragraph, "w:pPr", "w:pStyle") or ""
        if style.casefold().startswith(_CONTENTS):
            return True
        if _SENTENCE_END.search(text):  # a sentence may refer to a page
            return False
        if not in_table and _PAGE_NUMBER.search(text):
            return True
        code = "".join(found.text or "" for found in paragraph.iter(_INSTRUCTION))
        code += "".join(f.get(qn("w:instr"), "") for f in paragraph.iter(_SIMPLE_FIELD))
        anchors = (
            link.get(qn("w:anchor"), "")
            for found in inside
            for link in found.iterancestors(qn("w:hyperlink"))
        )
        return bool(_REFERENCE.search(code)) or any(a.startswith("_Toc") for a in anchors)

    def _below(self, element: Any, depth: int) -> Iterator[Line]:
        if depth > _MAX_DEPTH:  # tables in tables: their text, without their cells
            text = " ".join(_text(found) for found in element.iter(_PARAGRAPH))
            yield Line(printable(text).strip(), whole=True)
            return
        for child in element:
            if child.tag == _PARAGRAPH:
                yield from self._paragraph(child, depth)
            elif child.tag == _TABLE:
                yield from self._table(child, depth)
            elif child.tag in _CONTAINERS:
                if _is_contents(child):
                    self.changes.remove("contents", *_shown(child))
                else:
                    yield from self._below(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[Line]:
        style = self._style_name(paragraph)
        # The styles of a table of contents need no definition.
        name = style or (value(paragraph, "w:pPr", "w:pStyle") or "").casefold()
        if name.startswith(_CONTENTS):
            self.changes.remove("contents", _text(paragraph))
        else:
            number = self._numbers.before(paragraph)
            if number[-1:].isalnum():  # 第一章: Word separates it from the text by a tab
                number += " "
            self.changes.added.append(number)
            level = self._outline_level(paragraph, style)
            role: Role | None = "heading" if level else None
            if style in ("title", "标题"):
                role = "title"
            texts = [printable(text).strip() for text in _text(paragraph).split("\n")]
            texts = _joined_sentences([number + texts[0], *texts[1:]])
            place = self._places.get(paragraph, NO_PLACE)
            yield Line(texts[0].strip(), whole=True, role=role, level=level, place=place)
            for other in texts[1:]:
                yield Line(other, whole=True, place=place)
        for box in paragraph.iter(_BOX):
            # A box inside another box is read together with that box.
            above = takewhile(lambda element: element is not paragraph, box.iterancestors())
            if not any(element.tag in (f"{_MC}Fallback", _BOX) for element in above):
                yield from self._below(box, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[Line]:
        rows: list[list[Cell]] = []
        places: list[Place] = []
        # By column: the row of the cell that continues downwards, and its index in the row. `latest`
        # has the cells that do not continue too, because a tracked change may merge them.
        continued: dict[int, tuple[int, int]] = {}
        latest: dict[int, tuple[int, int]] = {}
        for row in table.iter(_ROW):
            if next(row.iterancestors(_TABLE)) is not table:
                continue
            cells: list[Cell] = []
            column = _count(value(row, "w:trPr", "w:gridBefore"), 0)
            is_head = row.find(element_path("w:trPr", "w:tblHeader")) is not None
            for cell in row.iter(_CELL):
                if next(cell.iterancestors(_ROW)) is not row:
                    continue
                columns = _count(value(cell, "w:tcPr", "w:gridSpan"), 1)
                merge, is_tracked = _vertical_merge(cell)
                above = latest.get(column) if is_tracked else continued.get(column)
                continues = merge == "continue" and above is not None
                if continues and not is_tracked:
                    self.revisions.hide(*_shown(cell))
                    text = ""
                else:
                    lines = self._below(cell, depth + 1)
                    text = joined([line.text for line in lines if line.text])
                if above is not None and continues:
                    first, at = above
                    whole = rows[first][at]
                    text = joined([piece for piece in (whole.text, text) if piece])
                    rows[first][at] = replace(whole, text=text, rows=len(rows) - first + 1)
                else:
                    latest[column] = len(rows), len(cells)
                    cells.append(Cell(text, column, columns, is_head=is_head))
                if merge is None:
                    continued.pop(column, None)
                else:
                    continued[column] = latest[column]
                column += columns
            rows.append(cells)
            places.append(self._places.get(next(row.iter(_PARAGRAPH), None), NO_PLACE))
        for at, (cells, place) in enumerate(zip(rows, places, strict=True)):
            yield replace(row_of_cells(cells, begins_table=at == 0), place=place)

    def _style_of(self, paragraph: Any) -> Any | None:
        return self._styles.get(value(paragraph, "w:pPr", "w:pStyle") or "")

    def _style_name(self, paragraph: Any) -> str:
        style = self._style_of(paragraph)
        return "" if style is None else (value(style, "w:name") or "").casefold()

    def _outline_level(self, paragraph: Any, style: str) -> int | None:
        """Return the level of a heading, from 1: from the paragraph, or else from its style."""
        level = value(paragraph, "w:pPr", "w:outlineLvl")
        number = style.removeprefix("heading ").removeprefix("标题 ")
        if level is None and number != style and number.isdecimal():
            return int(number)
        inherited = self._style_of(paragraph)
        # A style inherits the level from the style that it is based on.
        for _ in range(_MAX_DEPTH):
            if level is not None or inherited is None:
                break
            level = value(inherited, "w:pPr", "w:outlineLvl")
            inherited = self._styles.get(value(inherited, "w:basedOn") or "")
        # Level 9 is body text.
        return int(level) + 1 if level and level.isdecimal() and int(level) < 9 else None


def _too_deep() -> SourceError:
    return SourceError(
        zh="表格嵌套过深，无法完整读取，未索引",
        en="tables are nested too deep to be read completely; it was not indexed",
    )


def _count(written: str | None, default: int) -> int:
    """Return a number of columns."""
    return min(int(written), _MAX_SPAN) if written and written.isdecimal() else default


def _vertical_merge(cell: Any) -> tuple[str | None, bool]:
    """Return how a cell is merged with the one above it, and whether a tracked change says so.

    The first is `continue`, `restart`, or None for a cell that is not merged.
    """
    tracked = cell.find(element_path("w:tcPr", "w:cellMerge"))
    if tracked is not None and (new := tracked.get(qn("w:vMerge"))):
        return ("continue" if new == "cont" else "restart"), True
    if tracked is not None and tracked.get(qn("w:vMergeOrig")):
        return None, True  # it was split
    merge = cell.find(element_path("w:tcPr", "w:vMerge"))
    return (None if merge is None else merge.get(qn("w:val"), "continue")), False


def _joined_sentences(texts: Sequence[str]) -> list[str]:
    """Return the lines of a paragraph. A line break inside a sentence is removed."""
    result = [texts[0]]
    for text in texts[1:]:
        if text and breaks_off(result[-1]):
            result[-1] = joined([result[-1], text])
        else:
            result.append(text)
    return result


def _without_comments(root: Any) -> Any:
    """Remove the XML comments and instructions: they would cut the text of an element."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return root


def _related(part: Any, kind: str) -> Any | None:
    try:
        return _without_comments(parse_xml(part.part_related_by(kind).blob))
    except KeyError:
        return None


def _is_contents(element: Any) -> bool:
    gallery = value(element, "w:sdtPr", "w:docPartObj", "w:docPartGallery")
    return gallery == "Table of Contents"


def _contents_fields(root: Any) -> list[list[Any]]:
    """Return the elements with text in each field TOC. A field without an end is ignored."""
    found: list[list[Any]] = [
        elements
        for simple in root.iter(_SIMPLE_FIELD)
        if _is_toc(simple.get(qn("w:instr"), ""))
        and (elements := list(simple.iter(*_TEXTS, *_AS_TEXT)))
    ]
    inside: list[Any] = []
    open_fields: list[tuple[int, str]] = []  # where the text in it begins, and its instruction
    for element in root.iter(_FIELD_MARK, _INSTRUCTION, *_TEXTS, *_AS_TEXT):
        kind = element.get(qn("w:fldCharType"))
        if element.tag == _FIELD_MARK and kind == "begin":
            open_fields.append((len(inside), ""))
        elif not open_fields:
            continue
        elif element.tag == _FIELD_MARK and kind == "end":
            start, instruction = open_fields.pop()
            if _is_toc(instruction) and inside[start:]:
                found.append(inside[start:])
                del inside[start:]
        elif element.tag == _INSTRUCTION:
            start, instruction = open_fields[-1]
            if len(instruction) < _MAX_INSTRUCTION:
                open_fields[-1] = start, instruction + (element.text or "")
        elif element.tag != _FIELD_MARK:
            inside.append(element)
    return found


def _is_toc(instruction: str) -> bool:
    return instruction.upper().split()[:1] == ["TOC"]


def _text(element: Any) -> str:
    """Return the text of a paragraph, without its text boxes and its deleted text."""
    pieces: list[str] = []
    waiting = [element]
    while waiting:
        found = waiting.pop()
        if found.tag in _TEXTS:
            pieces.append(found.text or "")
        elif found.tag in _AS_TEXT:
            # Ignore page breaks and column breaks: they may be inside a sentence.
            in_text = found.get(qn("w:type"), "textWrapping") == "textWrapping"
            pieces.append(_AS_TEXT[found.tag] if in_text else "")
        elif found.tag not in _SKIPPED:
            waiting.extend(reversed(found))
    return "".join(pieces)
