"""The documents of a report: what is sent to the cluster, and what is read back from it.

A report has a document for each paragraph, and one for the report. The report's document has its
outline: for each section, heading and role, the numbers of paragraphs and characters. So the values
of facets and all that was searched are known without reading paragraphs.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from baocha.search.catalog import NOT_COMPARED
from baocha.search.opensearch import mapping
from baocha.search.query import is_change
from baocha_indexer.analysis import StoredAnalysis, analyse, stored_analysis
from baocha_indexer.checks import LEAST_EXECUTION, Subject
from baocha_indexer.figures import base_unit, label_key
from baocha_indexer.model import (
    UNKNOWN,
    Box,
    Column,
    Figure,
    IndexedReport,
    Location,
    Paragraph,
    Place,
    Role,
    stored_figure,
)
from baocha_indexer.section_names import unnumbered
from baocha_indexer.text import bare, fold
from baocha_indexer.vocabulary import region_of_title

Document = tuple[str, dict[str, Any]]
"""The id of a document, and its fields."""

MAX_KEYWORD = 8_000
"""Longest value of a keyword, in characters. Lucene refuses a term of more than 32,766 bytes."""

_FIELDS = frozenset(field.name for field in fields(IndexedReport))

_COMPARED = dict.fromkeys(map(ord, NOT_COMPARED))

MAX_LEAD = 120
MAX_BETWEEN = 6


ANALYSIS = "analysis"
"""The key of the stored analysis in the content of a report."""


class OutlineRow(NamedTuple):
    """The paragraphs of a report with the same section path and role: their number and characters."""

    section: str
    path: tuple[str, ...]
    role: Role
    paragraphs: int
    characters: int


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report in the cluster.

    `version`: the number of this version of it. `digest`: of its paragraphs, as `digest_of` computes.
    `text_digest`: of the folded characters that are compared to find equal texts; empty if the
    report has no such characters.
    """

    entry: IndexedReport
    version: int
    outline: tuple[OutlineRow, ...]
    digest: str
    text_digest: str


def documents_of(
    entry: IndexedReport,
    paragraphs: Sequence[Paragraph],
    generation: int,
    version: int,
    least_execution: int = LEAST_EXECUTION,
) -> Iterator[Document]:
    """Yield the documents of a report: the paragraphs, then the report.

    `least_execution`: see `checks_of`.
    """
    # A writer that was suspended may have given the same version number to another content.
    unique = f"{generation}.{version}"
    common = {
        mapping.GENERATION: generation,
        mapping.VERSION: version,
        mapping.REPORT_ID: entry.id,
        mapping.SOURCE: keyword(entry.source),
    }
    metadata = entry.metadata
    subject = Subject(tuple(metadata["years"]), entry.department)
    of_report = common | {
        mapping.TYPE: mapping.PARAGRAPH,
        mapping.ORIGIN: origin_of(entry),
        mapping.KIND: keyword(entry.kind or UNKNOWN),
        mapping.YEARS: years_of(entry.year, metadata["years"]),
    }
    if entry.year:
        of_report[mapping.YEAR] = entry.year
    labels = labels_of(paragraphs)
    sizes: Counter[tuple[str, tuple[str, ...], Role]] = Counter()
    characters: Counter[tuple[str, tuple[str, ...], Role]] = Counter()
    digest, compared = hashlib.sha256(), hashlib.sha256()
    compared_length = 0
    for at, paragraph in enumerate(paragraphs):
        folded = fold(paragraph.text)
        without_marks = bare(folded)
        place = (paragraph.section, paragraph.section_path, paragraph.role)
        sizes[place] += 1
        characters[place] += max(1, len(folded))  # as an index folder stores an empty text
        content = _stored(paragraph) | (
            {"lead": _lead(paragraphs, labels, at)} if labels[at] else {}
        )
        digest.update(_digested(content))
        counts = folded.translate(_COMPARED)
        compared.update(counts.encode("utf-8", "surrogatepass"))
        compared_length += len(counts)
        fields = of_report | {
            mapping.ORDINAL: paragraph.ordinal,
            mapping.SECTION: keyword(paragraph.section),
            mapping.HEADING: keyword(heading_of(paragraph.section_path)),
            mapping.ROLE: role_of(paragraph.role),
            mapping.IS_LABEL: labels[at],
            mapping.BARE: without_marks,
            mapping.HAS_MARKS: without_marks != folded,
            mapping.FIGURES: [_searched(figure) for figure in paragraph.figures],
            mapping.CONTENT: content,
        }
        if without_marks != folded:
            fields[mapping.MARKED] = folded
        yield f"{entry.id}:{paragraph.ordinal}:{unique}", fields
    outline = [OutlineRow(*place, sizes[place], characters[place]) for place in sizes]
    yield (
        f"{entry.id}:{unique}",
        common
        | {
            mapping.TYPE: mapping.REPORT,
            mapping.CONTENT: {
                # As ASCII: a path may have bytes that are not UTF-8, which JSON in UTF-8 cannot have.
                "entry": json.dumps(asdict(entry)),
                "outline": outline,
                "digest": digest.hexdigest(),
                "text_digest": compared.hexdigest() if compared_length else "",
                ANALYSIS: _encoded(stored_analysis(analyse(paragraphs, least_execution, subject))),
            },
        },
    )


def _encoded(stored: StoredAnalysis) -> dict[str, str]:
    return {name: b64encode(content).decode() for name, content in asdict(stored).items()}


def analysis_in(content: Mapping[str, Any]) -> StoredAnalysis:
    """Return the stored analysis in the content of the document of a report."""
    values = content.get(ANALYSIS, {})
    return StoredAnalysis(**{name: b64decode(text) for name, text in values.items()})


