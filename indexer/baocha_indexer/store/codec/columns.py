"""Return the fields of a segment, except its text, as columns: a value for each document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema

from baocha_indexer.store.codec.schema import new_schema
from baocha_indexer.store.segment import ROLES, Segment


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the value of document d is `values[ordinals[d]]`."""

    values: Sequence[Any]
    ordinals: NDArray[np.integer[Any]]


@cache
def fields() -> Schema:
    """Return the Whoosh schema, which is the same for every index."""
    return new_schema()


def column(segment: Segment, name: str) -> Column:
    """Return the column of a field."""
    return _COLUMNS[name](segment)


def _of_reports(name: str) -> Callable[[Segment], Column]:
    return lambda segment: Column(segment.strings(f"report_{name}"), segment.report)


def _of_report_values(name: str) -> Callable[[Segment], Column]:
    return lambda segment: Column(
        segment.strings(f"{name}_values"), segment[f"report_{name}"][segment.report]
    )


def _numbers(numbers: NDArray[Any]) -> Column:
    values, ordinals = np.unique(numbers, return_inverse=True)
    return Column(values.tolist(), ordinals)


def _roles(roles: NDArray[Any]) -> Column:
    numbers = _numbers(roles)
    return Column([ROLES[role] for role in numbers.values], numbers.ordinals)


_COLUMNS: dict[str, Callable[[Segment], Column]] = {
    "report": _of_reports("id"),
    "source": _of_reports("source"),
    "title": _of_reports("title"),
    "department": _of_report_values("department"),
    "kind": _of_report_values("kind"),
    "year": lambda segment: _numbers(segment["report_year"][segment.report]),
    "ordinal": lambda segment: _numbers(segment["ordinal"]),
    "role": lambda segment: _roles(segment["role"]),
    "section": lambda segment: Column(segment.strings("section_values"), segment["section"]),
}
COLUMNS = tuple(_COLUMNS)
