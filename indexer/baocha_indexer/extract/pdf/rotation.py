"""Rotate pages whose text runs upwards, downwards or upside down, so that it runs to the right."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import pi

from baocha_indexer.extract.page import Edges, turned
from baocha_indexer.extract.pdf.characters import Character
from baocha_indexer.extract.rulings import Ruling


def quarter_turns(angles: Iterable[float]) -> int:
    """Return how many quarter turns most characters are rotated. `angles` are in radians."""
    counts = Counter(round(angle / (pi / 2)) % 4 for angle in angles)
    return max(counts, key=lambda quarter: (counts[quarter], -quarter), default=0)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Rotates the boxes of a page so that its text runs from left to right.

    `quarters`: the rotation of the characters, as `quarter_turns` returns it. PDFium reports 3 for
    text that runs upwards. `page`: the box of the page.
    """

    quarters: int
    page: Edges

    def box(self, left: float, bottom: float, right: float, top: float) -> Edges:
        """Return the place of a box on the rotated page."""
        return turned((left, bottom, right, top), self.page, self.quarters)

    def characters(self, found: Iterable[Character]) -> Iterator[Character]:
        """Yield characters with their places on the rotated page."""
        for char, left, bottom, right, top, after_space in found:
            yield Character(char, *self.box(left, bottom, right, top), after_space)

    def rulings(self, found: Sequence[Ruling]) -> tuple[Ruling, ...]:
        """Return rulings with their places on the rotated page."""
        return tuple(Ruling(*self.box(r.left, r.bottom, r.right, r.top)) for r in found)
