"""Compare a parsed report with a gold file: the right parse, as a person would write it.

Both have the form of `baocha parse --json`. Only what the gold file has is compared. White space in
texts does not count.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from baocha_indexer.model import TableCell

DifferenceKind = Literal[
    "value", "extra split", "missing split", "missing text", "added text", "missing cell", "added cell"
]  # fmt: skip

_COMPARED_APART = frozenset({"text", "cells", "ordinal"})
_MAX_ALIGNED = 5_000
"""Longest text that is aligned character by character. The time grows with the square."""

_AROUND = 10

Paragraphs = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `where`: the name of a value, or the number of a paragraph from 1 and a name.

    The number is that of the gold file, or of the parse for an extra split and added text or cells.
    """

    kind: DifferenceKind
    where: str
    gold: Any = None
    found: Any = None


class Score(NamedTuple):
    """How many things the gold file and the parse have, and how many of them are the same.

    If neither has any, nothing was compared.
    """

    gold: int = 0
    found: int = 0
    matched: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was compared."""
        return not self.gold + self.found

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 if nothing was found."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold file that was found; 1 if it has nothing."""
        return self.matched / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.matched / (self.gold + self.found) if self.gold + self.found else 1.0

    def to_dict(self) -> dict[str, float | None]:
        """Return the counts and shares as JSON values. The shares are None if nothing was compared."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return self._asdict() | {
            name: None if self.is_empty else round(value, 4) for name, value in shares.items()
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the scores of the ends of paragraphs and of the cells of tables."""

    differences: tuple[Difference, ...]
    boundaries: Score
    cells: Score

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "equal": not self.differences,
            "differences": [asdict(difference) for difference in self.differences],
            "boundaries": self.boundaries.to_dict(),
            "cells": self.cells.to_dict(),
        }


class _Region(NamedTuple):
    """Paragraphs from `gold` to `gold_end` of the gold file, and those of the parse in their place.

    `equal`: they have the same texts, one by one.
    """

    equal: bool
    gold: int
    gold_end: int
    found: int
    found_end: int


def compare(found: Mapping[str, Any], gold: Mapping[str, Any]) -> Comparison:
    """Return the differences between a parse and a gold file."""
    values = {name: value for name, value in gold.items() if name != "paragraphs"}
    differences = list(_values("", values, found))
    if "paragraphs" not in gold:
        return Comparison(tuple(differences), Score(), Score())
    right, read = gold["paragraphs"], found["paragraphs"]
    right_texts, texts = ([_text(p) for p in paragraphs] for paragraphs in (right, read))
    has_cells = any("cells" in paragraph for paragraph in right)
    same = 0
    cells = Score()
    for region in _regions(right_texts, texts):
        if region.equal:
            same += region.gold_end - region.gold
            for at in range(region.gold_end - region.gold):
                paragraph = right[region.gold + at]
                expected = {n: v for n, v in paragraph.items() if n not in _COMPARED_APART}
                where = f"{region.gold + at + 1} "
                differences += _values(where, expected, read[region.found + at])
        else:
            unequal, same_ends = _unequal(region, right_texts, texts)
            same += same_ends
            differences += unequal
        if has_cells:
            score, unequal = _cells(region, right, read)
            differences += unequal
            cells = Score(*map(sum, zip(cells, score, strict=True)))
    return Comparison(tuple(differences), Score(len(right), len(read), same), cells)


def _text(paragraph: Mapping[str, Any]) -> str:
    return "".join(paragraph["text"].split())


