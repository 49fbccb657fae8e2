"""Format a search result as text, as `baocha search` prints it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from baocha.client import NO_SYNONYMS
from baocha.exports.citations import citation
from baocha.exports.provenance import certificate_lines
from baocha.search import (
    COPIED_NAMES,
    FACET_NAMES,
    ROLE_NAMES,
    AlternativeKind,
    FacetValue,
    Hit,
    SearchResult,
)
from baocha.search.highlight import Span, snippet, split_at
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.model import UNKNOWN

_MEANT = Message(zh="是否要找：", en="did you mean:")
_WRITTEN = Message(zh="其他形式：", en="also written:")
_ALTERNATIVES: dict[AlternativeKind, Message] = {
    "figures": Message(zh="按数值检索：", en="search by value:"),
    "spelling": _MEANT,
    "pinyin": _MEANT,
    "number": _WRITTEN,
    "date": _WRITTEN,
    "equal": Message(zh="同义词：", en="synonym:"),
    "related": Message(zh="相关表述：", en="related term:"),
}

_BOLD, _DIM, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"
"""Escape sequences of terminals (ECMA-48, SGR)."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[;?0-9]*[a-zA-Z]")


def result_messages(result: SearchResult, *, expand: bool) -> tuple[Message, ...]:
    """Return the messages about a result that are printed before it. `expand`: synonyms were asked for."""
    missing = (NO_SYNONYMS,) if expand and not result.expanded else ()
    return missing + result.warnings


def result_lines(
    result: SearchResult, language: Language, *, offset: int, facets: bool, styled: bool = True
) -> Iterator[str]:
    """Yield the lines of a search result; if `styled`, with escape sequences for bold and colours."""
    lines = _lines(result, language, offset=offset, facets=facets)
    yield from lines if styled else (_ESCAPE_SEQUENCE.sub("", line) for line in lines)


def _lines(result: SearchResult, language: Language, *, offset: int, facets: bool) -> Iterator[str]:
    yield _totals(result).render(language)
    yield from _count_lines(result, language)
    group = ""
    for hit in result.hits:
        yield ""
        if result.is_found and hit.is_last_group and group != "labels":
            group = "labels"
            yield Message(zh="其余标题和表头：", en="Other headings and table headers:").render(
                language
            )
        yield from _hit_lines(hit, language)
    if result.partial:
        yield ""
        yield Message(
            zh="另外：只含部分关键词的段落，不计入上述段数：",
            en="Also: paragraphs with some of the keywords, not counted above:",
        ).render(language)
    for hit in result.partial:
        yield ""
        yield from _hit_lines(hit, language)
    last = offset + len(result.hits)
    if last < result.total and result.hits:
        yield ""
        shown = f"{last}" if len(result.hits) == 1 else f"{offset + 1}–{last}"
        yield Message(
            zh=f"已显示第 {shown} 段，共 {result.total:,} 段；查看后续段落请加 --offset {last}",
            en=f"shown: {shown} of {result.total:,}; for more, add --offset {last}",
        ).render(language)
    if offset >= result.total > 0:
        yield Message(
            zh=f"--offset {offset} 超出结果范围（共 {result.total:,} 段）",
            en=f"--offset {offset} is beyond the last of {counted(result.total, 'paragraph')}",
        ).render(language)
    if facets:
        yield ""
        yield from _facet_lines(result.facets, language)
        for histogram in result.histograms:
            title = Message(
                zh=f"{histogram.label}：数值分布", en=f"{histogram.label}: paragraphs by value"
            )
            yield _BOLD + title.render(language) + _PLAIN
            for one in histogram.ranges:
                yield f"  {one.count:>8,}  {one.text}"


def _count_lines(result: SearchResult, language: Language) -> Iterator[str]:
    """Yield how many paragraphs match as typed and otherwise, or the proof that none does."""
    counts = result.counts
    if counts.words > counts.typed:
        yield Message(
            zh=f"原样 {counts.typed:,} 段 · 含各词 {counts.words:,} 段",
            en=f"as typed: {counts.typed:,} · with all words: {counts.words:,}",
        ).render(language)
    if counts.marks_ignored:
        of_them = "其中 " if counts.exact else ""
        yield Message(
            zh=f"{of_them}{counts.marks_ignored:,} 段的引号、括号等与检索词不同",
            en=f"{counts.marks_ignored:,} of them differ in quotation marks, brackets or the like",
        ).render(language)
    for item in result.alternatives:
        yield Message(
            zh=f"{_ALTERNATIVES[item.kind].zh}{item.query}（{item.count:,} 段）",
            en=f"{_ALTERNATIVES[item.kind].en} {item.query} ({counted(item.count, 'paragraph')})",
        ).render(language)
    if result.certificate and (result.mode == "exact" or not counts.words):
        yield from (line.render(language) for line in certificate_lines(result.certificate))


def _totals(result: SearchResult) -> Message:
    query = " ".join(result.query.split())
    if not result.total:
        return Message(zh=f"未找到：{query}", en=f"nothing found: {query}")
    if result.relaxed:
        return Message(
            zh=f"未找到同时包含全部关键词的段落；最接近的 {result.total:,} 段，见于 "
            f"{result.reports:,} 份报告（{result.took_ms:.1f} 毫秒）",
            en=f"no paragraph contains all keywords; the closest: {counted(result.total, 'paragraph')} "
            f"in {counted(result.reports, 'report')} ({result.took_ms:.1f} ms)",
        )
    return Message(
        zh=f"共 {result.total:,} 段，见于 {result.reports:,} 份报告（{result.took_ms:.1f} 毫秒）",
        en=f"{counted(result.total, 'paragraph')} in {counted(result.reports, 'report')} "
        f"({result.took_ms:.1f} ms)",
    )


def _hit_lines(hit: Hit, language: Language) -> Iterator[str]:
    report = hit.report
    name = report.department or report.title
    year = report.year or Message(zh="年度未知", en="year unknown").render(language)
    place = [name, str(year), *hit.section_path]
    yield _BOLD + " · ".join(place) + _PLAIN
    shown = snippet(hit.text, hit.spans)
    yield "  " + _lit(shown.text, shown.spans)
    if hit.lead:
        yield "    " + hit.lead
    # The section is already in the line above.
    where = citation(hit.report, (), hit.ordinal, hit.location, language)
    yield f"  {_DIM}{where}  {hit.report.source}  {hit.id}{_PLAIN}"


def _lit(text: str, spans: Sequence[Span]) -> str:
    return "".join(
        f"{_RED}{_BOLD}{part}{_PLAIN}" if is_hit else part for part, is_hit in split_at(text, spans)
    )


_NAMES = {"role": ROLE_NAMES, "copied": COPIED_NAMES}


def _facet_lines(facets: Mapping[str, Sequence[FacetValue]], language: Language) -> Iterator[str]:
    for name, values in facets.items():
        if not values:
            continue
        yield _BOLD + FACET_NAMES[name].render(language) + _PLAIN
        for value in values:
            shown = value.value if value.value is not None else UNKNOWN
            if name in _NAMES:
                shown = _NAMES[name][str(shown)].render(language)
            yield f"  {value.count:>8,}  {shown}"
            for below in value.below:
                yield f"  {below.count:>10,}  {value.value}/{below.value}"
