"""The page of terms over time and place: counts by year, department or region, as a plot and a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import Response, abort, make_response, request

from baocha.exports import xml_text
from baocha.mount import url_for
from baocha.search import (
    COLLOCATION_DISTANCE,
    COLLOCATIONS_READ,
    Axis,
    Collocations,
    Engine,
    Hit,
    MatrixCell,
    Mode,
    QueryTooCostlyError,
    collocations_of,
)
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.compare import chosen_of, terms_of
from baocha.web.comparison import UNITS, Comparison, Unit, Value, compare_terms, value_of
from baocha.web.plots import (
    BOTTOM,
    DASHES,
    LABEL_LENGTH,
    LEFT,
    LINES_HEIGHT,
    RIGHT,
    ROW_HEIGHT,
    SHAPES,
    TOP,
    WIDTH,
    Mark,
    Plot,
    Row,
    Scale,
    Series,
    Tick,
    apart,
    department_label,
)
from baocha.web.requested import Requested, filter_value
from baocha.web.templates import render_template
from baocha.web.texts import text
from baocha_indexer.messages import Message

TREND_AXES: tuple[Axis, ...] = ("year", "department", "region")

MAX_SERIES = len(SHAPES)
"""Number of terms in a plot: each has a shape of its own. The table has all."""

MAX_TREND_TERMS = 40

MAX_ROWS = 60
"""Number of departments or regions in a plot, those with most. The table has all."""

_TEXT_HEIGHT = 16
_LABELS = 190
"""Width of the names of the series, right of the plot."""

_YEAR_WIDTH = 36
"""Width of the label of a year, with space."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: the terms, by what they are counted, and the unit."""

    terms: tuple[str, ...]
    axis: Axis
    unit: Unit

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters, without those that have default values."""
        pairs = [("term", term) for term in self.terms]
        pairs += [("axis", self.axis)] if self.axis != TREND_AXES[0] else []
        pairs += [("unit", self.unit)] if self.unit != UNITS[0] else []
        return tuple(pairs)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The first and the last paragraph that mentions a term, by year; None if there is none."""

    first: Hit | None
    last: Hit | None


@dataclass(frozen=True, slots=True)
class Trends:
    """What the page shows: the counts of each term, and where it is mentioned first and last."""

    requested: Requested
    choices: Choices
    mode: Mode
    comparison: Comparison
    mentioned: Sequence[Mentioned]

    def address(self, term: str, value: Value, *, external: bool = False) -> str:
        """Return the address of the paragraphs that a count stands for."""
        chosen = {**self.requested.chosen, self.choices.axis: (filter_value(value),)}
        state = self.requested.changed(query=term, mode=self.mode, extra=(), chosen=chosen)
        return f"{url_for('web.search_page', _external=external)}?{state.query_string}"

    def shown(self, cell: MatrixCell) -> str:
        """Return a count in the chosen unit, for display."""
        value = value_of(cell, self.choices.unit)
        return f"{value:.2f}" if self.choices.unit == "rate" else f"{int(value):,}"


@bp.get("/trends")
def trends_page() -> Page:
    """Show how often terms are mentioned over the years, or by department or region."""
    requested, choices, warnings = _asked()
    engine = current_engine()
    trends, plot = None, None
    collocations: Collocations | None = None
    if choices.terms:
        trends = _counted(engine, requested, choices)
        warnings = [*warnings, *trends.comparison.warnings]
        plot = plot_of(trends)
        if len(choices.terms) == 1:
            try:
                collocations = collocations_of(engine, choices.terms[0], requested.filters)
            except QueryTooCostlyError as error:
                warnings = [*warnings, error.message]
    return render(
        "trends.html",
        requested,
        warnings,
        choices=choices,
        trends=trends,
        plot=plot,
        heading=_heading(requested, choices),
        collocations=collocations,
        axes=TREND_AXES,
        units=UNITS,
        max_terms=MAX_TREND_TERMS,
        max_series=MAX_SERIES,
        distance=COLLOCATION_DISTANCE,
        max_read=COLLOCATIONS_READ,
        default_mode="exact",
    )


