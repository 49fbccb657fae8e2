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

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.extract import printable
from baocha_indexer.model import CELL_SEPARATOR, REASONS, Account, Changes, Paragraph, Reason

_MAX_EXAMPLE = 40
_CANDIDATES = 20


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
        return replace(account, example=_example(text, others, _as_counter(characters, lost)))
    return account


def characters_of(text: str) -> Counter[str]:
    """Return how often each character occurs, without white space."""
    characters, (counts,) = _counted(text)
    return _as_counter(characters, counts)


def _as_counter(characters: Sequence[str], counts: NDArray[np.int64]) -> Counter[str]:
    pairs = zip(characters, counts.tolist(), strict=True)
    return Counter({char: count for char, count in pairs if count})


def _counted(*texts: str) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Return the distinct characters of the texts, and for each text how often it has each.

    White space is left out.
    """
    # Counting all characters with numpy takes a sixth of the time of a Counter.
    raw = [
        np.bincount(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
        for text in texts
    ]
    codes = [counts.nonzero()[0] for counts in raw]
    distinct = np.unique(np.concatenate(codes))
    shown = [_as_shown(chr(code)) for code in distinct.tolist()]
    characters = list(dict.fromkeys(char for char in shown if char))
    place = {char: at for at, char in enumerate(characters)}
    places = np.array([place.get(char, len(characters)) for char in shown], dtype=np.int64)
    counted = [
        np.bincount(
            places[distinct.searchsorted(of_text)], counts[of_text], len(characters) + 1
        ).astype(np.int64)[:-1]
        for of_text, counts in zip(codes, raw, strict=True)
    ]
    return characters, counted


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
