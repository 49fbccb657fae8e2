"""The data types of the indexer: lines, blocks, paragraphs, reports."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Context, Decimal
from typing import Any, Literal, NamedTuple, Protocol, get_args

from baocha_indexer.messages import Language, Message

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
        """Return the smallest box around others on one page, or None for no boxes."""
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


Reason = Literal[
    "page head", "page number", "contents", "repeated title", "table head", "fact box", "navigation",
    "mark", "note mark", "link", "front matter", "hidden text", "outside the page",
    "tracked deletion", "low confidence",
]  # fmt: skip
"""Why a text of a file is in no paragraph."""

REASONS: tuple[Reason, ...] = get_args(Reason)


class _Text(Protocol):
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Changes:
    """The texts that the reader and the later steps removed, each with the reason, and added.

    Added texts are those that the file does not have in this place: the number of a list item, a
    cell of several rows that is repeated in each of them. `unread_pages`: the numbers of the pages
    that were not read, so that their characters are unknown.
    """

    removed: list[tuple[Reason, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    unread_pages: list[int] = field(default_factory=list)

    def remove(self, reason: Reason, *texts: str) -> None:
        """Record texts that were removed."""
        self.removed.extend((reason, text) for text in texts)

    def remove_missing(
        self, reason: Reason, before: Iterable[_Text], after: Iterable[_Text]
    ) -> None:
        """Record what is in `before` and not in `after`: the same objects, or fewer."""
        kept = set(map(id, after))
        self.remove(reason, *(found.text for found in before if id(found) not in kept))


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines that were read from the bytes of a file, before the structure is analysed.

    `text`: the plain text of the file, found without the rules of the reader. `changes`: what the
    reader removed from it, and added.
    """

    lines: tuple[Line, ...]
    warnings: tuple[Message, ...] = ()
    properties: Properties = Properties()
    text: str = ""
    changes: Changes = field(default_factory=Changes)


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


FigureKind = Literal["amount", "rate", "score", "count"]
"""What a figure is: an amount of money, a share or a rate, points of an assessment, a number of things."""

FIGURE_KINDS: tuple[FigureKind, ...] = get_args(FigureKind)

Period = Literal["本年", "上年", "年初", "全年", "决算"]
"""The period or stage that a figure belongs to: this year, the year before, the budget at the start of
the year, the whole year, the final account."""

Qualifier = Literal[
    "约", "超", "不低于", "不高于", "增长", "下降", "至",
]  # fmt: skip
"""How a figure is meant: about; more than; at least; at most; a rise; a fall; the level after a change."""

UnitOrigin = Literal["beside", "later", "row", "head", "caption"]
"""Where the unit of a figure is: behind the number; behind a later number of the same list or range; in the
text cell before it in its row; in the head of the column; above the table."""


PERIODS: tuple[Period, ...] = get_args(Period)
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)
UNIT_ORIGINS: tuple[UnitOrigin, ...] = get_args(UnitOrigin)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, a rate, a score or a count in a paragraph.

    `value`: in yuan, percent, points, or a number of things; a fall is negative. Amounts in a foreign
    `currency` (ISO 4217, else empty) are not converted. `unit`: as written. `text`: the number as
    written, without the unit; `span`: its place in the paragraph. `label`: what it measures, as written.
    `name`: the standard name of that, such as 执行率, or empty. `before`: the value of the same thing in the
    year before, if the paragraph has it.
    """

    kind: FigureKind
    value: Decimal
    unit: str
    text: str
    span: tuple[int, int]
    label: str
    name: str = ""
    period: Period | None = None
    qualifier: Qualifier | None = None
    origin: UnitOrigin = "beside"
    currency: str = ""
    before: Decimal | None = None

    @property
    def is_change(self) -> bool:
        """Whether it is a rise or a fall, and not a level."""
        return self.qualifier in ("增长", "下降")

    @property
    def is_limit(self) -> bool:
        """Whether it is the end of a range, a target or a limit of a rule: 不低于 95%, 60% 以下."""
        return self.qualifier in ("不低于", "不高于")

    @property
    def decimals(self) -> int:
        """The number of decimal places of the value."""
        exponent = self.value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    def stored_fields(self) -> tuple[str | None, ...]:
        """Return the fields that many figures have in common, in the order of `stored_figure`."""
        return (
            self.kind, self.unit, self.name, self.period, self.qualifier, self.origin, self.currency
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as JSON values. The value is a text, so that no digit is lost."""
        return {
            "kind": self.kind,
            "value": f"{self.value:f}",
            "unit": self.unit,
            "text": self.text,
            "span": list(self.span),
            "label": self.label,
            "name": self.name,
            "period": self.period,
            "qualifier": self.qualifier,
            "origin": self.origin,
            "currency": self.currency,
            "before": None if self.before is None else f"{self.before:f}",
        }


