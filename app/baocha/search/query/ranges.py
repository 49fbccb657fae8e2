"""The ranges of a histogram of figures. Each is a condition, so it can be a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from baocha.search.query.tree import And, Figures, Query
from baocha_indexer.model import FigureKind

_EDGES: dict[FigureKind, tuple[int, ...]] = {
    "rate": (0, 20, 40, 60, 80, 90, 95, 100),
    "score": (0, 5, 10, 20, 60, 80, 90, 100),
    "amount": (0, 10**4, 10**5, 10**6, 10**7, 10**8, 10**9),
    "count": (0, 10, 100, 1000, 10**4, 10**5, 10**6),
}
"""The edges of the ranges. A range includes its lower edge. 100 % and 100 points are a range of their own."""

_HAS_WHOLE = ("rate", "score")
_UNITS: dict[FigureKind, str] = {"rate": "%", "score": "分", "amount": "元", "count": ""}

MAX_HISTOGRAMS = 3
"""Maximum number of histograms for a query."""


@dataclass(frozen=True, slots=True)
class ValueRange:
    """A range of values, in yuan, percent, points, or a number of things. None is no limit.

    `text`: the range for display, such as 80%–90%. `condition`: the text of the condition for it.
    `includes_high`: the range includes its upper limit.
    """

    low: Decimal | None
    high: Decimal | None
    text: str
    condition: str
    includes_high: bool = False


def conditions_with_histogram(query: Query) -> tuple[tuple[Figures, Query], ...]:
    """Return the conditions that each match must meet, each with the rest of the query.

    The histogram of a condition counts the values of what matches the rest.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    found = []
    for at, part in enumerate(parts):
        if isinstance(part, Figures) and _has_histogram(part):
            found.append((part, And((*parts[:at], *parts[at + 1 :]))))
    return tuple(found[:MAX_HISTOGRAMS])


def _has_histogram(condition: Figures) -> bool:
    """Whether the values of a condition have one known kind, and are no differences."""
    return condition.kind is not None and not any(
        measure.is_difference or measure.currency for measure in condition.measures
    )


def ranges_of(condition: Figures) -> Iterator[ValueRange]:
    """Yield the ranges for the figures of a condition, ascending. Together they have each value once."""
    kind = condition.kind
    if kind is None:
        return
    unit = condition.measures[0].unit or _UNITS[kind]

    edges, shown = _EDGES[kind], [_shown(edge, unit) for edge in _EDGES[kind]]
    label, values = condition.label, list(map(Decimal, edges))
    yield ValueRange(None, values[0], f"< {shown[0]}", f"{label}<{shown[0]}")
    for (low, low_text), (high, high_text) in pairwise(zip(values, shown, strict=True)):
        between = f"{label}:{low_text}..<{high_text}"
        yield ValueRange(low, high, f"{low_text}–{high_text}", between)
    last, last_text = values[-1], shown[-1]
    if kind in _HAS_WHOLE:
        only = f"{label}={last_text}"
        yield ValueRange(last, last, last_text, only, includes_high=True)
        yield ValueRange(last, None, f"> {last_text}", f"{label}>{last_text}")
    else:
        yield ValueRange(last, None, f"≥ {last_text}", f"{label}>={last_text}")


def _shown(value: int, unit: str) -> str:
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if value and value % scale == 0 and unit not in ("%", "分"):
            return f"{value // scale}{name}{unit}"
    return f"{value}{unit}"