def _values(where: str, gold: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the values that differ. Of an object, only what the gold file has is compared."""
    for name, expected in gold.items():
        value = found.get(name)
        if isinstance(expected, Mapping) and isinstance(value, Mapping):
            yield from _values(f"{where}{name}.", expected, value)
        elif expected != value:
            yield Difference("value", where + name, expected, value)


def _regions(gold: Sequence[str], found: Sequence[str]) -> Iterator[_Region]:
    """Yield the regions with equal paragraphs, and those between them."""
    for tag, *ends in SequenceMatcher(None, gold, found, autojunk=False).get_opcodes():
        yield _Region(tag == "equal", *ends)


def _unequal(
    region: _Region, gold: Sequence[str], found: Sequence[str]
) -> tuple[list[Difference], int]:
    """Return the differences of a region, and the number of ends of paragraphs that are the same."""
    right, read = gold[region.gold : region.gold_end], found[region.found : region.found_end]
    one, other = "".join(right), "".join(read)
    ends, own_ends = list(accumulate(map(len, right))), list(accumulate(map(len, read)))
    differences: list[Difference] = []
    places: dict[int, int] = {}  # where the end of a character of the gold text is in the other
    for tag, start, end, own_start, own_end in _aligned(one, other):
        if tag == "equal":
            places.update(
                zip(range(start + 1, end + 1), range(own_start + 1, own_end + 1), strict=True)
            )
            continue
        if end > start:
            number = _number(region.gold + bisect(ends, start))
            differences.append(Difference("missing text", number, gold=one[start:end]))
        if own_end > own_start:
            number = _number(region.found + bisect(own_ends, own_start))
            differences.append(Difference("added text", number, found=other[own_start:own_end]))
    back = {place: at for at, place in places.items()}
    for place, at in enumerate(ends, start=region.gold):
        if at in places and places[at] not in own_ends:
            differences.append(Difference("missing split", _number(place), gold=_around(one, at)))
    for place, at in enumerate(own_ends, start=region.found):
        if at in back and back[at] not in ends:
            differences.append(Difference("extra split", _number(place), found=_around(other, at)))
    same = {places.get(at) for at in ends}.intersection(own_ends)
    return differences, len(same)


def _around(text: str, at: int) -> str:
    return f"{text[max(0, at - _AROUND) : at]}｜{text[at : at + _AROUND]}"


def _aligned(one: str, other: str) -> list[tuple[str, int, int, int, int]]:
    """Return what is equal in two texts and what is not, as `SequenceMatcher.get_opcodes` does."""
    if one == other or max(len(one), len(other)) > _MAX_ALIGNED:
        return [("equal" if one == other else "replace", 0, len(one), 0, len(other))]
    return list(SequenceMatcher(None, one, other, autojunk=False).get_opcodes())


def _cells(region: _Region, gold: Paragraphs, found: Paragraphs) -> tuple[Score, list[Difference]]:
    """Return the score of the cells of a region, and their differences."""
    score = Score()
    differences: list[Difference] = []
    for right, read in _pairs(region, gold, found):
        expected = gold[right].get("cells") if right is not None else []
        if expected is None:
            continue  # the gold file has the cells of other rows only
        names = [name for name in TableCell._fields if any(name in cell for cell in expected)]
        names = names or list(TableCell._fields)
        in_gold = Counter(_cell(cell, names) for cell in expected)
        own = found[read].get("cells", ()) if read is not None else ()
        in_parse = Counter(_cell(cell, names) for cell in own)
        both = (in_gold & in_parse).total()
        score = Score(*map(sum, zip(score, (in_gold.total(), in_parse.total(), both), strict=True)))
        for cell in (in_gold - in_parse).elements():
            shown = dict(zip(names, cell, strict=True))
            differences.append(Difference("missing cell", _number(right), gold=shown))
        for cell in (in_parse - in_gold).elements():
            shown = dict(zip(names, cell, strict=True))
            differences.append(Difference("added cell", _number(read), found=shown))
    return score, differences


def _pairs(
    region: _Region, gold: Paragraphs, found: Paragraphs
) -> Iterator[tuple[int | None, int | None]]:
    """Yield the paragraphs of a region in pairs. One without a counterpart has None beside it.

    If their texts are not equal, it is the one that has most of the texts of its cells.
    """
    left = list(range(region.found, region.found_end))
    for right in range(region.gold, region.gold_end):
        if region.equal:
            yield right, left.pop(0)
            continue
        texts = _cell_texts(gold[right])
        shared = {at: (_cell_texts(found[at]) & texts).total() for at in left}
        best = max(left, key=shared.__getitem__, default=None)
        if best is None or not shared[best]:
            yield right, None
        else:
            left.remove(best)
            yield right, best
    yield from ((None, read) for read in left)


def _cell_texts(paragraph: Mapping[str, Any]) -> Counter[tuple[str, ...]]:
    return Counter(_cell(cell, ("text",)) for cell in paragraph.get("cells") or ())


def _cell(cell: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple("".join(cell.get(name, "").split()) for name in names)


def _number(place: int | None) -> str:
    return "" if place is None else str(place + 1)
