"""Places of the marks in a plot, for the template `plot.svg`: dots by row, two values against each other, or lines.

Units are pixels, y downwards. A plot has no colour of its own: it is readable in black and white.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

WIDTH = 820
LEFT, RIGHT, TOP, BOTTOM = 240, 20, 16, 40
ROW_HEIGHT = 26
CAPTION = 28
"""Height of the caption that a plot has only in a file."""
SQUARE = 480
LINES_HEIGHT = 320
"""Height of a plot with lines."""

LABEL_LENGTH = 18
"""Number of characters of the longest label."""

SHAPES = ("circle", "square", "triangle", "diamond", "down", "bar", "plus", "cross")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "12 3", "4 4", "10 2 2 2")
"""The forms of marks and lines, one for each series of a plot."""

_CORNERS = {
    "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
    "triangle": ((0, -5), (5, 4), (-5, 4)),
    "diamond": ((0, -6), (5, 0), (0, 6), (-5, 0)),
    "down": ((0, 5), (5, -4), (-5, -4)),
    "bar": ((-2, -6), (2, -6), (2, 6), (-2, 6)),
    "plus": ((-1.5, -6), (1.5, -6), (1.5, -1.5), (6, -1.5), (6, 1.5), (1.5, 1.5),
             (1.5, 6), (-1.5, 6), (-1.5, 1.5), (-6, 1.5), (-6, -1.5), (-1.5, -1.5)),
    "cross": ((-5, -4), (-4, -5), (0, -1), (4, -5), (5, -4), (1, 0),
              (5, 4), (4, 5), (0, 1), (-4, 5), (-5, 4), (-1, 0)),
}  # fmt: skip

TICKS = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: its place in pixels, and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot of a plot, with what a pointer shows on it and the address that it links to."""

    x: float
    y: float
    title: str
    address: str
    shape: str = "circle"

    @property
    def points(self) -> str:
        """The corners of its shape, for an SVG polygon; empty for a circle."""
        corners = _CORNERS.get(self.shape, ())
        return " ".join(f"{self.x + x:g},{self.y + y:g}" for x, y in corners)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one thing: its name, its shape and dashes, its lines, and where the name stands.

    The shapes and dashes tell series apart without colour. `label_x`: the place of the mark before the name.
    """

    name: str
    shape: str
    dashes: str
    lines: tuple[tuple[tuple[float, float], ...], ...]
    label_x: float
    label_y: float

    @property
    def polylines(self) -> tuple[str, ...]:
        """The points of each line, for SVG polylines."""
        return tuple(" ".join(f"{x:g},{y:g}" for x, y in line) for line in self.lines)

    @property
    def end(self) -> Mark:
        """The mark beside the name."""
        return Mark(self.label_x, self.label_y, self.name, "", self.shape)


@dataclass(frozen=True, slots=True)
class Row:
    """The line of a department: its name, the name as there is room for it, its place, and that of its median.

    `median`: None for a plot without medians.
    """

    name: str
    short_name: str
    y: float
    median: float | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot. `lines`: from (x, y) to (x, y), each with a text at its end."""

    caption: str

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    marks: tuple[Mark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...] = ()
    rows: tuple[Row, ...] = ()
    lines: tuple[tuple[float, float, float, float, str], ...] = ()
    x_label: str = ""
    y_label: str = ""
    series: tuple[Series, ...] = ()

    @property
    def file_height(self) -> int:
        """The height of the plot with its caption."""
        return self.height + CAPTION


class Scale:
    """A linear or logarithmic scale from values to pixels."""

    def __init__(
        self, values: Sequence[Decimal], first: float, last: float, *, is_log: bool = False
    ) -> None:
        """Make room for `values` between the pixels `first` and `last`. A logarithm needs positive values."""
        self._is_log = is_log
        places = [self._place(value) for value in values] or [0.0]
        self._low, high = min(places), max(places)
        if high - self._low < 1e-9:
            self._low, high = self._low - 0.5, high + 0.5
        self._first, self._length = first, (last - first) / (high - self._low)
        self._high = high

    def _place(self, value: Decimal | float) -> float:
        return log10(float(value)) if self._is_log else float(value)

    def __call__(self, value: Decimal | float) -> float:
        """Return the pixel of a value."""
        return round(self._first + (self._place(value) - self._low) * self._length, 1)

    def ticks(self) -> list[float]:
        """Return the multiples of 1, 2 or 5 times a power of ten in the range; for logarithms, the powers of ten."""
        if self._is_log:
            powers = range(floor(self._low), floor(self._high) + 2)
            return [10.0**power for power in powers if self._low <= power <= self._high]
        rough = (self._high - self._low) / TICKS
        power = 10 ** floor(log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
        first = floor(self._low / step) + 1
        found = [self._low] if self._low == floor(self._low / step) * step else []
        while first * step <= self._high + 1e-9:
            found.append(first * step)
            first += 1
        return [round(value, 10) for value in found]


def department_label(name: str) -> str:
    """Return a name that fits beside a row: of a long one the end, since places stand at its beginning."""
    return name if len(name) <= LABEL_LENGTH else "…" + name[-LABEL_LENGTH + 1 :]


def apart(places: Sequence[float], room: float) -> list[float]:
    """Return places for texts at or below these places, at least `room` apart, in the same order."""
    found = [0.0] * len(places)
    last = float("-inf")
    for at in sorted(range(len(places)), key=places.__getitem__):
        last = found[at] = max(places[at], last + room)
    return found
