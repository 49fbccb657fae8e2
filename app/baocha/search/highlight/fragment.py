"""The text fragment of a paragraph in a web page: a browser scrolls to the text and marks it.

The form is that of "URL Fragment Text Directives" (WICG): `:~:text=start,end`, percent-encoded. A
browser marks the first place that matches.
"""

import re
from urllib.parse import quote

from baocha_indexer.model import CELL_SEPARATOR

MAX_WHOLE = 60
"""Up to this number of characters, the whole text is given; of a longer one its start and end."""

_SPLITS = "，。；：！？、（）,;:!?()"
# A browser matches whole words only, and a mark always ends a word.
_START = re.compile(rf".{{8,}}?(?=[{_SPLITS}])", re.DOTALL)
_END = re.compile(rf".*[{_SPLITS}](.{{8,}})", re.DOTALL)


def text_fragment(text: str) -> str:
    """Return the fragment that finds a paragraph, without the mark #."""
    cells = [cell for cell in text.split(CELL_SEPARATOR) if cell]
    if len(cells) > 1:
        return _directive(cells[0], cells[-1])
    if len(text) <= MAX_WHOLE:
        return _directive(text)
    start, end = _START.match(text), _END.fullmatch(text)
    if start and end and start.end() <= end.start(1):
        return _directive(start[0], end[1])
    return _directive(text)


def _directive(*texts: str) -> str:
    # The hyphen has a meaning in a directive too.
    return ":~:text=" + ",".join(quote(text, safe="").replace("-", "%2D") for text in texts)