_EXACT = Context(prec=100)


def exact_value(value: float, decimals: int) -> Decimal:
    """Return the decimal number that a float64 stands for, with so many decimal places."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def stored_figure(
    value: Decimal,
    text: str,
    begin: int,
    label: str,
    fields: Sequence[Any],
    before: Decimal | None,
) -> Figure:
    """Return a figure from what an index stores of it.

    `text`: the number as written. `fields`: what `Figure.stored_fields` returned.
    """
    kind, unit, name, period, qualifier, origin, currency = fields
    span = (begin, begin + len(text))
    return Figure(
        kind, value, unit, text, span, label, name, period, qualifier, origin, currency, before
    )


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between figures of a report, such as 执行率 = 执行数 ÷ 预算数.

    `rule`: the id of the relation. `holds`: None if it is not decided. `explanation`: the arithmetic.
    `evidence`: the figures, each as the ordinal of its paragraph with its span in the text; (0, 0) is the
    whole row of an indicator. `is_slight`: it failed by one unit in the last digit, probably by rounding.
    """

    rule: str
    holds: bool | None
    explanation: Message
    evidence: tuple[tuple[int, tuple[int, int]], ...]
    is_slight: bool = False

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """The ordinals of the paragraphs with the figures, ascending."""
        return tuple(sorted({ordinal for ordinal, _ in self.evidence}))

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the check as JSON values."""
        return {
            "rule": self.rule,
            "holds": self.holds,
            "explanation": self.explanation.render(language),
            "paragraphs": list(self.paragraphs),
        }


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report: the unit that a search returns.

    `ordinal` counts from 1 within the report. `section_path`: the level-1 and level-2 headings, as
    written. `section`: the canonical name of the level-1 heading, empty before the first heading.
    `columns`: of each cell in the text of a row of a table; empty if they are unknown. `figures`: in the
    order of the text.
    """

    ordinal: int
    text: str
    role: Role
    section: str
    section_path: tuple[str, ...]
    location: Location = NO_LOCATION
    columns: tuple[Column, ...] = ()
    figures: tuple[Figure, ...] = ()

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
    `published`: the date of publication, YYYY-MM-DD; a date of writing (成文日期) if its origin is a
    guess: the report was published on that day or later.
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
    published: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)


MAX_UNEXPLAINED = 0.02
"""A larger share of unexplained characters is a warning."""


@dataclass(frozen=True, slots=True)
class Account:
    """How many characters of a file are in its paragraphs. White space does not count.

    `found` = `kept` + all of `dropped`, by reason + `unexplained`. `example`: a line that was lost,
    if the file is incomplete. `unread_pages`: number of pages that were not read, and whose characters
    are not in `found`.
    """

    found: int = 0
    kept: int = 0
    dropped: Mapping[Reason, int] = field(default_factory=dict)
    unexplained: int = 0
    example: str = ""
    unread_pages: int = 0

    @property
    def is_incomplete(self) -> bool:
        """Whether more characters were lost than can be ignored."""
        return self.unexplained > MAX_UNEXPLAINED * self.found

    @property
    def warning(self) -> Message | None:
        """The warning if the file is incomplete, else None."""
        if not self.is_incomplete:
            return None
        return Message(
            zh=f"文件中有 {self.found:,} 个字，其中 {self.unexplained:,} 个未能读入，原因不明，"
            f"例如：{self.example}",
            en=f"{self.unexplained:,} of {self.found:,} characters of the file were lost for an "
            f"unknown reason, for example: {self.example}",
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The content of one source file: its metadata and paragraphs."""

    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[Message, ...]
    account: Account = Account()

    def details(self) -> str:
        """Return what the index stores beside title, department, year and kind, as JSON."""
        origins = self.metadata.origins
        values = {
            "years": self.metadata.years,
            "document_number": self.metadata.document_number,
            "published": self.metadata.published,
            "origins": {name: asdict(origin) for name, origin in origins.items()},
            "account": asdict(self.account),
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """One report in the index.

    `path`: the path of its source file when it was indexed. `source`: the name shown to users.
    `declared`: its declaration from `metadata.csv`, as JSON; empty if there was none. `details`:
    what `Report.details` returned; empty in an index of an earlier version. `state`: the state of the
    file when it was read, see `settled_state`; empty if it is not known.
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
    state: str = ""

    @property
    def metadata(self) -> dict[str, Any]:
        """The details as JSON values: what `Report.details` returned, with defaults."""
        years = [self.year] if self.year else []
        values: dict[str, Any] = {
            "years": years,
            "document_number": None,
            "published": None,
            "origins": {},
            "account": None,
        }
        return values | (json.loads(self.details) if self.details else {})

    @property
    def account(self) -> Account:
        """The account of its characters; empty in an index of an earlier version."""
        return Account(**(self.metadata["account"] or {}))

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
