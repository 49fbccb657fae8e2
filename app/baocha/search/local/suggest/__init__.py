"""Completions of an unfinished query, and what may have been meant instead of a query."""

from baocha.search.local.suggest.alternatives import Alternatives, other_words
from baocha.search.local.suggest.completer import Completer
from baocha.search.local.suggest.pairs import Pairs
from baocha.search.local.suggest.pinyin import Pinyin

__all__ = ["Alternatives", "Completer", "Pairs", "Pinyin", "other_words"]
