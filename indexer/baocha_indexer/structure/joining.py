"""Put the lines of one paragraph together again."""

import re
from collections.abc import Sequence

_LATIN = re.compile(r"[A-Za-z]")
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")


def joined(texts: Sequence[str]) -> str:
    """Return the lines as one text; a space only where a Latin word may have ended.

    Two digits that meet are of one figure, which the margin broke: 2,59|2 is 2,592.
    """
    whole = texts[0] if texts else ""
    for text in texts[1:]:
        meet = _LATIN_OR_DIGIT.match(whole[-1]) and _LATIN_OR_DIGIT.match(text[0])
        parted = meet and (_LATIN.match(whole[-1]) or _LATIN.match(text[0]))
        whole += (" " if parted else "") + text
    return whole
