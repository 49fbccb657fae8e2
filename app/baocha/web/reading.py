"""What the reading view shows of a report: a part of it, its blocks, its outline, its other years."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from baocha.search import CoveredReport, ReportParagraph, ReportSummary
from baocha_indexer.model import MAX_PARAGRAPH

MAX_PART = 500_000
"""Maximum number of characters on one page. A longer report is shown in parts."""

MAX_MARKS = 20_000
"""Maximum number of matches marked on one page."""


def part_of(
    paragraphs: Sequence[ReportParagraph], at: int
) -> tuple[Sequence[ReportParagraph], int | None, int | None]:
    """Return the part of a report that contains the paragraph with ordinal `at`.

    It is the first part if `at` is smaller than every ordinal.

    Also return the ordinals of the first paragraphs of the previous and the next part, or None. A
    part has at most `MAX_PART` characters, or only one paragraph.
    """
    starts = [0]
    length = 0
    for place, paragraph in enumerate(paragraphs):
        size = min(len(paragraph.text), MAX_PARAGRAPH)
        if length + size > MAX_PART and place:
            starts.append(place)
            length = 0
        length += size
    first = [paragraphs[start].ordinal for start in starts]
    part = max(0, bisect_right(first, at) - 1)
    ends = [*starts[1:], len(paragraphs)]
    return (
        paragraphs[starts[part] : ends[part]],
        first[part - 1] if part else None,
        first[part + 1] if part + 1 < len(first) else None,
    )


def with_fewer_marks(paragraphs: Sequence[ReportParagraph]) -> list[ReportParagraph]:
    """Return the paragraphs with only the first `MAX_MARKS` spans in total."""
    left = MAX_MARKS
    shown = []
    for paragraph in paragraphs:
        spans = paragraph.spans[:left]
        shown.append(replace(paragraph, spans=spans))
        left -= len(spans)
    return shown


def blocks_of(paragraphs: Sequence[ReportParagraph]) -> list[list[ReportParagraph]]:
    """Return the paragraphs in blocks: the rows of a table on one page, or a single paragraph."""
    blocks: list[list[ReportParagraph]] = []
    for paragraph in paragraphs:
        last = blocks[-1][-1] if blocks else None
        is_next_row = (
            last is not None
            and paragraph.role == last.role == "table"
            and paragraph.page == last.page
            and paragraph.location.place.sheet == last.location.place.sheet
        )
        if is_next_row:
            blocks[-1].append(paragraph)
        else:
            blocks.append([paragraph])
    return blocks


def is_head(row: ReportParagraph, block: Sequence[ReportParagraph]) -> bool:
    """Return whether a row is a header row of its table.

    Its cells and those of all rows above it have no heads, and a row below it has heads.
    """
    at = next(at for at, other in enumerate(block) if other.ordinal == row.ordinal)
    below = next((other for other in block[at + 1 :] if has_heads(other)), None)
    return not has_heads(row) and below is not None and all(not has_heads(r) for r in block[:at])


def has_heads(row: ReportParagraph) -> bool:
    """Return whether a cell of a row has a head."""
    return any(cell.head for cell in row.cells)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading: its name, level, ordinal, and the number of matches in its section."""

    name: str
    level: int
    ordinal: int
    matches: int


def outline_of(paragraphs: Sequence[ReportParagraph]) -> list[OutlineEntry]:
    """Return the headings of level 1 and 2, each with the matches up to the next such heading.

    A heading of level 1 counts those of the headings below it too.
    """
    entries: list[OutlineEntry] = []
    open_entries: dict[int, int] = {}
    for paragraph in paragraphs:
        level = paragraph.level
        if level in (1, 2):
            open_entries = {} if level == 1 else {k: v for k, v in open_entries.items() if k == 1}
            open_entries[level] = len(entries)
            entries.append(OutlineEntry(paragraph.section_path[-1], level, paragraph.ordinal, 0))
        for at in open_entries.values():
            entry = entries[at]
            entries[at] = replace(entry, matches=entry.matches + len(paragraph.spans))
    return entries


@dataclass(frozen=True, slots=True)
class OtherYears:
    """The reports of the same kind by the same department of the years before and after."""

    earlier: tuple[ReportSummary, ...]
    later: tuple[ReportSummary, ...]


def other_years(report: ReportSummary, covered: Iterable[CoveredReport]) -> OtherYears:
    """Return the reports of the nearest earlier and later year of the same department and kind.

    `covered`: of an engine that follows successions, so that a department has one name. If several departments
    were merged, there is a report of each of them.
    """
    every = list(covered)
    department = next((one.department for one in every if one.report.id == report.id), None)
    if report.year is None or department is None:
        return OtherYears((), ())
    by_year: defaultdict[int, dict[str | None, ReportSummary]] = defaultdict(dict)
    for one in every:
        if (one.department, one.report.kind) == (department, report.kind) and one.report.year:
            by_year[one.report.year].setdefault(one.report.department, one.report)
    earlier = max((year for year in by_year if year < report.year), default=None)
    later = min((year for year in by_year if year > report.year), default=None)
    return OtherYears(
        tuple(by_year[earlier].values()) if earlier is not None else (),
        tuple(by_year[later].values()) if later is not None else (),
    )
