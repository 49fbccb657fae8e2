"""Prepare the paragraphs of a report for the index: as columns, with their tokens.

Only one process writes the index, and any number of processes parse reports. So they do all work that
depends on one report only. Columns also pass from one process to another in a fraction of the time of
paragraphs.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.analysis import StoredAnalysis, analyse, stored_analysis
from baocha_indexer.checks import LEAST_EXECUTION, NO_SUBJECT, Subject
from baocha_indexer.copies import MaskedTexts, masked_texts
from baocha_indexer.figures import is_of_year_before
from baocha_indexer.model import Figure, Paragraph, Place, Role
from baocha_indexer.text import Codes, Tokens, narrow_codes, tokenise


@dataclass(frozen=True, slots=True)
class ParagraphColumns:
    """The paragraphs of a report. Each list and array, but for `codes`, has an element for each paragraph.

    `codes`: the code points of the texts, joined. `lengths` (u4): of each text. `pages` (i4): 0 if
    unknown. `confidences` (u1): percent plus 1, or 0. `paths`, `columns`, `places`: JSON texts, see `store.segment`. `box_counts` (i8): number of boxes of each paragraph. `boxes`: shape
    (number of boxes, 5): the page, left, top, right and bottom of each box.

    `figure_counts` (i8): number of figures of each paragraph. The other arrays and lists of figures have
    an element for each figure: the value (f8), begin and length of its text (u4), the number of decimal
    places of the value (u1), the number of the figure of the year before in the same paragraph, from 1, 0
    if there is none (u4), the label, and the other fields as JSON, see `store.segment`.
    """

    codes: Codes
    lengths: NDArray[np.uint32]
    ordinals: NDArray[np.uint32]
    roles: list[Role]
    pages: NDArray[np.int32]
    confidences: NDArray[np.uint8]
    sections: list[str]
    paths: list[str]
    columns: list[str]
    places: list[str]
    box_counts: NDArray[np.int64]
    boxes: NDArray[np.float64]
    figure_counts: NDArray[np.int64]
    figure_values: NDArray[np.float64]
    figure_begins: NDArray[np.uint32]
    figure_lengths: NDArray[np.uint32]
    figure_decimals: NDArray[np.uint8]
    figure_befores: NDArray[np.uint32]
    figure_labels: list[str]
    figure_kinds: list[str]

    def __len__(self) -> int:
        return len(self.lengths)


@dataclass(frozen=True, slots=True)
class PreparedReport:
    """The paragraphs of a report as columns, what its texts become, and the analysis of the figures."""

    paragraphs: ParagraphColumns
    tokens: Tokens
    masked: MaskedTexts
    analysis: StoredAnalysis


def prepare(
    paragraphs: Sequence[Paragraph],
    subject: Subject = NO_SUBJECT,
    least_execution: int = LEAST_EXECUTION,
) -> PreparedReport:
    """Return the paragraphs of a report as columns, with all else that the index stores of them.

    `subject`, `least_execution`: see `checks_of`.
    """
    texts = [paragraph.text for paragraph in paragraphs]
    locations = [paragraph.location for paragraph in paragraphs]
    percent = [0 if (c := at.confidence) is None else 1 + round(100 * c) for at in locations]
    # Not UTF-8: a text may have half of a surrogate pair.
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    figures = [figure for paragraph in paragraphs for figure in paragraph.figures]
    columns = ParagraphColumns(
        narrow_codes(np.frombuffer(encoded, "<u4")),
        np.fromiter(map(len, texts), np.uint32, len(texts)),
        np.array([paragraph.ordinal for paragraph in paragraphs], dtype=np.uint32),
        [paragraph.role for paragraph in paragraphs],
        np.array([at.page or 0 for at in locations], dtype=np.int32),
        np.array(percent, dtype=np.uint8),
        [paragraph.section for paragraph in paragraphs],
        _as_json(paragraph.section_path for paragraph in paragraphs),
        _as_json(paragraph.columns for paragraph in paragraphs),
        _as_json((at.place for at in locations), Place.to_dict),
        np.array([len(at.boxes) for at in locations], dtype=np.int64),
        np.array([box for at in locations for box in at.boxes], dtype=np.float64).reshape(-1, 5),
        np.array([len(paragraph.figures) for paragraph in paragraphs], dtype=np.int64),
        np.array([figure.value for figure in figures], dtype=np.float64),
        np.array([figure.span[0] for figure in figures], dtype=np.uint32),
        np.array([len(figure.text) for figure in figures], dtype=np.uint32),
        np.array([figure.decimals for figure in figures], dtype=np.uint8),
        np.array([at for p in paragraphs for at in _befores(p.figures)], dtype=np.uint32),
        # A text may have half of a surrogate pair; the strings of an index may not.
        [figure.label.encode("utf-8", "replace").decode() for figure in figures],
        _as_json(figure.stored_fields() for figure in figures),
    )
    tokens = tokenise(texts)
    return PreparedReport(
        columns,
        tokens,
        masked_texts(tokens.codes, tokens.lengths, subject.department),
        stored_analysis(analyse(paragraphs, least_execution, subject)),
    )


def _befores(figures: Sequence[Figure]) -> Iterator[int]:
    """Yield, for each figure of a paragraph, the number of that of the year before, from 1, or 0."""
    for figure in figures:
        before = figure.before
        yield (
            0
            if before is None
            else 1
            + next(
                at
                for at, other in enumerate(figures)
                if other.value == before and other.kind == figure.kind and is_of_year_before(other)
            )
        )


def _as_json(values: Iterable[Hashable], form: Callable[[Any], Any] = tuple) -> list[str]:
    """Return each value as JSON text. `form` converts it to JSON values."""
    # Most paragraphs have the same values as the paragraph before.
    texts: dict[Hashable, str] = {}
    found = []
    for value in values:
        text = texts.get(value)
        if text is None:
            text = texts[value] = json.dumps(form(value), ensure_ascii=False)
        found.append(text)
    return found
