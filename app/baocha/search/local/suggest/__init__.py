"""Completions of an unfinished query."""

from baocha.search.local.suggest.completer import Completer

__all__ = ["Completer"]
