"""Suggestions for the search box, as JSON."""

from dataclasses import asdict
from typing import Any

from flask import request

from baocha.search.query import MAX_QUERY_LENGTH
from baocha.web.blueprint import bp, current_engine
from baocha.web.requested import Requested


@bp.get("/suggest")
def suggest() -> list[dict[str, Any]]:
    """Return completions of `q`."""
    # Keep the white space that `Requested` would strip: it ends the last word.
    typed = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    filters = Requested.from_args(request.args)[0].filters
    return [asdict(suggestion) for suggestion in current_engine().suggest(typed, filters=filters)]
