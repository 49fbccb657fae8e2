"""Health checks, and metrics for Prometheus."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, current_app

from baocha.mount import CONTENT_TYPE, current_mount, public_reason
from baocha.web.blueprint import bp
from baocha_indexer.errors import IndexUnusableError


@bp.get("/healthz")
def health() -> dict[str, str]:
    """Answer that this process is running, even if the index cannot be opened."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """Answer whether the index can be read, with its generation and its age in seconds.

    If it is in a cluster, also with the health, and the numbers of nodes and shards.
    """
    try:
        status = current_mount().live.current().status()
    except IndexUnusableError as error:
        current_app.logger.error(error.message.render("en"))  # noqa: TRY400 — no traceback
        return {"status": "unavailable", "reason": public_reason(error).render("en")}, 503
    age = None
    if status.written:
        written = datetime.fromisoformat(status.written)
        # If the clock was set back, the age would be negative.
        age = max(0, round((datetime.now(UTC) - written).total_seconds()))
    cluster = {"cluster": asdict(status.cluster)} if status.cluster else {}
    return {
        "status": "ok",
        "generation": status.generation,
        "written": status.written or None,
        "age_seconds": age,
        **cluster,
    }, 200


@bp.get("/metrics")
def metrics() -> Response:
    """Return the metrics of all worker processes, if the setting `metrics` is on."""
    figures = current_mount().metrics
    if figures is None:
        abort(404)
    return Response(figures.text(), content_type=CONTENT_TYPE)
