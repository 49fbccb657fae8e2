"""Check the figures of a report against each other."""

from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import Placed
from baocha_indexer.checks.sentences import check_changes, check_rates, check_shares, check_sums
from baocha_indexer.model import Check, Figure, Paragraph

_IN_SENTENCES = (check_rates, check_shares, check_changes, check_sums)


def checks_of(
    paragraphs: Sequence[Paragraph], figures: Sequence[Sequence[Figure]]
) -> Iterator[Check]:
    """Yield the checks of a report. `figures`: those of each paragraph."""
    for paragraph, own in zip(paragraphs, figures, strict=True):
        if paragraph.role != "table" and len(own) > 1:
            placed = [Placed(paragraph.ordinal, figure) for figure in own]
            for rule in _IN_SENTENCES:
                yield from rule(paragraph.text, placed)
