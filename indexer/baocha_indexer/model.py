"""What flows through the indexer: lines, blocks, paragraphs, a report."""

import json
from dataclasses import dataclass
from typing import Literal

from baocha_indexer.messages import Message

Role = Literal["title", "heading", "body", "table"]

CELL_SEPARATOR = " | "
"""Stands between the cells of a row of a table."""

DECLARED = ("title", "department", "year", "kind")
"""What `metadata.csv` may say of every report."""

UNKNOWN = "未知"
"""Stands where a department or a kind could not be told; never guessed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source, stripped; `page` is None if the source has no pages.

    `whole` says that the source itself marks it as a paragraph, which is never joined to
    its neighbours; then `role` may tell what it is, and `level`, from 1, how high a heading.
    `indented` tells whether a line begins farther in than its neighbours; None is unknown.
    """

    text: str
    page: int | None = None
    blank_before: bool = False
    whole: bool = False
    role: Role | None = None
    level: int | None = None
    indented: bool | None = None


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself outside its text; empty if it does not."""

    title: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """What is read from the bytes of a file, before its structure is known."""

    lines: tuple[Line, ...]
    warnings: tuple[Message, ...] = ()
    properties: Properties = Properties()


@dataclass(frozen=True, slots=True)
class Block:
    """A healed paragraph before its place in the report is known.

    `level` is that of a heading without a number, from 1; None if its number tells.
    """

    text: str
    role: Role
    page: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit of retrieval.

    `ordinal` counts from 1 within the report. `section_path` holds the level-1 and
    level-2 headings as written; `section` is the canonical name of the level-1 heading,
    empty before the first.
    """

    ordinal: int
    text: str
    role: Role
    section: str
    section_path: tuple[str, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says it is; `year` is None and names are 未知 where it does not say."""

    title: str
    department: str
    year: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Report:
    """One source file, understood."""

    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """One report in the index.

    `path` is where its source was; `source` names it to readers; `declared` is what
    `metadata.csv` said of it, as JSON, empty if that was nothing.
    """

    id: str
    source: str
    path: str
    sha256: str
    title: str
    department: str
    year: int | None
    kind: str
    paragraphs: int
    declared: str = ""

    @property
    def own(self) -> tuple[tuple[str, str], ...]:
        """The columns that `metadata.csv` adds to those that every report has, and their values."""
        held = json.loads(self.declared) if self.declared else {}
        return tuple((name, str(value)) for name, value in held.items() if name not in DECLARED)
