"""The page of plots: the values of a figure by department, and budgets against spending."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from statistics import median

from flask import Response, abort, make_response, request

from baocha.exports import xml_text
from baocha.search import Engine, Hit
from baocha.search.query import MAX_QUERY_LENGTH, Figures, figure_conditions, parse_query
from baocha.web.blueprint import Page, bp, current_engine, render, report_url
from baocha.web.plots import (
    BOTTOM,
    LEFT,
    RIGHT,
    ROW_HEIGHT,
    SQUARE,
    TOP,
    WIDTH,
    Mark,
    Plot,
    Row,
    Scale,
    Tick,
    department_label,
)
from baocha.web.requested import Requested
from baocha.web.templates import render_template
from baocha.web.texts import text
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN, Figure, FigureKind

MAX_HITS = 2000
"""Number of paragraphs that are read for a plot. If more match, the page says so."""

MAX_VALUES = 4000
"""Number of figures in a plot. Each takes 350 bytes of the page."""

MAX_ROWS = 60
"""Number of departments in a plot, those with most figures. The table has all."""

DEFAULT_QUERY = "执行率>=0%"
BUDGET_QUERY = "预算数>0元 (支出决算数>=0元 | 全年执行数>=0元)"
"""Finds paragraphs with a budget and what was spent of it."""

_BUDGETS = ("全年预算数", "调整预算数", "年初预算数", "预算数")
_SPENDING = ("支出决算数", "全年执行数")
"""Standard names. The first of them that a paragraph has is used; the latest budget comes first."""

_BRACKETS = frozenset("()（）")
_YUAN_IN_WAN = 10_000


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of a plot: its value, or the budget and the spending, and the paragraph it is in."""

    hit: Hit
    value: Decimal
    spent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Summary:
    """The values of a department."""

    department: str
    count: int
    least: Decimal
    median: Decimal
    greatest: Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """What is plotted. `kind`: of the figures, None if they are of several kinds.

    `is_budget`: each value is a budget with what was spent of it.
    """

    values: list[Value]
    kind: FigureKind | None
    label: str
    is_cut: bool
    is_budget: bool = False


@bp.get("/distribution")
def distribution_page() -> Page:
    """Show the values of the figures that a query asks for, by department, as a plot and a table."""
    requested, found, warnings = _asked()
    heading = _heading(requested.language, found)
    return render(
        "distribution.html",
        requested,
        warnings,
        plot=_plot(requested, found, heading),
        heading=heading,
        is_budget=found.is_budget,
        is_cut=found.is_cut,
        summaries=[] if found.is_budget else summaries_of(found.values),
        pairs=sorted(found.values, key=lambda one: one.spent / one.value)
        if found.is_budget
        else [],
        show=_shown(requested.language, found.kind),
        value_count=len(found.values),
    )


@bp.get("/distribution.svg")
def distribution_svg() -> Response:
    """Send the plot as an SVG file."""
    requested, found, _ = _asked()
    plot = _plot(requested, found, _heading(requested.language, found))
    if plot is None:
        abort(404)
    response = make_response(
        render_template("plot.svg", requested.language, plot=plot, is_alone=True)
    )
    response.mimetype = "image/svg+xml"
    return response


def _heading(language: Language, found: Found) -> str:
    if found.is_budget:
        return text(language, "plot_budget")
    return xml_text(text(language, "plot_values", label=found.label))


def _plot(requested: Requested, found: Found, caption: str) -> Plot | None:
    """Return the plot of what was found, None without values."""
    if found.is_budget:
        return _budget_plot(found.values, requested, caption)
    return _dot_plot(found, requested, caption)


def _is_budget() -> bool:
    return request.args.get("plot") == "budget"