def stored_report(fields: Mapping[str, Any]) -> StoredReport:
    """Return the report in the fields of its document."""
    content = fields[mapping.CONTENT]
    return StoredReport(
        # A later version may have stored more fields.
        IndexedReport(**{k: v for k, v in json.loads(content["entry"]).items() if k in _FIELDS}),
        fields[mapping.VERSION],
        tuple(
            OutlineRow(section, tuple(path), role, paragraphs, characters)
            for section, path, role, paragraphs, characters in content["outline"]
        ),
        content["digest"],
        content["text_digest"],
    )


def keyword(value: str) -> str:
    """Return the term of a value in a keyword field. A longer value keeps its beginning and a digest."""
    if len(value) <= MAX_KEYWORD:
        return value
    return value[: MAX_KEYWORD - 64] + hashlib.sha256(value.encode()).hexdigest()


def heading_of(path: Sequence[str]) -> str:
    """Return the heading of the second level in a section path, without its number."""
    return unnumbered(path[1]) if len(path) > 1 else ""


def role_of(role: Role) -> str:
    """Return the value of the facet `role`. A title counts as a heading."""
    return "heading" if role == "title" else role


def origin_of(entry: IndexedReport) -> str:
    """Return the department or, if it is unknown, the level and region that the title begins with.

    So one field has what three facets need. The regions of departments may change with
    `departments.csv`, without a change of the documents.
    """
    if entry.department is not None:
        return keyword(entry.department)
    level, region = region_of_title(entry.title)
    return keyword(f"{UNKNOWN}\t{level or ''}\t{region or ''}")


def years_of(year: int | None, years: Iterable[int]) -> list[int]:
    """Return all years of a report, ascending; 0 stands for the unknown year."""
    return sorted({year, *years}) if year else [0]


def labels_of(paragraphs: Sequence[Paragraph]) -> list[bool]:
    """Return for each paragraph whether it is a title, a heading or the header row of a table.

    The first of several adjacent rows of a table is its header row.
    """
    is_row = [paragraph.role == "table" for paragraph in paragraphs]
    continues = [False, *(one and other for one, other in pairwise(is_row)), False]
    return [
        role_of(paragraph.role) == "heading" or (continues[at + 1] and not continues[at])
        for at, paragraph in enumerate(paragraphs)
    ]


def _lead(paragraphs: Sequence[Paragraph], labels: Sequence[bool], at: int) -> str:
    """Return the beginning of the text below a label, or an empty text."""
    for below in range(at + 1, min(at + 2 + MAX_BETWEEN, len(paragraphs))):
        if not labels[below]:
            path, text = paragraphs[at].section_path, paragraphs[below].text
            if paragraphs[below].section_path[: len(path)] != path:
                return ""
            return text if len(text) <= MAX_LEAD else text[:MAX_LEAD] + "…"
    return ""


def _stored(paragraph: Paragraph) -> dict[str, Any]:
    """Return a paragraph as JSON values, without those that are unknown."""
    location = paragraph.location
    values = {
        "ordinal": paragraph.ordinal,
        "text": paragraph.text,
        "role": paragraph.role,
        "section": paragraph.section,
        "path": list(paragraph.section_path),
        "page": location.page,
        "boxes": [list(box) for box in location.boxes],
        "place": list(location.place),
        "confidence": location.confidence,
        "columns": [list(column) for column in paragraph.columns],
        "figures": [
            [
                str(figure.value),
                *figure.span,
                figure.label,
                None if figure.before is None else str(figure.before),
                *figure.stored_fields(),
            ]
            for figure in paragraph.figures
        ],
    }
    if location.place == Place():
        del values["place"]
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def _searched(figure: Figure) -> dict[str, Any]:
    """Return what conditions on figures compare, as the fields of a nested document."""
    value, before = figure.value, figure.before
    fields: dict[str, Any] = {
        mapping.LABEL: [label_key(figure.label), label_key(figure.name)],
        mapping.NAME: figure.name,
        mapping.KIND: figure.kind,
        mapping.UNIT: base_unit(figure.unit),
        mapping.CURRENCY: figure.currency,
        mapping.VALUE: float(value),
        mapping.FALL: float(-value if figure.is_change else value),
    }
    if (changes := is_change(figure.unit, figure.qualifier)) is not None:
        fields[mapping.IS_CHANGE] = changes
    if figure.is_change:
        fields[mapping.DIFFERENCE] = float(value)
    elif before is not None:
        fields[mapping.DIFFERENCE] = float(value - before)
    return fields


def stored_paragraph(content: Mapping[str, Any]) -> Paragraph:
    """Return the paragraph in the stored content of its document."""
    text = content.get("text", "")
    return Paragraph(
        content["ordinal"],
        text,
        content["role"],
        content.get("section", ""),
        tuple(content.get("path", ())),
        Location(
            content.get("page"),
            tuple(Box(*box) for box in content.get("boxes", ())),
            Place(*content.get("place", ())),
            content.get("confidence"),
        ),
        tuple(Column(*column) for column in content.get("columns", ())),
        tuple(
            stored_figure(
                Decimal(value),
                text[begin:end],
                begin,
                label,
                kept,
                None if before is None else Decimal(before),
            )
            for value, begin, end, label, before, *kept in content.get("figures", ())
        ),
    )


def _digested(content: Mapping[str, Any]) -> bytes:
    """Return the bytes of a stored paragraph that its report's digest covers."""
    values = [content["ordinal"], content.get("text", ""), content["role"], content.get("path", [])]
    return repr(values).encode() + b"\n"


def digest_of(contents: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of stored paragraphs, in the order of their ordinals, in hexadecimal."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(_digested(content))
    return digest.hexdigest()
