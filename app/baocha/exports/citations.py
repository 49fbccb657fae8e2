"""Format the citation of a paragraph, for reading and for copying into a document.

`citation` returns 《title》，section，第 N 段，第 P 页. `quotation` returns the quote with its source, and
`gb7714` an entry for a list of references. In the first two, the place in the file replaces an
unknown page: 工作表“收入表” A5:D5, or 原文件第 12 段.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from baocha.search import ReportSummary
from baocha.search.highlight import Span, marked_html
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import Location


def section_text(path: Sequence[str]) -> str:
    """Return a section path as one text, empty before the first heading."""
    return " / ".join(path)


def citation(
    report: ReportSummary,
    path: Sequence[str],
    ordinal: int,
    location: Location,
    language: Language,
) -> str:
    """Return the citation of a paragraph. Unknown parts are omitted."""
    section = section_text(path)
    where = _where(location)
    zh = [f"《{report.title}》", section, f"第 {ordinal} 段", where.zh]
    en = [report.title, section, f"paragraph {ordinal}", where.en]
    return Message(zh="，".join(filter(None, zh)), en=", ".join(filter(None, en))).render(language)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote with its source, as plain text and as HTML. The only element of the HTML is `<b>`."""

    text: str
    html: str


def quotation(
    text: str,
    spans: Sequence[Span],
    report: ReportSummary,
    path: Sequence[str],
    location: Location,
    language: Language,
) -> Quotation:
    """Return “text”（《title》，department，year，第5页，section）. The text is not cut.

    In the HTML, each span is bold, which Word keeps when it is pasted.
    """
    source = source_text(report, path, location, language)
    opening, closing = ("（", "）") if language == "zh" else (" (", ")")
    # The text is escaped, so every <mark> was added by `marked_html`.
    marked = marked_html(text, spans).replace("mark>", "b>")
    return Quotation(
        f"“{text}”{opening}{source}{closing}",
        f"“{marked}”{opening}{escape(source)}{closing}",
    )


def source_text(
    report: ReportSummary, path: Sequence[str], location: Location, language: Language
) -> str:
    """Return the source of a quote: 《title》，department，year，第5页，section.

    Unknown parts are omitted. In Chinese, 《》 inside the title becomes 〈〉 (GB/T 15834, 4.15.3.4).
    """
    where = _where(location)
    inner = report.title.replace("《", "〈").replace("》", "〉")
    zh = [
        f"《{inner}》" if inner else "",
        report.department,
        f"{report.year}年" if report.year else "",
        where.zh.replace(" ", "") if location.page else where.zh,
        section_text(path),
    ]
    en = [
        report.title,
        report.department,
        str(report.year) if report.year else "",
        where.en,
        section_text(path),
    ]
    return Message(zh="，".join(filter(None, zh)), en=", ".join(filter(None, en))).render(language)


def gb7714(report: ReportSummary, page: int | None) -> str:
    """Return the reference of a report by GB/T 7714-2015, 4.1: 主要责任者. 题名[R]. 年: 页码.

    Unknown parts are omitted. [R] is the type of a report (appendix B). The text is on one line.
    """
    year = str(report.year) if report.year else ""
    pages = f": {page}" if page else ""
    parts = [report.department, f"{report.title}[R]" + ("" if year else pages)]
    if year:
        parts.append(year + pages)
    found = ". ".join(filter(None, parts)) + "."
    return Message(zh=found, en=found).render("zh")


def _where(location: Location) -> Message:
    page, place = location.page, location.place
    if page:
        return Message(zh=f"第 {page} 页", en=f"page {page}")
    if place.sheet:
        cells = f" {place.cells}" if place.cells else ""
        return Message(zh=f"工作表“{place.sheet}”{cells}", en=f"sheet “{place.sheet}”{cells}")
    if place.paragraph:
        return Message(
            zh=f"原文件第 {place.paragraph} 段", en=f"paragraph {place.paragraph} of the file"
        )
    return Message(zh="", en="")
