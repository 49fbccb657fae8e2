"""Find the figures of a report: each amount, rate, score and count, with what it measures."""

from baocha_indexer.figures.indicators import Evaluation, Indicator, evaluations_of, points_in
from baocha_indexer.figures.matching import TypedValue, base_unit, label_key, read_value
from baocha_indexer.figures.names import name_of_variant
from baocha_indexer.figures.numbers import MAX_DIGITS, decimals_of, is_well_formed, normalise
from baocha_indexer.figures.paragraph import figures_of
from baocha_indexer.figures.units import Unit, parse_unit
from baocha_indexer.figures.years import is_of_year_before, without_years

__all__ = [
    "MAX_DIGITS",
    "Evaluation",
    "Indicator",
    "TypedValue",
    "Unit",
    "base_unit",
    "decimals_of",
    "evaluations_of",
    "figures_of",
    "is_of_year_before",
    "is_well_formed",
    "label_key",
    "name_of_variant",
    "normalise",
    "parse_unit",
    "points_in",
    "read_value",
    "without_years",
]
