"""`baocha serve`: worker processes over one index, and the process that keeps them running."""

from baocha.server.serve import serve

__all__ = ["serve"]
