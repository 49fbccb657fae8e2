"""What the command line prints: calm, aligned, in colour only on a terminal."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.localtime import local_time
from app.search import FacetValue, Hit, SearchResult, Status
from app.search.facets import FACET_NAMES
from app.search.snippets import Span, snippet
from indexer.build import Summary
from indexer.messages import Language, Message
from indexer.model import UNKNOWN, Report

CSV_COLUMNS = ("部门", "年度", "报告类型", "标题", "章节", "段", "页", "原文", "文件", "编号")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_json(content: Any) -> str:
    """Return JSON for people and programs: indented, Chinese as it is."""
    return json.dumps(content, ensure_ascii=False, indent=2)


def result_lines(
    result: SearchResult, language: Language, *, offset: int, facets: bool
) -> Iterator[str]:
    """Yield a search result for reading."""
    if result.warnings and not result.total:
        return  # what is wrong with the query has been said
    yield _totals(result).render(language)
    for hit in result.hits:
        yield ""
        yield from _hit_lines(hit, language)
    last = offset + len(result.hits)
    if last < result.total and result.hits:
        yield ""
        yield Message(
            zh=f"以上为第 {offset + 1}–{last} 段；查看后面的请加 --offset {last}",
            en=f"shown: {offset + 1}–{last}; for more add --offset {last}",
        ).render(language)
    if facets:
        yield ""
        yield from _facet_lines(result.facets, language)


def _totals(result: SearchResult) -> Message:
    query = " ".join(result.query.split())
    if not result.total:
        return Message(zh=f"未找到：{query}", en=f"nothing found: {query}")
    return Message(
        zh=f"共 {result.total:,} 段，见于 {result.reports:,} 份报告（{result.took_ms:.1f} 毫秒）",
        en=f"{result.total:,} paragraphs in {result.reports:,} reports ({result.took_ms:.1f} ms)",
    )


def _hit_lines(hit: Hit, language: Language) -> Iterator[str]:
    report = hit.report
    name = report.title if report.department == UNKNOWN else report.department
    year = report.year or Message(zh="年度未知", en="year unknown").render(language)
    place = [name, str(year), *hit.section_path]
    yield click.style(" · ".join(place), bold=True)
    shown = snippet(hit.text, hit.spans)
    yield "  " + _lit(shown.text, shown.spans)
    page = f"，第 {hit.page} 页" if hit.page else ""
    where = Message(
        zh=f"《{hit.report.title}》第 {hit.ordinal} 段{page}  {hit.id}",
        en=f"{hit.report.title}, paragraph {hit.ordinal}"
        + (f", page {hit.page}" if hit.page else "")
        + f"  {hit.id}",
    )
    yield "  " + click.style(where.render(language), dim=True)


def _lit(text: str, spans: Sequence[Span]) -> str:
    pieces = []
    at = 0
    for start, end in spans:
        pieces += [text[at:start], click.style(text[start:end], fg="red", bold=True)]
        at = end
    return "".join([*pieces, text[at:]])


def _facet_lines(facets: Mapping[str, Sequence[FacetValue]], language: Language) -> Iterator[str]:
    for name, values in facets.items():
        if not values:
            continue
        yield click.style(FACET_NAMES[name].render(language), bold=True)
        for value in values:
            yield f"  {value.count:>8,}  {value.value if value.value is not None else UNKNOWN}"


def result_csv(result: SearchResult) -> str:
    """Return all hits as CSV that spreadsheets open right: with a BOM, and without formulas."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for hit in result.hits:
        report = hit.report
        row = (
            report.department,
            report.year or UNKNOWN,
            report.kind,
            report.title,
            " / ".join(hit.section_path),
            hit.ordinal,
            hit.page or "",
            hit.text,
            report.source,
            hit.id,
        )
        writer.writerow([_no_formula(value) for value in row])
    return buffer.getvalue()


