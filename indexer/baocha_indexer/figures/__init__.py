"""Find the figures of a report: each amount, rate, score and count, with what it measures."""

from baocha_indexer.figures.indicators import Evaluation, Indicator, evaluations_of
from baocha_indexer.figures.numbers import is_well_formed
from baocha_indexer.figures.paragraph import figures_of
from baocha_indexer.figures.units import parse_unit

__all__ = [
    "Evaluation",
    "Indicator",
    "evaluations_of",
    "figures_of",
    "is_well_formed",
    "parse_unit",
]
