"""Find the figures with a label and a value in a range, in sorted columns."""

from baocha.search.local.figures.columns import FigureColumns, FoundFigures, value_ranks
from baocha.search.local.figures.histogram import histogram_of

__all__ = ["FigureColumns", "FoundFigures", "histogram_of", "value_ranks"]
