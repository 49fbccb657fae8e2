"""What a user typed, as a small tree that knows no engine.

    绩效 自评            both keywords
    “提质增效”           a phrase; "…" and 「…」 too

Any string is a query. Quotation marks enclose a phrase where they begin and end a run of
typing; inside a run (实施“一对一”辅导) they are typed text like any other character.
"""

import re
from dataclasses import dataclass

from indexer.fold import fold
from indexer.messages import Message

MAX_QUERY_LENGTH = 1000

_QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "＂": "＂"}


@dataclass(frozen=True, slots=True)
class Term:
    """A keyword or phrase: characters that a paragraph must hold. `folded` is not empty."""

    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of its parts must match. Without parts it matches nothing."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query understood, and what was not."""

    tree: Conjunction
    warnings: tuple[Message, ...]


def parse_query(text: str) -> ParsedQuery:
    """Return the tree of a query; never raises."""
    warnings = []
    if len(text) > MAX_QUERY_LENGTH:
        text = text[:MAX_QUERY_LENGTH]
        warnings.append(
            Message(
                zh=f"查询太长，只用了前 {MAX_QUERY_LENGTH} 个字",
                en=f"the query is too long; only its first {MAX_QUERY_LENGTH} characters were used",
            )
        )
    terms = [Term(run, folded) for run in _runs(text) if (folded := fold(run))]
    if not terms:
        warnings.append(
            Message(zh="查询里没有可检索的字", en="there is nothing to search for in the query")
        )
    return ParsedQuery(Conjunction(tuple(dict.fromkeys(terms))), tuple(warnings))


def _runs(text: str) -> list[str]:
    """Split typing into keywords and the insides of phrases."""
    runs = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        phrase_end = _phrase_end(text, at)
        if phrase_end is not None:
            runs.append(text[at + 1 : phrase_end])
            at = phrase_end + 1
            continue
        space = re.compile(r"\s|$").search(text, at)
        end = space.start() if space else len(text)
        runs.append(text[at:end])
        at = end
    return runs


def _phrase_end(text: str, start: int) -> int | None:
    """Return where the phrase that opens at `start` closes, or None if none does.

    The mark that closes it is followed by white space or the end. Of several such the
    first that leaves the marks inside in pairs, else the last: a phrase copied from the
    middle of a sentence may hold half of a pair.
    """
    opening = text[start]
    closing = _QUOTES.get(opening)
    if closing is None:
        return None
    depth = 0
    last = None
    for at in range(start + 1, len(text)):
        if text[at] == closing:
            if at + 1 == len(text) or text[at + 1].isspace():
                if depth == 0:
                    return at
                last = at
            depth -= depth > 0
        elif text[at] == opening:
            depth += 1
    return last