def _no_formula(value: object) -> object:
    """A cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def report_dict(report: Report, language: Language) -> dict[str, Any]:
    """Return what `parse --json` prints."""
    metadata = report.metadata
    return {
        "title": metadata.title,
        "department": metadata.department,
        "year": metadata.year,
        "kind": metadata.kind,
        "warnings": [warning.render(language) for warning in report.warnings],
        "paragraphs": [
            {
                "ordinal": p.ordinal,
                "text": p.text,
                "role": p.role,
                "section": p.section,
                "section_path": list(p.section_path),
                "page": p.page,
            }
            for p in report.paragraphs
        ],
    }


def report_lines(report: Report, language: Language) -> Iterator[str]:
    """Yield what was understood of a file, for reading."""
    metadata = report.metadata
    labels = (
        (Message(zh="标题", en="title"), metadata.title),
        (FACET_NAMES["department"], metadata.department),
        (FACET_NAMES["year"], metadata.year or UNKNOWN),
        (FACET_NAMES["kind"], metadata.kind),
    )
    for label, value in labels:
        yield f"{click.style(label.render(language), bold=True)}  {value}"
    for paragraph in report.paragraphs:
        indent = "    " if paragraph.role in ("body", "table") else "  "
        text = click.style(paragraph.text, bold=paragraph.role in ("title", "heading"))
        yield f"{paragraph.ordinal:>5}{indent}{text}"


def summary_dict(summary: Summary, seconds: float, language: Language) -> dict[str, Any]:
    """Return what `index --json` prints."""
    return {
        "indexed": summary.indexed,
        "unchanged": len(summary.unchanged),
        "removed": summary.removed,
        "failed": [
            {"source": failure.name, "reason": failure.reason.render(language)}
            for failure in summary.failed
        ],
        "warnings": [
            {"source": warning.name, "warning": warning.reason.render(language)}
            for warning in summary.warnings
        ],
        "paragraphs": summary.paragraphs,
        "seconds": round(seconds, 3),
    }


def summary_line(summary: Summary, seconds: float) -> Message:
    """Say what a run of indexing did."""
    return Message(
        zh=f"新增或更新 {len(summary.indexed)} 份（{summary.paragraphs:,} 段），"
        f"未变 {len(summary.unchanged)} 份，移除 {len(summary.removed)} 份，"
        f"失败 {len(summary.failed)} 份，用时 {seconds:.1f} 秒",
        en=f"indexed {len(summary.indexed)} ({summary.paragraphs:,} paragraphs), "
        f"unchanged {len(summary.unchanged)}, removed {len(summary.removed)}, "
        f"failed {len(summary.failed)}, in {seconds:.1f} s",
    )


def status_dict(status: Status, folder: Path) -> dict[str, Any]:
    """Return what `status --json` prints."""
    return {"index": str(folder), **asdict(status)}


def status_lines(status: Status, folder: str, language: Language) -> Iterator[str]:
    """Yield what an index holds, for reading."""
    years = (", " if language == "en" else "、").join(str(year) for year in status.years)
    rows = (
        (Message(zh="索引", en="index"), folder),
        (Message(zh="报告", en="reports"), f"{status.reports:,}"),
        (Message(zh="段落", en="paragraphs"), f"{status.paragraphs:,}"),
        (Message(zh="部门", en="departments"), f"{len(status.departments):,}"),
        (Message(zh="年度", en="years"), years),
        (
            Message(zh="部门未知", en="department unknown"),
            f"{status.unknown_departments:,}",
        ),
        (Message(zh="年度未知", en="year unknown"), f"{status.unknown_years:,}"),
        (Message(zh="更新时间", en="written"), local_time(status.written)),
        (Message(zh="大小", en="size"), f"{status.size_bytes / 2**20:.1f} MB"),
        (Message(zh="分词", en="segmenter"), status.segmenter),
        (Message(zh="字符归一规则", en="fold version"), str(status.fold_version)),
    )
    for label, value in rows:
        yield f"{click.style(label.render(language), bold=True)}  {value or '—'}"
