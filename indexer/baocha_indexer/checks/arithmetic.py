"""Compare computed values with written ones, within the rounding of what is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal

from baocha_indexer.figures import base_unit, decimals_of, is_well_formed, parse_unit
from baocha_indexer.messages import Message
from baocha_indexer.model import Check, Figure

_MIN_DIGITS = 4
COARSE = 1
"""If only a rounding error of more percentage points explains a difference, a rate is not decided."""

_FEW_TERMS = 3
_WIDE = Context(prec=100)


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure, and the ordinal of its paragraph."""

    ordinal: int
    figure: Figure

    @property
    def value(self) -> Decimal:
        """The value in yuan, percent, points, or a number of things."""
        return self.figure.value

    @property
    def size(self) -> Decimal:
        """The absolute value."""
        return abs(self.figure.value)

    @property
    def step(self) -> Decimal:
        """The value of one unit in the last written digit: 100 yuan for 25.70 万元."""
        if self.figure.kind == "rate":  # 0.976 under the head 执行率 is 97.6
            return Decimal(1).scaleb(-self.figure.decimals)
        return self.factor.scaleb(-self.decimals)

    @property
    def error(self) -> Decimal:
        """The largest error by rounding: half a step. Zero and a count of 41 things are exact."""
        is_exact = not self.value or (self.figure.kind == "count" and self.step == 1)
        return Decimal(0) if is_exact else self.step / 2

    @property
    def factor(self) -> Decimal:
        """The value of one unit: 10,000 for 万元."""
        unit = parse_unit(self.figure.unit) if self.figure.unit else None
        return unit.factor if unit else Decimal(1)

    @property
    def decimals(self) -> int:
        """The number of decimal places, as written; negative for 1.2E+07, whose last digit is a million."""
        return decimals_of(self.figure.text)

    @property
    def written(self) -> str:
        """The number with its unit, as written. The unit of a cell may be in its head."""
        if self.figure.unit:
            return self.figure.text + self.figure.unit
        if self.figure.kind == "rate":
            return f"{self.figure.value:f}%"
        return self.figure.text + ("分" if self.figure.kind == "score" else "")


def check(rule: str, figures: Sequence[Placed], *, holds: bool | None, zh: str, en: str) -> Check:
    """Return a check of a rule with the figures that it compares."""
    evidence = tuple((placed.ordinal, placed.figure.span) for placed in figures)
    return Check(rule, holds, Message(zh=zh, en=en), evidence)


def distance(computed: Decimal, written: Decimal, step: Decimal) -> Decimal:
    """Return how far a computed value is from those that a written one may stand for; at most 0 if it is one.

    A written value may be rounded or cut off: 8 % may stand for 7.5 % to 9 %. `step`: one unit in its last
    digit.
    """
    if written < 0:
        computed, written = -computed, -written
    above = computed - written
    return above - step if above > 0 else -above - step / 2


def ratio_holds(part: Placed, whole: Placed, rate: Placed) -> bool | None:
    """Return whether part ÷ whole is the rate, in percent; None if the figures are too coarse to decide it.

    Half a unit in the last digits of the part and of the whole is tolerated. The whole must not be 0.
    """
    difference = distance(100 * part.size / whole.size, rate.size, rate.step)
    error = 100 * (part.error + part.size / whole.size * whole.error) / whole.size
    if difference <= 0:
        return True
    if difference > error:
        return False
    return None if error > COARSE else True


def sum_tolerance(terms: Sequence[Placed], total: Placed) -> Decimal:
    """Return the largest difference that rounding explains: half a unit in the last digit of each figure.

    Sums in yuan, points and numbers of things hold to the last digit if all figures have equally many
    decimal places; there the tolerance is zero. For a few whole numbers, such as 60 万元, it is one unit.
    """
    rounded = [placed for placed in (*terms, total) if placed.value]
    steps = {placed.step for placed in rounded}
    if not steps or (len(steps) == 1 and max(steps) <= 1):
        return Decimal(0)
    error = sum((placed.error for placed in rounded), Decimal(0))
    is_whole = len(steps) == 1 and not any(placed.decimals for placed in rounded)
    return min(error, *steps) if is_whole and len(terms) <= _FEW_TERMS else error


def percent(part: Decimal, whole: Decimal, like: Placed) -> str:
    """Return part ÷ whole in percent, with one decimal place more than a written rate."""
    return f"{100 * part / whole:.{like.figure.decimals + 1}f}%"


def in_unit_of(value: Decimal, like: Placed) -> str:
    """Return a value in the unit of a written figure, with its decimal places."""
    return f"{value / like.factor:,.{max(0, like.decimals)}f}{like.figure.unit}"


def sum_of(parts: Sequence[Placed]) -> Placed:
    """Return the sum of figures, written in the unit of the first one, in the place of the last one."""
    value = sum((part.value for part in parts), Decimal(0))
    decimals = max(0, *(part.decimals for part in parts))
    text = f"{value / parts[0].factor:,.{decimals}f}"
    figure = replace(parts[-1].figure, value=value, text=text, unit=parts[0].figure.unit)
    return Placed(parts[-1].ordinal, figure)


def difference_of(one: Placed, other: Placed) -> Placed:
    """Return one figure less another one, in the place and the unit of the first one."""
    value = one.value - other.value
    text = in_unit_of(value, one).removesuffix(one.figure.unit)
    return Placed(one.ordinal, replace(one.figure, value=value, text=text))


def are_alike(one: Placed, other: Placed) -> bool:
    """Return whether two figures can be added: they are of one kind, and count the same things."""
    return one.figure.kind == other.figure.kind and (
        one.figure.kind != "count" or base_unit(one.figure.unit) == base_unit(other.figure.unit)
    )


def are_equal(one: Placed, other: Placed) -> bool:
    """Return whether two figures are equal within the rounding of the coarser one."""
    return abs(one.value - other.value) <= max(one.step, other.step) / 2


def is_slip(placed: Placed, value: Decimal) -> bool:
    """Return whether a written figure differs from a value like a slip of the hand.

    Two digits exchanged, or one changed, missing, or typed twice; of at least four. Zeros at the end do not
    count: a missing part of 10.00 looks like a changed digit in 30.00.
    """
    one, two = _digits(placed.value, placed), _digits(value, placed)
    if min(len(one.rstrip("0")), len(two.rstrip("0"))) < _MIN_DIGITS:
        return False
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    # What is left between the equal beginnings and ends.
    return len(one) + len(two) <= 2 or (len(one) == 2 and one == two[::-1])


def _digits(value: Decimal, like: Placed) -> str:
    """Return the digits of a value in the unit of a written figure, with its decimal places."""
    places = Decimal(1).scaleb(-like.decimals)
    return f"{(value / like.factor).quantize(places, ROUND_HALF_UP, _WIDE):f}".replace(".", "")


def check_number_formats(figures: Sequence[Placed]) -> Iterator[Check]:
    """Report numbers whose commas do not stand between groups of three digits: 69,420,92."""
    for placed in figures:
        if not is_well_formed(placed.figure.text):
            yield check(
                "number-format", [placed], holds=False,
                zh=f"数字格式：“{placed.written}”的千分位分隔符使用有误",
                en=f"number format: the separators of {placed.written} are wrong",
            )  # fmt: skip
