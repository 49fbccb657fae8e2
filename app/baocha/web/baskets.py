"""Check a basket against the index, and export it as a working paper.

The basket is sent with the request. Nothing of it is stored here; `baocha.web.records` stores baskets.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from flask import Response, abort, g, request
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
from baocha.exports import (
    EXPORT_FORMATS,
    QUERY,
    Paper,
    SearchRecord,
    TemplateError,
    entry_of,
    gb7714,
    mention_lines,
    provenance_of,
    shown_cells,
    source_text,
    write_template,
)
from baocha.localtime import local_time
from baocha.mount import url_for
from baocha.search import Engine, QueryTooCostlyError, ReportSummary
from baocha.web.absent import absences
from baocha.web.blueprint import Page, bp, current_engine, message, report_url
from baocha.web.export import file_name_of, send_written
from baocha.web.requested import Requested
from baocha.web.uploads import receive_body, receive_form
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.model import Location

RECORDED = Message(zh="加入底稿时", en="when added")
REMARK = Message(zh="备注", en="note")
NOT_RUN = Message(zh="未重新检索", en="not run again")
TOO_MANY = Message(
    zh="检索过多，或耗时过长", en="there are too many searches, or they take too long"
)

MAX_SEARCHES = 200
"""Maximum number of searches of a basket that are run again for their counts."""

MAX_SECONDS = 20.0
"""Time in which searches of a basket are run again. Another request waits as long for its turn."""


@bp.post("/baskets/check")
def check_basket() -> Response:
    """Return the parsed basket, the state of each item, and the record of each search."""
    parsed = parse_basket(load_json(receive_body()))
    basket = parsed.basket
    language: Language = "en" if request.args.get("lang") == "en" else "zh"
    engine = current_engine()
    requested = requested_of(basket)
    asked = {search: asked_of(one) for search, one in requested.items()}
    checked = check(basket, engine, asked)
    records = _records(basket, requested, engine, language)
    states = {one.item.key: _state(one, requested, language) for one in checked}
    for item in basket.searches:
        record = records.get(item.search)
        states[item.key] = _search_state(item, requested[item.search], record, language)
    answer = {
        "basket": with_current_text(basket, checked),
        "items": states,
        "searches": [
            [(label.render(language), value) for label, value in record.lines]
            for record in dict.fromkeys(records.values())
        ],
        "dropped": [line.render(language) for line in parsed.dropped],
    }
    # `jsonify` would write six bytes for each Chinese character instead of three.
    return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/json")


@bp.post("/baskets/export.<form>")
def export_basket(form: str) -> Response:
    """Send a basket as a working paper, or as JSON that can be imported again."""
    if form not in EXPORT_FORMATS:
        abort(404)
    receive_form()
    language: Language = "en" if request.form.get("lang") == "en" else "zh"
    g.baocha_language = language
    basket = parse_basket(load_json(request.form.get("basket", ""))).basket
    # A form without a chosen file sends one without a name.
    uploaded = request.files.get("template")
    template = uploaded.read() if uploaded and uploaded.filename else None

    def write(file: BinaryIO) -> None:
        engine = current_engine(waits=False)
        requested = requested_of(basket)
        checked = check(basket, engine, {one: asked_of(r) for one, r in requested.items()})
        if form == "json":
            values = with_current_text(basket, checked)
            file.write(json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
            return
        records = _records(basket, requested, engine, language)
        paper = Paper(
            (entry_of(one, records.get(one.item.search)) for one in checked),
            list(dict.fromkeys(records.values())),
            basket.fields,
            basket.name,
            is_basket=True,
        )
        if template is not None and form == "docx":
            write_template(template, paper, language, file)
        else:
            EXPORT_FORMATS[form].write(paper, language, file)

    name = f"{basket.fields.number} {basket.fields.subject or basket.name}"
    return send_written(f"{file_name_of(name)}.{form}", EXPORT_FORMATS[form].media_type, write)


def _records(
    basket: Basket, requested: Mapping[str, Requested], engine: Engine, language: Language
) -> dict[str, SearchRecord]:
    """Return the record of each search of a basket, by its query string.

    Two pages of the results of a search have the same record. Each search is run again, so that its
    counts and its proof belong to the version of the index that the record names.
    """
    items = {asked_of(requested[item.search]): item for item in reversed(basket.searches)}
    by_asked: dict[Asked, SearchRecord] = {}
    found = {}
    end = time.monotonic() + MAX_SECONDS
    for search, one in requested.items():
        asked = asked_of(one)
        if not asked.query:
            continue
        if asked not in by_asked:
            is_run = len(by_asked) < MAX_SEARCHES and time.monotonic() < end
            again = engine if is_run else None
            by_asked[asked] = _record(one, items.get(asked), again, language)
        found[search] = by_asked[asked]
    return found


def _record(
    requested: Requested, item: SearchItem | None, engine: Engine | None, language: Language
) -> SearchRecord:
    asked = asked_of(requested)
    more: list[tuple[Message, str]] = []
    if item:
        zh = [f"索引版本 {item.generation}" if item.generation else "", local_time(item.added)]
        en = [f"index version {item.generation}" if item.generation else "", local_time(item.added)]
        then = Message(
            zh="，".join(filter(None, (f"{item.total:,} 段", *zh))),
            en=", ".join(filter(None, (counted(item.total, "paragraph"), *en))),
        )
        more.append((RECORDED, then.render(language)))
        if item.note:
            more.append((REMARK, item.note))
    if engine is None:
        lines = [(QUERY, asked.query), (NOT_RUN, TOO_MANY.render(language)), *more]
        return SearchRecord(tuple(lines))
    try:
        result = engine.search(
            asked.query, filters=asked.filters, limit=0, mode=asked.mode, expand=asked.expand
        )
        found = absences(engine, requested)
    except QueryTooCostlyError as error:
        lines = [(QUERY, asked.query), (NOT_RUN, error.message.render(language)), *more]
        return SearchRecord(tuple(lines))
    provenance = provenance_of(engine, result, asked.filters)
    # Paragraphs with only some of the words do not count.
    provenance = replace(provenance, total=0) if result.relaxed else provenance
    not_filed = [one.department for one in found.not_filed]
    more = [*mention_lines(found.mentions, not_filed, language), *more]
    return SearchRecord.of(provenance, language, more)


def requested_of(basket: Basket) -> dict[str, Requested]:
    """Return the state of the search page for each query string in the basket, except empty ones."""
    strings = dict.fromkeys(item.search for item in basket.items if item.search)
    found = {one: Requested.from_args(MultiDict(parse_qsl(one)))[0] for one in strings}
    empty = Requested.from_args(MultiDict())[0]
    return {"": empty, **found}


def asked_of(requested: Requested) -> Asked:
    """Return the search of a state of the search page."""
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
    """Return the report to cite: from the index or, if it was removed, from the item."""
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
        "cells": [
            {"head": cell.head, "unit": cell.unit, "runs": cell.runs}
            for cell in shown_cells(entry_of(one, None).hit)
        ],
    }
    return values | ({"text": one.text_now} if one.state == "changed" else {})


def _search_state(
    item: SearchItem, requested: Requested, record: SearchRecord | None, language: Language
) -> dict[str, Any]:
    """Return the state of a search. If it was run again, its new total is compared with the old one."""
    total = item.total if record is None or record.total is None else record.total
    return {
        "state": "current" if total == item.total else "changed",
        "total": total,
        "citation": _sentence(
            requested.query, total, is_absence=record is not None and record.is_absence
        ).render(language),
        "address": f"{url_for('web.search_page')}?{requested.query_string}",
        "spans": [],
    }


def _sentence(query: str, total: int, *, is_absence: bool) -> Message:
    if is_absence:
        return Message(zh=f"检索 {query}：未提及", en=f"search {query}: no paragraph contains it")
    return Message(
        zh=f"检索 {query}：{total:,} 段", en=f"search {query}: {counted(total, 'paragraph')}"
    )


@bp.errorhandler(BasketError)
def _bad_basket(error: BasketError) -> Page:
    return message("bad_basket", 422, [error.message])


@bp.errorhandler(TemplateError)
def _bad_template(error: TemplateError) -> Page:
    return message("bad_template", 422, [error.message])
