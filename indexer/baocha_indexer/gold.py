"""Read a gold file: the right parse of a file, in the form of `baocha parse --json` or a part of it.

A mistake in a gold file would hide a difference, so all that is not in this form is refused.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from baocha_indexer.errors import GoldFileError
from baocha_indexer.messages import Message
from baocha_indexer.model import REASONS

_ORIGIN = {"source": "text", "certainty": "text"}
_METADATA = (
    "title",
    "department",
    "year",
    "kind",
    "level",
    "region",
    "document_number",
    "published",
)
_CELL = {"head": "text", "text": "text", "unit": "text"}
_FIGURE = {
    "kind": "text",
    "value": "text",
    "unit": "text",
    "text": "text",
    "span": ["integer"],
    "label": "text",
    "name": "text",
    "period": "text?",
    "qualifier": "text?",
    "origin": "text",
    "currency": "text",
    "before": "text?",
}
_PARAGRAPH = {
    "ordinal": "integer",
    "text": "text",
    "role": "text",
    "section": "text",
    "section_path": ["text"],
    "cells": [_CELL],
    "page": "integer?",
    "box": [dict.fromkeys(("page", "left", "top", "right", "bottom"), "number")],
    "place": {"sheet": "text", "cells": "text", "paragraph": "integer"},
    "ocr": "flag",
    "confidence": "number?",
    "figures": [_FIGURE],
}
_INDICATOR = {
    "table": "integer",
    "project": "text",
    "level1": "text",
    "level2": "text",
    "level3": "text",
    "target": "text",
    "actual": "text",
    "rate": "text",
    "weight": "text",
    "score": "text",
    "reason": "text",
    "page": "integer?",
    "paragraph": "integer",
}
_CHECK = {"rule": "text", "holds": "flag?", "explanation": "text", "paragraphs": ["integer"]}
_REPORT = {
    "title": "text",
    "department": "text?",
    "year": "integer?",
    "kind": "text",
    "years": ["integer"],
    "level": "text?",
    "region": "text?",
    "document_number": "text?",
    "published": "text?",
    "origins": dict.fromkeys(_METADATA, _ORIGIN),
    "account": {
        "found": "integer",
        "kept": "integer",
        "dropped": dict.fromkeys(REASONS, "integer"),
        "unexplained": "integer",
        "example": "text",
        "unread_pages": "integer",
    },
    "warnings": ["text"],
    "paragraphs": [_PARAGRAPH],
    "indicators": [_INDICATOR],
    "checks": [_CHECK],
}
"""What `baocha parse --json` writes: a name of `_TYPES`, with ? if it may be null, a list or an object."""

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "flag": (bool,),
}
_EXPECTED = {
    "text": Message(zh="文字", en="a text"),
    "integer": Message(zh="整数", en="an integer"),
    "number": Message(zh="数", en="a number"),
    "flag": Message(zh="true 或 false", en="true or false"),
    "list": Message(zh="列表 […]", en="a list […]"),
    "object": Message(zh="对象 {…}", en="an object {…}"),
}

_Where = tuple[str | int, ...]
"""A place in the file: names, and the numbers of items from 1."""


class _Object(dict[str, Any]):
    """An object of the file, and a name that it has more than once, if there is one."""

    repeated: str | None = None


def read_gold(path: Path) -> dict[str, Any]:
    """Return the values of a gold file.

    Raises GoldFileError, which names the place of the first mistake; OSError if the file cannot be
    read.
    """
    data = path.read_bytes()
    place = Message("", "")
    gold = None
    try:
        gold = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = Message(
            zh=f"（第 {error.lineno} 行第 {error.colno} 列有误）",
            en=f" (error in line {error.lineno}, column {error.colno})",
        )
    except (ValueError, RecursionError):
        pass  # not UTF-8, an endless integer, nested too deeply
    if not isinstance(gold, _Object):
        raise GoldFileError(
            zh=f"{path} 不是标准答案文件：须为 JSON{place.zh}，格式与 baocha parse --json 的输出相同",
            en=f"{path} is not a gold file: it must be JSON{place.en} in the form of baocha parse --json",
        )
    for why in _mistakes(gold, _REPORT, ()):
        raise GoldFileError(
            zh=f"{path} 不是标准答案文件：{why.zh}", en=f"{path} is not a gold file: {why.en}"
        )
    return gold


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        found.repeated = next(n for n, count in Counter(n for n, _ in pairs).items() if count > 1)
    return found


def _mistakes(value: Any, expected: Any, where: _Where) -> Iterator[Message]:
    """Yield what is not as expected, and where."""
    if isinstance(expected, dict):
        if isinstance(value, _Object):
            yield from _mistakes_inside(value, expected, where)
        else:
            yield _wrong_type(where, _EXPECTED["object"], value)
    elif isinstance(expected, list):
        if isinstance(value, list):
            for number, item in enumerate(value, start=1):
                yield from _mistakes(item, expected[0], (*where, number))
        else:
            yield _wrong_type(where, _EXPECTED["list"], value)
    elif not (value is None and expected.endswith("?")):
        # A bool is an int too. JSON has no NaN and Infinity, but Python reads them.
        valid = type(value) in _TYPES[expected.rstrip("?")]
        if not valid or (isinstance(value, float) and not math.isfinite(value)):
            kind = _EXPECTED[expected.rstrip("?")]
            if expected.endswith("?"):
                kind = Message(zh=f"{kind.zh}或 null", en=f"{kind.en} or null")
            yield _wrong_type(where, kind, value)


def _mistakes_inside(
    value: _Object, expected: Mapping[str, Any], where: _Where
) -> Iterator[Message]:
    if value.repeated is not None:
        yield _at((*where, value.repeated), Message(zh="出现两次", en="occurs twice"))
    for name, inside in value.items():
        if name in expected:
            yield from _mistakes(inside, expected[name], (*where, name))
        else:
            names = Message(zh="、".join(expected), en=", ".join(expected))
            why = Message(zh=f"不是已知的名称；应为 {names.zh}", en=f"must be one of {names.en}")
            yield _at((*where, name), why)
    if expected is _PARAGRAPH and "text" not in value:
        yield _at(where, Message(zh="缺少 text", en="has no text"))


def _wrong_type(where: _Where, expected: Message, value: Any) -> Message:
    """Return the message for a value. It names the type of texts, lists and objects, and shows other values."""
    names: dict[type[Any], str] = {str: "text", list: "list", _Object: "object"}
    shown = json.dumps(value)
    found = _EXPECTED[names[type(value)]] if type(value) in names else Message(shown, shown)
    why = Message(
        zh=f"应为{expected.zh}，而不是 {found.zh}", en=f"must be {expected.en}, not {found.en}"
    )
    return _at(where, why)


def _at(where: _Where, why: Message) -> Message:
    zh = " ".join(f"第 {part} 项" if isinstance(part, int) else part for part in where)
    en = ", ".join(f"item {part}" if isinstance(part, int) else part for part in where)
    return Message(zh=f"{zh} {why.zh}", en=f"{en} {why.en}")
