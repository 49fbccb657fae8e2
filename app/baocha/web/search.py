"""The search page: the search box, and the hits if there is a query."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from flask import Response, make_response, request

from baocha.exports import certificate_lines, filters_text, gb7714, source_text
from baocha.mount import (
    enter_gate,
    entity_tag,
    has_page_images,
    is_unchanged,
    local_urls,
    set_entity_tag,
    url_for,
)
from baocha.search import (
    FACETS,
    GROUPINGS,
    SORTS,
    Alternative,
    AlternativeKind,
    CoveredReport,
    Engine,
    Hit,
    ReportParagraph,
    ReportSummary,
    SearchResult,
    Status,
)
from baocha.search.highlight import MAX_CONTEXT
from baocha.search.query import (
    Keyword,
    Phrase,
    as_typed,
    exactly,
    figure_conditions,
    parse_query,
    tree_text,
)
from baocha.web.blueprint import bp, current_engine, render
from baocha.web.facets import shown_facets, shown_histogram
from baocha.web.findings import stored_findings
from baocha.web.requested import PAGE_SIZES, Requested, encode_parameters, page_count
from baocha.web.user import current_user
from baocha_indexer.messages import Message
from baocha_indexer.model import NO_LOCATION
from baocha_indexer.text import fold

_MARKS = re.compile(r"[^\w.%％]+|_")

_ALTERNATIVES: dict[AlternativeKind, str] = {
    "figures": "by_value",
    "spelling": "did_you_mean",
    "pinyin": "did_you_mean",
    "number": "other_forms",
    "date": "other_forms",
    "equal": "equal_words",
    "related": "related_words",
}
"""The text before the alternatives of each kind."""

LISTED_YEARS = 5
"""Up to this number, years are listed one by one; more are shown as a range."""

PAGES_BESIDE = 2
"""Number of links to pages before and after the current one."""

FRONT_EXAMPLES = 3
"""Number of example queries on the front page."""

FIGURE_EXAMPLE = "执行率<95%"
"""The example of a condition on figures, shown if it finds something."""

NEWEST_REPORTS = 5
"""Number of reports on the front page."""

CONTEXT_PARAGRAPHS = 2
"""Number of paragraphs before and after a hit in its context."""


@bp.get("/")
def search_page() -> Response:
    """Show the search box, and the hits if there is a query."""
    engine = current_engine(waits=not request.if_none_match)
    tag = entity_tag(engine, current_user())
    if is_unchanged(tag):
        response = Response(status=304)
    else:
        enter_gate()
        response = make_response(_page(engine))
    set_entity_tag(response, tag)
    return response


def _page(engine: Engine) -> str:
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return _front_page(requested, warnings, engine)
    result = engine.search(
        requested.query,
        filters=requested.filters,
        limit=requested.size,
        offset=(requested.page - 1) * requested.size,
        sort=requested.sort,
        grouping=requested.grouping,
        mode=requested.mode or "words",
        expand=requested.expand,
    )
    around = _around(engine, requested, result)
    has_values = bool(figure_conditions(parse_query(requested.query).tree))
    found = result.reports if requested.grouping == "report" else result.total
    return render(
        "search.html",
        requested,
        (*warnings, *result.warnings),
        result=result,
        pages=page_count(found, requested.size),
        names=FACETS,
        facets=shown_facets(result.facets, requested, url_for("web.search_page")),
        sorts=[sort for sort in SORTS if has_values or sort not in ("highest", "lowest")],
        histograms=[shown_histogram(one) for one in result.histograms],
        groupings=GROUPINGS,
        sizes=PAGE_SIZES,
        hits=list(_shown_hits(result, requested, requested.around if around else "")),
        folded=visibly_folded(requested.query),
        exact_query=exact_query(requested.query),
        alternatives=grouped_alternatives(result.alternatives),
        filters_shown=filters_text(requested.filters),
        certificate_shown=[
            line.render(requested.language)
            for line in (certificate_lines(result.certificate) if result.certificate else ())
        ],
        around=around,
        page_numbers=page_numbers,
        has_images=has_page_images,
    )


_COPIED = "雷同:是"


def _front_page(requested: Requested, warnings: Sequence[Message], engine: Engine) -> str:
    status: Status = engine.status()
    return render(
        "front.html",
        requested,
        warnings,
        status=status,
        examples=_examples(engine),
        newest=newest_reports(engine.coverage()),
        years_text=_years_text(status.years),
        findings=len(stored_findings(engine)),
        copied=engine.search(_COPIED, limit=0).total,
    )


def _examples(engine: Engine) -> tuple[str, ...]:
    """Return queries that find something in this collection."""
    found = engine.examples()[:FRONT_EXAMPLES]
    return (*found, FIGURE_EXAMPLE) if engine.search(FIGURE_EXAMPLE, limit=0).total else found


def newest_reports(covered: Sequence[CoveredReport]) -> list[ReportSummary]:
    """Return the `NEWEST_REPORTS` reports of the latest years, the latest first, then by title."""
    reports = [item.report for item in covered]
    return nsmallest(
        NEWEST_REPORTS, reports, key=lambda report: (-(report.year or 0), report.title)
    )


def _years_text(years: Sequence[int]) -> str:
    """Return years, which are newest first, as a list or, if there are many, as a range."""
    if len(years) <= LISTED_YEARS:
        return " · ".join(map(str, years))
    return f"{years[-1]}–{years[0]}"


def visibly_folded(query: str) -> str:
    """Return the folded query if folding changed letters or digits, otherwise an empty text.

    The page shows it. Changed punctuation, spaces and capitals do not count.
    """
    folded = fold(query)
    same = _MARKS.sub("", folded) == _MARKS.sub("", query).casefold()
    return "" if same else folded


def exact_query(query: str) -> str:
    """Return the query that finds a single keyword or phrase exactly; otherwise an empty text."""
    tree = parse_query(query).tree
    if isinstance(tree, Keyword) or (isinstance(tree, Phrase) and not tree.exact):
        return tree_text(exactly(as_typed(tree)))
    return ""


class ShownHit(NamedTuple):
    """A hit, with the addresses of its links and the parts of its citation.

    `context`: the address of the page that shows or hides its context. `group`: the group whose heading is shown before the hit, empty for none. `number`: None for a
    partial match. `spans`: the spans as JSON text, None if the text is so long that it is fetched
    when it is copied.
    """

    hit: Hit
    group: str
    number: int | None
    report_address: str
    context: str
    head: str
    where: str
    reference: str
    spans: str | None


def _shown_hits(result: SearchResult, requested: Requested, open_hit: str) -> Iterator[ShownHit]:
    """Yield the hits, then the partial matches. `open_hit`: the id of the one with its context."""
    language, urls = requested.language, local_urls()
    page = urls("web.search_page")
    first = (requested.page - 1) * requested.size + 1
    groups = _headings(result, requested)
    closed = requested.changed(around="")
    in_report = encode_parameters([*closed.parameters, ("at", "")])
    around = requested.query_strings_around()
    heads: dict[str, str] = {}
    for at, hit in enumerate((*result.hits, *result.partial)):
        report = hit.report
        if (head := heads.get(report.id)) is None:
            head = heads[report.id] = source_text(report, (), NO_LOCATION, language)
        whole = source_text(report, hit.section_path, hit.location, language)
        address = urls("web.report_page", report_id=report.id)
        context = closed.query_string if hit.id == open_hit else around(hit.id)
        yield ShownHit(
            hit,
            next(groups),
            first + at if at < len(result.hits) else None,
            f"{address}?{in_report}{hit.ordinal}#p{hit.ordinal}",
            f"{page}?{context}#hit-{report.id}-{hit.ordinal}",
            head,
            whole.removeprefix(head),
            gb7714(report, None),
            json.dumps(hit.spans) if len(hit.text) <= MAX_CONTEXT else None,
        )


def _headings(result: SearchResult, requested: Requested) -> Iterator[str]:
    """Yield, for each hit and partial match, the group whose heading is before it, or an empty text."""
    is_mixed = result.mode == "words" and 0 < result.counts.typed < result.counts.words
    shows_groups = requested.sort == "relevance" and not result.relaxed
    last = ""
    for hit in result.hits:
        group = _group_of(hit) if shows_groups else ""
        yield group if group != last and (is_mixed or group == "labels") else ""
        last = group
    for at in range(len(result.partial)):
        yield "" if at else "partial"


def _group_of(hit: Hit) -> str:
    if hit.is_last_group:
        return "labels"
    return "typed" if hit.match in ("exact", "marks_ignored") else hit.match


def grouped_alternatives(
    alternatives: Sequence[Alternative],
) -> list[tuple[str, list[Alternative]]]:
    """Return the alternatives in groups, each with the key of the text before it."""
    groups: defaultdict[str, list[Alternative]] = defaultdict(list)
    for item in alternatives:
        groups[_ALTERNATIVES[item.kind]].append(item)
    return list(groups.items())


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the page numbers to link: first, last and near ones. None stands for a gap."""
    near = {1, pages, *range(max(1, page - PAGES_BESIDE), min(pages, page + PAGES_BESIDE) + 1)}
    numbers: list[int | None] = []
    for number in sorted(near):
        last = numbers[-1] if numbers else 0
        if last is not None and number > last + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def _around(
    engine: Engine, requested: Requested, result: SearchResult
) -> tuple[ReportParagraph, ...]:
    """Return the context of the hit `around`, including the hit itself."""
    hit = next((hit for hit in result.hits if hit.id == requested.around), None)
    read = engine.read(hit.report.id, requested.query, expand=requested.expand) if hit else None
    if hit is None or read is None:
        return ()
    return tuple(p for p in read.paragraphs if abs(p.ordinal - hit.ordinal) <= CONTEXT_PARAGRAPHS)
