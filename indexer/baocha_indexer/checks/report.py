"""Check the figures of a report against each other."""

import re
from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import Placed, check_number_formats
from baocha_indexer.checks.averages import check_averages
from baocha_indexer.checks.balances import check_balances
from baocha_indexer.checks.changes import check_base_years, check_changes
from baocha_indexer.checks.comparisons import check_comparisons
from baocha_indexer.checks.completions import check_completions
from baocha_indexer.checks.formulas import check_formulas
from baocha_indexer.checks.lists import check_lists
from baocha_indexer.checks.passages import Passage
from baocha_indexer.checks.rates import check_rates, check_rates_of_budgets
from baocha_indexer.checks.repetitions import check_repetitions
from baocha_indexer.checks.scores import (
    LEAST_EXECUTION,
    check_execution_score,
    check_execution_score_in_text,
    check_grades,
    check_scores,
    check_scores_in_text,
)
from baocha_indexer.checks.shares import check_shares, check_shares_of_totals
from baocha_indexer.checks.subjects import NO_SUBJECT, Subject, check_names, check_years
from baocha_indexer.checks.sums import check_sums, check_sums_of_next, check_totals_behind
from baocha_indexer.checks.tables import check_tables
from baocha_indexer.checks.text_and_tables import check_text_and_tables
from baocha_indexer.figures import Evaluation
from baocha_indexer.model import Check, Paragraph

_YEAR = re.compile(r"20[0-9]{2}(?=\s*年)")
_IN_SENTENCES = (
    check_rates, check_completions, check_averages, check_formulas, check_shares, check_changes, check_comparisons,
    check_sums, check_totals_behind, check_balances, check_grades,
    check_scores_in_text,
)  # fmt: skip
_OF_ONE_FIGURE = (check_formulas, check_grades)
"""The rules of sentences, and those of them that need only one figure."""


def checks_of(
    paragraphs: Sequence[Paragraph],
    evaluations: Sequence[Evaluation],
    least_execution: int = LEAST_EXECUTION,
    subject: Subject = NO_SUBJECT,
) -> Iterator[Check]:
    """Yield the checks of a report, with its tables of indicators.

    `least_execution`: with a lower rate of execution, in percent, a full score for it fails. `subject`: what
    the report is about.
    """
    passages: list[Passage] = []
    titles = [paragraph.text for paragraph in paragraphs if paragraph.role == "title"]
    year = max(_YEAR.findall(" ".join(titles)), default="")
    for paragraph in paragraphs:
        if not paragraph.figures:
            continue
        placed = [Placed(paragraph.ordinal, figure) for figure in paragraph.figures]
        yield from check_number_formats(placed)
        if len({one.figure.currency for one in placed if one.figure.kind == "amount"}) > 1:
            continue  # amounts of several currencies cannot be added or compared
        passage = Passage.of(paragraph.text, placed)
        if paragraph.role == "table":
            yield from check_rates(passage)
            yield from check_execution_score(placed, least_execution)
        else:
            if passages and placed[0].ordinal == passages[-1].figures[0].ordinal + 1:
                yield from check_sums_of_next(passages[-1], passage)
            passages.append(passage)
            for rule in _IN_SENTENCES if len(placed) > 1 else _OF_ONE_FIGURE:
                yield from rule(passage)
            yield from check_execution_score_in_text(passage, least_execution)
            yield from check_base_years(passage, year)
    yield from check_rates_of_budgets(passages)
    yield from check_shares_of_totals(passages)
    yield from check_lists(paragraphs)
    yield from check_tables(paragraphs)
    yield from check_text_and_tables(paragraphs)
    yield from check_repetitions(paragraphs)
    yield from check_scores(evaluations)
    yield from check_years(paragraphs, subject)
    yield from check_names(paragraphs, subject)
