"""Characters of a page to fragments: what stands together in one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexer.extract.page import Fragment
from indexer.extract.text import printable

_APART = 0.9
"""Of the height of a line: what stands farther apart is of two cells."""

_SMALL, _RAISED = 0.8, 0.2
"""The mark of a footnote is smaller and stands higher, in heights of its line."""

_WIDE = "\u2000"
"""From here on characters are Chinese, as far as spaces go."""

_HYPHENS = dict.fromkeys(map(ord, "\ufffe\u00ad\x02"))
"""What PDFium writes for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class Character:
    """A character, the box it fills in points, and whether a space was seen before it."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    after_space: bool


@dataclass(slots=True)
class _Run:
    """Characters that stand together, and the band they fill."""

    characters: list[Character] = field(default_factory=list)
    bottom: float = 0.0
    top: float = 0.0

    def add(self, found: Character) -> None:
        if not self.characters:
            self.bottom, self.top = found.bottom, found.top
        # Not the higher of a raised figure: the next line begins not far above it.
        elif found.bottom <= self.bottom or found.top - found.bottom > self.top - self.bottom:
            self.bottom, self.top = min(self.bottom, found.bottom), max(self.top, found.top)
        self.characters.append(found)

    def takes(self, found: Character) -> bool:
        """Whether a character stands in this line, and in no cell of its own."""
        last = self.characters[-1]
        # The box of 一 may be as low as its stroke.
        height = max(self.top - self.bottom, found.top - found.bottom)
        is_level = abs(self.top + self.bottom - found.top - found.bottom) < height
        return is_level and -height <= found.left - last.right <= _APART * height

    def is_marked_by(self, found: Character) -> bool:
        """Whether a character is small and high after a Chinese one: the mark of a footnote."""
        height = self.top - self.bottom
        return (
            (found.char.isdigit() or found.char in "[]［］*＊")
            and self.characters[-1].char > _WIDE
            and found.top - found.bottom < _SMALL * height
            and found.bottom > self.bottom + _RAISED * height
        )


def fragments_of(characters: Iterable[Character]) -> Iterator[Fragment]:
    """Yield the pieces of each line that stand apart."""
    run = _Run()
    for found in characters:
        if run.characters and not run.takes(found):
            yield from _fragment(run)
            run = _Run()
        if not (run.characters and run.is_marked_by(found)):
            run.add(found)
    yield from _fragment(run)


def _fragment(run: _Run) -> Iterator[Fragment]:
    text = ""
    for found in run.characters:
        # Between Chinese characters a space is but what is left to fill a line.
        if found.after_space and text and (text[-1] < _WIDE or found.char < _WIDE):
            text += " "
        text += found.char
    text = printable(text.translate(_HYPHENS)).strip()
    if text:
        first, last = run.characters[0], run.characters[-1]
        yield Fragment(text, first.left, run.bottom, last.right, run.top)
