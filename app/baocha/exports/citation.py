"""Format the citation of a paragraph: 《title》，section，第 N 段，第 P 页.

Without a page, it ends with the place in the file: 工作表“收入表” A5:D5, or 原文件第 12 段.
"""

from collections.abc import Sequence

from baocha.search import ReportSummary
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
