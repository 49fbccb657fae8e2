"""Find the characters and straight lines on a page of an OFD file.

A graphic object has a box on its page (Boundary), and may have a matrix (CTM) from its own
coordinates to those of the box. Coordinates are in millimetres, x to the right and y downwards.
Characters and rulings are returned in points, y upwards, as in PDF.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from math import atan2, inf, isfinite
from typing import Any, Literal, NamedTuple
from unicodedata import east_asian_width

from baocha_indexer.extract.pdf import Character
from baocha_indexer.extract.rulings import (
    Ruling,
    ruling_between,
    rulings_of_path,
    without_backgrounds,
)
from baocha_indexer.extract.zip_check import broken, too_much

POINTS = 72 / 25.4
"""Points in a millimetre."""

_ASCENT, _DESCENT = 0.86, 0.14
"""Height of a character above and below its base line, in sizes of the font: those of SimSun."""

_NARROW, _MAX_NARROW = 0.5, 1.1
"""Width of a narrow character if it is unknown, and its largest possible width, in sizes."""

_MAX_DEPTH = 20
_MAX_OBJECTS = 10_000_000
"""Maximum number of characters and path commands of a document. A composite or template page may be
used on every page."""

_MAX_PAGE_OBJECTS = 300_000
"""Maximum number of characters and path commands of a page. A page of dense text has some thousand."""

Look = Literal["shown", "transparent", "hidden"]
"""Whether an object is shown. One that is transparent may be the text layer of a scan."""

_COMMAND = re.compile(r"([SMLQBAC])([^SMLQBAC]*)")


class Matrix(NamedTuple):
    """An affine map: (x, y) to (a·x + c·y + e, b·x + d·y + f)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def of(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        """Return the box, (left, bottom, right, top) in points, around a box in an object."""
        xs, ys = (self.a * left, self.a * right), (self.c * top, self.c * bottom)
        across, up = (self.b * left, self.b * right), (self.d * top, self.d * bottom)
        return (
            min(xs) + min(ys) + self.e,
            min(across) + min(up) + self.f,
            max(xs) + max(ys) + self.e,
            max(across) + max(up) + self.f,
        )

    def after(self, first: "Matrix") -> "Matrix":
        """Return the map that applies `first`, and then this one."""
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            *self.of(first.e, first.f),
        )


