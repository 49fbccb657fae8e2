"""Read tokens of the API: parse them from the settings, hash them, and give each a scope."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from baocha.search import Filters
from baocha.search.query import parse_years
from baocha.settings.values import InvalidValueError
from baocha_indexer.messages import Message

MIN_TOKEN_LENGTH = 16
"""Minimum length in characters. A shorter token could be guessed."""

# Printable ASCII, because a token is sent in a header.
_SECRET = re.compile(rf"[!-~]{{{MIN_TOKEN_LENGTH},200}}")
_HASH_PREFIX = "sha256:"
_HASH = re.compile(rf"{_HASH_PREFIX}[0-9a-f]{{64}}")
_SCOPES = ("department", "year", "kind")

_FORM = Message(
    zh=f"须为 {MIN_TOKEN_LENGTH} 至 200 个字母、数字或符号，不含空格",
    en=f"must have {MIN_TOKEN_LENGTH} to 200 letters, digits or signs, and no spaces",
)
NO_TOKEN = Message(zh=f"令牌{_FORM.zh}", en=f"the token {_FORM.en}")


class TokenError(InvalidValueError):
    """A token in the settings is invalid. The message gives its number and the reason, not its value."""

    def __init__(self, number: int, why: Message) -> None:
        """Tokens are numbered from 1."""
        super().__init__(zh=f"第 {number} 个令牌{why.zh}", en=f"token number {number} {why.en}")


@dataclass(frozen=True, slots=True)
class Token:
    """The hash of a token, and its scope: a request with the token sees only these reports."""

    hash: str
    scope: Filters

    @classmethod
    def of_secret(cls, secret: str, scope: Filters) -> "Token":
        """Return the token whose secret text is `secret`."""
        return cls(hash_secret(secret), scope)


def hash_secret(secret: str) -> str:
    """Return the hash of a token as it is written in `baocha.toml`.

    It is SHA-256 without salt or stretching. Those protect secrets short enough to be guessed, but
    a token is a long random text.
    """
    return _HASH_PREFIX + hashlib.sha256(secret.encode()).hexdigest()


def is_token(secret: str) -> bool:
    """Return whether a text has the form of a token."""
    return _SECRET.fullmatch(secret) is not None


def read_tokens(value: Any) -> tuple[Token, ...]:
    """Return the tokens of a list of TOML tables or Token objects. Raises TokenError or ValueError."""
    tokens: list[Token] = []
    for number, item in enumerate(value, 1):
        token = item if isinstance(item, Token) else _token(number, dict(item))
        if any(other.hash == token.hash for other in tokens):
            why = Message(
                zh="与前面的重复：一个令牌只能有一个范围",
                en="is a duplicate: a token has only one scope",
            )
            raise TokenError(number, why)
        tokens.append(token)
    return tuple(tokens)


def _token(number: int, item: dict[str, Any]) -> Token:
    digest = _hash_of(number, item)
    if unknown := sorted(set(item) - set(_SCOPES)):
        known, given = " ".join(_SCOPES), " ".join(unknown)
        raise TokenError(
            number, Message(zh=f"没有 {given}；可用 {known}", en=f"has no {given}; it has {known}")
        )
    names = {name: _names(number, name, item[name]) for name in item}
    years = [parse_years(year) for year in names.pop("year", ())]
    for year in years:
        if isinstance(year, Message):
            raise TokenError(number, Message(zh=f"的 year：{year.zh}", en=f"year: {year.en}"))
    valid = tuple(year for year in years if not isinstance(year, Message))
    return Token(digest, Filters(**names, year=valid))


def _hash_of(number: int, item: dict[str, Any]) -> str:
    """Remove the token or its hash from a table, and return the hash."""
    secret, given = item.pop("token", None), item.pop("hash", None)
    if secret is not None and given is not None:
        raise TokenError(
            number,
            Message(zh="只能有 token 或 hash 之一", en="must have either token or hash, not both"),
        )
    if given is not None:
        if not isinstance(given, str) or not _HASH.fullmatch(given):
            why = Message(
                zh="的 hash 应为 baocha config --hash-token 的输出",
                en="needs a hash in the form printed by `baocha config --hash-token`",
            )
            raise TokenError(number, why)
        return given
    if not isinstance(secret, str) or not is_token(secret):
        raise TokenError(number, _FORM)
    return hash_secret(secret)


def _names(number: int, name: str, value: Any) -> tuple[str, ...]:
    # An empty list would match everything, so it is refused.
    if not isinstance(value, list | tuple) or not value or not all(map(str, value)):
        why = Message(
            zh=f'的 {name} 应为列表，至少一项，如 {name} = ["…"]',
            en=f'{name} must be a list with at least one item, such as {name} = ["…"]',
        )
        raise TokenError(number, why)
    return tuple(map(str, value))
