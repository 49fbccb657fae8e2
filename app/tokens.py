"""Read tokens of the API: what a file may say of them, and what each may see."""

import re
from dataclasses import dataclass
from typing import Any

from app.search.results import Filters
from app.years import parse_years
from indexer.messages import Message

SHORTEST_TOKEN = 16
"""Characters: a shorter token could be guessed."""

# As a header can carry it.
_SECRET = re.compile(rf"[!-~]{{{SHORTEST_TOKEN},200}}")
_SCOPES = ("department", "year", "kind")


class TokenError(ValueError):
    """A token cannot be that; the message says which and why, and never its secret."""

    def __init__(self, number: int, why: Message) -> None:
        """Name the token by its number, from 1."""
        super().__init__(why.en)
        self.message = Message(
            zh=f"第 {number} 个令牌{why.zh}", en=f"token number {number} {why.en}"
        )


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that a program shows to read by the API, and what it may see."""

    secret: str
    scope: Filters


def read_tokens(value: Any) -> tuple[Token, ...]:
    """Return the tokens of a list of tables, or of tokens; raises TokenError, ValueError."""
    tokens: list[Token] = []
    for number, item in enumerate(value, 1):
        token = item if isinstance(item, Token) else _token(number, dict(item))
        if any(other.secret == token.secret for other in tokens):
            why = Message(
                zh="与前面的重复：一个令牌只能有一个范围", en="is there twice: it has one scope"
            )
            raise TokenError(number, why)
        tokens.append(token)
    return tuple(tokens)


def _token(number: int, item: dict[str, Any]) -> Token:
    secret = item.pop("token", "")
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        raise TokenError(
            number,
            Message(
                zh=f"的 token 应为 {SHORTEST_TOKEN} 到 200 个字母、数字或符号，没有空格",
                en=f"needs a token of {SHORTEST_TOKEN} to 200 letters, digits or signs, no spaces",
            ),
        )
    if unknown := sorted(set(item) - set(_SCOPES)):
        known = " ".join(_SCOPES)
        said = " ".join(unknown)
        raise TokenError(
            number, Message(zh=f"没有 {said}；可用 {known}", en=f"has no {said}; it has {known}")
        )
    names = {name: _names(number, name, item[name]) for name in item}
    years = [parse_years(year) for year in names.pop("year", ())]
    for year in years:
        if isinstance(year, Message):
            raise TokenError(number, Message(zh=f"的 year：{year.zh}", en=f"year: {year.en}"))
    understood = tuple(year for year in years if not isinstance(year, Message))
    return Token(secret, Filters(**names, year=understood))


def _names(number: int, name: str, value: Any) -> tuple[str, ...]:
    # An empty list would mean everything: it is refused, not taken for what nobody meant.
    if not isinstance(value, list | tuple) or not value or not all(map(str, value)):
        why = Message(
            zh=f'的 {name} 应为列表，至少一项，如 {name} = ["…"]',
            en=f'{name} must be a list of at least one, as {name} = ["…"]',
        )
        raise TokenError(number, why)
    return tuple(map(str, value))
