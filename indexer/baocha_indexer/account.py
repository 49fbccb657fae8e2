"""Account for the characters of a file: those in its paragraphs, those left out, and why.

A reader gives the plain text of a file, which it finds without its own rules. It records in `Changes`
what it leaves out and what it adds, and so do the later steps. A character of the plain text that
is neither in a paragraph nor recorded as removed is lost: it is *unexplained*.

For each character: found + added = kept + removed + lost. White space does not count, nor what
`printable` removes. Each character is counted alone, so it does not matter where a text was cut.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from heapq import nlargest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.extract import printable
from baocha_indexer.model import CELL_SEPARATOR, REASONS, Account, Changes, Paragraph, Reason

_MAX_EXAMPLE = 40
_CANDIDATES = 20

_TABLE_FROM = 4096
"""Number of characters from which a table of all code points is faster than sorting."""


def account_of(text: str, paragraphs: Sequence[Paragraph], changes: Changes) -> Account:
    """Return the account of a file. `text`: its plain text."""
    reasons = {reason for reason, _ in changes.removed}
    in_order = [reason for reason in REASONS if reason in reasons]
    rows = (paragraph.text for paragraph in paragraphs if paragraph.role == "table")
    separators = CELL_SEPARATOR.strip() * sum(row.count(CELL_SEPARATOR) for row in rows)
    characters, (found, kept, added, *removed) = _counted(
        text,
        "".join(paragraph.text for paragraph in paragraphs),
        "".join(changes.added) + separators,
        *("".join(text for name, text in changes.removed if name == one) for one in in_order),
    )
    missing = found + added - kept - sum(removed)
    lost = np.clip(missing, 0, found)  # nothing that was added counts as lost
    in_paragraphs = np.minimum(found - lost, kept)
    rest = found - lost - in_paragraphs
    dropped: dict[Reason, int] = {}
    for reason, of_reason in zip(in_order, removed, strict=True):
        here = np.minimum(rest, of_reason)
        rest -= here
        if here.any():
            dropped[reason] = int(here.sum())
    account = Account(
        int(found.sum()),
        int(in_paragraphs.sum()),
        dropped,
        int(lost.sum()),
        unread_pages=len(changes.unread_pages),
    )
    if account.is_incomplete:
        others = [*(paragraph.text for paragraph in paragraphs), *(t for _, t in changes.removed)]
        pairs = zip(characters, lost.tolist(), strict=True)
        return replace(account, example=_example(text, others, Counter(dict(pairs))))
    return account


def characters_of(text: str) -> Counter[str]:
    """Return how often each character occurs, without white space."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if shown := _as_shown(char):
            counts[shown] += count
    return counts


def _counted(*texts: str) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Return the distinct characters of the texts, and for each text how often it has each.

    White space is left out.
    """
    found = [_codes_of(text) for text in texts]
    distinct = np.unique(np.concatenate([codes for codes, _ in found]))
    shown = [_as_shown(chr(code)) for code in distinct.tolist()]
    characters = list(dict.fromkeys(char for char in shown if char))
    place = {char: at for at, char in enumerate(characters)}
    places = np.array([place.get(char, len(characters)) for char in shown], dtype=np.int64)
    counted = [
        np.bincount(places[distinct.searchsorted(codes)], counts, len(characters) + 1)
        for codes, counts in found
    ]
    return characters, [counts[:-1].astype(np.int64) for counts in counted]


def _codes_of(text: str) -> tuple[NDArray[np.integer[Any]], NDArray[np.int64]]:
    """Return the distinct code points of a text, ascending, and how often each occurs."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    if len(codes) < _TABLE_FROM:
        return np.unique(codes, return_counts=True)
    # A sixth of the time of a Counter.
    counts = np.bincount(codes)
    found = counts.nonzero()[0]
    return found, counts[found]


@lru_cache(maxsize=8192)
def _as_shown(char: str) -> str:
    """Return a character as it is in a paragraph, empty for white space."""
    # A cell that contains | gets the wide form.
    return "|" if char == "｜" else printable(char).strip()


def _example(text: str, others: Iterable[str], lost: Counter[str]) -> str:
    """Return a line of the plain text with many lost characters, cut off if it is long."""
    lines = nlargest(
        _CANDIDATES, text.splitlines(), key=lambda line: (characters_of(line) & lost).total()
    )
    known = "".join("".join(other.split()) for other in others)
    best = next((line for line in lines if "".join(line.split()) not in known), lines[0])
    line = " ".join(printable(best).split())
    return line if len(line) <= _MAX_EXAMPLE else f"{line[:_MAX_EXAMPLE]}…"