@bp.get("/trends.svg")
def trends_svg() -> Response:
    """Send the plot as an SVG file."""
    requested, choices, _ = _asked()
    plot = plot_of(_counted(current_engine(), requested, choices)) if choices.terms else None
    if plot is None:
        abort(404)
    response = make_response(
        render_template("plot.svg", requested.language, plot=plot, is_alone=True)
    )
    response.mimetype = "image/svg+xml"
    return response


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    terms = terms_of(request.args.getlist("term"), warnings, MAX_TREND_TERMS)
    if not terms and requested.query:
        terms = (requested.query,)
    choices = Choices(
        terms,
        chosen_of(request.args, "axis", TREND_AXES) or TREND_AXES[0],
        chosen_of(request.args, "unit", UNITS) or UNITS[0],
    )
    return replace(requested, query="", extra=choices.parameters, page=1), choices, warnings


def _counted(engine: Engine, requested: Requested, choices: Choices) -> Trends:
    mode: Mode = requested.mode or "exact"
    comparison = compare_terms(
        engine, choices.terms, requested.filters, mode, choices.axis, merged=True
    )
    mentioned = [_mentioned(engine, requested, mode, row.query) for row in comparison.rows]
    return Trends(requested, choices, mode, comparison, mentioned)


def _mentioned(engine: Engine, requested: Requested, mode: Mode, term: str) -> Mentioned:
    try:
        both = (
            engine.search(term, filters=requested.filters, mode=mode, sort=sort, limit=1)
            for sort in ("oldest", "newest")
        )
        first, last = (
            found.hits[0] if found.hits and not found.relaxed else None for found in both
        )
    except QueryTooCostlyError:
        return Mentioned(None, None)
    return Mentioned(first, last)


def _heading(requested: Requested, choices: Choices) -> str:
    language = requested.language
    if not choices.terms:
        return text(language, "trends")
    names = {"zh": "、", "en": ", "}[language].join(choices.terms[:MAX_SERIES])
    axis = text(language, choices.axis)
    return xml_text(text(language, "trends_of", terms=names, axis=axis))


def plot_of(trends: Trends) -> Plot | None:
    """Return the plot: lines over the years, or dots by department or region; None without values."""
    if not _numbers(trends):
        return None
    if trends.choices.axis == "year":
        return _lines(trends)
    return _dots(trends)


def _marks(
    trends: Trends, number: int, places: Sequence[tuple[int, float, float]]
) -> Iterator[Mark]:
    """Yield the marks of a term: each stands at (x, y) for the column of the comparison."""
    row = trends.comparison.rows[number]
    for column, x, y in places:
        value = trends.comparison.columns[column]
        cell = row.cells[column]
        shown = text(trends.requested.language, "unknown") if value is None else str(value)
        yield Mark(
            x,
            y,
            xml_text(f"{row.query} · {shown}: {trends.shown(cell)}"),
            trends.address(row.query, value),
            SHAPES[number],
        )


def _numbers(trends: Trends) -> list[int]:
    """Return the numbers of the terms that are plotted."""
    return [n for n, row in enumerate(trends.comparison.rows[:MAX_SERIES]) if row.cells]


