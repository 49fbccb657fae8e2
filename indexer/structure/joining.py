"""Put the lines of one paragraph together again."""

import re
from collections.abc import Sequence

_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")


def joined(texts: Sequence[str]) -> str:
    """Return the lines as one text; a space only where Latin letters or digits meet."""
    whole = texts[0] if texts else ""
    for text in texts[1:]:
        parted = _LATIN_OR_DIGIT.match(whole[-1]) and _LATIN_OR_DIGIT.match(text[0])
        whole += (" " if parted else "") + text
    return whole
