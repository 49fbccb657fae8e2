"""The engine over an index on this machine."""

from baocha.search.local.engine import LocalEngine

__all__ = ["LocalEngine"]
