"""The basket 底稿夹: items that an officer collects for a working paper.

The JSON of a basket is described in `docs/working-papers.md`. `parse_basket` reads it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from baocha_indexer.errors import BaochaError

FORMAT = "baocha-basket"
VERSION = 1

Verdict = Literal["", "supports", "doubtful", "irrelevant"]
VERDICTS: tuple[Verdict, ...] = ("", "supports", "doubtful", "irrelevant")

MAX_ITEMS = 5_000
MAX_NAME = 100
MAX_FIELD = 200
MAX_NOTE = 2_000
MAX_TITLE = 2_000
"""Maximum length of a title, a department, a heading and the name of a file."""

MAX_SEARCH = 64 * 1024
"""Maximum length of the query string of a search, in characters: that of an address. A query of 1,000
Chinese characters, or the names of a hundred departments, have some 10,000."""


class BasketError(BaochaError):
    """A basket does not follow the format. The message names the item and the field."""


@dataclass(frozen=True, slots=True)
class PaperFields:
    """The fields in the head of a working paper. A field that is not filled in is empty.

    `number`: 编号. `auditee`: 被审计（检查）单位. `subject`: 事项.
    """

    number: str = ""
    auditee: str = ""
    subject: str = ""
    prepared_by: str = ""
    prepared_on: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""


NO_FIELDS = PaperFields()


@dataclass(frozen=True, slots=True)
class ParagraphItem:
    """A paragraph in a basket, as it was when it was added.

    `key`: chosen by the client, unique in the basket. `search`: the query string of the search page
    that found it, or empty. `added`: an ISO 8601 time, or empty. `page`, `department` and `year` are
    None if unknown.
    """

    key: str
    report: str
    ordinal: int
    text: str
    title: str = ""
    department: str | None = None
    year: int | None = None
    report_kind: str = ""
    section_path: tuple[str, ...] = ()
    page: int | None = None
    source: str = ""
    sha256: str = ""
    search: str = ""
    note: str = ""
    verdict: Verdict = ""
    added: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the item as JSON values."""
        return {"kind": "paragraph", **asdict(self), "section_path": list(self.section_path)}


@dataclass(frozen=True, slots=True)
class SearchItem:
    """A search in a basket, with the number of paragraphs that it found.

    `total` 0 means that no paragraph mentions it (未提及). `generation`: the version of the index at that time.
    """

    key: str
    search: str
    total: int = 0
    generation: str = ""
    note: str = ""
    verdict: Verdict = ""
    added: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the item as JSON values."""
        return {"kind": "search", **asdict(self)}


Item = ParagraphItem | SearchItem


@dataclass(frozen=True, slots=True)
class Basket:
    """A named list of items, and the fields of its working paper."""

    name: str
    fields: PaperFields
    items: tuple[Item, ...]

    @property
    def paragraphs(self) -> tuple[ParagraphItem, ...]:
        """The items that are paragraphs, in order."""
        return tuple(item for item in self.items if isinstance(item, ParagraphItem))

    @property
    def searches(self) -> tuple[SearchItem, ...]:
        """The items that are searches, in order."""
        return tuple(item for item in self.items if isinstance(item, SearchItem))

    def to_dict(self) -> Mapping[str, Any]:
        """Return the basket as JSON values."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "fields": asdict(self.fields),
            "items": [item.to_dict() for item in self.items],
        }
