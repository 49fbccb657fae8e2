"""Rotate pages whose text runs upwards, downwards or upside down, so that it runs to the right."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import pi

from baocha_indexer.extract.pdf.characters import Character
from baocha_indexer.extract.ruled import Ruling

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


def quarter_of(angles: Iterable[float]) -> int:
    """Return by how many quarters most characters are turned, from their angles in radians."""
    counts = Counter(round(angle / (pi / 2)) % 4 for angle in angles)
    return max(counts, key=lambda quarter: (counts[quarter], -quarter), default=0)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a page by quarters, so that its text runs as it is read.

    A character that PDFium says is turned by three quarters runs upwards on its page.
    """

    quarter: int
    page: Box

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a box is on the page as it is read."""
        page_left, page_bottom, page_right, page_top = self.page
        match self.quarter:
            case 1:
                return page_top - top, left - page_left, page_top - bottom, right - page_left
            case 2:
                return page_right - right, page_top - top, page_right - left, page_top - bottom
            case 3:
                return (
                    bottom - page_bottom,
                    page_right - right,
                    top - page_bottom,
                    page_right - left,
                )
        return left, bottom, right, top

    def characters(self, found: Iterable[Character]) -> Iterator[Character]:
        """Yield characters where they are on the page as it is read."""
        for char, left, bottom, right, top, after_space in found:
            yield Character(char, *self.box(left, bottom, right, top), after_space)

    def rulings(self, found: Sequence[Ruling]) -> tuple[Ruling, ...]:
        """Return rulings where they are on the page as it is read."""
        return tuple(Ruling(*self.box(r.left, r.bottom, r.right, r.top)) for r in found)
