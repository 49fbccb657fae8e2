"""The endpoints: each asks the engine and returns JSON values."""

from dataclasses import asdict
from typing import Any

from baocha.api.blueprint import Call, NotFoundError, endpoint
from baocha.api.parameters import (
    AROUND,
    BY,
    FILTERS,
    LIMIT,
    OFFSET,
    QUERY,
    SORT,
    SUGGESTIONS,
    filters_of,
)
from baocha.exports import citation
from baocha.search import ReadReport, ReportParagraph
from baocha_indexer.messages import Message

_NO_REPORT = Message(zh="没有这份报告", en="there is no such report")
_NO_PARAGRAPH = Message(zh="没有这一段", en="there is no such paragraph")


@endpoint(
    "/search",
    (QUERY, *FILTERS, SORT, BY, LIMIT, OFFSET),
    Message(zh="检索段落", en="Search for paragraphs"),
    "SearchResult",
)
def search(call: Call) -> dict[str, Any]:
    """Return the paragraphs that match, and the counts of all that do."""
    result = call.engine.search(
        call["q"],
        filters=filters_of(call.values),
        limit=call["limit"],
        offset=call["offset"],
        sort=call["sort"],
        unit=call["by"],
    )
    return result.to_dict(call.language)


@endpoint(
    "/suggest",
    (QUERY, *FILTERS, SUGGESTIONS),
    Message(zh="输入时的建议", en="Complete what is being typed"),
    "Suggestions",
)
def suggest(call: Call) -> dict[str, Any]:
    """Return completions; every one is found."""
    found = call.engine.suggest(call["q"], filters=filters_of(call.values), limit=call["limit"])
    return {"suggestions": [asdict(item) for item in found]}


@endpoint(
    "/facets",
    (QUERY, *FILTERS),
    Message(zh="各部门、年度、章节、报告类型的段数", en="Counts by facet"),
    "Facets",
)
def facets(call: Call) -> dict[str, Any]:
    """Return the counts of a query without its hits."""
    result = call.engine.search(call["q"], filters=filters_of(call.values), limit=0)
    held = result.to_dict(call.language)
    return {name: held[name] for name in ("query", "total", "reports", "facets", "warnings")}


@endpoint(
    "/matrix",
    (QUERY, *FILTERS),
    Message(zh="部门 × 年度的段数", en="Counts by department and year"),
    "Matrix",
)
def matrix(call: Call) -> dict[str, Any]:
    """Return the counts of a query by department and year, and how many reports there are."""
    found = call.engine.matrix(call["q"], filters=filters_of(call.values))
    return {
        "query": call["q"],
        "total": found.total,
        "departments": list(found.departments),
        "years": list(found.years),
        "counts": [list(row) for row in found.counts],
        "reports": [list(row) for row in found.reports],
        "warnings": [warning.render(call.language) for warning in found.warnings],
    }


@endpoint(
    "/reports",
    (*FILTERS, LIMIT, OFFSET),
    Message(zh="现有的报告", en="The reports that are held"),
    "Reports",
)
def reports(call: Call) -> dict[str, Any]:
    """Return the reports in the order of their sources, and which sections each lacks."""
    found = call.engine.coverage(filters=filters_of(call.values))
    first = call["offset"]
    return {
        "total": len(found),
        "reports": [
            item.report.to_dict() | {"paragraphs": item.paragraphs, "lacking": list(item.lacking)}
            for item in found[first : first + call["limit"]]
        ],
    }


@endpoint(
    "/reports/<report>",
    (QUERY,),
    Message(zh="一份报告的全文", en="A report whole"),
    "Report",
)
def report(call: Call, report: str) -> dict[str, Any]:
    """Return a report and all of its paragraphs, the matches of `q` as spans."""
    read = _read(call, report)
    return {
        "report": read.report.to_dict(),
        "paragraphs": [_paragraph(call, read, item) for item in read.paragraphs],
    }


@endpoint(
    "/reports/<report>/paragraphs/<int:ordinal>",
    (QUERY, AROUND),
    Message(zh="一段及其前后", en="A paragraph and those beside it"),
    "Paragraph",
)
def paragraph(call: Call, report: str, ordinal: int) -> dict[str, Any]:
    """Return a paragraph, its citation, and its neighbours."""
    read = _read(call, report)
    found = next((item for item in read.paragraphs if item.ordinal == ordinal), None)
    if found is None:
        raise NotFoundError(_NO_PARAGRAPH)
    around = call["around"]
    return {
        "report": read.report.to_dict(),
        "paragraph": _paragraph(call, read, found),
        "before": [
            _paragraph(call, read, item)
            for item in read.paragraphs
            if ordinal - around <= item.ordinal < ordinal
        ],
        "after": [
            _paragraph(call, read, item)
            for item in read.paragraphs
            if ordinal < item.ordinal <= ordinal + around
        ],
    }


@endpoint(
    "/status",
    (),
    Message(zh="索引里有什么", en="What the index holds"),
    "Status",
)
def status(call: Call) -> dict[str, Any]:
    """Return what the index holds."""
    held = call.engine.status()
    return {
        "reports": held.reports,
        "paragraphs": held.paragraphs,
        "departments": list(held.departments),
        "years": list(held.years),
        "sections": list(held.sections),
        "kinds": list(held.kinds),
        "generation": held.generation,
        "written": held.written,
    }


def _read(call: Call, report_id: str) -> ReadReport:
    read = call.engine.read(report_id, call["q"])
    if read is None:
        raise NotFoundError(_NO_REPORT)
    return read


def _paragraph(call: Call, read: ReadReport, item: ReportParagraph) -> dict[str, Any]:
    return {
        "id": f"{read.report.id}#{item.ordinal}",
        "ordinal": item.ordinal,
        "role": item.role,
        "section_path": list(item.section_path),
        "page": item.page,
        "text": item.text,
        "spans": [list(span) for span in item.spans],
        "citation": citation(
            read.report, item.section_path, item.ordinal, item.page, call.language
        ),
    }
