"""Write a working paper 底稿 as a Word document: its head, the numbered entries, the searches."""

from collections.abc import Sequence
from typing import BinaryIO

from baocha.exports.citations import source_text
from baocha.exports.docx_elements import Body, Cell, label, open_body
from baocha.exports.docx_parts import PORTRAIT
from baocha.exports.paper import (
    STATE_NAMES,
    VERDICT_NAMES,
    WORKING_PAPER,
    Entry,
    Paper,
    ShownCell,
    runs_of,
    shown_cells,
)
from baocha.exports.provenance import row_of
from baocha_indexer.messages import Language, Message

MAX_COLUMNS = 6
"""Maximum number of cells side by side. A row with more cells is written with one cell on each line."""

_WIDTH = PORTRAIT.text_width

EXCERPTS = Message(zh="摘录", en="Excerpts")
CERTIFICATE = Message(zh="核查结果：未见该表述", en="Result of the check: no paragraph contains it")
NO_EXCERPTS = Message(zh="（无）", en="(none)")
MENTIONS = Message(zh="提及情况", en="Mentions")
SEARCHES = Message(zh="检索记录", en="Searches")
_HEADS = {
    "number": Message(zh="编号", en="Number"),
    "auditee": Message(zh="被审计（检查）单位", en="Audited (inspected) unit"),
    "subject": Message(zh="事项", en="Subject"),
    "prepared": Message(zh="编制人 / 日期", en="Prepared by / on"),
    "reviewed": Message(zh="复核人 / 日期", en="Reviewed by / on"),
}
_TEXT_NOW = Message(zh="当前文本：", en="Text now: ")
_NOTE = Message(zh="备注：", en="Note: ")
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
    with open_body(file, title, paper.fields.prepared_by, language, PORTRAIT) as body:
        body.add_paragraph(WORKING_PAPER.render(language), "Title")
        _add_head(body, paper, language)
        sections = iter(("一", "二", "三") if language == "zh" else ("1", "2", "3"))

        def add_section(name: Message) -> None:
            number = next(sections) + ("、" if language == "zh" else ". ")
            body.add_paragraph(number + name.render(language), "Heading1")

        add_section(EXCERPTS)
        count = 0
        for count, entry in enumerate(paper.entries, start=1):
            _add_entry(body, count, entry, paper.is_basket, language)
        if not count:
            is_proof = any(record.is_absence for record in paper.searches)
            shown = CERTIFICATE if is_proof else NO_EXCERPTS
            body.add_paragraph(shown.render(language), "Remark")
        if any(record.mentions for record in paper.searches):
            add_section(MENTIONS)
        for number, record in enumerate(paper.searches, start=1):
            if record.mentions:
                heading = Message(zh=f"检索 {number}：", en=f"Search {number}: ").render(language)
                body.add_paragraph(heading + record.query, "Heading2")
                body.add_lines((name.render(language), value) for name, value in record.mentions)
        add_section(SEARCHES)
        for number, record in enumerate(paper.searches, start=1):
            heading = Message(zh=f"检索 {number}", en=f"Search {number}").render(language)
            body.add_paragraph(heading, "Heading2")
            lines = (line for line in record.lines if line not in record.mentions)
            body.add_lines((name.render(language), value) for name, value in lines)


def _add_head(body: Body, paper: Paper, language: Language) -> None:
    fields = paper.fields
    heads = {name: label(message.render(language)) for name, message in _HEADS.items()}
    prepared = " / ".join(filter(None, (fields.prepared_by, fields.prepared_on)))
    reviewed = " / ".join(filter(None, (fields.reviewed_by, fields.reviewed_on)))
    first, second = 2250, 1450
    widths = (first, _WIDTH - first - 2 * second - 600, second, second + 600)
    rows = (
        (heads["auditee"], Cell(fields.auditee), heads["number"], Cell(fields.number)),
        (heads["subject"], Cell(fields.subject or paper.name)),
        (heads["prepared"], Cell(prepared), heads["reviewed"], Cell(reviewed)),
    )
    body.add_table(widths, rows)


def _add_entry(body: Body, number: int, entry: Entry, is_basket: bool, language: Language) -> None:  # noqa: FBT001 — a field of the paper
    hit = entry.hit
    _, department, year, kind, *_ = row_of(number, hit, language)
    dot = "．" if language == "zh" else ". "
    where = " · ".join(str(part) for part in (department, year, kind) if part)
    body.add_paragraph(f"{number}{dot}{where}", "Heading2")
    if cells := shown_cells(hit):
        _add_cells(body, cells, language)
    else:
        body.add_paragraph(runs_of(hit.text, hit.spans), "Quote")
    if hit.lead:
        body.add_paragraph(_LEAD.render(language) + hit.lead, "Remark")
    if entry.state != "current":
        body.add_paragraph(
            [(_STATE.render(language), False), (STATE_NAMES[entry.state].render(language), True)],
            "Remark",
        )
    if entry.text_now:
        body.add_paragraph(_TEXT_NOW.render(language) + entry.text_now, "Remark")
    if is_basket and entry.verdict:
        body.add_paragraph(
            _VERDICT.render(language) + VERDICT_NAMES[entry.verdict].render(language), "Remark"
        )
    if entry.note:
        body.add_paragraph(_NOTE.render(language) + entry.note, "Remark")
    colon = "：" if language == "zh" else ": "
    lines = (
        _CITATION.render(language)
        + source_text(hit.report, hit.section_path, hit.location, language),
        _FILE.render(language) + hit.report.source,
        f"SHA-256{colon}{hit.report.sha256}",
    )
    body.add_paragraph("\n".join(line.replace("\n", " ") for line in lines), "Source")


def _add_cells(body: Body, cells: Sequence[ShownCell], language: Language) -> None:
    """Write a row as a small table of heads, units and cells. Cells with a match are shaded."""
    if len(cells) <= MAX_COLUMNS:
        widths = [_WIDTH // len(cells)] * len(cells)
        heads = [label(cell.head + (f"（{cell.unit}）" if cell.unit else "")) for cell in cells]
        rows = [heads] if any(cell.head or cell.unit for cell in cells) else []
        body.add_table(widths, [*rows, [Cell(cell.runs) for cell in cells]])
        return
    names = [label(message.render(language)) for message in (_COLUMN, _UNIT, _CONTENT)]
    lines = ([Cell(cell.head), Cell(cell.unit), Cell(cell.runs)] for cell in cells)
    widths = [_WIDTH // 2 - 700, 1000, _WIDTH - _WIDTH // 2 - 300]
    body.add_table(widths, [names, *lines])
