"""The engine that reads an index folder on this machine."""

from baocha.search.local.engine import LocalEngine

__all__ = ["LocalEngine"]
