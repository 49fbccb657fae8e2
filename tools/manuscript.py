"""Read the manuscripts of the sample reports, and lay them out as text files.

A manuscript states what the parser must find: the paragraphs, the section of each, the department
and the year. `lay_out` changes the text as word processors, PDF and text extraction change
real reports. The tests compare the result of the parser with the manuscript, for every layout.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from baocha_indexer.structure.layout import width

MANUSCRIPTS = Path(__file__).parent / "manuscripts"

_NOT_AT_LINE_START = "，。；：、！？”’）》】%％"
_TOKEN = re.compile(r"[0-9A-Za-z.,%_/+-]+|.")


BlankLines = Literal["after every line", "between paragraphs", "none"]
PageNumber = Literal["", "{}", "- {} -", "第 {} 页"]


@dataclass(frozen=True)
class Item:
    """A paragraph of a manuscript. `cells` is empty unless it is a row of a table."""

    text: str
    section_path: tuple[str, ...]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manuscript:
    """An invented report. All files of the sample corpus are made from manuscripts."""

    department: str
    year: int
    kind: str
    file: str
    front: str
    title: tuple[str, ...]
    items: tuple[Item, ...]

    def paragraphs(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the text and the section path of every paragraph, including the title."""
        front = [(self.front, ())] if self.front else []
        return [*front, ("".join(self.title), ()), *((i.text, i.section_path) for i in self.items)]


@dataclass(frozen=True)
class Layout:
    """The layout of a text file. With `columns` None, a paragraph is one line, broken only by pages."""

    columns: int | None = 56
    blank_lines: BlankLines = "after every line"
    page_lines: int | None = None
    page_number: PageNumber = ""
    space_at_page_top: bool = False
    form_feeds: bool = False
    encoding: str = "utf-8"
    newline: str = "\n"


def read_manuscript(path: Path) -> Manuscript:
    """Read a manuscript from its file."""
    fields: dict[str, str] = {}
    items: list[Item] = []
    section_path: tuple[str, ...] = ()
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section_path = (*section_path[:1], line[3:])
            items.append(Item(line[3:], section_path))
        elif line.startswith("# "):
            section_path = (line[2:],)
            items.append(Item(line[2:], section_path))
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            items.append(Item(" | ".join(cells), section_path, cells))
        elif "title" in fields and line:
            items.append(Item(line, section_path))
        elif line:
            name, _, value = line.partition(": ")
            fields[name] = value
    return Manuscript(
        fields["department"],
        int(fields["year"]),
        fields["kind"],
        fields["file"],
        fields.get("front", ""),
        tuple(fields["title"].split(" / ")),
        tuple(items),
    )


def manuscripts() -> list[Manuscript]:
    """Read all manuscripts, in the order of their file names."""
    return [read_manuscript(path) for path in sorted(MANUSCRIPTS.glob("*.txt"))]


def lay_out(manuscript: Manuscript, layout: Layout) -> bytes:
    """Return a manuscript as the content of a text file with this layout."""
    page: list[str] = []
    pages = [page]
    for line in _lines(manuscript, layout):
        if layout.page_lines and len(page) >= layout.page_lines:
            page = []
            pages.append(page)
        page.append(line)
    text = ""
    for number, lines in enumerate(pages, start=1):
        if number > 1:
            text += "\f" if layout.form_feeds else " " if layout.space_at_page_top else ""
        text += "\n".join(lines) + "\n"
        if layout.page_number:
            text += "\n" + layout.page_number.format(number) + "\n"
    return text.replace("\n", layout.newline).encode(layout.encoding)


def _lines(manuscript: Manuscript, layout: Layout) -> Iterator[str]:
    after = [""] if layout.blank_lines == "after every line" else []
    between = [""] if layout.blank_lines == "between paragraphs" else []
    if manuscript.front:
        yield from (manuscript.front, "")
    yield from (*manuscript.title, "")
    for item in manuscript.items:
        lines = item.cells or _wrapped(item.text, layout)
        for line in lines:
            yield from (line, *after)
        yield from between


def _wrapped(text: str, layout: Layout) -> list[str]:
    if layout.columns is None:
        return _halves(text) if layout.page_lines else [text]
    lines: list[str] = []
    line, room = "", layout.columns - 4.0
    for token in _TOKEN.findall(text):
        if width(line + token) > room and token not in _NOT_AT_LINE_START:
            lines.append(line.strip())
            line, room = "", float(layout.columns)
        line += token
    return [*lines, line.strip()]


def _halves(text: str) -> list[str]:
    """Break a long paragraph in the middle of a clause, as the end of a page does. Return the lines."""
    for at in range(len(text) // 2, len(text) - 1):
        around = text[at - 1 : at + 1]
        if len(text) > 200 and all("\u4e00" <= char <= "\u9fff" for char in around):
            return [text[:at], text[at:]]
    return [text]
