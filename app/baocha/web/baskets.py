"""Check a basket against the index, and export it as a working paper.

The basket is in the request: a browser keeps it, and this server keeps only the records of
`baocha.web.records`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, jsonify, request
from werkzeug.datastructures import MultiDict

from baocha.basket import (
    Asked,
    Basket,
    BasketError,
    Checked,
    SearchItem,
    check,
    load_json,
    parse_basket,
)
from baocha.exports import gb7714, source_text
from baocha.mount import url_for
from baocha.search import Engine, QueryTooCostlyError, ReportSummary
from baocha.web.blueprint import Page, bp, current_engine, message, report_url
from baocha.web.requested import Requested
from baocha.web.uploads import receive_body
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.model import Location

MAX_SEARCHES = 200
"""Maximum number of searches of a basket that are run again, each for its counts."""


@bp.post("/baskets/check")
def check_basket() -> Response:
    """Return the basket as it was understood, and the state of each item in the current index."""
    parsed = parse_basket(load_json(receive_body()))
    basket = parsed.basket
    language: Language = "en" if request.args.get("lang") == "en" else "zh"
    engine = current_engine()
    requested = requested_of(basket)
    asked = {search: asked_of(one) for search, one in requested.items()}
    checked = check(basket, engine, asked)
    states = {one.item.key: _state(one, requested, language) for one in checked}
    for number, item in enumerate(basket.searches):
        again = engine if number < MAX_SEARCHES else None
        states[item.key] = _search_state(item, requested[item.search], again, language)
    return jsonify(
        basket=with_current_text(basket, checked),
        items=states,
        dropped=[line.render(language) for line in parsed.dropped],
    )


def requested_of(basket: Basket) -> dict[str, Requested]:
    """Return the state of the search page for each query string in the basket, except empty ones."""
    strings = dict.fromkeys(item.search for item in basket.items if item.search)
    found = {one: Requested.from_args(MultiDict(parse_qsl(one)))[0] for one in strings}
    empty = Requested.from_args(MultiDict())[0]
    return {"": empty, **found}


def asked_of(requested: Requested) -> Asked:
    """Return what a state of the search page asks the engine."""
    mode = requested.mode or "words"
    return Asked(requested.query, requested.filters, mode, requested.expand)


def with_current_text(basket: Basket, checked: tuple[Checked, ...]) -> dict[str, Any]:
    """Return the basket as JSON values. A current item has the text of the index."""
    texts = {one.item.key: one.text for one in checked}
    values = dict(basket.to_dict())
    for item in values["items"]:
        if item["key"] in texts:
            item["text"] = texts[item["key"]]
    return values


def cited_report(one: Checked) -> ReportSummary:
    """Return the report to cite: that of the index, or what the item says of a removed one."""
    item = one.item
    return one.report or ReportSummary(
        item.report,
        item.title,
        item.department,
        item.year,
        item.report_kind,
        item.source,
        item.sha256,
    )


def _state(one: Checked, requested: Mapping[str, Requested], language: Language) -> dict[str, Any]:
    report = cited_report(one)
    item, paragraph = one.item, one.paragraph
    path = paragraph.section_path if paragraph else item.section_path
    location = paragraph.location if paragraph else Location(page=item.page)
    search = requested[item.search].changed(language=language)
    values = {
        "state": one.state,
        "ordinal": one.ordinal,
        "citation": source_text(report, path, location, language),
        "gb7714": gb7714(report, location.page),
        "address": report_url(report.id, search, one.ordinal) if one.report else "",
        "spans": one.spans,
    }
    return values | ({"text": one.text_now} if one.state == "changed" else {})


def _search_state(
    item: SearchItem, requested: Requested, engine: Engine | None, language: Language
) -> dict[str, Any]:
    """Return the state of a search. Without `engine` it is not run again."""
    values: dict[str, Any] = {
        "state": "current",
        "total": item.total,
        "citation": _sentence(requested.query, item.total).render(language),
        "address": f"{url_for('web.search_page')}?{requested.query_string}",
        "spans": [],
    }
    if engine is None or not requested.query:
        return values
    asked = asked_of(requested)
    try:
        result = engine.search(
            asked.query, filters=asked.filters, limit=0, mode=asked.mode, expand=asked.expand
        )
    except QueryTooCostlyError:
        return values
    # Paragraphs with only some of the words are no hits.
    total = 0 if result.relaxed else result.total
    return values | {
        "state": "current" if total == item.total else "changed",
        "total": total,
        "citation": _sentence(requested.query, total).render(language),
    }


def _sentence(query: str, total: int) -> Message:
    if not total:
        return Message(zh=f"检索 {query}：未提及", en=f"search {query}: no paragraph contains it")
    return Message(
        zh=f"检索 {query}：{total:,} 段", en=f"search {query}: {counted(total, 'paragraph')}"
    )


@bp.errorhandler(BasketError)
def _bad_basket(error: BasketError) -> Page:
    return message("bad_basket", 422, [error.message])
