"""Make baskets for tests."""

from collections.abc import Iterable
from typing import Any

from baocha.search import Hit


def item_of(hit: Hit, **changes: Any) -> dict[str, Any]:
    """Return the item that the search page adds for a hit."""
    return {
        "kind": "paragraph",
        "key": f"k{hit.report.id}-{hit.ordinal}",
        "report": hit.report.id,
        "ordinal": hit.ordinal,
        "text": hit.text,
        "title": hit.report.title,
        "department": hit.report.department,
        "year": hit.report.year,
        "report_kind": hit.report.kind,
        "section_path": list(hit.section_path),
        "page": hit.page,
        "source": hit.report.source,
        "sha256": hit.report.sha256,
        "search": "q=绩效目标",
        "note": "",
        "verdict": "",
        "added": "2026-11-29T03:48:08Z",
        **changes,
    }


def basket_of(added: Iterable[Any], **changes: Any) -> dict[str, Any]:
    """Return a basket with these items."""
    head = {"format": "baocha-basket", "version": 1, "name": "2023年水利专项", "fields": {}}
    return {**head, "items": list(added), **changes}
