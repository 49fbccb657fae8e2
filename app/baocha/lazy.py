"""Import the public names of a package on first use, so that a command loads only what it needs."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

TYPE_CHECKING = False  # not from `typing`, whose import takes long
if TYPE_CHECKING:
    from typing import Any


def importer_of(package: str, modules: Mapping[str, Sequence[str]]) -> "Callable[[str], Any]":
    """Return the `__getattr__` of a package (PEP 562). `modules` has the names that each module defines.

    A module must not have one of the names: importing it sets an attribute of the package.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def attribute(name: str) -> "Any":
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(module_of[name]), name)

    return attribute
