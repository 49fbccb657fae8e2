"""Find the lead of a label: the beginning of the text below a title, a heading or a header row."""

from collections.abc import Sequence

import numpy as np

from baocha.search.arrays import Documents
from baocha.search.local.collection import Collection

MAX_LEAD = 120
"""Maximum length of a lead, in characters: about two lines."""

MAX_BETWEEN = 6
"""Maximum number of labels between a label and its lead, such as the headings below a title."""


def leads_of(collection: Collection, documents: Documents) -> list[str]:
    """Return the lead of each document; an empty text for one that is no label or has none.

    The lead is the next paragraph of the same report that is no label, if it belongs to the
    section of the label. A longer one is cut, with an ellipsis.
    """
    leads = [""] * len(documents)
    for at in collection.labels_in(documents).tolist():
        leads[at] = _lead(collection, int(documents[at]))
    return leads


def _lead(collection: Collection, label: int) -> str:
    report = collection.report_of[label]
    for below in range(label + 1, min(label + 2 + MAX_BETWEEN, collection.document_count)):
        if collection.report_of[below] != report:
            return ""
        if not collection.labels[below]:
            heading, paragraph = collection.paragraphs(np.array([label, below]))
            if not _is_below(paragraph.section_path, heading.section_path):
                return ""
            text = paragraph.text
            return text if len(text) <= MAX_LEAD else text[:MAX_LEAD] + "…"
    return ""


def _is_below(path: Sequence[str], heading: Sequence[str]) -> bool:
    """Return whether a section path is that of a heading, or a section inside it."""
    return path[: len(heading)] == heading
