"""Example queries that find something in an index."""

from collections import Counter
from collections.abc import Sequence

from baocha.search.arrays import count_pairs
from baocha.search.catalog.catalog import Catalog
from baocha.search.catalog.columns import as_arrays

MAX_EXAMPLES = 4
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
    column, documents = catalog.subsections, catalog.live_documents
    pairs = count_pairs(catalog.report_of[documents], column.ordinals[documents])
    reports = Counter(heading for _, heading, _ in pairs)
    names = [str(heading.value) for heading in column.by_frequency(*as_arrays(reports))]
    return [name for name in names if len(name) in _LENGTHS][:3]
