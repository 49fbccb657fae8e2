"""Write JSON without the white space that `json.dumps` adds, and with parts that are JSON text already."""

import json
from collections.abc import Mapping
from typing import Any


class JsonText(str):
    """A text that is JSON already."""

    __slots__ = ()


def compact_json(value: Any) -> str:
    """Return a value as JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_object(values: Mapping[str, Any]) -> str:
    """Return an object as JSON text. A value that is a `JsonText` is inserted as it is."""
    members = [
        f"{compact_json(name)}:{value if isinstance(value, JsonText) else compact_json(value)}"
        for name, value in values.items()
    ]
    return f"{{{','.join(members)}}}"
