"""Write JSON without the white space that `json.dumps` adds, and with parts that are JSON text already."""

import json
from collections.abc import Mapping
from typing import Any


class JsonText(str):
    """A text that is JSON already."""

    __slots__ = ()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact_json(value: Any) -> str:
    """Return a value as JSON text."""
    return _ENCODER.encode(value)


def json_object(values: Mapping[str, Any]) -> str:
    """Return an object as JSON text. Values that are `JsonText` follow the others, as they are."""
    # One call for all other values: each call takes as long as encoding some fields.
    plain = {name: value for name, value in values.items() if not isinstance(value, JsonText)}
    members = [compact_json(plain)[1:-1]] if plain else []
    members += [
        f"{compact_json(name)}:{value}"
        for name, value in values.items()
        if isinstance(value, JsonText)
    ]
    return f"{{{','.join(members)}}}"
