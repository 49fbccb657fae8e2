"""Find reports with equal files or equal texts.

Two texts are equal if their folded characters are, without spaces and separators of cells. Where
paragraphs begin does not count: a PDF and a Word document of one report may differ there.
"""

from collections import defaultdict
from collections.abc import Mapping

from baocha.search.catalog.catalog import Catalog
from baocha.search.results import Duplicates, ReportSummary

NOT_COMPARED = " |"
"""The folded characters that do not count: spaces and separators of cells."""


def duplicates_of(catalog: Catalog, digests: Mapping[int, bytes]) -> tuple[Duplicates, ...]:
    """Return the groups of live reports with equal files, then those with equal texts.

    `digests`: of the texts of the reports that have text, by the number of the report. A report is in
    at most one group. Reports with equal files or equal texts are in the same one. It is a group of
    equal files only if all its files are equal.
    """
    summaries = {at: catalog.summary(at) for at in catalog.live_reports.tolist()}
    same: dict[str | bytes, str | bytes] = {}  # a digest, and another one of the same group

    def group_of(digest: str | bytes) -> str | bytes:
        while digest in same:
            digest = same[digest]
        return digest

    for at, summary in summaries.items():
        file, text = group_of(summary.sha256), group_of(digests.get(at, summary.sha256))
        if file != text:
            same[file] = text
    groups: defaultdict[str | bytes, list[ReportSummary]] = defaultdict(list)
    for summary in summaries.values():
        groups[group_of(summary.sha256)].append(summary)
    equal_files, equal_texts = [], []
    for group in groups.values():
        if len(group) > 1 and len({report.sha256 for report in group}) == 1:
            equal_files.append(Duplicates("file", tuple(group)))
        elif len(group) > 1:
            equal_texts.append(Duplicates("text", tuple(group)))
    return *equal_files, *equal_texts
