"""Read a basket from JSON. An error names the item and the field; duplicates are left out."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import isinf
from typing import Any

from baocha.basket.model import (
    FORMAT,
    MAX_FIELD,
    MAX_ITEMS,
    MAX_NAME,
    MAX_NOTE,
    MAX_SEARCH,
    MAX_TITLE,
    VERDICTS,
    VERSION,
    Basket,
    BasketError,
    Item,
    PaperFields,
    ParagraphItem,
    SearchItem,
)
from baocha.basket.plain import count_tags, plain_text, printable_line
from baocha_indexer.messages import Message
from baocha_indexer.model import MAX_PARAGRAPH

MAX_TAGS = 20_000
"""Maximum number of HTML tags in the texts of a basket. Removing so many takes some tenths of a second."""

MAX_HEADINGS = 20
_MAX_NUMBER = 10**9

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REPORT = re.compile(r"[A-Za-z0-9_.~-]{1,100}")
_SHA256 = re.compile(r"(?:[0-9a-f]{64})?")
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?")
_GENERATION = re.compile(r"[0-9A-Za-z_.-]{0,40}")


@dataclass(frozen=True, slots=True)
class ParsedBasket:
    """A basket, and a message about each duplicate item that was left out."""

    basket: Basket
    dropped: tuple[Message, ...]


def load_json(text: str | bytes) -> object:
    """Parse JSON that a client sent. Raises BasketError."""
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    # UnicodeDecodeError and JSONDecodeError are ValueErrors; deep nesting exceeds the stack.
    except (ValueError, RecursionError) as error:
        raise BasketError(
            zh="内容不是有效的 JSON；请选择由底稿夹导出的文件",
            en="the content is not valid JSON: choose a file that was exported from a basket",
        ) from error


def parse_basket(value: object) -> ParsedBasket:
    """Return the basket of a JSON value, with its texts cleaned. Raises BasketError."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BasketError(
            zh=f"不是底稿夹文件：format 应为 {FORMAT}",
            en=f"this is not a basket: format must be {FORMAT}",
        )
    if value.get("version") != VERSION:
        raise BasketError(
            zh=f"底稿夹文件的版本（version）应为 {VERSION}；更新的版本请用更新的程序打开",
            en=f"the version of the basket must be {VERSION}: "
            "open a newer version with a newer program",
        )
    head = _Record(value, Message(zh="底稿夹的", en="the basket"))
    items = value.get("items", [])
    if not isinstance(items, list):
        raise head.wrong("items", Message(zh="应为列表", en="must be a list"))
    if len(items) > MAX_ITEMS:
        raise head.wrong(
            "items",
            Message(
                zh=f"超过 {MAX_ITEMS:,} 条；请分为几个底稿夹",
                en=f"must have at most {MAX_ITEMS:,} items: divide the basket",
            ),
        )
    _refuse_markup(items)
    kept, dropped = _without_duplicates([_item(item, at) for at, item in enumerate(items, start=1)])
    basket = Basket(head.line("name", MAX_NAME), _paper_fields(value), kept)
    return ParsedBasket(basket, dropped)


def _paper_fields(value: Mapping[str, Any]) -> PaperFields:
    given = value.get("fields", {})
    if not isinstance(given, dict):
        raise BasketError(zh="底稿夹的 fields 应为对象", en="the basket: fields must be an object")
    record = _Record(given, Message(zh="底稿夹表头的", en="the head of the basket"))
    return PaperFields(
        **{one.name: record.line(one.name, MAX_FIELD) for one in fields(PaperFields)}
    )


def _item(value: object, number: int) -> Item:
    where = Message(zh=f"第 {number} 条的", en=f"item {number}")
    if not isinstance(value, dict):
        raise BasketError(zh=f"第 {number} 条应为对象", en=f"item {number} must be an object")
    record = _Record(value, where)
    kind = value.get("kind")
    if kind == "paragraph":
        return ParagraphItem(
            key=record.pattern("key", _KEY),
            report=record.pattern("report", _REPORT),
            ordinal=record.whole("ordinal", 1),
            text=record.needed("text", MAX_PARAGRAPH),
            title=record.line("title", MAX_TITLE),
            department=record.line("department", MAX_TITLE, nullable=True) or None,
            year=record.whole_or_none("year", 9999),
            report_kind=record.line("report_kind", MAX_TITLE),
            section_path=record.lines("section_path", MAX_HEADINGS, MAX_TITLE),
            page=record.whole_or_none("page", _MAX_NUMBER),
            source=record.line("source", MAX_TITLE),
            sha256=record.pattern("sha256", _SHA256, default=""),
            search=record.query_string("search"),
            note=record.text("note", MAX_NOTE),
            verdict=record.choice("verdict", VERDICTS),
            added=record.pattern("added", _TIME, default=""),
        )
    if kind == "search":
        return SearchItem(
            key=record.pattern("key", _KEY),
            search=record.query_string("search"),
            total=record.whole("total", 0, default=0),
            generation=record.pattern("generation", _GENERATION, default=""),
            note=record.text("note", MAX_NOTE),
            verdict=record.choice("verdict", VERDICTS),
            added=record.pattern("added", _TIME, default=""),
        )
    raise record.wrong(
        "kind", Message(zh="应为 paragraph 或 search", en="must be paragraph or search")
    )


