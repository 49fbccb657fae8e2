"""Check the figures of a report against each other."""

from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import Placed, check_number_formats
from baocha_indexer.checks.lists import check_lists
from baocha_indexer.checks.scores import check_execution_score, check_grades, check_scores
from baocha_indexer.checks.sentences import (
    check_changes,
    check_comparisons,
    check_rates,
    check_shares,
    check_sums,
)
from baocha_indexer.checks.tables import check_tables
from baocha_indexer.checks.text_and_tables import check_text_and_tables
from baocha_indexer.figures import Evaluation
from baocha_indexer.model import Check, Paragraph

_IN_SENTENCES = (
    check_rates, check_shares, check_changes, check_comparisons, check_sums, check_grades,
)  # fmt: skip


def checks_of(
    paragraphs: Sequence[Paragraph], evaluations: Sequence[Evaluation]
) -> Iterator[Check]:
    """Yield the checks of a report, with its tables of indicators."""
    for paragraph in paragraphs:
        placed = [Placed(paragraph.ordinal, figure) for figure in paragraph.figures]
        yield from check_number_formats(placed)
        if paragraph.role == "table":
            yield from check_rates(paragraph.text, placed)
            yield from check_execution_score(placed)
        elif placed:
            for rule in _IN_SENTENCES:
                yield from rule(paragraph.text, placed)
    yield from check_lists(paragraphs)
    yield from check_tables(paragraphs)
    yield from check_text_and_tables(paragraphs)
    yield from check_scores(evaluations)
