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

from baocha.search.query.quotes import QUOTES
from baocha_indexer.figures import (
    MAX_DIGITS,
    TypedValue,
    Unit,
    base_unit,
    label_key,
    name_of_variant,
    normalise,
    parse_unit,
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

_UNIT_OF_LABEL = re.compile(r"[(（]([^()（）]{1,8})[)）]$")
"""The unit in brackets at the end of a label: 支出（万元）."""

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


def is_change(unit: str, qualifier: str | None) -> bool | None:
    """Return whether a figure is a rise or fall.

    None for percentage points without a direction (影响 5 个百分点), which are neither a value nor a change.
    """
    if qualifier in ("增长", "下降"):
        return True
    return None if unit.endswith(("百分点", "千分点")) else False


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
            and is_change(unit, qualifier) == self.is_change
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

    @property
    def name(self) -> str:
        """The label without quotation marks."""
        return "".join(char for char in self.label if char not in QUOTES)

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
    has a unit, or with a label that certainly has figures. A number is no label: 10:30分.
    """
    label = typed.name
    if not label_key(label) or label_key(label).isdecimal():
        return None
    may_be_text = typed.operator in ("=", ":")
    if _YEAR_BEFORE.fullmatch(typed.value) and not may_be_text:
        return _with_year_before(label, typed.operator)
    expected = kind_of_label(label)
    is_known = expected is not None or label in GENERIC_LABELS or bool(name_of_variant(label))
    bounds = _bounds(typed, expected)
    if bounds is None:
        return (
            None if may_be_text and not (is_known and ".." in typed.value) else _unreadable(typed)
        )
    low, high, value = bounds
    if may_be_text and value.unit is None and not is_known:
        return None
    kind = value.unit.kind if value.unit else expected
    if GENERIC_LABELS.get(label) not in (None, kind):
        return _contradicting(typed, GENERIC_LABELS[label] or "amount", value)
    unit = base_unit(value.unit.text) if value.unit and kind == "count" else ""
    currency = value.unit.currency if value.unit else ""
    measure = replace(_values(label, kind, low, high), unit=unit, currency=currency)
    notes = tuple(_notes(typed, expected, value))
    return Comparison((measure, *_changes(label, measure)), kind, notes)


def _values(label: str, kind: FigureKind | None, low: Bound | None, high: Bound | None) -> Measure:
    """Return the measure of the figures with a label that are no rises or falls."""
    label = _UNIT_OF_LABEL.sub("", label) if _unit_in(label) else label
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


def _with_year_before(label: str, operator: str) -> Comparison:
    """Return the comparison with the year before: by both figures, or by a stated rise or fall."""
    kind, bound = kind_of_label(label), Bound(Decimal(0), operator in ("<=", ">="))
    is_less = operator in ("<", "<=")
    measure = _values(label, kind, None if is_less else bound, bound if is_less else None)
    # A rise of an amount may be a rate: 比上年增长 5%.
    change = replace(measure, kind=None, is_change=True)
    return Comparison((replace(measure, is_difference=True), change), kind, ())


def kind_of_label(label: str) -> FigureKind | None:
    """Return the kind of the figures that a label certainly names, or None."""
    if label in GENERIC_LABELS:
        return GENERIC_LABELS[label]
    if unit := _unit_in(label):
        return unit.kind
    return next((kind for kind, pattern in _KINDS if pattern.search(label)), None)


def _unit_in(label: str) -> Unit | None:
    """Return the unit in brackets at the end of a label, or None."""
    match = _UNIT_OF_LABEL.search(label)
    return parse_unit(match[1]) if match else None


def _read(text: str, label: str, expected: FigureKind | None) -> TypedValue | None:
    """Return a typed value, with the unit of its label if it has no other."""
    value = read_value(text)
    if value is None:
        return None
    if value.unit is None and (unit := _unit_in(label)):
        return TypedValue(value.value * unit.factor, unit)
    if value.unit and value.unit.is_bare and expected in (None, "count"):
        # 万 is money only if the label does not count something else: 人数>1万.
        return TypedValue(value.value, None)
    return value


def _bounds(
    typed: ConditionText, expected: FigureKind | None
) -> tuple[Bound | None, Bound | None, TypedValue] | None:
    """Return the bounds, and a value with the unit; None if the value cannot be read."""
    if (value := _read(typed.value, typed.name, expected)) is not None:
        below = typed.operator in ("<", "<=", "=", ":")
        above = typed.operator in (">", ">=", "=", ":")
        includes = typed.operator not in ("<", ">")
        return (
            _lower(value.value, is_included=includes) if above else None,
            _upper(value.value, is_included=includes) if below else None,
            value,
        )
    match = _RANGE.fullmatch(normalise(typed.value))
    if match is None or typed.operator not in ("=", ":"):
        return None
    first, last = (_read(match[end], typed.name, expected) for end in ("low", "high"))
    if last is not None and last.unit is not None and first is not None and first.unit is None:
        # 80..90%: the unit of the last number is that of both, but not its scale in 5000..1万元.
        scaled = first.value * last.unit.factor
        is_scaled = not first.value < last.value < scaled
        first = TypedValue(scaled if is_scaled else first.value, last.unit)
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


def _changes(label: str, measure: Measure) -> Iterator[Measure]:
    """Yield the changes that a label such as 收入增长率 names. A fall has a negative value."""
    for pattern, is_fall in ((_RISE, False), (_FALL, True)):
        if match := pattern.search(label):
            what = _BEFORE_CHANGE.sub("", label[: match.start()])
            key, name = label_key(what), name_of_variant(what)
            yield replace(measure, key=key, name=name, is_change=True, is_fall=is_fall)


def _notes(
    typed: ConditionText, expected: FigureKind | None, value: TypedValue
) -> Iterator[Message]:
    """Yield what a user should know about how a condition was understood."""
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


def _contradicting(typed: ConditionText, kind: FigureKind, value: TypedValue) -> Message:
    """Return the message that a label such as 金额 and the unit of the value exclude each other."""
    is_, has = _KIND_NAMES[kind], _KIND_NAMES[value.unit.kind if value.unit else kind]
    return Message(
        zh=f"“{typed.label}”指{is_.zh}，而“{typed.value}”为{has.zh}；“{typed}”已按文字检索",
        en=f"“{typed.label}” means {is_.en}, but “{typed.value}” is {has.en}; “{typed}” was searched as text",
    )


def _unreadable(typed: ConditionText) -> Message:
    if not typed.value:
        return Message(
            zh=f"“{typed}”后未填写数值，已按文字检索",
            en=f"“{typed}” has no value, so it was searched as text",
        )
    if _RANGE.fullmatch(typed.value) and typed.operator not in ("=", ":"):
        return Message(
            zh=f"“{typed}”：区间须用冒号，如 得分:90..95；已按文字检索",
            en=f"“{typed}” was searched as text; write a range with a colon: 得分:90..95",
        )
    return Message(
        zh=f"“{typed.value}”不是数值，“{typed}”已按文字检索；数字条件示例：执行率<80%",
        en=f"“{typed.value}” is not a number, so “{typed}” was searched as text; example of a condition: 执行率<80%",
    )
