"""Convert a raw value from the file, the environment or the command line to the type of a setting.

Each function returns the converted value, or raises ValueError if the raw value is invalid.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from baocha.client import ADDRESS_FORM, parse_address
from baocha_indexer.errors import BaochaError

_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?")
_DEFAULT_PORTS = (("http://", ":80"), ("https://", ":443"))
_PREFIX = re.compile(r"(?:/[\w.~-]+)*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"\*|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


class InvalidValueError(BaochaError, ValueError):
    """A value is invalid. The message says which values are allowed."""


def text(value: Any) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def any_text(value: Any) -> str:
    """Return a text, which may be empty."""
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 — the caller expects ValueError
    return value


MAX_TITLE = 60
"""Maximum length of the name of the collection, in characters."""


def short_text(value: Any) -> str:
    """Return a text for one line of a page, which may be empty."""
    if not isinstance(value, str) or len(value) > MAX_TITLE or not value.isprintable():
        raise InvalidValueError(
            zh=f"应为不超过 {MAX_TITLE} 个字的一行文字",
            en=f"must be one line of at most {MAX_TITLE} characters",
        )
    return value


def number(least: int, most: int) -> Callable[[Any], int]:
    """Return a function that reads a whole number from `least`, 0 or more, to `most`."""

    def read(value: Any) -> int:
        is_whole = isinstance(value, int | str) and not isinstance(value, bool)
        try:
            found = int(value) if is_whole else -1
        except ValueError:
            found = -1
        if not least <= found <= most:
            raise InvalidValueError(
                zh=f"应为 {least} 至 {most} 的整数", en=f"must be an integer from {least} to {most}"
            )
        return found

    return read


def choice(choices: Sequence[str]) -> Callable[[Any], str]:
    """Return a function that returns its value if it is one of `choices`.

    Otherwise the function raises InvalidValueError.
    """

    def read(value: Any) -> str:
        if value not in choices:
            raise InvalidValueError(
                zh=f"应为 {'、'.join(choices)} 之一", en=f"must be one of {', '.join(choices)}"
            )
        return str(value)

    return read


MAX_PARTS = 1_000_000
"""Largest denominator of a share. A share with a larger one is rounded."""

_SHARE = re.compile(r"[0-9]{1,9}(/[0-9]{1,9})?|[0-9]{0,9}\.[0-9]{1,40}")


def share(value: Any) -> Fraction:
    """Return a share over 0 and at most 1, from a text such as 1/3 or 0.5, with a denominator up to MAX_PARTS."""
    written = str(value).strip()
    try:
        # Without exponents, and short: a Fraction has all digits of a number.
        found = Fraction(written) if _SHARE.fullmatch(written) else Fraction(0)
    except ZeroDivisionError:
        found = Fraction(0)
    found = found.limit_denominator(MAX_PARTS)
    if not 0 < found <= 1:
        raise InvalidValueError(
            zh="应大于 0，不超过 1，如 1/3 或 0.5",
            en="must be over 0 and at most 1, such as 1/3 or 0.5",
        )
    return found


def names(value: Any) -> tuple[str, ...]:
    """Return the ids of rules."""
    found = tuple(str(item) for item in _items(value))
    if not all(map(_RULE.fullmatch, found)):
        raise InvalidValueError(
            zh="应为核对事项的代号，以空格分隔", en="must be ids of rules, separated by spaces"
        )
    return found


def yes_or_no(value: Any) -> bool:
    """Return whether a switch is on."""
    given = str(value).lower()
    if given not in (*_YES, *_NO):
        raise InvalidValueError(zh="应为 true 或 false", en="must be true or false")
    return given in _YES


def prefix(value: Any) -> str:
    """Return the beginning of a path, without a slash at its end."""
    found = _PREFIX.fullmatch(str(value).rstrip("/"))
    if found is None:
        raise ValueError
    return found[0]


def header(value: Any) -> str:
    """Return the name of a header, or an empty string."""
    found = str(value).strip()
    if found and not _HEADER.fullmatch(found):
        raise InvalidValueError(
            zh="应为请求头的名称，如 X-Remote-User",
            en="must be the name of a header, for example X-Remote-User",
        )
    return found


def address(value: Any) -> str:
    """Return an http or https address without a path, or an empty string."""
    found = str(value).lower().rstrip("/")
    if found and not _ORIGIN.fullmatch(found):
        raise ValueError
    return found


def server(value: Any) -> str:
    """Return the address of a server, or an empty string."""
    if not isinstance(value, str) or (value and parse_address(value) is None):
        raise InvalidValueError(zh=ADDRESS_FORM.zh, en=ADDRESS_FORM.en)
    return value


def origins(value: Any) -> tuple[str, ...]:
    """Return origins in the form that browsers send."""
    return tuple(map(_origin, _items(value)))


def hosts(value: Any) -> tuple[str, ...]:
    """Return host names in lower case, without ports; IPv6 in brackets; `*` means all."""
    names = tuple(str(item).lower() for item in _items(value))
    if not all(map(_HOST.fullmatch, names)):
        raise ValueError
    return names


def _items(value: Any) -> list[Any]:
    return value.split() if isinstance(value, str) else list(value)


def _origin(value: Any) -> str:
    origin = str(value).lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin) or (urlsplit(origin).port or 0) > 65535:
        raise ValueError
    # Browsers omit the default port of a scheme.
    for scheme, port in _DEFAULT_PORTS:
        if origin.startswith(scheme):
            origin = origin.removesuffix(port)
    return origin
