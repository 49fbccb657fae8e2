"""Find the figures with a label and a value in a range, in sorted columns."""

from baocha.search.local.figures.columns import FigureColumns, FoundFigures, value_ranks
from baocha.search.local.figures.histogram import count_by_range

__all__ = ["FigureColumns", "FoundFigures", "count_by_range", "value_ranks"]
