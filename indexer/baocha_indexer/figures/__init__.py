"""Find the figures of a report: each amount, rate, score and count, with what it measures."""

from baocha_indexer.figures.indicators import Indicator, indicators_of
from baocha_indexer.figures.paragraph import figures_of
from baocha_indexer.figures.units import unit_named

__all__ = ["Indicator", "figures_of", "indicators_of", "unit_named"]
