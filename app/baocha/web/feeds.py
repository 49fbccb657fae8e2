"""Documents for browsers and feed readers: an OpenSearch description and an Atom feed."""

from typing import Any

from flask import Response, request
from lxml import etree

from baocha.exports import citation, xml_text
from baocha.mount import url_for
from baocha.search import Engine, Hit, SearchResult
from baocha.search.highlight import MAX_CONTEXT, snippet
from baocha.web.blueprint import Page, bp, current_engine, message, render, report_url
from baocha.web.requested import Requested
from baocha.web.texts import text

_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
FEED_HITS = 50
"""Number of hits in a feed."""


@bp.get("/opensearch.xml")
def opensearch() -> Response:
    """Return the description with which browsers add a search engine (OpenSearch 1.1)."""
    root = etree.Element(f"{{{_OPENSEARCH}}}OpenSearchDescription", nsmap={None: _OPENSEARCH})
    _add(root, "ShortName", text("zh", "name"))
    _add(root, "Description", text("zh", "tagline"))
    _add(root, "InputEncoding", "UTF-8")
    page = url_for("web.search_page", _external=True)
    _add(root, "Url", type="text/html", template=f"{page}?q={{searchTerms}}")
    return _xml(root, "application/opensearchdescription+xml")


@bp.get("/feed")
def feed_page() -> Page:
    """Show the hits of the feed as a page, with the address for a feed reader.

    Browsers show the feed itself as plain XML, and no longer apply style sheets (XSLT) to it.
    """
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)
    address = url_for("web.feed", _external=True) + "?" + requested.query_string
    hits = _found(current_engine(), requested).hits
    return render("feed.html", requested, warnings, hits=hits, feed_address=address)


@bp.get("/feed.atom")
def feed() -> Response | Page:
    """Return the hits of a query, as typed, as an Atom feed: newest reports first (RFC 4287)."""
    requested, _ = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)
    engine = current_engine()
    result = _found(engine, requested)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    address = url_for("web.search_page", _external=True) + "?" + requested.query_string
    _add(root, "id", xml_text(address))
    _add(root, "title", xml_text(f"{requested.query} · {text(requested.language, 'name')}"))
    _add(root, "updated", engine.status().written or "1970-01-01T00:00:00Z")
    _add(_add(root, "author"), "name", text(requested.language, "name"))
    _add(root, "link", rel="alternate", href=xml_text(address))
    for hit in result.hits:
        _entry(root, hit, requested)
    return _xml(root, "application/atom+xml")


def _found(engine: Engine, requested: Requested) -> SearchResult:
    return engine.search(
        requested.query,
        filters=requested.filters,
        limit=FEED_HITS,
        sort="newest",
        mode=requested.mode or "exact",
        expand=requested.expand,
    )


def _entry(root: Any, hit: Hit, requested: Requested) -> None:
    entry = _add(root, "entry")
    address = url_for("web.report_page", report_id=hit.report.id, _external=True)
    _add(entry, "id", f"{address}#p{hit.ordinal}")
    unknown = text(requested.language, "unknown")
    name = f"{hit.report.department or unknown} · {hit.report.year or unknown}"
    _add(entry, "title", xml_text(name))
    # A reader shows an entry as new if this changes. The year of the report does not change.
    _add(entry, "updated", f"{hit.report.year or 1970}-12-31T00:00:00Z")
    href = report_url(hit.report.id, requested, hit.ordinal, external=True)
    _add(entry, "link", rel="alternate", href=href)
    where = citation(hit.report, hit.section_path, hit.ordinal, hit.location, requested.language)
    shown = snippet(hit.text, hit.spans, MAX_CONTEXT).text
    _add(entry, "summary", xml_text(f"{shown}\n{where}"))


def _add(parent: Any, name: str, content: str = "", **attributes: str) -> Any:
    child = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, name))
    child.text = content or None
    for key, value in attributes.items():
        child.set(key, value)
    return child


def _xml(root: Any, kind: str) -> Response:
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return Response(content, content_type=f"{kind}; charset=utf-8")
