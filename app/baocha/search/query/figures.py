"""Conditions on figures: 执行率<80%, 得分:90..95. What they match is defined here, without an index.

A condition matches a paragraph if one of its figures has the label, the kind of unit, and a value between
the bounds. A figure has the label if its label or its standard name contains the typed text (marks are
ignored), or if the typed text has the same standard name: 支出进度 matches 预算执行率, because both have the
standard name 执行率. A label such as 增长率 or 降幅 also means the changes: 收入增长率>5% matches
收入比上年增长 6%.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from baocha_indexer.figures import (
    MAX_DIGITS,
    TypedValue,
    base_unit,
    label_key,
    name_of_variant,
    read_value,
)
from baocha_indexer.messages import Message
from baocha_indexer.model import Figure, FigureKind

GENERIC_LABELS: dict[str, FigureKind | None] = {
    "金额": "amount", "比率": "rate", "百分比": "rate", "分数": "score", "数量": "count", "数值": None,
}  # fmt: skip
"""Labels that mean each figure of a kind; None means each figure of any kind."""

LABEL_OF_KIND = {kind: label for label, kind in reversed(GENERIC_LABELS.items()) if kind}

_KINDS: tuple[tuple[FigureKind, re.Pattern[str]], ...] = (
    ("rate", re.compile(r"(?:率|占比|比例|比重|百分比|增幅|降幅|增速)$")),
    ("score", re.compile(r"(?:得分|评分|分值|总分|满分|分数|权重)$")),
    ("count", re.compile(r"(?:人数|户数|数量|次数|个数|件数|人次|编制数?)$")),
    ("amount", re.compile(r"(?:金额|经费|资金|收入|支出|预算|决算|预算数|决算数|执行数|投资|余额|拨款|费用?|款)$")),
)  # fmt: skip
"""The kind of figure that a label with this end names."""

_RISE = re.compile(r"(?:增长率?|增幅|增速|增加|上升|提高)$")
_FALL = re.compile(r"(?:下降率?|降幅|减少|减幅|降低)$")
_BEFORE_CHANGE = re.compile(r"(?:同比|环比|[比较]上年(?:度|同期)?|的)+$")

_YEAR_BEFORE = re.compile("(?:上一?|去)年度?(?:数|同期)?")
_RANGE = re.compile(r"(?P<low>.+?)(?:\.\.(?P<open><?)|至|到|[~～-])(?P<high>.+)")
_OPERATORS = {
    "＜": "<",
    "＞": ">",
    "＝": "=",
    "≤": "<=",
    "≦": "<=",
    "≥": ">=",
    "≧": ">=",
    "：": ":",
}
_KIND_NAMES: dict[FigureKind, Message] = {
    "amount": Message(zh="金额", en="an amount"),
    "rate": Message(zh="比率", en="a rate"),
    "score": Message(zh="分数", en="a score"),
    "count": Message(zh="数量", en="a count"),
}
_LARGEST = Decimal("1E300")
_EXACT = Context(prec=100)
_FLOOR = Context(prec=MAX_DIGITS, rounding=ROUND_FLOOR)


class Bound(NamedTuple):
    """A limit of a range, and whether the range includes it."""

    value: Decimal
    is_included: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """Which figures are compared, and the range of their values. A bound of None is no limit.

    `key`: `label_key` of the label; empty for any label. `name`: the standard name of the label, or empty.
    `kind`: None for any kind. `unit`: the base unit of a count; empty for any unit. `is_change`: compare only
    rises and falls; otherwise only other figures. `is_fall`: compare the size of falls: a fall of 5 is 5, a
    rise of 5 is -5. `is_difference`: compare this year's value minus that of the year before; figures
    without the latter are skipped.
    """

    key: str
    name: str
    kind: FigureKind | None
    unit: str
    currency: str
    is_change: bool
    is_fall: bool
    is_difference: bool
    low: Bound | None
    high: Bound | None

    def has_name(self, name: str) -> bool:
        """Return whether a figure with this standard name has the label."""
        return bool(name) and (name == self.name or self.key in label_key(name))

    def has_unit(self, kind: str, unit: str, currency: str, qualifier: str | None) -> bool:
        """Return whether a figure with these fields is compared, if it has the label."""
        return (
            self.kind in (None, kind)
            and currency == self.currency
            and (not self.unit or base_unit(unit) == self.unit)
            and (qualifier in ("增长", "下降")) == self.is_change
        )

    def compared(self, figure: Figure) -> Decimal | None:
        """Return the value to compare with the range, or None if the figure has no value of the year before."""
        if self.is_difference:
            return None if figure.before is None else _EXACT.subtract(figure.value, figure.before)
        return -figure.value if self.is_fall else figure.value

    def includes(self, value: Decimal) -> bool:
        """Return whether a value is in the range."""
        low, high = self.low, self.high
        return (low is None or value > low.value or (low.is_included and value == low.value)) and (
            high is None or value < high.value or (high.is_included and value == high.value)
        )

    @property
    def limits(self) -> "tuple[Bound | None, Bound | None]":
        """The bounds of the value of a figure, or of its difference from the year before."""
        return (_negated(self.high), _negated(self.low)) if self.is_fall else (self.low, self.high)


def _negated(bound: Bound | None) -> Bound | None:
    return None if bound is None else Bound(-bound.value, bound.is_included)


def has_measure(measure: Measure, figure: Figure) -> bool:
    """Return whether a figure is one that a measure compares, and in its range."""
    value = measure.compared(figure)
    return (
        value is not None
        and measure.has_unit(figure.kind, figure.unit, figure.currency, figure.qualifier)
        and (measure.has_name(figure.name) or measure.key in label_key(figure.label))
        and measure.includes(value)
    )


@dataclass(frozen=True, slots=True)
class ConditionText:
    """The parts of a condition as typed: 执行率, <, 80%. The operator is one of < <= > >= = and :."""

    label: str
    operator: str
    value: str

    @classmethod
    def of(cls, label: str, operator: str, value: str) -> "ConditionText":
        """Return the parts with one form of each operator and without white space."""
        signs = "".join(_OPERATORS.get(sign, sign) for sign in operator if not sign.isspace())
        return cls("".join(label.split()), signs, "".join(value.split()))

    def __str__(self) -> str:
        return f"{self.label}{self.operator}{self.value}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a condition compares, and what a user should know about it.

    `kind`: of the figures, None for each kind.
    """

    measures: tuple[Measure, ...]
    kind: FigureKind | None
    notes: tuple[Message, ...]


