"""Rank the matching paragraphs."""

from baocha.search.local.rank.order import first_of_each, grouped, ordered
from baocha.search.local.rank.relax import Relaxed, relax
from baocha.search.local.rank.score import Scores, scores

__all__ = [
    "Relaxed",
    "Scores",
    "first_of_each",
    "grouped",
    "ordered",
    "relax",
    "scores",
]
