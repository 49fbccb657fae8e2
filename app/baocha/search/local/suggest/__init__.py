"""Completions of what is being typed."""

from baocha.search.local.suggest.completer import Completer

__all__ = ["Completer"]