def _asked() -> tuple[Requested, Found, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine()
    if _is_budget():
        found = _budgets(engine, replace(requested, query=_of_budgets(requested.query)))
        extra = (("plot", "budget"),)
        return replace(requested, extra=extra), found, warnings
    conditions = figure_conditions(parse_query(requested.query).tree)
    if not conditions:
        if requested.query:
            warnings = [
                *warnings,
                Message(
                    zh="检索词中没有数字条件，已改用 " + DEFAULT_QUERY,
                    en=f"the query has no condition on figures; {DEFAULT_QUERY} was used",
                ),
            ]
        requested = replace(requested, query=DEFAULT_QUERY)
        conditions = figure_conditions(parse_query(DEFAULT_QUERY).tree)
    return requested, _values(engine, requested, conditions[0]), warnings


def _of_budgets(query: str) -> str:
    """Return a query for the paragraphs with budgets that a query finds."""
    both = f"{BUDGET_QUERY} ({query})" if query else BUDGET_QUERY
    has_brackets = not _BRACKETS.isdisjoint(query)
    # A bracket of the query may close ours. Then paragraphs without budgets are read too, and left out.
    return query if has_brackets or len(both) > MAX_QUERY_LENGTH else both


def _hits(engine: Engine, requested: Requested) -> tuple[list[Hit], bool]:
    """Return the paragraphs to read, and whether there are more."""
    hits = engine.hits(requested.query, filters=requested.filters, sort="document")
    found = list(islice(hits, MAX_HITS + 1))
    return found[:MAX_HITS], len(found) > MAX_HITS


def _values(engine: Engine, requested: Requested, condition: Figures) -> Found:
    hits, is_cut = _hits(engine, requested)
    values = [
        Value(hit, value)
        for hit in hits
        for value in condition.values_of(one for one in hit.figures if not one.is_limit)
    ]
    is_cut |= len(values) > MAX_VALUES
    return Found(values[:MAX_VALUES], condition.kind, condition.label, is_cut)


def _budgets(engine: Engine, requested: Requested) -> Found:
    hits, is_cut = _hits(engine, requested)
    values = []
    for hit in hits:
        budget, spent = _amount(hit.figures, _BUDGETS), _amount(hit.figures, _SPENDING)
        if (
            budget is not None
            and spent is not None
            and budget > 0
            and spent >= 0
            and _is_rate_of(hit.figures, 100 * spent / budget)
        ):
            values.append(Value(hit, budget, spent))
    return Found(values, "amount", "", is_cut, is_budget=True)


def _is_rate_of(figures: Iterable[Figure], percent: Decimal) -> bool:
    """Whether a rate of execution in the paragraph, if there is one, is that of the budget and the spending."""
    rates = [one.value for one in figures if one.kind == "rate" and one.name == "执行率"]
    return not rates or any(abs(rate - percent) <= 1 for rate in rates)


def _amount(figures: Sequence[Figure], names: Sequence[str]) -> Decimal | None:
    """Return the amount with the first of these names that a paragraph has.

    None if no amount has it, or several: then it is not known which one belongs to the other side.
    """
    for name in names:
        found = [
            figure.value
            for figure in figures
            if figure.kind == "amount"
            and figure.name == name
            and not figure.is_change
            and not figure.is_limit
            and not figure.currency
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def summaries_of(values: Iterable[Value]) -> list[Summary]:
    """Return the values of each department, the lowest median first."""
    by_department: defaultdict[str, list[Decimal]] = defaultdict(list)
    for one in values:
        by_department[one.hit.report.department or UNKNOWN].append(one.value)
    return sorted(
        (
            Summary(name, len(own), min(own), Decimal(median(own)), max(own))
            for name, own in by_department.items()
        ),
        key=lambda summary: (summary.median, summary.department),
    )


def _dot_plot(found: Found, requested: Requested, caption: str) -> Plot | None:
    """Return a plot with a line for each department; None without values."""
    if not found.values:
        return None
    summaries = summaries_of(found.values)
    most = sorted(summaries, key=lambda one: -one.count)[:MAX_ROWS]
    shown = [summary for summary in summaries if summary in most]
    at = {summary.department: TOP + ROW_HEIGHT * (n + 0.5) for n, summary in enumerate(shown)}
    values = [one for one in found.values if (one.hit.report.department or UNKNOWN) in at]
    is_log = found.kind == "amount" and all(one.value > 0 for one in values)
    scale = Scale([one.value for one in values], LEFT, WIDTH - RIGHT, is_log=is_log)
    show = _shown(requested.language, found.kind)
    height = TOP + ROW_HEIGHT * len(shown) + BOTTOM
    return Plot(
        caption,
        WIDTH,
        height,
        LEFT,
        TOP,
        WIDTH - RIGHT,
        height - BOTTOM,
        tuple(
            Mark(
                scale(one.value),
                at[one.hit.report.department or UNKNOWN],
                xml_text(f"{one.hit.report.title}: {show(one.value)}"),
                report_url(one.hit.report.id, requested, one.hit.ordinal),
            )
            for one in values
        ),
        tuple(Tick(scale(value), show(Decimal(repr(value)))) for value in scale.ticks()),
        rows=tuple(
            Row(
                xml_text(summary.department),
                department_label(xml_text(summary.department)),
                at[summary.department],
                scale(summary.median),
            )
            for summary in shown
        ),
    )


def _budget_plot(values: Sequence[Value], requested: Requested, caption: str) -> Plot | None:
    """Return a plot of spending (up) against budgets (right) with logarithmic axes; None without values."""
    values = [one for one in values if one.spent > 0]
    if not values:
        return None
    both = [amount for one in values for amount in (one.value, one.spent)]
    left, right, top, bottom = 90, SQUARE + 90, TOP, SQUARE + TOP
    x, y = Scale(both, left, right, is_log=True), Scale(both, bottom, top, is_log=True)
    show = _shown(requested.language, "amount")
    low, high = min(both), max(both)
    return Plot(
        caption,
        right + 60,
        bottom + BOTTOM,
        left,
        top,
        right,
        bottom,
        tuple(
            Mark(
                x(one.value),
                y(one.spent),
                xml_text(f"{one.hit.report.title}: {show(one.value)} → {show(one.spent)}"),
                report_url(one.hit.report.id, replace(requested, query=""), one.hit.ordinal),
            )
            for one in values
        ),
        tuple(Tick(x(value), show(Decimal(repr(value)))) for value in x.ticks()),
        tuple(Tick(y(value), show(Decimal(repr(value)))) for value in y.ticks()),
        lines=((x(low), y(low), x(high), y(high), "100%"),),
        x_label=text(requested.language, "plot_budget_column"),
        y_label=text(requested.language, "plot_spent_column"),
    )


def _shown(language: Language, kind: FigureKind | None) -> Callable[[Decimal], str]:
    """Return a function that writes a value in the unit of its kind."""

    def show(value: Decimal) -> str:
        if kind == "amount":
            return text(
                language,
                "amount_wan",
                amount=f"{value / _YUAN_IN_WAN:,.2f}".rstrip("0").rstrip("."),
            )
        number = f"{value:,.2f}".rstrip("0").rstrip(".")
        return f"{number}%" if kind == "rate" else number

    return show
