"""The data types of the indexer: lines, blocks, paragraphs, reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from baocha_indexer.messages import Message

Role = Literal["title", "heading", "body", "table"]

CELL_SEPARATOR = " | "
"""Separates the cells in the text of a table row."""

HEAD_SEPARATOR = " / "
"""Separates the lines of the head of a column: 支出 / 基本支出."""

DECLARED = ("title", "department", "year", "kind")
"""The columns of `metadata.csv` that every report has."""

UNKNOWN = "未知"
"""Shown for an unknown value, which is None in the code. The index stores an unknown department so."""


class Column(NamedTuple):
    """What a table says about the text of a cell. An unknown value is empty.

    `head`: the texts of the head above it, from the top, joined by `HEAD_SEPARATOR`. `unit`: the unit
    of its figure, such as 万元.
    """

    head: str
    unit: str


NO_COLUMN = Column("", "")


class TableCell(NamedTuple):
    """A cell of a row: the head of its column, its text, and the unit of its figure."""

    head: str
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that begins in a row of a table.

    `column` counts from 0. `columns` and `rows`: how many it covers, from this row on. `is_head`: the
    source marks it as a head.
    """

    text: str
    column: int
    columns: int = 1
    rows: int = 1
    is_head: bool = False


class Box(NamedTuple):
    """A place on a page, from 1, in points from its top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def around(boxes: "Sequence[Box]") -> "Box | None":
        """Return the smallest box around others on one page, None if there are none."""
        if not boxes:
            return None
        page, left, top, right, bottom = zip(*boxes, strict=True)
        return Box(page[0], min(left), min(top), max(right), max(bottom))


class Place(NamedTuple):
    """Where a text is in a file without pages.

    `sheet` and `cells`: the sheet and the range, such as A5:D5, of an Excel workbook. `paragraph`: the
    number of the paragraph in the body of a Word document, from 1; 0 if unknown.
    """

    sheet: str = ""
    cells: str = ""
    paragraph: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the known values."""
        return {name: value for name, value in self._asdict().items() if value}


NO_PLACE = Place()