def compare(typed: ConditionText) -> Comparison | Message | None:
    """Return what a condition compares; a message if its value cannot be read; None if it is only text.

    A colon and a sign of equality are frequent in texts, so they make a condition only with a value that
    has a unit, with a range, or with a label that certainly has figures.
    """
    if not typed.label:
        return None
    may_be_text = typed.operator in ("=", ":")
    if _YEAR_BEFORE.fullmatch(typed.value) and not may_be_text:
        return _with_year_before(typed)
    bounds = _bounds(typed)
    if bounds is None:
        return None if may_be_text else _unreadable(typed)
    low, high, value = bounds
    expected = kind_of_label(typed.label)
    is_known = expected is not None or typed.label in GENERIC_LABELS or name_of_variant(typed.label)
    if may_be_text and value.unit is None and not is_known and low == high:
        return None
    kind = value.unit.kind if value.unit else expected
    unit = base_unit(value.unit.text) if value.unit and kind == "count" else ""
    currency = value.unit.currency if value.unit else ""
    level = _level(typed.label, kind, low, high)
    if not level.key and typed.label not in GENERIC_LABELS:
        return None
    level = replace(level, unit=unit, currency=currency)
    return Comparison((level, *_changes(typed.label, level)), kind, tuple(_notes(typed, value)))


def _level(label: str, kind: FigureKind | None, low: Bound | None, high: Bound | None) -> Measure:
    """Return the measure of the levels with a label."""
    return Measure(
        key="" if label in GENERIC_LABELS else label_key(label),
        name=name_of_variant(label),
        kind=kind,
        unit="",
        currency="",
        is_change=False,
        is_fall=False,
        is_difference=False,
        low=low,
        high=high,
    )


def _with_year_before(typed: ConditionText) -> Comparison | None:
    """Return the comparison with the year before: by both figures, or by a stated rise or fall."""
    kind, zero = kind_of_label(typed.label), Decimal(0)
    is_included = typed.operator in ("<=", ">=")
    bound = Bound(zero, is_included)
    is_less = typed.operator in ("<", "<=")
    level = _level(typed.label, kind, None if is_less else bound, bound if is_less else None)
    if not level.key and typed.label not in GENERIC_LABELS:
        return None
    # A rise of an amount may be a rate: 比上年增长 5%.
    change = replace(level, kind=None, is_change=True)
    return Comparison((replace(level, is_difference=True), change), kind, ())


def kind_of_label(label: str) -> FigureKind | None:
    """Return the kind of the figures that a label certainly names, or None."""
    if label in GENERIC_LABELS:
        return GENERIC_LABELS[label]
    return next((kind for kind, pattern in _KINDS if pattern.search(label)), None)


