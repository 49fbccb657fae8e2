"""What is filed: the reports held of each department and year, and what is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request

from baocha.search import FiledReport
from baocha.web.blueprint import Page, bp, engine, render
from baocha.web.requested import Requested, year_name
from baocha_indexer.model import UNKNOWN

PAGE_SIZE = 100
"""Reports in the list, a page."""


MOST_ROWS = 200
"""Departments that are shown before all are asked for."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Reports by department and year; a cell is a gap where its department had others before."""

    departments: tuple[str, ...]
    years: tuple[str, ...]
    reports: Mapping[tuple[str, str], Sequence[FiledReport]]

    def gap(self, department: str, year: str) -> bool:
        """Whether a department has none of a year in which others have, and had one before."""
        if UNKNOWN in (department, year) or self.reports.get((department, year)):
            return False
        return any(
            self.reports.get((department, earlier)) for earlier in self.years if earlier < year
        )

    @property
    def gaps(self) -> int:
        """How many cells are gaps."""
        return sum(self.gap(d, y) for d in self.departments for y in self.years)


@bp.get("/filed")
def filed_page() -> Page:
    """Show which reports there are, and which sections each lacks."""
    requested, warnings = Requested.from_args(request.args)
    held = engine()
    everything = held.filed()
    filters = replace(requested.filters, section=())
    listed = held.filed(filters=filters)
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "filed.html",
        requested,
        warnings=[warning.render(requested.language) for warning in warnings],
        kinds=sorted({item.report.kind for item in everything}),
        holdings=holdings_of(held.filed(filters=replace(filters, year=()))),
        reports=listed[first : first + PAGE_SIZE],
        total=len(listed),
        shown=len(everything) if request.args.get("all") else MOST_ROWS,
        pages=max(1, -(-len(listed) // PAGE_SIZE)),
    )


def holdings_of(filed: Sequence[FiledReport]) -> Holdings:
    """Return the reports by department and year; the year that is not known comes last."""
    reports: defaultdict[tuple[str, str], list[FiledReport]] = defaultdict(list)
    for item in filed:
        reports[item.report.department, year_name(item.report.year)].append(item)
    return Holdings(
        departments=tuple(sorted({department for department, _ in reports})),
        years=tuple(sorted({year for _, year in reports})),
        reports=reports,
    )
