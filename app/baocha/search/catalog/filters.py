"""Filter documents and reports by the values of their facets."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog.catalog import Catalog
from baocha.search.catalog.columns import FacetColumn
from baocha.search.catalog.sections import Sections
from baocha.search.query import (
    And,
    Field,
    Not,
    Or,
    ParsedQuery,
    Query,
    YearRange,
    Years,
    fields_of,
    show_years,
)
from baocha.search.results import COPIED_NAMES, FACET_NAMES, FACETS, ROLE_NAMES, Filters
from baocha_indexer.messages import Message
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import Meaning

Mask = NDArray[np.bool_]

MAX_CANDIDATES = 10
"""Maximum number of departments that the message about an ambiguous name lists."""

_BY_NAME = {
    facet: {name.zh: value for value, name in names.items()}
    for facet, names in (("role", ROLE_NAMES), ("copied", COPIED_NAMES))
}
"""The values of the facets whose values have names for display, by these names."""


def filtered(catalog: Catalog, filters: Filters, among: Documents | None = None) -> Documents:
    """Return all documents that pass the filters, or those of `among` if it is given."""
    documents = catalog.live_documents if among is None else among
    masks = DocumentFilter(catalog, documents, filters).masks
    return documents[reduce(np.logical_and, masks.values())] if masks else documents


class DocumentFilter:
    """Which of some documents pass each filter.

    `reports` has the report of each document, and `masks` a mask of the documents for each facet
    that is filtered by. `sections` is the section filter, if there is one. `warnings` are about
    values that the index does not have.
    """

    def __init__(self, catalog: Catalog, documents: Documents, filters: Filters) -> None:
        """Apply each of the filters to the documents."""
        self.reports = catalog.report_of.take(documents)
        self.masks: dict[str, Mask] = {}
        self.sections: Sections | None = None
        self.warnings: list[Message] = []
        for name in FACETS:
            wanted = getattr(filters, name)
            if not wanted:
                continue
            if name == "section":
                self.sections = Sections(catalog, wanted)
                self.masks[name] = self.sections.hold(documents)
                unknown: Sequence[Any] = self.sections.unknown
            else:
                column = catalog.facets[name]
                found = [selected_values(catalog, name, item) for item in wanted]
                holders = self.reports if column.of_reports else documents
                self.masks[name] = column.having(reduce(np.logical_or, found), holders)
                unknown = [
                    item for item, values in zip(wanted, found, strict=True) if not values.any()
                ]
            messages = (value_message(catalog, name, i, is_known=i not in unknown) for i in wanted)
            self.warnings += filter(None, messages)


def selected_values(catalog: Catalog, name: str, item: Any) -> Mask:
    """Return a mask of the values of a facet, not section, that an item of a filter selects."""
    column = catalog.facets[name]
    if name == "year":
        return in_range(np.array(column.values), item) & column.present
    if name in _BY_NAME:
        return np.array([value == _BY_NAME[name].get(item, item) for value in column.values])
    found = column.find_value(item)
    return department_values(catalog, item, found) if name == "department" else found


def are_known(catalog: Catalog, filters: Filters) -> bool:
    """Return whether every value of the filters selects something."""
    if Sections(catalog, filters.section).unknown:
        return False
    return all(
        selected_values(catalog, name, item).any()
        for name in FACETS
        if name != "section"
        for item in getattr(filters, name)
    )


def is_understood(catalog: Catalog, parsed: ParsedQuery, filters: Filters) -> bool:
    """Return whether every part of a query, and every value of the filters, has a meaning."""
    return (
        not parsed.warnings
        and are_known(catalog, filters)
        and all(_is_met(catalog, field) for field in fields_of(parsed.tree))
    )


def _is_met(catalog: Catalog, condition: Field | Years) -> bool:
    return bool(meeting(catalog, condition)[catalog.live_documents].any())


def warnings_about(
    catalog: Catalog, parsed: ParsedQuery, about_filters: Iterable[Message]
) -> tuple[Message, ...]:
    """Return the warnings about a query, its filters, and an index without reports."""
    about_values = (
        value_message(
            catalog,
            *(("year", field.range) if isinstance(field, Years) else (field.name, field.text)),
            is_known=_is_met(catalog, field),
        )
        for field in fields_of(parsed.tree)
    )
    warnings = (*parsed.warnings, *about_filters, *filter(None, about_values))
    if catalog.live_count:
        return warnings
    return (*warnings, Message(zh="尚未收录报告", en="the index has no reports yet"))


def department_values(catalog: Catalog, name: str, found: Mask) -> Mask:
    """Return `found`, the departments with a name, or else the one with this short or former name.

    An ambiguous name selects none.
    """
    meaning = None if found.any() else catalog.department_names.find(name)
    if meaning is None or len(meaning.departments) > 1:
        return found
    return catalog.facets["department"].find_value(meaning.departments[0])


def value_message(catalog: Catalog, name: str, item: Any, *, is_known: bool) -> Message | None:
    """Return the message that a value is unknown, or how the name of a department is understood.

    `is_known`: whether the value selects anything.
    """
    if name == "department" and catalog.follows and (message := _lineage_message(catalog, item)):
        return message
    if name == "department" and not catalog.facets[name].containing(fold(item)).any():
        meaning = catalog.department_names.find(item)
        if meaning is not None:
            return _meaning_message(item, meaning)
    return None if is_known else unknown_value_warning(name, item)


def _lineage_message(catalog: Catalog, item: str) -> Message | None:
    """Return which names of departments a filter takes in, if it takes in more than one of a lineage."""
    column = catalog.facets["department"]
    names = [
        lineage.members
        for at in np.flatnonzero(selected_values(catalog, "department", item)).tolist()
        if (lineage := catalog.lineages.of(str(column.values[at])))
    ]
    shown = list(dict.fromkeys(name for members in names for name in members))
    if not shown:
        return None
    return Message(
        zh=f"部门“{item}”包括沿革中的{'、'.join(f'“{name}”' for name in shown[:MAX_CANDIDATES])}"
        f"{'等' if len(shown) > MAX_CANDIDATES else ''}",
        en=f"the department “{item}” takes in {', '.join(f'“{name}”' for name in shown[:MAX_CANDIDATES])}"
        f"{' …' if len(shown) > MAX_CANDIDATES else ''}, which succeeded each other",
    )


def _meaning_message(name: str, meaning: Meaning) -> Message:
    if len(meaning.departments) > 1:
        names = [f"“{department}”" for department in meaning.departments[:MAX_CANDIDATES]]
        more = len(meaning.departments) > MAX_CANDIDATES
        return Message(
            zh=f"部门“{name}”可指{'、'.join(names)}{'等' if more else ''}，未作选择；请填写其中一个全称",
            en=f"the department “{name}” may be {', '.join(names)}{' …' if more else ''}; "
            "no department was chosen; write one of these names",
        )
    kind = (
        Message(zh="曾用名", en="former") if meaning.is_former else Message(zh="简称", en="short")
    )
    return Message(
        zh=f"部门“{name}”已按{kind.zh}识别为“{meaning.departments[0]}”",
        en=f"the department “{name}” is taken as the {kind.en} name of “{meaning.departments[0]}”",
    )


def in_range(years: NDArray[Any], wanted: YearRange) -> Mask:
    """Return which of some stored years are in a range. An unknown year is stored as 0."""
    first, last = wanted or (0, 0)
    return (first <= years) & (years <= last)


def unknown_value_warning(name: str, item: Any) -> Message:
    """Return the warning that a facet has no such value in the index."""
    shown = item
    if name == "year":
        shown = show_years(item)
    facet = FACET_NAMES[name]
    if name == "copied":
        return Message(
            zh="该索引未比对雷同段落，无法按雷同筛选",
            en="this index does not know which paragraphs are copied",
        )
    return Message(zh=f"尚未收录{facet.zh}“{shown}”", en=f"no {facet.en} “{shown}” in the index")


def reports_in_scope(catalog: Catalog, scope: Filters) -> Mask:
    """Return a mask of the reports in a scope. Names must be equal; sections are ignored.

    Only the main year of a report counts: a scope must not grow because a report mentions more years.
    """
    visible = np.ones(catalog.report_count, dtype=np.bool_)
    for name in ("department", "kind"):
        if wanted := getattr(scope, name):
            column = catalog.facets[name]
            passing = np.isin(np.array(column.folded), [fold(value) for value in wanted])
            visible &= passing[column.ordinals]
    if scope.year:
        years = catalog.report_years
        visible &= reduce(np.logical_or, [in_range(years, item) for item in scope.year])
    return visible


def selected_by(catalog: Catalog, condition: Field | Years) -> tuple[str, Mask] | Sections:
    """Return what a condition in a query selects: a facet or "title", and a mask of its values.

    A section that no value contains may be a heading of the second level, or a section and a
    heading: then `Sections` has what it selects.
    """
    if isinstance(condition, Years):
        return "year", in_range(np.array(catalog.facets["year"].values), condition.range)
    name = condition.name
    values = _column(catalog, name).containing(condition.folded)
    if name == "department":
        values = department_values(catalog, condition.text, values)
    if name == "section" and not values.any():
        return Sections(catalog, [condition.text])
    return name, values


def meeting(catalog: Catalog, query: Query) -> Mask:
    """Return a mask of the documents that meet the conditions of a query without phrases."""
    match query:
        case Field() | Years():
            selected = selected_by(catalog, query)
            if isinstance(selected, Sections):
                return selected.hold(np.arange(catalog.document_count))
            column = _column(catalog, selected[0])
            having = column.having(selected[1])
            return having.take(catalog.report_of) if column.of_reports else having
        case And() | Or():
            start = np.full(catalog.document_count, isinstance(query, And))
            join = np.logical_and if isinstance(query, And) else np.logical_or
            return reduce(join, (meeting(catalog, part) for part in query.parts), start)
        case Not():
            return ~meeting(catalog, query.part)
        case _:
            raise ValueError(query)


def _column(catalog: Catalog, name: str) -> FacetColumn:
    return catalog.titles if name == "title" else catalog.facets[name]
