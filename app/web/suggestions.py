"""Suggestions while typing, as JSON."""

from dataclasses import asdict
from typing import Any

from flask import request

from app.search.grammar import MAX_QUERY_LENGTH
from app.web.blueprint import bp, engine


@bp.get("/suggest")
def suggest() -> list[dict[str, Any]]:
    """Return completions of `q`."""
    typed = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    return [asdict(suggestion) for suggestion in engine().suggest(typed)]
