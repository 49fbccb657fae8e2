"""Exact full-text search over Chinese government reports, paragraph by paragraph.

`create_app` returns the web application, `create_blueprint` a blueprint for another Flask
application, `open_engine` the search engine. Each is imported on first use, so that a program that
only searches does not load Flask.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baocha.application import create_app
    from baocha.blueprint import create_blueprint
    from baocha.search import open_engine

__all__ = ["create_app", "create_blueprint", "open_engine"]

_MODULES = {
    "create_app": "baocha.application",
    "create_blueprint": "baocha.blueprint",
    "open_engine": "baocha.search",
}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