def _lines(trends: Trends) -> Plot | None:
    comparison, unit = trends.comparison, trends.choices.unit
    columns = [
        (at, year)
        for at, year in enumerate(comparison.columns)
        if isinstance(year, int) and comparison.searched[at].searched
    ]
    if not columns:
        return None
    left, right = 70, WIDTH - _LABELS
    bottom = TOP + LINES_HEIGHT
    x = Scale([Decimal(year) for _, year in columns], left + 12, right - 12)
    values = {
        (n, at): value_of(comparison.rows[n].cells[at], unit)
        for n in _numbers(trends)
        for at, _ in columns
    }
    y = Scale([Decimal(0), Decimal(repr(max(values.values()) or 1))], bottom, TOP + 8)
    places = {
        n: [(at, x(year), y(values[n, at])) for at, year in columns] for n in _numbers(trends)
    }
    labels = apart([own[-1][2] for own in places.values()], _TEXT_HEIGHT)
    return Plot(
        _heading(trends.requested, trends.choices),
        WIDTH,
        max(bottom + BOTTOM, int(max(labels)) + _TEXT_HEIGHT),
        left,
        TOP,
        right,
        bottom,
        tuple(mark for n, own in places.items() for mark in _marks(trends, n, own)),
        tuple(_year_ticks(x, [year for _, year in columns])),
        tuple(Tick(y(value), f"{value:,.10g}") for value in y.ticks()),
        series=tuple(
            Series(
                xml_text(_short(comparison.rows[n].query)),
                SHAPES[n],
                DASHES[n],
                tuple(_without_gaps(columns, own)),
                right + 10,
                label,
            )
            for (n, own), label in zip(places.items(), labels, strict=True)
        ),
    )


def _year_ticks(x: Scale, years: Sequence[int]) -> Iterator[Tick]:
    """Yield the ticks of the years that have room for a label, the last one first."""
    place = float("inf")
    for year in reversed(years):
        if place - x(year) >= _YEAR_WIDTH:
            place = x(year)
            yield Tick(place, str(year))


def _without_gaps(
    columns: Sequence[tuple[int, int]], places: Sequence[tuple[int, float, float]]
) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield the points of each line: a line joins years that follow each other. `columns`: their numbers and years."""
    line: list[tuple[float, float]] = []
    before = None
    for (_, year), (_, x, y) in zip(columns, places, strict=True):
        if before is not None and year != before + 1:
            yield tuple(line)
            line = []
        line.append((x, y))
        before = year
    yield tuple(line)


def _dots(trends: Trends) -> Plot | None:
    comparison, unit = trends.comparison, trends.choices.unit
    numbers = _numbers(trends)
    most = {
        at: max(value_of(comparison.rows[n].cells[at], unit) for n in numbers)
        for at in range(len(comparison.columns))
        if comparison.searched[at].searched
    }
    shown = sorted(most, key=lambda at: -most[at])[:MAX_ROWS]
    if not shown:
        return None
    top = TOP + _TEXT_HEIGHT * len(numbers)
    heights = {at: top + ROW_HEIGHT * (n + 0.5) for n, at in enumerate(shown)}
    x = Scale([Decimal(0), Decimal(repr(max(most.values()) or 1))], LEFT + 8, WIDTH - RIGHT)
    bottom = top + ROW_HEIGHT * len(shown)
    language = trends.requested.language
    names = [
        text(language, "unknown") if comparison.columns[at] is None else str(comparison.columns[at])
        for at in shown
    ]
    return Plot(
        _heading(trends.requested, trends.choices),
        WIDTH,
        bottom + BOTTOM,
        LEFT,
        top,
        WIDTH - RIGHT,
        bottom,
        tuple(
            mark
            for n in numbers
            for mark in _marks(
                trends,
                n,
                [
                    (at, x(value_of(comparison.rows[n].cells[at], unit)), heights[at])
                    for at in shown
                ],
            )
        ),
        tuple(Tick(x(value), f"{value:,.10g}") for value in x.ticks()),
        rows=tuple(
            Row(xml_text(name), department_label(xml_text(name)), heights[at], None)
            for at, name in zip(shown, names, strict=True)
        ),
        series=tuple(
            Series(
                xml_text(_short(comparison.rows[n].query)),
                SHAPES[n],
                "",
                (),
                LEFT,
                _TEXT_HEIGHT * (place + 0.6),
            )
            for place, n in enumerate(numbers)
        ),
    )


def _short(term: str) -> str:
    return term if len(term) <= LABEL_LENGTH else term[: LABEL_LENGTH - 1] + "…"
