"""Compare two reports paragraph by paragraph."""

import re
from collections import defaultdict

from baocha.search.differences.align import AlignedText, Pairs, align, in_place
from baocha.search.differences.model import Difference, Differences, Kind
from baocha.search.results import ReadReport, ReportParagraph
from baocha_indexer.copies import mask
from baocha_indexer.section_names import canonical_section, unnumbered
from baocha_indexer.text import bare, fold

_YEAR = re.compile(r"(?<![0-9.])20[0-9]{2}(?=(?:[-—–~至、和及]20[0-9]{2})*年)")


def compare_reports(first: ReadReport, second: ReadReport) -> Differences:
    """Return what differs between two reports. The first one is usually the earlier one."""
    texts = [
        [_aligned(paragraph, report.report.department) for paragraph in report.paragraphs]
        for report in (first, second)
    ]
    pairs = align(*texts)
    kept = in_place(pairs)
    partners = {other: at for at, other in pairs.items()}
    gone = _gone_behind(len(first.paragraphs), pairs, kept)
    found: list[Difference] = [Difference("gone", first.paragraphs[at], None) for at in gone[-1]]
    for at, paragraph in enumerate(second.paragraphs):
        partner = partners.get(at)
        if partner is None:
            found.append(Difference("new", None, paragraph))
        else:
            kind = _kind(texts[0][partner], texts[1][at])
            is_moved = partner not in kept
            found.append(Difference(kind, first.paragraphs[partner], paragraph, is_moved))
        found += (Difference("gone", first.paragraphs[one], None) for one in gone[at])
    return Differences(first.report, second.report, tuple(found))


def _aligned(paragraph: ReportParagraph, department: str | None) -> AlignedText:
    text = paragraph.text
    own = unnumbered(text) if paragraph.role == "heading" else text
    section = canonical_section(paragraph.section_path[0]) if paragraph.section_path else ""
    return AlignedText(bare(fold(text)), mask(fold(own), department), section)


def _gone_behind(count: int, pairs: Pairs, kept: frozenset[int]) -> dict[int, list[int]]:
    """Return the paragraphs of the first report without a partner, by where they are shown.

    The key is the index in the second report of the paragraph that they are shown behind: the partner of the
    nearest paragraph before them that was not moved, -1 without one.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    place = -1
    for at in range(count):
        if at in kept:
            place = pairs[at]
        elif at not in pairs:
            found[place].append(at)
    return found


def _kind(first: AlignedText, second: AlignedText) -> Kind:
    if first.plain == second.plain:
        return "unchanged"
    if _YEAR.sub("0", first.plain) == _YEAR.sub("0", second.plain):
        return "year"
    return "figures" if first.masked == second.masked else "changed"