@dataclass(frozen=True, slots=True)
class Location:
    """Where a text is in its source file. An unknown value is None or empty.

    `page`: from 1. `boxes`: those of its lines, in a PDF or scan. `place`: in a file without pages.
    `confidence`: the lowest confidence of OCR for its lines, from 0 to 1; None for text that was not
    recognised from an image.
    """

    page: int | None = None
    boxes: tuple[Box, ...] = ()
    place: Place = NO_PLACE
    confidence: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the location as JSON values."""
        return {
            "page": self.page,
            "box": [box._asdict() for box in self.boxes],
            "place": self.place.to_dict(),
            "ocr": self.confidence is not None,
            "confidence": self.confidence,
        }


NO_LOCATION = Location()

LOW_CONFIDENCE = 0.9
"""Text that OCR recognised with a lower confidence is shown with it. Clear scans have 0.97."""

MAX_EMPTY_CELLS = 16
"""Maximum number of consecutive empty cells in the text of a row. A sheet may have thousands."""


def places_in_text(cells: Sequence[Cell]) -> list[int | None]:
    """Return the index of each cell with text, in the order of their columns.

    None stands for an empty cell, and for each other column that a cell covers, except at the end
    and beyond `MAX_EMPTY_CELLS` in a row.
    """
    found: list[int | None] = []
    place = 0
    for at, cell in enumerate(cells):
        if cell.text:
            found += [None] * min(MAX_EMPTY_CELLS, max(0, cell.column - place))
            found.append(at)
            place = cell.column + 1
    return found


def text_of_cells(cells: Sequence[Cell]) -> str:
    """Return the text of a row: the texts of its cells, separated."""
    return CELL_SEPARATOR.join("" if at is None else cells[at].text for at in places_in_text(cells))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source, stripped.

    `page`: None if the source has no pages. `whole`: the source marks the line as a complete
    paragraph, which is never joined to other lines. Then `role` may be known, and the `level` of a
    heading, from 1; 0 is above all numbered headings but parts. `indented`: whether the line begins farther to the right than its neighbours;
    None if unknown. `cells`: of a row of a table, if the reader knows their places; `begins_table`:
    it is the first row. `columns`: of each cell in the text of a row, when they are known. `box`:
    where it is on its page, if known. `place` and `confidence` as in `Location`.
    """

    text: str
    page: int | None = None
    blank_before: bool = False
    whole: bool = False
    role: Role | None = None
    level: int | None = None
    indented: bool | None = None
    cells: tuple[Cell, ...] = ()
    begins_table: bool = False
    columns: tuple[Column, ...] = ()
    box: Box | None = None
    place: Place = NO_PLACE
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class FactBox:
    """The values in the fact box of an official document. An unknown value is empty.

    `issuer`: 发文机关. `publisher`: 发布机构, often the office that runs the site. `number`: 发文字号.
    `date`: 成文日期. `published`: 发布日期, often much later than `date`.
    """

    title: str = ""
    issuer: str = ""
    publisher: str = ""
    number: str = ""
    date: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Properties:
    """The metadata of a file outside its text. An unknown value is empty."""

    title: str = ""
    department: str = ""
    fact_box: FactBox = FactBox()


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines that were read from the bytes of a file, before the structure is analysed."""

    lines: tuple[Line, ...]
    warnings: tuple[Message, ...] = ()
    properties: Properties = Properties()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, joined from its lines, before its section is known.

    `level`: the level of a heading without a number, as in `Line`; None for a heading with a number.
    `columns` as in `Line`.
    """

    text: str
    role: Role
    location: Location = NO_LOCATION
    level: int | None = None
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report: the unit that a search returns.

    `ordinal` counts from 1 within the report. `section_path`: the level-1 and level-2 headings, as
    written. `section`: the canonical name of the level-1 heading, empty before the first heading.
    `columns`: of each cell in the text of a row of a table; empty if they are unknown.
    """

    ordinal: int
    text: str
    role: Role
    section: str
    section_path: tuple[str, ...]
    location: Location = NO_LOCATION
    columns: tuple[Column, ...] = ()

    @property
    def page(self) -> int | None:
        """The page, from 1; None if the source has no pages."""
        return self.location.page

    @property
    def cells(self) -> tuple[TableCell, ...]:
        """The cells of a row that have text; empty if their columns are unknown."""
        return cells_of(self.text, self.columns)


def cells_of(text: str, columns: Sequence[Column]) -> tuple[TableCell, ...]:
    """Return the cells of a row that have text, each with its column."""
    if not columns:
        return ()
    return tuple(
        TableCell(head, cell, unit)
        for cell, (head, unit) in zip(text.split(CELL_SEPARATOR), columns, strict=False)
        if cell
    )


OriginSource = Literal[
    "title", "cover", "fact box", "document number", "signature", "file name", "file properties",
    "metadata.csv",
]  # fmt: skip
"""Where a value of the metadata comes from."""

Certainty = Literal["certain", "likely", "guess"]
"""How sure a value is: written as such; follows from a rule; or only possible."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of the metadata comes from, and how sure it is."""

    source: OriginSource
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a report. An unknown value is None.

    `years`: all years that the report is about, ascending; `year` is one of them. `level` and
    `region`: those of the government that the department belongs to. `document_number`: 发文字号.
    `origins`: the origin of each known value, by the name of its field.
    """

    title: str
    department: str | None
    year: int | None
    kind: str
    years: tuple[int, ...] = ()
    level: str | None = None
    region: str | None = None
    document_number: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def details(self) -> str:
        """Return what the index stores beside title, department, year and kind, as JSON."""
        values = {
            "years": self.years,
            "document_number": self.document_number,
            "origins": {name: asdict(origin) for name, origin in self.origins.items()},
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Report:
    """The content of one source file: its metadata and paragraphs."""

    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """One report in the index.

    `path`: the path of its source file when it was indexed. `source`: the name shown to users.
    `declared`: its declaration from `metadata.csv`, as JSON; empty if there was none. `details`:
    what `Metadata.details` returned; empty in an index of an earlier version.
    """

    id: str
    source: str
    path: str
    sha256: str
    title: str
    department: str | None
    year: int | None
    kind: str
    paragraphs: int
    declared: str = ""
    details: str = ""

    @property
    def metadata(self) -> dict[str, Any]:
        """The details as JSON values: `years`, `document_number`, `origins`."""
        years = [self.year] if self.year else []
        values: dict[str, Any] = {"years": years, "document_number": None, "origins": {}}
        return values | (json.loads(self.details) if self.details else {})

    @property
    def extra_columns(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the additional columns of `metadata.csv`."""
        values = json.loads(self.declared) if self.declared else {}
        return tuple((name, str(value)) for name, value in values.items() if name not in DECLARED)


MAX_PARAGRAPH = 20_000
"""Largest number of characters in a paragraph.

Sixteen times the longest paragraph in 3,500 statutes (1,240 characters), so real paragraphs are
not cut; and small enough to show a page of a hundred hits.
"""
