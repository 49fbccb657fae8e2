"""What an export contains: numbered entries, the head of a working paper, and the searches.

The same writers export a basket and all hits of a query. The entries of a query are read while they
are written, so memory does not grow with their number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baocha.basket import NO_FIELDS, Checked, PaperFields, State, Verdict
from baocha.exports.cells import cells_of_row
from baocha.exports.provenance import MENTION_LABELS, QUERY, Provenance
from baocha.search import Hit, ReportSummary
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import CELL_SEPARATOR, Location

WORKING_PAPER = Message(zh="审计（检查）工作底稿", en="Audit (inspection) working paper")

VERDICT_NAMES: dict[Verdict, Message] = {
    "": Message(zh="", en=""),
    "supports": Message(zh="支持", en="supports"),
    "doubtful": Message(zh="存疑", en="doubtful"),
    "irrelevant": Message(zh="无关", en="irrelevant"),
}
STATE_NAMES: dict[State, Message] = {
    "current": Message(zh="未变动", en="unchanged"),
    "changed": Message(zh="已变动", en="changed"),
    "removed": Message(zh="已移除", en="removed"),
}


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """The record of a search: the label and the value of each line, in the language of the export.

    `is_absence`: it is proved that no paragraph contains the query. `total`: the number of matching
    paragraphs; None if the search was not run again.
    """

    lines: tuple[tuple[Message, str], ...]
    is_absence: bool = False
    total: int | None = None

    @property
    def query(self) -> str:
        """The query that was searched."""
        return next(value for label, value in self.lines if label == QUERY)

    @property
    def mentions(self) -> tuple[tuple[Message, str], ...]:
        """The lines about who mentions the query, and who does not."""
        return tuple(line for line in self.lines if line[0] in MENTION_LABELS)

    @classmethod
    def of(
        cls,
        provenance: Provenance,
        language: Language,
        more: Iterable[tuple[Message, str]] = (),
    ) -> "SearchRecord":
        """Return the record of a search, with more lines at its end."""
        is_absence = provenance.certificate is not None and not provenance.total
        return cls((*provenance.lines(language), *more), is_absence, provenance.total)


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered item of an export. Only the items of a basket have more than `hit` and `record`.

    `record`: the search that found it. `text_now` is the new text of a changed paragraph.
    """

    hit: Hit
    record: SearchRecord | None = None
    note: str = ""
    verdict: Verdict = ""
    state: State = "current"
    text_now: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a writer needs. `entries` can be read only once.

    `is_basket`: entries have notes, verdicts and states, but not the kind of their match.
    `provenance`: that of the query, for the JSON export of hits; None for a basket.
    """

    entries: Iterable[Entry]
    searches: Sequence[SearchRecord]
    fields: PaperFields = NO_FIELDS
    name: str = ""
    is_basket: bool = False
    provenance: Provenance | None = None


def paper_of_hits(
    hits: Iterable[Hit],
    provenance: Provenance,
    language: Language,
    more: Iterable[tuple[Message, str]] = (),
) -> Paper:
    """Return the export of all hits of a query, with more lines at the end of its record."""
    record = SearchRecord.of(provenance, language, more)
    entries = (Entry(hit, record) for hit in hits)
    return Paper(entries, (record,), provenance=provenance)


def entry_of(checked: Checked, record: SearchRecord | None) -> Entry:
    """Return the entry of an item of a basket."""
    item, paragraph = checked.item, checked.paragraph
    is_current = checked.state == "current" and paragraph is not None
    report = checked.report or ReportSummary(
        item.report,
        item.title,
        item.department,
        item.year,
        item.report_kind,
        item.source,
        item.sha256,
    )
    hit = Hit(
        report=report,
        section="",
        section_path=paragraph.section_path if paragraph else item.section_path,
        ordinal=checked.ordinal,
        location=paragraph.location if paragraph else Location(page=item.page),
        text=checked.text,
        spans=checked.spans,
        role=paragraph.role if paragraph else "body",
        score=0.0,
        cells=paragraph.cells if paragraph and is_current else (),
        figures=paragraph.figures if paragraph and is_current else (),
    )
    return Entry(hit, record, item.note, item.verdict, checked.state, checked.text_now)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a row of a table: its head, its unit, and its text as runs.

    A run is a text and whether it is a match. `is_hit`: a match is in this cell.
    """

    head: str
    unit: str
    runs: tuple[tuple[str, bool], ...]

    @property
    def is_hit(self) -> bool:
        """Whether a match is in this cell."""
        return any(lit for _, lit in self.runs)


def shown_cells(hit: Hit) -> tuple[ShownCell, ...]:
    """Return the cells of a row with their matches; an empty tuple if the hit is not a row.

    If the columns of a row are unknown, its cells have no heads.
    """
    if hit.role != "table" or CELL_SEPARATOR not in hit.text:
        return ()
    return tuple(
        ShownCell(cell.head, cell.unit, tuple(runs_of(cell.text, cell.spans)))
        for cell in cells_of_row(hit.text, hit.spans, hit.cells)
        if cell.text
    )


def runs_of(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Return the pieces of a text, each with whether it is a match."""
    runs: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        first = max(start, at)
        if first < end:
            runs += [(text[at:first], False), (text[first:end], True)]
            at = end
    runs.append((text[at:], False))
    return [run for run in runs if run[0]]