def _bounds(typed: ConditionText) -> tuple[Bound | None, Bound | None, TypedValue] | None:
    """Return the bounds, and a value with the unit; None if the value cannot be read."""
    if (value := read_value(typed.value)) is not None:
        below = typed.operator in ("<", "<=", "=", ":")
        above = typed.operator in (">", ">=", "=", ":")
        includes = typed.operator not in ("<", ">")
        return (
            _lower(value.value, is_included=includes) if above else None,
            _upper(value.value, is_included=includes) if below else None,
            value,
        )
    match = _RANGE.fullmatch(typed.value)
    if match is None or typed.operator not in ("=", ":"):
        return None
    first, last = read_value(match["low"]), read_value(match["high"])
    if last is not None and last.unit is not None and first is not None and first.unit is None:
        # 80..90%: the unit of the last number is that of both.
        first = TypedValue(first.value * last.unit.factor, last.unit)
    if first is None or last is None or _measured(first) != _measured(last):
        return None
    low, high = sorted((first.value, last.value))
    return _lower(low, is_included=True), _upper(high, is_included=not match["open"]), last


def _measured(value: TypedValue) -> tuple[str, str] | None:
    return (value.unit.kind, value.unit.currency) if value.unit else None


def _lower(value: Decimal, *, is_included: bool) -> Bound:
    """Return a lower bound that has a float64 of its own: no figure is between it and the value."""
    rounded = _rounded(value)
    return Bound(rounded, is_included and rounded == value)


def _upper(value: Decimal, *, is_included: bool) -> Bound:
    rounded = _rounded(value)
    return Bound(rounded, is_included or rounded != value)


def _rounded(value: Decimal) -> Decimal:
    """Return the greatest value with `MAX_DIGITS` digits that is not greater."""
    return max(-_LARGEST, min(_LARGEST, _FLOOR.plus(value)))


def _changes(label: str, level: Measure) -> Iterator[Measure]:
    """Yield the changes that a label such as 收入增长率 names. A fall has a negative value."""
    for pattern, is_fall in ((_RISE, False), (_FALL, True)):
        if match := pattern.search(label):
            what = _BEFORE_CHANGE.sub("", label[: match.start()])
            key, name = label_key(what), name_of_variant(what)
            yield replace(level, key=key, name=name, is_change=True, is_fall=is_fall)


def _notes(typed: ConditionText, value: TypedValue) -> Iterator[Message]:
    """Yield what a user should know about how a condition was understood."""
    expected = kind_of_label(typed.label)
    if value.unit is None:
        if expected == "amount":
            yield Message(
                zh=f"“{typed}”未写单位，已按元计算",
                en=f"“{typed}” has no unit; the value was taken as yuan",
            )
        elif expected == "rate" and 0 < abs(value.value) <= 1:
            yield Message(
                zh=f"“{typed}”已按 {value.value}% 计算；如指 {value.value * 100:f}%，请写明百分号",
                en=f"“{typed}” was taken as {value.value}%; for {value.value * 100:f}%, write the percent sign",
            )
        elif expected is None:
            yield Message(
                zh=f"“{typed}”未写单位：金额按元、比率按百分数、分数按分、数量按个数计算",
                en=f"“{typed}” has no unit: amounts were compared in yuan, rates in percent, scores in points, counts as numbers",
            )
    elif expected is not None and value.unit.kind != expected:
        is_, has = _KIND_NAMES[expected], _KIND_NAMES[value.unit.kind]
        yield Message(
            zh=f"“{typed.label}”一般为{is_.zh}，而“{typed.value}”为{has.zh}；请核对单位",
            en=f"“{typed.label}” usually is {is_.en}, but “{typed.value}” is {has.en}; check the unit",
        )


def _unreadable(typed: ConditionText) -> Message:
    if not typed.value:
        return Message(
            zh=f"“{typed}”后未填写数值，已按文字检索",
            en=f"“{typed}” has no value, so it was searched as text",
        )
    if _RANGE.fullmatch(typed.value):
        return Message(
            zh=f"“{typed}”：区间须用冒号，如 得分:90..95；已按文字检索",
            en=f"“{typed}” was searched as text; write a range with a colon: 得分:90..95",
        )
    return Message(
        zh=f"“{typed.value}”不是数值，“{typed}”已按文字检索；数字条件示例：执行率<80%",
        en=f"“{typed.value}” is not a number, so “{typed}” was searched as text; example of a condition: 执行率<80%",
    )
