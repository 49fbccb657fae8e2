"""Write a query from its parts, as the advanced form does. `parse_query` reads it back."""

from dataclasses import dataclass

from baocha.search.query.grammar import parse_query
from baocha.search.query.quotes import QUOTES, enclosed
from baocha.search.query.scanner import DISTANCE
from baocha.search.query.tree import And, Keyword
from baocha.search.query.years import YearRange, show_years
from baocha_indexer.text import fold

DEFAULT_DISTANCE = 20

_MARKS = '“「『"'
"""Quotation marks to choose from: those of a phrase must not occur in it."""


@dataclass(frozen=True, slots=True)
class QueryParts:
    """The parts of a query. Empty ones are left out.

    `words` must all occur. `phrase` must occur; with exactly its marks if `exact`. None of the
    words of `without` may occur. The words of `near` occur with at most `distance` characters
    between them. `years` is a range, None for no condition.
    `figures` is a condition on figures as typed, such as 执行率<80%.
    """

    words: str = ""
    phrase: str = ""
    exact: bool = False
    without: str = ""
    near: str = ""
    distance: int = DEFAULT_DISTANCE
    department: str = ""
    years: YearRange = None
    section: str = ""
    kind: str = ""
    figures: str = ""


def query_text(parts: QueryParts) -> str:
    """Return the query that has these parts."""
    pieces = [_word(word) for word in parts.words.split()]
    if phrase := _quoted(parts.phrase):
        pieces.append(f"={phrase}" if parts.exact else phrase)
    near = _without_quotes(parts.near).split()
    if len(near) > 1:
        pieces.append(f'"{" ".join(near)}"~{parts.distance}')
    else:
        pieces += map(_word, near)
    conditions = (("部门", parts.department), ("章节", parts.section), ("类型", parts.kind))
    pieces += [f"{name}:{shown}" for name, value in conditions if (shown := _value(value))]
    if parts.figures:
        pieces.append(parts.figures)
    if parts.years:
        pieces.append(f"年度:{show_years(parts.years)}")
    pieces += [f"-{excluded}" for word in parts.without.split() if (excluded := _word(word))]
    return " ".join(piece for piece in pieces if piece)


def _without_quotes(text: str) -> str:
    return "".join(char for char in text if char not in QUOTES)


def _quoted(text: str) -> str:
    """Return a text as a phrase; an empty one if it has nothing to search for.

    If it has all kinds of quotation marks, they are left out: matching ignores them.
    """
    text = " ".join(text.split())
    if not fold(_without_quotes(text)):
        return ""
    return enclosed(text, _MARKS) or _quoted(_without_quotes(text))


def _word(word: str) -> str:
    """Return a word as a keyword or, if the parser would read it otherwise, as a phrase."""
    # ~5 would be the distance of a phrase before it.
    if not QUOTES.isdisjoint(word) or DISTANCE.match(word):
        return _quoted(word)
    # Between other words: alone, an operator is text.
    parsed = parse_query(f"甲 {word} 乙")
    parts = parsed.tree.parts if isinstance(parsed.tree, And) else ()
    is_keyword = len(parts) == 3 and isinstance(parts[1], Keyword) and parts[1].text == word
    return word if is_keyword and not parsed.warnings else _quoted(word)


def _value(value: str) -> str:
    """Return the value of a condition, in quotation marks if it has spaces or marks."""
    return value if value.isalnum() else _quoted(value)
