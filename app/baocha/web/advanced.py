"""The advanced form: it writes a query from its fields, and shows how the query is written."""

from typing import Any

from flask import redirect, request

from baocha.mount import url_for
from baocha.search import ROLE_NAMES
from baocha.search.query import (
    DEFAULT_DISTANCE,
    MAX_QUERY_LENGTH,
    Figures,
    QueryParts,
    parse_query,
    parse_years,
    query_text,
)
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import MAX_VALUE_LENGTH, Requested, cut
from baocha_indexer.messages import Message

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""The years that stand for an empty field beside a filled one."""

_FIRST = Message(zh="起始年度", en="first year")
_LAST = Message(zh="最后年度", en="last year")

DISTANCES = (5, 10, DEFAULT_DISTANCE, 50, 100)
TEXT_FIELDS = ("words", "phrase", "without", "near")
FIGURE_FIELDS = ("label", "value")
OPERATORS = ("<", "<=", ">", ">=", "=")
CHOICES = ("department", "section", "kind")


@bp.get("/advanced")
def advanced_page() -> Page | Any:
    """Show the form and the query it makes.

    With `run`, redirect to the search page, unless the query is empty or a year is invalid.
    """
    args = request.args
    requested, warnings = Requested.from_args(args)
    fields = {name: args.get(name, "").strip()[:MAX_QUERY_LENGTH] for name in TEXT_FIELDS}
    fields |= {name: next(iter(requested.chosen[name]), "").strip() for name in CHOICES}
    first, last = (args.get(name, "").strip()[:MAX_VALUE_LENGTH] for name in ("from", "to"))
    years = [_year(first, _FIRST, warnings), _year(last, _LAST, warnings)]
    bounds = sorted((years[0] or FIRST_YEAR, years[1] or LAST_YEAR))
    period = (bounds[0], bounds[1]) if any(years) else None
    figure = {name: args.get(name, "").strip()[:MAX_VALUE_LENGTH] for name in FIGURE_FIELDS}
    operator = next((sign for sign in OPERATORS if args.get("operator") == sign), OPERATORS[0])
    condition = _condition(figure["label"], operator, figure["value"], warnings)
    distance = next((d for d in DISTANCES if args.get("distance") == str(d)), DEFAULT_DISTANCE)
    exact = "exact" in args
    parts = QueryParts(**fields, exact=exact, distance=distance, years=period, figures=condition)
    query = query_text(parts)
    role = next((role for role in ROLE_NAMES if args.get("role") == role), "")
    chosen = {**dict.fromkeys(requested.chosen, ()), "role": (role,) if role else ()}
    state = requested.changed(query=query, chosen=chosen)
    if query and "run" in args and not warnings:
        return redirect(f"{url_for('web.search_page')}?{state.query_string}")
    return render(
        "advanced.html",
        requested.changed(query="", chosen=dict.fromkeys(requested.chosen, ())),
        (*warnings, *(parse_query(query).warnings if query else ())),
        status=current_engine().status(),
        fields=fields | figure,
        operator=operator,
        operators=OPERATORS,
        first=first,
        last=last,
        exact=exact,
        distance=distance,
        distances=DISTANCES,
        role=role,
        roles=ROLE_NAMES,
        written_query=query,
        state=state,
    )


def _condition(label: str, operator: str, value: str, warnings: list[Message]) -> str:
    """Return the condition on figures of the form, empty if its fields are empty or make none."""
    if not label and not value:
        return ""
    parsed = parse_query(f"{label}{operator}{value}")
    if isinstance(parsed.tree, Figures):
        return parsed.tree.text
    shown = cut(f"{label}{operator}{value}")
    warnings.append(
        Message(
            zh=f"数字条件“{shown}”无效：应写名称和数值，如 执行率 < 80%；未采用",
            en=f"“{shown}” is no condition on figures; write a label and a number, such as 执行率 < 80%; it was ignored",
        )
    )
    return ""


def _year(value: str, name: Message, warnings: list[Message]) -> int | None:
    """Return the year in a field, or None if the field is empty or its value is not one year."""
    years = parse_years(value) if value else None
    if isinstance(years, tuple) and years[0] == years[1]:
        return years[0]
    if value:
        shown = cut(value)
        warnings.append(
            Message(
                zh=f"{name.zh}“{shown}”无效：应写四位数字，如 2022；未采用",
                en=f"the {name.en} “{shown}” is not a year; write four digits, such as 2022; it was ignored",
            )
        )
    return None
