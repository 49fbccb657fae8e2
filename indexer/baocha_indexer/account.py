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

from baocha_indexer.extract import printable
from baocha_indexer.model import CELL_SEPARATOR, REASONS, Account, Changes, Paragraph, Reason

_MAX_EXAMPLE = 40
_CANDIDATES = 20


def account_of(text: str, paragraphs: Sequence[Paragraph], changes: Changes) -> Account:
    """Return the account of a file. `text`: its plain text."""
    found = characters_of(text)
    kept = characters_of("".join(paragraph.text for paragraph in paragraphs))
    reasons = {reason for reason, _ in changes.removed}
    removed = {
        reason: characters_of("".join(text for name, text in changes.removed if name == reason))
        for reason in REASONS
        if reason in reasons
    }
    rows = (paragraph.text for paragraph in paragraphs if paragraph.role == "table")
    separators = sum(text.count(CELL_SEPARATOR) for text in rows)
    added = characters_of("".join(changes.added)) + Counter({CELL_SEPARATOR.strip(): separators})
    lost = found + added - kept
    for characters in removed.values():
        lost -= characters
    lost &= found  # nothing that was added counts as lost
    rest = found - lost
    in_paragraphs = rest & kept
    rest -= in_paragraphs
    dropped: dict[Reason, int] = {}
    for reason, characters in removed.items():
        if here := rest & characters:
            dropped[reason] = here.total()
            rest -= here
    account = Account(
        found.total(),
        in_paragraphs.total(),
        dropped,
        lost.total(),
        unread_pages=len(changes.unread_pages),
    )
    if account.is_incomplete:
        others = [*(paragraph.text for paragraph in paragraphs), *(t for _, t in changes.removed)]
        return replace(account, example=_example(text, others, lost))
    return account


def characters_of(text: str) -> Counter[str]:
    """Return how often each character occurs, without white space."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if shown := _as_shown(char):
            counts[shown] += count
    return counts


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
