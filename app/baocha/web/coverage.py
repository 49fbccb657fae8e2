"""The coverage page: the reports of each department and year, and which are missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request

from baocha.search import CoveredReport
from baocha.web.blueprint import Page, bp, current_engine, render, rows_shown
from baocha.web.requested import Requested, page_count

PAGE_SIZE = 100
"""Number of reports on one page of the list."""


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Reports by department and year. None is the unknown one, and comes last.

    A cell without reports is a gap if its department has reports of an earlier year.
    """

    departments: tuple[str | None, ...]
    years: tuple[int | None, ...]
    reports: Mapping[tuple[str | None, int | None], Sequence[CoveredReport]]

    def gap(self, department: str | None, year: int | None) -> bool:
        """Return whether a department lacks a year but has an earlier one."""
        if department is None or year is None or self.reports.get((department, year)):
            return False
        return any(self.reports.get((department, y)) for y in self.years if y and y < year)

    @property
    def gaps(self) -> int:
        """Number of cells that are gaps."""
        return sum(self.gap(d, y) for d in self.departments for y in self.years)


@bp.get("/filed")
def coverage_page() -> Page:
    """Show the indexed reports and the sections that each one lacks."""
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine()
    everything = engine.coverage()
    filters = replace(requested.filters, section=())
    listed = engine.coverage(filters=filters)
    table = coverage_table(engine.coverage(filters=replace(filters, year=())))
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "coverage.html",
        requested,
        warnings,
        kinds=sorted({item.report.kind for item in everything}),
        table=table,
        reports=listed[first : first + PAGE_SIZE],
        total=len(listed),
        shown=rows_shown(len(table.departments)),
        pages=page_count(len(listed), PAGE_SIZE),
    )


def coverage_table(covered: Sequence[CoveredReport]) -> CoverageTable:
    """Return the reports by department and year."""
    reports: defaultdict[tuple[str | None, int | None], list[CoveredReport]] = defaultdict(list)
    for item in covered:
        reports[item.report.department, item.report.year].append(item)
    return CoverageTable(
        departments=tuple(
            sorted({name for name, _ in reports}, key=lambda name: (name is None, name))
        ),
        years=tuple(sorted({year for _, year in reports}, key=lambda year: (year is None, year))),
        reports=reports,
    )