@dataclass(slots=True)
class Graphics:
    """What is on a page: its characters, each with its angle in radians, its rulings, its images.

    `images`: the id of each image, and the map from a square of size 1 to its place. `transparent`:
    the characters that may be the text layer of a scan. `hidden`: the text that is not shown; `lost`:
    the text whose place is infinite or not a number. `unreadable`: number of characters that are shown, but have
    only the number of their shape in the font.
    """

    characters: list[tuple[Character, float]] = field(default_factory=list)
    transparent: list[tuple[Character, float]] = field(default_factory=list)
    drawn: list[Ruling] = field(default_factory=list)
    filled: list[Ruling] = field(default_factory=list)
    images: list[tuple[str, Matrix]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unreadable: int = 0

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """The rulings: the lines, and the sides of filled areas if they are no backgrounds."""
        return without_backgrounds(self.drawn, self.filled)


class Painter:
    """Adds the graphic objects of content elements to `Graphics`.

    `composites`: the elements of composite graphic units by their id.
    """

    def __init__(self, composites: Mapping[str, Any]) -> None:
        """Start without objects. Count those of all pages together."""
        self._composites = composites
        self._done = self._done_before_page = 0

    def begin_page(self) -> None:
        """Count the objects of a new page."""
        self._done_before_page = self._done

    def add(
        self, element: Any, onto: Graphics, matrix: Matrix, depth: int = 0, look: Look = "shown"
    ) -> None:
        """Add the objects in an element to `onto`. `matrix`: from the element to points.

        `look`: of what is around the element. Raises SourceError if the objects are too many or nested
        too deep.
        """
        if depth > _MAX_DEPTH:
            raise broken()
        for child in element:
            name = local_name(child)
            if name in ("Layer", "PageBlock", "Content"):
                self.add(child, onto, matrix, depth + 1, look)
                continue
            if name not in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                continue
            own = _look(child, look)
            inside = matrix.after(_own_matrix(child))
            if name == "TextObject":
                self._add_text(child, onto, inside, own)
            elif name == "CompositeObject":
                unit = self._composites.get(child.get("ResourceID", ""))
                if unit is not None:
                    self._count(1)
                    self.add(unit, onto, inside, depth + 1, own)
            elif own == "shown":
                if name == "PathObject":
                    self._add_path(child, onto, inside)
                else:
                    self._count(1)
                    onto.images.append((child.get("ResourceID", ""), _image_matrix(child, inside)))

    def _count(self, objects: int) -> None:
        self._done += objects
        if self._done > min(_MAX_OBJECTS, self._done_before_page + _MAX_PAGE_OBJECTS):
            raise too_much()

    def _add_text(self, element: Any, onto: Graphics, matrix: Matrix, look: Look) -> None:
        size = abs(number(element.get("Size"), 0.0))
        wide = size * abs(number(element.get("HScale"), 1.0))
        angle = atan2(-matrix.b, matrix.a)  # clockwise, as in PDFium
        has_shapes = any(local_name(child) == "CGTransform" for child in element)
        places = onto.characters if look == "shown" else onto.transparent
        x = y = 0.0
        for code in element:
            if local_name(code) != "TextCode" or not (text := code.text):
                continue
            self._count(len(text))
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            across, down = code.get("DeltaX"), code.get("DeltaY")
            # Without distances, the characters follow each other by their width.
            steps_x = _deltas(across) if across else repeat(0.0 if down else inf)
            after_space = False
            for char, step_x, step_y in zip(text, steps_x, _deltas(down or "0"), strict=False):
                width = _width(char, wide, step_x)
                if char.isspace():
                    after_space = True
                    onto.unreadable += has_shapes
                else:
                    box = matrix.box(x, y - _ASCENT * size, x + width, y + _DESCENT * size)
                    if not all(map(isfinite, (*box, *matrix))):
                        onto.lost.append(char)
                    elif look == "hidden" or box[0] == box[2] or box[1] == box[3]:
                        onto.hidden.append(char)
                    else:
                        places.append((Character(char, *box, after_space), angle))
                    after_space = False
                x += width if step_x == inf else step_x
                y += step_y

    def _add_path(self, element: Any, onto: Graphics, matrix: Matrix) -> None:
        is_filled, is_stroked = element.get("Fill") == "true", element.get("Stroke") != "false"
        data = "".join(
            child.text or "" for child in element if local_name(child) == "AbbreviatedData"
        )
        for points in self._straight_paths(data):
            places = [matrix.of(*point) for point in points]
            if not all(isfinite(value) for place in places for value in place):
                continue
            if is_stroked:
                for one, other in pairwise(places):
                    onto.drawn += ruling_between(one, other)
            if is_filled:
                xs, ys = zip(*places, strict=True)
                sides = rulings_of_path(min(xs), min(ys), max(xs), max(ys))
                (onto.drawn if len(sides) == 1 else onto.filled).extend(sides)

    def _straight_paths(self, data: str) -> Iterator[list[tuple[float, float]]]:
        """Yield the corners of each part of a path that has no curves."""
        points: list[tuple[float, float]] = []
        is_curved = False
        for command, written in _COMMAND.findall(data):
            self._count(1)
            values = [number(value, inf) for value in written.split()]
            if command in "SM":
                if len(points) > 1 and not is_curved:
                    yield points
                points, is_curved = [], False
            if command == "C":
                points += points[:1]
            elif len(values) < 2 or not all(map(isfinite, values)):
                is_curved = True
            else:
                points.append((values[-2], values[-1]))
                is_curved = is_curved or command in "QBA"
        if len(points) > 1 and not is_curved:
            yield points


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace, empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def number(written: str | None, default: float) -> float:
    """Return a written number, or `default` if it is missing or not a finite number."""
    try:
        value = float(written) if written else default
    except ValueError:
        return default
    return value if isfinite(value) else default


def numbers(written: str | None, count: int) -> tuple[float, ...] | None:
    """Return `count` written numbers, or None if there are not as many."""
    values = tuple(number(value, inf) for value in (written or "").split())
    return values if len(values) == count and all(map(isfinite, values)) else None


def _look(element: Any, around: Look) -> Look:
    """Return whether an object is shown. `around`: whether the one that contains it is."""
    if around == "hidden" or element.get("Visible") == "false":
        return "hidden"
    colours = [child for child in element if local_name(child) == "FillColor"]
    alphas = [number(found.get("Alpha"), 255.0) for found in (element, *colours)]
    return "transparent" if min(alphas) <= 0 else around


def _image_matrix(element: Any, inside: Matrix) -> Matrix:
    """Return the map from a square of size 1 to the place of an image. Without CTM it fills its box."""
    box = numbers(element.get("Boundary"), 4)
    if box is None or element.get("CTM"):
        return inside
    return inside.after(Matrix(a=box[2], d=box[3]))


def _own_matrix(element: Any) -> Matrix:
    """Return the map from the coordinates of an object to those of its page."""
    x, y, *_ = numbers(element.get("Boundary"), 4) or (0.0, 0.0)
    own = Matrix(*(numbers(element.get("CTM"), 6) or Matrix()))
    return own._replace(e=own.e + x, f=own.f + y)


def _deltas(written: str) -> Iterator[float]:
    """Yield the distances to the next characters: `1 2 g 3 4` is 1 2 4 4 4. The last is repeated."""
    values = iter(written.split())
    last = 0.0
    for value in values:
        times = 1.0
        if value == "g":
            times = number(next(values, None), 0.0)
        last = number(next(values, None) if value == "g" else value, last)
        yield from repeat(last, max(0, int(min(times, _MAX_OBJECTS))))
    yield from repeat(last)


def _width(char: str, wide: float, step: float) -> float:
    """Return the width of a character. `wide`: that of a Chinese one; `step`: to the next one."""
    if east_asian_width(char) in "WFA":
        return wide
    return step if 0 < step <= _MAX_NARROW * wide else _NARROW * wide
