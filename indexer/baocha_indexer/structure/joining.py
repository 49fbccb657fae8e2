"""Join the lines of one paragraph."""

import re
from collections.abc import Sequence

from baocha_indexer.model import Line, Location

_LATIN = re.compile(r"[A-Za-z]")
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")


def joined(texts: Sequence[str]) -> str:
    """Return the lines as one text, with a space only at the possible end of a Latin word.

    Two digits are joined without a space: the margin broke the figure 2,592 into 2,59 and 2.
    """
    whole = texts[0] if texts else ""
    for text in texts[1:]:
        meet = _LATIN_OR_DIGIT.match(whole[-1]) and _LATIN_OR_DIGIT.match(text[0])
        needs_space = meet and (_LATIN.match(whole[-1]) or _LATIN.match(text[0]))
        whole += (" " if needs_space else "") + text
    return whole


def location_of(lines: Sequence[Line]) -> Location:
    """Return where the lines of a paragraph are in their file."""
    confidences = [line.confidence for line in lines if line.confidence is not None]
    return Location(
        lines[0].page,
        tuple(line.box for line in lines if line.box is not None),
        lines[0].place,
        min(confidences, default=None),
    )