def _without_duplicates(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Message, ...]]:
    """Return the first of equal items: the same text of the same report, or the same search."""
    kept: list[Item] = []
    dropped: list[Message] = []
    first: dict[tuple[str, str], int] = {}
    keys: dict[str, int] = {}
    for number, item in enumerate(items, start=1):
        same = (item.report, item.text) if isinstance(item, ParagraphItem) else ("", item.search)
        if same in first:
            dropped.append(
                Message(
                    zh=f"第 {number} 条与第 {first[same]} 条重复，未采用",
                    en=f"item {number} repeats item {first[same]} and was left out",
                )
            )
            continue
        if item.key in keys:
            raise BasketError(
                zh=f"第 {number} 条的 key 与第 {keys[item.key]} 条相同",
                en=f"item {number}: key is the same as in item {keys[item.key]}",
            )
        first[same] = keys[item.key] = number
        kept.append(item)
    return tuple(kept), tuple(dropped)


def _refuse_markup(value: object) -> None:
    """Raise BasketError if the texts of a JSON value have more than `MAX_TAGS` tags together."""
    tags = 0
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            tags += count_tags(one)
        elif isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
        if tags > MAX_TAGS:
            raise BasketError(
                zh=f"底稿夹的文字中有超过 {MAX_TAGS:,} 个 HTML 标记，未读取",
                en=f"the texts of the basket have more than {MAX_TAGS:,} HTML tags; "
                "it was not read",
            )


def cleaned(value: Any) -> Any:
    """Return a JSON value with every text in it cleaned.

    Raises BasketError for too many tags, or for a value that is nested too deeply.
    """
    _refuse_markup(value)
    try:
        return _cleaned(value)
    except RecursionError as error:
        raise BasketError(
            zh="内容嵌套过深，未保存", en="the content is nested too deeply and was not saved"
        ) from error


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {plain_text(name): _cleaned(one) for name, one in value.items()}
    return value


class _Record:
    """Reads the fields of one JSON object. Each method raises BasketError with place and field."""

    def __init__(self, values: Mapping[str, Any], where: Message) -> None:
        self._values, self._where = values, where

    def wrong(self, name: str, why: Message) -> BasketError:
        return BasketError(
            zh=f"{self._where.zh} {name} {why.zh}", en=f"{self._where.en}: {name} {why.en}"
        )

    def text(self, name: str, limit: int, *, nullable: bool = False) -> str:
        """Return a cleaned text, which may have line breaks; empty if it is missing."""
        value = self._values.get(name, "")
        if value is None and nullable:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, Message(zh="应为文字", en="must be text"))
        if len(value) > limit:
            raise self.wrong(
                name,
                Message(zh=f"超过 {limit:,} 个字", en=f"must have at most {limit:,} characters"),
            )
        return plain_text(value)

    def line(self, name: str, limit: int, *, nullable: bool = False) -> str:
        """Return a cleaned text on one line, without spaces at its ends."""
        return " ".join(self.text(name, limit, nullable=nullable).split("\n")).strip()

    def needed(self, name: str, limit: int) -> str:
        found = self.text(name, limit)
        if not found.strip():
            raise self.wrong(name, Message(zh="不能为空", en="must not be empty"))
        return found

    def lines(self, name: str, most: int, limit: int) -> tuple[str, ...]:
        values = self._values.get(name, [])
        if not isinstance(values, list) or len(values) > most:
            raise self.wrong(
                name,
                Message(zh=f"应为至多 {most} 项的列表", en=f"must be a list of at most {most}"),
            )
        return tuple(_Record({name: value}, self._where).line(name, limit) for value in values)

    def query_string(self, name: str) -> str:
        value = self._values.get(name, "")
        if not isinstance(value, str) or len(value) > MAX_SEARCH:
            raise self.wrong(
                name,
                Message(
                    zh=f"应为至多 {MAX_SEARCH:,} 个字符的检索参数",
                    en=f"must be a query string of at most {MAX_SEARCH:,} characters",
                ),
            )
        return printable_line(value).removeprefix("?")

    def pattern(self, name: str, form: re.Pattern[str], *, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise self.wrong(name, Message(zh="格式不正确", en="has an invalid form"))
        return value

    def choice(self, name: str, choices: Sequence[Any]) -> Any:
        value = self._values.get(name, choices[0])
        if value not in choices:
            shown = "、".join(filter(None, choices))
            raise self.wrong(
                name,
                Message(
                    zh=f"应为空或 {shown} 之一",
                    en=f"must be empty or one of {shown.replace('、', ', ')}",
                ),
            )
        return value

    def whole(self, name: str, least: int, most: int = _MAX_NUMBER, *, default: int = -1) -> int:
        value = self._values.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(
                name,
                Message(
                    zh=f"应为 {least} 至 {most} 的整数",
                    en=f"must be an integer from {least} to {most}",
                ),
            )
        return value

    def whole_or_none(self, name: str, most: int) -> int | None:
        return None if self._values.get(name) is None else self.whole(name, 1, most)


def _no_constant(name: str) -> Callable[[], None]:
    raise ValueError(name)


def _finite(number: str) -> float:
    """Return a number. Raises ValueError for one like 1e999: JSON cannot be written with infinity."""
    found = float(number)
    if isinf(found):
        raise ValueError(number)
    return found
