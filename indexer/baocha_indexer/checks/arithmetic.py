"""Compare computed values with written ones, within the rounding of what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from baocha_indexer.figures import parse_unit
from baocha_indexer.messages import Message
from baocha_indexer.model import Check, Figure


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
        """The value of a change without its sign."""
        return abs(self.figure.value)

    @property
    def step(self) -> Decimal:
        """The value of one unit in the last written digit: 100 yuan for 25.70 万元."""
        if self.figure.kind == "rate":  # 0.976 under the head 执行率 is 97.6
            return Decimal(1).scaleb(-self.figure.decimals)
        return self.factor.scaleb(-self.decimals)

    @property
    def factor(self) -> Decimal:
        """The value of one unit: 10,000 for 万元."""
        unit = parse_unit(self.figure.unit) if self.figure.unit else None
        return unit.factor if unit else Decimal(1)

    @property
    def decimals(self) -> int:
        """The number of decimal places, as written."""
        _, point, decimals = self.figure.text.rpartition(".")
        return len(decimals) if point else 0

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


def ratio_holds(part: Placed, whole: Placed, rate: Placed) -> bool:
    """Return whether part ÷ whole is the rate, in percent.

    The rate may be rounded or cut off, so one unit in its last digit is tolerated; and half a unit in the
    last digits of the part and of the whole. The whole must not be 0.
    """
    computed = 100 * part.size / whole.size
    error = 100 * (part.step / 2 + part.size / whole.size * whole.step / 2) / whole.size
    return abs(computed - rate.size) <= rate.step + error


def sum_tolerance(terms: Sequence[Placed], total: Placed) -> Decimal:
    """Return the largest difference that rounding explains: half a unit in the last digit of each figure.

    Sums in yuan, points and numbers of things hold to the last digit if all figures have equally many
    decimal places; there the tolerance is zero.
    """
    steps = [placed.step for placed in (*terms, total)]
    is_exact = max(steps) <= 1 and len(set(steps)) == 1
    return Decimal(0) if is_exact else sum(steps, Decimal(0)) / 2


def percent(part: Decimal, whole: Decimal, like: Placed) -> str:
    """Return part ÷ whole in percent, with one decimal place more than a written rate."""
    return f"{100 * part / whole:.{like.figure.decimals + 1}f}%"


def in_unit_of(value: Decimal, like: Placed) -> str:
    """Return a value in the unit of a written figure, with its decimal places."""
    return f"{value / like.factor:,.{like.decimals}f}{like.figure.unit}"
