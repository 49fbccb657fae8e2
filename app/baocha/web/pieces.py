"""Divide a text into marked and plain pieces, which a template escapes and joins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from baocha.search.highlight import Span, merged


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. `kind`: "marked"; "differs" for a part of a marked one; empty for plain text."""

    text: str
    kind: Literal["", "marked", "differs"] = ""


def pieces_of(
    whole: str, marked: Sequence[Span], differing: Sequence[Span] = ()
) -> Iterator[Piece]:
    """Yield a text in pieces. `differing`: parts of `marked`. Empty spans are ignored."""
    at = 0
    inside = merged([span for span in differing if span[0] < span[1]])
    for start, end in merged([span for span in marked if span[0] < span[1]]):
        if at < start:
            yield Piece(whole[at:start])
        at = start
        for begin, stop in inside:
            if start <= begin and stop <= end:
                if at < begin:
                    yield Piece(whole[at:begin], "marked")
                yield Piece(whole[begin:stop], "differs")
                at = stop
        if at < end:
            yield Piece(whole[at:end], "marked")
        at = end
    if at < len(whole):
        yield Piece(whole[at:])
