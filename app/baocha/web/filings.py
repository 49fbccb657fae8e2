"""Compare the reports that were filed with those that are expected: filed, missing, late.

`expected.csv` lists the expected reports. If it lists none for a region and a kind of report, missing
reports are inferred: a department has no report for a year, but one of this kind for an earlier year,
and another department of the region has one for this year. Official documents (通知) are not expected
every year.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from baocha.search import CoveredReport
from baocha_indexer.structure import OTHER_KIND, is_document
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import ExpectedReport, region_of

DAYS_TO_PUBLISH = 20
"""A budget or account must be published within 20 days after its approval (预算法 第十四条)."""

State = Literal["filed", "missing", "inferred", "not_due", "nothing"]
"""In the index; expected, but not in the index; inferred to be missing; due later; not expected."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The state of a department, a kind and a year.

    `due`: the last day to publish the report, or None. `is_late`: all its reports were published after
    that day; False if a day of publication is unknown.
    """

    state: State
    reports: tuple[CoveredReport, ...] = ()
    due: date | None = None
    is_late: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether the report is missing, or inferred to be."""
        return self.state in ("missing", "inferred")


@dataclass(frozen=True, slots=True)
class FilingRow:
    """The reports of one kind of a department, by year. An unknown region, level or name is None."""

    region: str | None
    level: str | None
    department: str | None
    kind: str
    filings: Mapping[int | None, Filing]

    @property
    def missing(self) -> int:
        """Number of years whose report is missing."""
        return sum(filing.is_missing for filing in self.filings.values())

    @property
    def late(self) -> int:
        """Number of years whose report was late."""
        return sum(filing.is_late for filing in self.filings.values())


@dataclass(frozen=True, slots=True)
class Filings:
    """All rows, ordered by region, level, department and kind. Years ascend; the unknown is last."""

    years: tuple[int | None, ...]
    rows: tuple[FilingRow, ...]

    def count(self, *states: State) -> int:
        """Return the number of departments, kinds and years in these states."""
        return sum(f.state in states for row in self.rows for f in row.filings.values())

    @property
    def late(self) -> int:
        """Number of departments, kinds and years whose report was late."""
        return sum(row.late for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Key:
    region: str | None
    level: str | None
    department: str | None
    kind: str


def filings_of(
    covered: Iterable[CoveredReport], expected: Sequence[ExpectedReport], today: date
) -> Filings:
    """Return what each department filed of each kind and year."""
    reports: defaultdict[_Key, defaultdict[int | None, list[CoveredReport]]]
    reports = defaultdict(lambda: defaultdict(list))
    keys: dict[tuple[str, str], _Key] = {}
    for item in covered:
        report = item.report
        key = _Key(item.region, item.level, item.department, report.kind)
        if item.department is not None:
            key = keys.setdefault((fold(item.department), fold(report.kind)), key)
        for year in item.years or (report.year,):
            reports[key][year].append(item)
    due: defaultdict[_Key, dict[int, date | None]] = defaultdict(dict)
    for one in expected:
        name = (fold(one.department), fold(one.kind))
        if name not in keys:
            region = region_of(one.department)
            level = region.level
            keys[name] = _Key(one.region or region.region, level, one.department, one.kind)
        due[keys[name]][one.year] = _due(one)
    listed = {(key.region, key.kind) for key in due}
    filed_years: defaultdict[tuple[str | None, str], set[int]] = defaultdict(set)
    for key, by_year in reports.items():
        filed_years[key.region, key.kind] |= {year for year in by_year if year is not None}
    years = {year for by_year in reports.values() for year in by_year}
    years |= {year for by_year in due.values() for year in by_year}
    rows = []
    for key in {**reports, **due}:
        own = {year: tuple(found) for year, found in reports[key].items()} if key in reports else {}
        inferred: set[int] = set()
        if _is_inferred(key) and (key.region, key.kind) not in listed:
            first = min((year for year in own if year is not None), default=None)
            if first is not None:
                inferred = {year for year in filed_years[key.region, key.kind] if year > first}
        filings = {
            year: _filing(own.get(year, ()), due.get(key, {}), year, inferred, today)
            for year in years
        }
        rows.append(FilingRow(key.region, key.level, key.department, key.kind, filings))
    return Filings(
        tuple(sorted(years, key=lambda year: (year is None, year or 0))),
        tuple(sorted(rows, key=by_region)),
    )


def by_region(row: FilingRow) -> tuple[bool, str, str, bool, str, str]:
    """Return the key that orders rows by region, level, department and kind; unknown ones last."""
    region, department = row.region, row.department
    return (
        region is None,
        region or "",
        row.level or "",
        department is None,
        department or "",
        row.kind,
    )


def _is_inferred(key: _Key) -> bool:
    """Return whether a missing report may be inferred."""
    is_named = key.department is not None and key.region is not None
    return is_named and key.kind != OTHER_KIND and not is_document(key.kind)


def _due(one: ExpectedReport) -> date | None:
    """Return the last day to publish a report, or None if it is not known."""
    if one.due:
        return date.fromisoformat(one.due)
    if one.approved:
        return date.fromisoformat(one.approved) + timedelta(days=DAYS_TO_PUBLISH)
    return None


def _filing(
    reports: tuple[CoveredReport, ...],
    due: Mapping[int, date | None],
    year: int | None,
    inferred: set[int],
    today: date,
) -> Filing:
    last_day = due.get(year) if year is not None else None
    if reports:
        days = [item.published for item in reports]
        # Late if all were published later. A day that is not known may have been in time.
        is_late = last_day is not None and all(
            day is not None and date.fromisoformat(day) > last_day for day in days
        )
        return Filing("filed", reports, last_day, is_late)
    if year in due:
        is_open = last_day is not None and today <= last_day
        return Filing("not_due" if is_open else "missing", (), last_day)
    return Filing("inferred" if year in inferred else "nothing")


def chosen_names(names: Sequence[str], known: Iterable[str]) -> set[str]:
    """Return the folded known names that a filter selects: equal ones, or else those that contain it.

    This is how a filter of a search selects names.
    """
    folded = {fold(name) for name in known}
    found: set[str] = set()
    for name in map(fold, names):
        found |= {name} if name in folded else {other for other in folded if name in other}
    return found
