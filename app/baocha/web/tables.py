"""What the pages with tables share: links, numbers and the lines about a search in their exports."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from flask import Response, abort

from baocha.exports import (
    TABLE_FORMS,
    TableExport,
    filters_text,
    media_type_of,
    write_tables,
)
from baocha.localtime import local_time
from baocha.mount import url_for
from baocha.search import Engine
from baocha.web.blueprint import current_engine
from baocha.web.comparison import Unit
from baocha.web.export import send_written
from baocha.web.requested import Requested
from baocha.web.texts import text
from baocha_indexer.messages import Language, Message


def send_tables(
    name: str, form: str, language: Language, content: Callable[[Engine], TableExport]
) -> Response:
    """Send tables as a file. `content` makes them, when it is the turn of this export.

    A form that is not in `TABLE_FORMS` is an unknown address.
    """
    if form not in TABLE_FORMS:
        abort(404)
    return send_written(
        f"baocha-{name}.{form}",
        media_type_of(form),
        lambda file: write_tables(form, content(current_engine(waits=False)), language, file),
    )


def about_search(
    engine: Engine,
    requested: Requested,
    warnings: Iterable[Message] = (),
    terms: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """Return the lines about a search and the index: labels and values."""
    language, status = requested.language, engine.status()
    lines = [
        (text(language, "query_label"), "；".join(terms) or requested.query),
        (text(language, "range"), filters_text(requested.filters)),
        *((text(language, "about_note"), warning.render(language)) for warning in warnings),
        (text(language, "about_version"), str(status.generation)),
        (text(language, "index_written"), local_time(status.written)),
        (text(language, "exported"), local_time(datetime.now(UTC).isoformat(timespec="seconds"))),
    ]
    return [line for line in lines if line[1]]


def shown_value(language: Language, value: str | int | None) -> str:
    """Return a value of a facet for display."""
    return text(language, "unknown") if value is None else str(value)


def number_of(value: float, unit: Unit) -> int | float:
    """Return a count as an integer, a rate with two decimals."""
    return round(float(value), 2) if unit == "rate" else int(value)


def external(page: str, state: Requested) -> str:
    """Return the whole address of a state of a page."""
    return f"{url_for(f'web.{page}', _external=True)}?{state.query_string}"


def external_report(report_id: str) -> str:
    """Return the whole address of a report."""
    return url_for("web.report_page", report_id=report_id, _external=True)
