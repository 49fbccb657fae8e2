"""JSON schemas of the responses of the API (JSON Schema 2020-12, as used by OpenAPI 3.1)."""

from typing import Any, get_args

from baocha.findings import SEVERITIES, STATES, registry
from baocha.search import AXES, AlternativeKind
from baocha.search.differences import KINDS
from baocha_indexer.model import (
    FIGURE_KINDS,
    PERIODS,
    QUALIFIERS,
    UNIT_ORIGINS,
    Certainty,
    OriginSource,
)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YEAR: Schema = {"type": ["integer", "null"]}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
SPAN: Schema = {
    "type": "array",
    "items": {"type": "integer"},
    "minItems": 2,
    "maxItems": 2,
    "description": "[start, end] in the text",
}
SPANS: Schema = {
    "type": "array",
    "items": {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
    "description": "start and end of each match in `text`, in characters",
}


def _object(**properties: Schema) -> Schema:
    """Return the schema of an object with these required properties. Others may be added later."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _with(schema: Schema, **optional: Schema) -> Schema:
    """Return the schema with additional optional properties."""
    return {**schema, "properties": {**schema["properties"], **optional}}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _table(cell: Schema) -> Schema:
    return {"type": "array", "items": {"type": "array", "items": cell}}


_FACETS = _object(
    department=_list("FacetValue"),
    year=_list("FacetValue"),
    section=_list("FacetValue"),
    kind=_list("FacetValue"),
    role=_list("FacetValue"),
    region=_list("FacetValue"),
    level=_list("FacetValue"),
    copied=_list("FacetValue"),
)
_CELLS: Schema = {
    "type": "array",
    "items": _object(head=TEXT, text=TEXT, unit=TEXT),
    "description": "the cells of a row of a table, each with the head of its column and its unit",
}
_FIGURES: Schema = {
    "type": "array",
    "items": _object(
        kind={"enum": list(FIGURE_KINDS)},
        value={"type": "string", "description": "yuan, percent, points, or a number of things"},
        unit=TEXT,
        text=TEXT,
        span={"type": "array", "items": COUNT},
        label=TEXT,
        name=TEXT,
        period={"enum": [*PERIODS, None]},
        qualifier={"enum": [*QUALIFIERS, None]},
        origin={"enum": list(UNIT_ORIGINS)},
        currency=TEXT,
        before={**_TEXT_OR_NULL, "description": "value in the year before, in the same paragraph"},
    ),
    "description": "amounts, rates, scores and counts, each with what it measures",
}
_POINTS: Schema = {"type": "number", "description": "points"}
_BOXES: Schema = {
    "type": "array",
    "items": _object(page=COUNT, left=_POINTS, top=_POINTS, right=_POINTS, bottom=_POINTS),
    "description": "where its lines are in a PDF, from the top left corner of the page",
}
_LOCATION: dict[str, Schema] = {
    "page": {"type": ["integer", "null"]},
    "box": _BOXES,
    "place": {
        "type": "object",
        "properties": {"sheet": TEXT, "cells": TEXT, "paragraph": COUNT, "fragment": TEXT},
        "description": "sheet and range of an Excel workbook, paragraph of a Word document, or text "
        "fragment of a web page",
    },
    "ocr": {"type": "boolean", "description": "whether the text was recognised from an image"},
    "confidence": {
        "type": ["number", "null"],
        "description": "lowest confidence of OCR, from 0 to 1",
    },
}
_REPORT = _object(id=TEXT, title=TEXT, department=TEXT, year=YEAR, kind=TEXT, source=TEXT)
_METADATA = _object(
    level=_TEXT_OR_NULL,
    region=_TEXT_OR_NULL,
    document_number={**_TEXT_OR_NULL, "description": "发文字号"},
    years={"type": "array", "items": {"type": "integer"}},
    origins={
        "type": "object",
        "description": "where title, department, year and kind come from, and how sure they are",
        "additionalProperties": _object(
            source={"enum": list(get_args(OriginSource))},
            certainty={"enum": list(get_args(Certainty))},
        ),
    },
)
_COPIES: Schema = {
    "type": ["integer", "null"],
    "description": "paragraphs of other reports that share text with it; null if that is not known",
}
_PARAGRAPH = _object(
    id=TEXT,
    ordinal=COUNT,
    role={"enum": ["title", "heading", "body", "table"]},
    section_path=TEXTS,
    text=TEXT,
    spans=SPANS,
    cells=_CELLS,
    figures=_FIGURES,
    copies=_COPIES,
    **_LOCATION,
    citation=TEXT,
)
MODE: Schema = {"enum": ["words", "exact"]}
_HIT = _object(
    id=TEXT,
    report=_ref("ReportSummary"),
    section=TEXT,
    section_path=TEXTS,
    ordinal=COUNT,
    role={"enum": ["title", "heading", "body", "table"]},
    match={"enum": ["exact", "marks_ignored", "words", "partial"]},
    text=TEXT,
    lead={**TEXT, "description": "beginning of the text below a heading; otherwise empty"},
    spans=SPANS,
    snippet={"type": "string", "description": "HTML; its only element is <mark>"},
    score={"type": "number"},
    cells=_CELLS,
    figures=_FIGURES,
    copies=_COPIES,
    **_LOCATION,
)

_INDICATOR = _object(
    report=_ref("ReportSummary"),
    table={**COUNT, "description": "number among the tables of indicators of the report, from 1"},
    project={**TEXT, "description": "what the table is about"},
    grade={**_TEXT_OR_NULL, "description": "优 良 中 差, for the total score of the table"},
    level1=TEXT,
    level2=TEXT,
    level3={**TEXT, "description": "name of the indicator"},
    target=TEXT,
    actual=TEXT,
    rate=TEXT,
    weight=TEXT,
    score=TEXT,
    reason=TEXT,
    page={"type": ["integer", "null"]},
    paragraph=COUNT,
)
_CHECK = _object(
    rule=TEXT,
    holds={"type": ["boolean", "null"], "description": "null: not decided"},
    explanation={**TEXT, "description": "the arithmetic"},
    paragraphs={"type": "array", "items": COUNT},
)
_FINDING = _object(
    id={**TEXT, "description": "the same when the report is indexed again"},
    rule={"enum": list(registry().rules)},
    severity={"enum": list(SEVERITIES)},
    report=_ref("ReportSummary"),
    paragraphs={"type": "array", "items": _object(id=TEXT, spans=SPANS)},
    explanation=TEXT,
    state={"enum": list(STATES)},
    reason={**TEXT, "description": "why it was dismissed"},
)

_AXIS: Schema = {"enum": list(AXES)}
_AXIS_VALUES: Schema = {"type": "array", "items": {"type": ["string", "integer", "null"]}}
_OTHER_MARKS: Schema = {
    **COUNT,
    "description": "paragraphs that would match if the query did not ask for the same marks",
}
_SEARCHED: Schema = {**COUNT, "description": "number of reports searched, matching or not"}
_CHARACTERS: Schema = {**COUNT, "description": "folded characters of the paragraphs searched"}

SCHEMAS: dict[str, Schema] = {
    "ReportSummary": _REPORT,
    "FacetValue": _with(
        _object(value={"type": ["string", "integer", "null"]}, count=COUNT),
        below={
            "type": "array",
            "items": {"$ref": "#/components/schemas/FacetValue"},
            "description": "headings of the second level, if the value is a section that is filtered by",
        },
    ),
    "Hit": _with(
        _HIT,
        in_report={
            **COUNT,
            "description": "with by=report: number of matching paragraphs in the report of this hit",
        },
    ),
    "Indicator": _INDICATOR,
    "Indicators": _object(total=COUNT, indicators=_list("Indicator"), warnings=TEXTS),
    "Check": _CHECK,
    "Finding": _FINDING,
    "Findings": _object(total=COUNT, findings=_list("Finding"), warnings=TEXTS),
    "ReportIndicators": _object(
        report=_ref("ReportSummary"),
        indicators=_list("Indicator"),
        checks=_list("Check"),
        findings=_list("Finding"),
        warnings=TEXTS,
    ),
    "Difference": _object(
        kind={"enum": list(KINDS)},
        moved={"type": "boolean", "description": "whether it is at another place"},
        a={**_TEXT_OR_NULL, "description": "id of the paragraph of the first report"},
        b={**_TEXT_OR_NULL, "description": "id of the paragraph of the second report"},
        a_text=_TEXT_OR_NULL,
        b_text=_TEXT_OR_NULL,
        edits={
            "type": "array",
            "items": _object(a=SPAN, b=SPAN),
            "description": "changed parts of both texts; one of them may be empty",
        },
        figures={
            "type": "array",
            "items": _object(label=TEXT, first=_FIGURES["items"], second=_FIGURES["items"]),
            "description": "figures with one label whose values differ",
        },
    ),
    "Differences": _object(
        total=COUNT,
        a=_ref("ReportSummary"),
        b=_ref("ReportSummary"),
        summary={
            "type": "object",
            "required": [*KINDS, "moved"],
            "properties": dict.fromkeys((*KINDS, "moved"), COUNT),
            "description": "number of paragraphs of each kind",
        },
        differences=_list("Difference"),
        warnings=TEXTS,
    ),
    "Collocations": _object(
        phrase={**_TEXT_OR_NULL, "description": "null if the query is not one word or phrase"},
        paragraphs={**COUNT, "description": "paragraphs with the phrase"},
        whole={**COUNT, "description": "paragraphs searched"},
        partial={
            "type": "boolean",
            "description": "whether only the first paragraphs were read to find words; counts are of all",
        },
        collocations={
            "type": "array",
            "items": _object(
                word=TEXT,
                together={**COUNT, "description": "paragraphs with both near each other"},
                with_word={**COUNT, "description": "paragraphs with the word"},
                expected={"type": "number", "description": "paragraphs with both by chance"},
                score={"type": "number", "description": "log-likelihood ratio"},
                query={**TEXT, "description": "finds the paragraphs with both"},
            ),
        },
        warnings=TEXTS,
    ),
    "Copy": _object(
        a={**TEXT, "description": "id of the paragraph of the earlier report"},
        b={**TEXT, "description": "id of the other paragraph"},
        length={**COUNT, "description": "characters; a number or a name of a department is one"},
        a_span=SPAN,
        b_span=SPAN,
        text={**TEXT, "description": "the passage as paragraph a has it"},
        masked={"type": "boolean", "description": "whether numbers, years or names differ"},
        template={"type": "boolean", "description": "whether it is template text"},
    ),
    "Copies": _object(
        copies=_list("Copy"),
        more={"type": "boolean", "description": "whether there are more after these"},
        warnings=TEXTS,
    ),
    "ReportPair": _object(
        a=_ref("ReportSummary"),
        b=_ref("ReportSummary"),
        a_share={
            "type": "number",
            "description": "part of report a that report b has, from 0 to 1",
        },
        b_share={"type": "number"},
        characters={**COUNT, "description": "characters of report b that report a has"},
        paragraphs={**COUNT, "description": "paragraphs of report b with shared text"},
        same_department={"type": "boolean"},
    ),
    "CopiedReports": _object(total=COUNT, pairs=_list("ReportPair"), warnings=TEXTS),
    "Histogram": _object(
        label=TEXT,
        kind={"enum": list(FIGURE_KINDS)},
        condition={**TEXT, "description": "the condition in the query"},
        ranges={
            "type": "array",
            "items": _object(
                low={**_TEXT_OR_NULL, "description": "the lower limit; null: no limit"},
                high={**_TEXT_OR_NULL, "description": "the upper limit; null: none"},
                includes_high={"type": "boolean"},
                text={**TEXT, "description": "the range for display"},
                count={**COUNT, "description": "paragraphs with a figure in the range"},
                query={**TEXT, "description": "the query with this range instead"},
                is_asked={
                    "type": "boolean",
                    "description": "whether the query asks for this range",
                },
            ),
        },
    ),
    "ReportParagraph": _PARAGRAPH,
    "SearchResult": _object(
        query=TEXT,
        total=COUNT,
        reports=COUNT,
        took_ms={"type": "number"},
        mode=MODE,
        counts=_ref("Counts"),
        generation={**TEXT, "description": "version of the index"},
        relaxed={"type": "boolean"},
        expanded={"type": "boolean", "description": "whether synonyms were searched too"},
        warnings=TEXTS,
        certificate={
            "oneOf": [_ref("Certificate"), {"type": "null"}],
            "description": "proof that nothing matches as typed",
        },
        histograms={
            **_list("Histogram"),
            "description": "of each condition on figures that all hits meet",
        },
        alternatives={
            **_list("Alternative"),
            "description": "queries that may have been meant; only with offset 0",
        },
        hits=_list("Hit"),
        partial={
            **_list("Hit"),
            "description": "best paragraphs with some of the words, if few have all; not counted",
        },
        facets=_FACETS,
    ),
    "SearchText": {
        **TEXT,
        "description": "first messages, on lines that begin with `baocha: `, then the result. The header "
        "Baocha-Found is 1 if a paragraph matches the whole query",
    },
    "SearchCsv": {**TEXT, "description": "a row for each paragraph; UTF-8 with a byte order mark"},
    "Counts": _object(
        exact={**COUNT, "description": "as typed, exactly"},
        marks_ignored={**COUNT, "description": "as typed, only with marks ignored"},
        words={**COUNT, "description": "with all words, including both others"},
    ),
    "Alternative": _object(
        kind={"enum": list(get_args(AlternativeKind))},
        text=TEXT,
        query=TEXT,
        count=COUNT,
    ),
    "Certificate": _object(
        checks={"type": "array", "items": _object(exact=TEXT, marks_ignored=TEXT)},
        paragraphs=COUNT,
        reports=COUNT,
        generation=TEXT,
        written=TEXT,
        searched=TEXT,
    ),
    "Suggestions": _object(
        suggestions={
            "type": "array",
            "items": _object(
                kind={"enum": ["phrase", "department"]}, text=TEXT, query=TEXT, count=COUNT
            ),
        },
        warnings=TEXTS,
    ),
    "Facets": _object(
        query=TEXT,
        total=COUNT,
        reports=COUNT,
        mode=MODE,
        counts=_ref("Counts"),
        generation=TEXT,
        facets=_FACETS,
        warnings=TEXTS,
    ),
    "MatrixCell": _object(
        paragraphs={**COUNT, "description": "matching paragraphs"},
        other_marks=_OTHER_MARKS,
        reports={**COUNT, "description": "reports with a matching paragraph"},
        searched=_SEARCHED,
        characters=_CHARACTERS,
    ),
    "Matrix": _object(
        query=TEXT,
        total=COUNT,
        mode=MODE,
        matching=_ref("Counts"),
        rows=_AXIS,
        columns=_AXIS,
        row_values=_AXIS_VALUES,
        column_values=_AXIS_VALUES,
        departments={**TEXTS, "description": "empty if neither axis is the department"},
        years={
            "type": "array",
            "items": YEAR,
            "description": "empty if neither axis is the year",
        },
        counts={
            **_table(COUNT),
            "description": "paragraphs of a report about several years are counted under each",
        },
        other_marks=_table(_OTHER_MARKS),
        matching_reports=_table(COUNT),
        reports=_table(_SEARCHED),
        characters=_table(_CHARACTERS),
        by_row=_list("MatrixCell"),
        by_column=_list("MatrixCell"),
        sum=_ref("MatrixCell"),
        warnings=TEXTS,
    ),
    "Reports": _object(
        total=COUNT,
        reports={
            "type": "array",
            "items": {
                "allOf": [
                    _ref("ReportSummary"),
                    _object(
                        paragraphs=COUNT,
                        lacking={**TEXTS, "description": "sections that reports of its kind have"},
                        region=_TEXT_OR_NULL,
                        level=_TEXT_OR_NULL,
                        years={
                            "type": "array",
                            "items": COUNT,
                            "description": "all years that it is about; empty if unknown",
                        },
                        published={**_TEXT_OR_NULL, "description": "date, YYYY-MM-DD"},
                    ),
                ],
            },
        },
        warnings=TEXTS,
    ),
    "Report": _object(
        report=_ref("ReportSummary"),
        metadata=_METADATA,
        paragraphs=_list("ReportParagraph"),
        warnings=TEXTS,
    ),
    "Paragraph": _object(
        report=_ref("ReportSummary"),
        paragraph=_ref("ReportParagraph"),
        before=_list("ReportParagraph"),
        after=_list("ReportParagraph"),
        warnings=TEXTS,
    ),
    "Status": _object(
        reports=COUNT,
        paragraphs=COUNT,
        departments=TEXTS,
        years={"type": "array", "items": {"type": "integer"}},
        sections={"type": "array", "items": TEXT, "description": "the most frequent"},
        kinds=TEXTS,
        regions=TEXTS,
        levels=TEXTS,
        generation=COUNT,
        written=TEXT,
        warnings=TEXTS,
    ),
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "parameter": TEXT,
        },
        "description": "problem details, RFC 9457",
    },
}
