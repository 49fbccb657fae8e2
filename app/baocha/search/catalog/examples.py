"""Example queries that find something in an index."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from baocha.search.catalog.catalog import Catalog

MAX_EXAMPLES = 4
PHRASES = 3
_LENGTHS = range(4, 13)


def examples_of(catalog: Catalog) -> tuple[str, ...]:
    """Return a few queries of different forms, from frequent headings."""
    phrases = _frequent_headings(catalog)
    if not phrases:
        return ()
    queries = [f"“{phrases[0]}”", *phrases[1:2]]
    departments = catalog.paragraphs_by_department
    known = [name for name in departments if name is not None]
    if known:
        queries.append(f"{phrases[0]} 部门:{max(known, key=lambda name: departments[name])}")
    years = catalog.report_years[catalog.live_reports]
    if len(years) and int(years.max()):
        queries.append(f"{phrases[-1]} 年度:{int(years.max())}")
    return tuple(queries[:MAX_EXAMPLES])


def _frequent_headings(catalog: Catalog) -> Sequence[str]:
    """Return the headings of the second level that most reports have."""
    column, report_of = catalog.subsections, catalog.report_of
    # Most paragraphs have the same report and heading as the one before.
    is_first = np.ones(catalog.document_count, dtype=np.bool_)
    is_first[1:] = column.ordinals[1:] != column.ordinals[:-1]
    is_first[1:] |= report_of[1:] != report_of[:-1]
    firsts = np.flatnonzero(is_first & catalog.live)
    size = len(column.values)
    pairs = np.unique(report_of[firsts].astype(np.int64) * size + column.ordinals[firsts])
    reports = np.bincount(pairs % max(1, size))
    headings = np.flatnonzero(reports)
    values = column.by_frequency(headings, reports[headings])
    # Read only as many as needed: values are cached, and there may be tens of thousands of headings.
    names = (str(values[at].value) for at in range(len(values)))
    return tuple(islice((name for name in names if len(name) in _LENGTHS), PHRASES))
