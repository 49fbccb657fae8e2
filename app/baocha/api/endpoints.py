"""The endpoints of the API. Each calls the engine and returns JSON values."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, BinaryIO

from flask import Response

from baocha.api.blueprint import Call, NotFoundError, endpoint
from baocha.api.parameters import (
    ANSI,
    AROUND,
    BY,
    COLUMNS,
    EXPAND,
    FACET_COUNTS,
    FILTERS,
    FOLLOW,
    GRADE,
    LEVEL1,
    LIMIT,
    LOST,
    MATRIX_MODE,
    MIN_CHARS,
    MODE,
    NAME,
    NO_REASON,
    OFFSET,
    OUTRIGHT,
    PASSAGE_OFFSET,
    QUERY,
    ROWS,
    ROWS_OF_FILE,
    RULE,
    SEVERITY,
    SORT,
    STATE,
    SUGGESTIONS,
    TEMPLATES,
    ParameterError,
    filters_of,
)
from baocha.client import FOUND_HEADER, MESSAGE_START
from baocha.exports import citation, csv_of_search, result_lines, result_messages
from baocha.findings import (
    SEVERITIES,
    STATES,
    FindingFilter,
    findings_of,
    registry,
)
from baocha.mount import NO_REPORT
from baocha.search import (
    Axis,
    CopyFilter,
    IndicatorFilter,
    ReadReport,
    ReportParagraph,
    SearchResult,
    collocations_of,
    hit_id,
    indicator_rows,
    indicators_in,
    located,
)
from baocha.search.differences import compare_reports
from baocha.web import decided_findings, file_name_of, send_written
from baocha_indexer.copies import LEAST_RUN
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

_STATUS = (
    "reports",
    "paragraphs",
    "departments",
    "years",
    "sections",
    "kinds",
    "regions",
    "levels",
    "generation",
    "written",
)
_SAME_AXES = Message(zh="参数 columns 应与 rows 不同", en="columns must be different from rows")
_NO_PARAGRAPH = Message(zh="没有这一段", en="there is no such paragraph")


@endpoint(
    "/search",
    (QUERY, *FILTERS, FOLLOW, MODE, EXPAND, SORT, BY, LIMIT, OFFSET),
    Message(zh="检索段落", en="Search for paragraphs"),
    "SearchResult",
)
def search(call: Call) -> dict[str, Any]:
    """Return one page of the matching paragraphs, and the counts of all of them."""
    result = call.engine.search(
        call["q"],
        filters=filters_of(call.values),
        limit=call["limit"],
        offset=call["offset"],
        sort=call["sort"],
        grouping=call["by"],
        mode=call["mode"],
        expand=call["expand"] == "1",
    )
    return result.to_json_values(call.language)


@endpoint(
    "/search.txt",
    (QUERY, *FILTERS, FOLLOW, MODE, EXPAND, SORT, LIMIT, OFFSET, FACET_COUNTS, ANSI),
    Message(
        zh="检索段落，返回 baocha search 输出的文字",
        en="Search; the text that baocha search prints",
    ),
    "SearchText",
    media_type="text/plain",
)
def search_text(call: Call) -> Response:
    """Return one page of the matching paragraphs as text, after the messages about the search."""
    result = _result(call, call["limit"])
    messages = (*result_messages(result, expand=call["expand"] == "1"), *call.warnings)
    lines = result_lines(
        result,
        call.language,
        offset=call["offset"],
        facets=call["facets"] == "1",
        styled=call["ansi"] == "1",
    )
    text = [f"{MESSAGE_START}{message.render(call.language)}\n" for message in messages]
    text += [f"{line}\n" for line in lines]
    content = "".join(text).encode("utf-8", "replace")
    response = Response(content, mimetype="text/plain")
    response.headers[FOUND_HEADER] = str(int(result.is_found))
    return response


@endpoint(
    "/search.csv",
    (QUERY, *FILTERS, FOLLOW, MODE, EXPAND, SORT, ROWS_OF_FILE, OFFSET),
    Message(zh="检索段落，返回 CSV 文件", en="Search; the paragraphs as a CSV file"),
    "SearchCsv",
    media_type="text/csv",
    waits=False,
)
def search_csv(call: Call) -> Response:
    """Return the matching paragraphs as a file, by default all."""

    def write(file: BinaryIO) -> None:
        pieces = csv_of_search(
            call.engine,
            _result(call, 0),
            call.language,
            filters=filters_of(call.values),
            sort=call["sort"],
            expand=call["expand"] == "1",
            offset=call["offset"],
            limit=call["limit"],
            warnings=call.warnings,
        )
        file.writelines(pieces)

    return send_written(f"baocha-{file_name_of(call['q'])}.csv", "text/csv", write)


def _result(call: Call, limit: int) -> SearchResult:
    return call.engine.search(
        call["q"],
        filters=filters_of(call.values),
        limit=limit,
        offset=call["offset"],
        sort=call["sort"],
        mode=call["mode"],
        expand=call["expand"] == "1",
    )


@endpoint(
    "/suggest",
    (QUERY, *FILTERS, FOLLOW, SUGGESTIONS),
    Message(zh="输入时的建议", en="Complete an unfinished query"),
    "Suggestions",
)
def suggest(call: Call) -> dict[str, Any]:
    """Return completions. Each finds at least one paragraph."""
    found = call.engine.suggest(call["q"], filters=filters_of(call.values), limit=call["limit"])
    return {"suggestions": [asdict(item) for item in found]}


@endpoint(
    "/facets",
    (QUERY, *FILTERS, FOLLOW, MODE, EXPAND),
    Message(zh="各部门、年度、章节、报告类型、段落类型的段数", en="Counts by facet"),
    "Facets",
)
def facets(call: Call) -> dict[str, Any]:
    """Return the counts of a query without its hits."""
    result = call.engine.search(
        call["q"],
        filters=filters_of(call.values),
        limit=0,
        mode=call["mode"],
        expand=call["expand"] == "1",
    )
    values = result.to_json_values(call.language)
    names = ("query", "total", "reports", "mode", "counts", "generation", "facets", "warnings")
    return {name: values[name] for name in names}


@endpoint(
    "/matrix",
    (QUERY, *FILTERS, FOLLOW, MATRIX_MODE, EXPAND, ROWS, COLUMNS),
    Message(zh="按两个方面统计段数，默认为部门 × 年度", en="Counts by two facets"),
    "Matrix",
)
def matrix(call: Call) -> dict[str, Any]:
    """Return the counts of a query, and the numbers of reports, by department and year.

    `rows` and `columns` choose other facets.
    """
    rows, columns = call["rows"], call["columns"]
    if rows == columns:
        raise ParameterError("columns", _SAME_AXES)
    found = call.engine.matrix(
        call["q"],
        filters=filters_of(call.values),
        mode=call["mode"],
        expand=call["expand"] == "1",
        rows=rows,
        columns=columns,
    )
    values = {rows: _values(rows, found.row_values), columns: _values(columns, found.column_values)}
    return {
        "query": call["q"],
        "total": found.total,
        "mode": found.mode,
        "matching": asdict(found.matching),
        "rows": rows,
        "columns": columns,
        "row_values": values[rows],
        "column_values": values[columns],
        "departments": values.get("department", []),
        "years": values.get("year", []),
        "counts": [[cell.paragraphs for cell in row] for row in found.cells],
        "other_marks": [[cell.other_marks for cell in row] for row in found.cells],
        "matching_reports": [[cell.reports for cell in row] for row in found.cells],
        "reports": [[cell.searched for cell in row] for row in found.cells],
        "characters": [[cell.characters for cell in row] for row in found.cells],
        "by_row": [cell._asdict() for cell in found.by_row],
        "by_column": [cell._asdict() for cell in found.by_column],
        "sum": found.whole._asdict(),
        "warnings": [warning.render(call.language) for warning in found.warnings],
    }


def _values(axis: Axis, values: Sequence[str | int | None]) -> list[str | int | None]:
    """Return the values of an axis as JSON values: an unknown year is null, an unknown name 未知."""
    return [UNKNOWN if value is None and axis != "year" else value for value in values]


@endpoint(
    "/reports",
    (*FILTERS, FOLLOW, LIMIT, OFFSET),
    Message(zh="收录的报告", en="The indexed reports"),
    "Reports",
)
def reports(call: Call) -> dict[str, Any]:
    """Return the reports, ordered by source, with the sections that each one lacks."""
    found = call.engine.coverage(filters=filters_of(call.values))
    first = call["offset"]
    return {
        "total": len(found),
        "reports": [
            item.report.to_dict()
            | {
                "paragraphs": item.paragraphs,
                "lacking": list(item.missing_sections),
                "region": item.region,
                "level": item.level,
                "years": list(item.years),
                "published": item.published,
            }
            for item in found[first : first + call["limit"]]
        ],
    }


@endpoint(
    "/reports/<report>",
    (QUERY,),
    Message(zh="一份报告的全文", en="A whole report"),
    "Report",
)
def report(call: Call, report: str) -> dict[str, Any]:
    """Return a report with all of its paragraphs. The matches of `q` are spans."""
    read = _read(call, report)
    return {
        "report": read.report.to_dict(),
        "metadata": dict(read.details),
        "paragraphs": [_paragraph(call, read, item) for item in read.paragraphs],
    }


@endpoint(
    "/reports/<report>/paragraphs/<int:ordinal>",
    (QUERY, AROUND),
    Message(zh="一段及其前后", en="A paragraph and its neighbours"),
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
    "/reports/<report>/indicators",
    (),
    Message(zh="一份报告的绩效指标和勾稽核对", en="Indicators and checks of a report"),
    "ReportIndicators",
)
def report_indicators(call: Call, report: str) -> dict[str, Any]:
    """Return the rows of the tables of indicators of a report, the checks of its figures, and the findings."""
    found, analysis = call.engine.report(report), call.engine.analysis(report)
    if found is None or analysis is None:
        raise NotFoundError(NO_REPORT)
    rows = indicator_rows(found, analysis.evaluations)
    return {
        "report": found.to_dict(),
        "indicators": [row.to_dict() for row in rows],
        "checks": [check.to_dict(call.language) for check in analysis.checks],
        "findings": [one.to_dict(call.language) for one in findings_of(found, analysis.checks)],
    }


@endpoint(
    "/indicators",
    (*FILTERS, FOLLOW, LEVEL1, NAME, GRADE, LOST, NO_REASON, LIMIT, OFFSET),
    Message(zh="各报告的绩效指标", en="Indicators of all reports"),
    "Indicators",
)
def indicators(call: Call) -> dict[str, Any]:
    """Return rows of the tables of indicators, ordered by report."""
    wanted = IndicatorFilter(
        level1=call["level1"] or "",
        name=call["name"] or "",
        grade=call["grade"] or "",
        lost=call["lost"] == "1",
        without_reason=call["no_reason"] == "1",
    )
    everything = indicators_in(call.engine, filters_of(call.values))
    rows = [row for row in everything if wanted.passes(row)]
    first = call["offset"]
    return {
        "total": len(rows),
        "indicators": [row.to_dict() for row in rows[first : first + call["limit"]]],
    }


@endpoint(
    "/findings",
    (*FILTERS, FOLLOW, RULE, SEVERITY, STATE, LIMIT, OFFSET),
    Message(zh="核对发现", en="Findings"),
    "Findings",
)
def findings(call: Call) -> dict[str, Any]:
    """Return what the rules noticed, ordered by report."""
    choices = {"rule": tuple(registry().rules), "severity": SEVERITIES, "state": STATES}
    for name, known in choices.items():
        if unknown := set(call[name]) - set(known):
            shown = " | ".join(known)
            raise ParameterError(
                name,
                Message(
                    zh=f"没有“{min(unknown)[:40]}”；可用 {shown}",
                    en=f"unknown value “{min(unknown)[:40]}”; use {shown}",
                ),
            )
    wanted = FindingFilter(call["rule"], call["severity"], call["state"])
    result = decided_findings(call.engine, filters_of(call.values), wanted)
    found, first = result.found, call["offset"]
    return {
        "total": len(found),
        "findings": [one.to_dict(call.language) for one in found[first : first + call["limit"]]],
        "warnings": [problem.render(call.language) for problem in result.problems],
    }


@endpoint(
    "/reports/<report>/diff/<other>",
    (LIMIT, OFFSET),
    Message(zh="对比两份报告", en="What differs between two reports"),
    "Differences",
)
def differences(call: Call, report: str, other: str) -> dict[str, Any]:
    """Return a summary, and the paragraphs that differ; the second report is usually the later one."""
    first, second = call.engine.read(report), call.engine.read(other)
    if first is None or second is None:
        raise NotFoundError(NO_REPORT)
    offset = call["offset"]
    found = compare_reports(first, second)
    return {
        "total": len(found.changes),
        **found.to_dict(slice(offset, offset + call["limit"])),
    }


@endpoint(
    "/collocations",
    (QUERY, *FILTERS, FOLLOW, LIMIT),
    Message(zh="与一个词相近的词", en="Words that stand near a word or phrase"),
    "Collocations",
)
def collocations(call: Call) -> dict[str, Any]:
    """Return the words that stand near the word or phrase of the query more often than by chance."""
    found = collocations_of(call.engine, call["q"], filters_of(call.values), call["limit"])
    return found.to_dict()


@endpoint(
    "/copies",
    (*FILTERS, FOLLOW, MIN_CHARS, OUTRIGHT, TEMPLATES, LIMIT, PASSAGE_OFFSET),
    Message(zh="报告之间的雷同文字", en="Text that reports share"),
    "Copies",
)
def copies(call: Call) -> dict[str, Any]:
    """Return passages that paragraphs of two reports share, ordered by the source of a report that passes."""
    if call["min_chars"] < LEAST_RUN:
        raise ParameterError(
            "min_chars",
            Message(zh=f"不能小于 {LEAST_RUN}", en=f"must be at least {LEAST_RUN}"),
        )
    wanted = CopyFilter(call["min_chars"], call["outright"] == "1", call["templates"] == "1")
    found = call.engine.shared_passages(filters=filters_of(call.values), wanted=wanted)
    first, limit = call["offset"], call["limit"]
    page = list(islice(found, first, first + limit + 1))
    return {
        "copies": [one.to_dict() for one in page[:limit]],
        "more": len(page) > limit,
    }


@endpoint(
    "/copies/reports",
    (*FILTERS, FOLLOW, LIMIT, OFFSET),
    Message(zh="有雷同文字的报告", en="Pairs of reports that share text"),
    "CopiedReports",
)
def copied_reports(call: Call) -> dict[str, Any]:
    """Return pairs of reports that share text, the largest share first."""
    found = call.engine.copied_reports(filters=filters_of(call.values))
    first = call["offset"]
    return {
        "total": len(found),
        "pairs": [one.to_dict() for one in found[first : first + call["limit"]]],
    }


@endpoint(
    "/status",
    (),
    Message(zh="索引概况", en="Summary of the index"),
    "Status",
)
def status(call: Call) -> dict[str, Any]:
    """Return a summary of the index."""
    values = asdict(call.engine.status())
    return {name: values[name] for name in _STATUS}


def _read(call: Call, report_id: str) -> ReadReport:
    read = call.engine.read(report_id, call["q"])
    if read is None:
        raise NotFoundError(NO_REPORT)
    return read


def _paragraph(call: Call, read: ReadReport, item: ReportParagraph) -> dict[str, Any]:
    return {
        "id": hit_id(read.report.id, item.ordinal),
        "ordinal": item.ordinal,
        "role": item.role,
        "section_path": list(item.section_path),
        "text": item.text,
        "spans": [list(span) for span in item.spans],
        "copies": item.copies,
        "cells": [cell._asdict() for cell in item.cells],
        "figures": [figure.to_dict() for figure in item.figures],
        **located(read.report, item.location, item.text),
        "citation": citation(
            read.report, item.section_path, item.ordinal, item.location, call.language
        ),
    }
