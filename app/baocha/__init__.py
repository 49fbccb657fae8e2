"""Exact full-text search over Chinese government reports, paragraph by paragraph.

`create_app` returns the web application, `create_blueprint` a blueprint for another Flask
application, `open_engine` the search engine. Each is imported on first use, so that a program that
only searches does not load Flask.
"""

from baocha.lazy import importer_of

TYPE_CHECKING = False  # not from `typing`, whose import takes long
if TYPE_CHECKING:
    from baocha.application import create_app
    from baocha.blueprint import create_blueprint
    from baocha.search import open_engine

__all__ = ["create_app", "create_blueprint", "open_engine"]

__getattr__ = importer_of(
    __name__,
    {
        "baocha.application": ("create_app",),
        "baocha.blueprint": ("create_blueprint",),
        "baocha.search": ("open_engine",),
    },
)
