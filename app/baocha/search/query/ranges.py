"""The ranges of a histogram of figures. Each is a condition, so it can be a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from baocha.search.query.tree import And, Figures, Query
from baocha_indexer.figures import read_value
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

    edges, label = _EDGES[kind], condition.label
    if unit and read_value(f"{edges[-1]}{unit}") is None:
        return  # a unit such as 里, which a number without 万 or 千 does not have
    shown = [_shown(edge, unit) for edge in edges]
    # In the conditions without 万, which would be money.
    values, typed = list(map(Decimal, edges)), [f"{edge}{unit}" for edge in edges]
    yield ValueRange(None, values[0], f"< {shown[0]}", f"{label}<{typed[0]}")
    for at in range(len(edges) - 1):
        yield ValueRange(
            values[at],
            values[at + 1],
            f"{shown[at]}–{shown[at + 1]}",
            f"{label}:{typed[at]}..<{typed[at + 1]}",
        )
    last = values[-1]
    if kind in _HAS_WHOLE:
        only = f"{label}={typed[-1]}"
        yield ValueRange(last, last, shown[-1], only, includes_high=True)
        yield ValueRange(last, None, f"> {shown[-1]}", f"{label}>{typed[-1]}")
    else:
        yield ValueRange(last, None, f"≥ {shown[-1]}", f"{label}>={typed[-1]}")


def _shown(value: int, unit: str) -> str:
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if value and value % scale == 0 and unit not in ("%", "分"):
            return f"{value // scale}{name}{unit}"
    return f"{value}{unit}"
