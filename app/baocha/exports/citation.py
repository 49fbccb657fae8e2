"""Format the citation of a paragraph: 《title》，section，第 N 段，第 P 页."""

from collections.abc import Sequence

from baocha.search import ReportSummary
from baocha_indexer.messages import Language, Message


def section_text(path: Sequence[str]) -> str:
    """Return a section path as one text, empty before the first heading."""
    return " / ".join(path)


def citation(
    report: ReportSummary,
    path: Sequence[str],
    ordinal: int,
    page: int | None,
    language: Language,
) -> str:
    """Return the citation of a paragraph. Unknown parts are omitted."""
    section = section_text(path)
    zh = [f"《{report.title}》", section, f"第 {ordinal} 段", f"第 {page} 页" if page else ""]
    en = [report.title, section, f"paragraph {ordinal}", f"page {page}" if page else ""]
    return Message(zh="，".join(filter(None, zh)), en=", ".join(filter(None, en))).render(language)
