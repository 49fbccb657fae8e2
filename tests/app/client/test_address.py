"""The addresses of servers that are accepted."""

import pytest

from baocha.client import parse_address


@pytest.mark.parametrize(
    ("text", "shown", "port"),
    [
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", 8000),
        ("HTTPS://Search.Example", "https://search.example", 443),
        ("https://search.example:443/baocha/", "https://search.example/baocha", 443),
        ("http://[::1]:8000/a/b", "http://[::1]:8000/a/b", 8000),
        ("http://报查.example", "http://xn--4ruu0j.example", 80),
    ],
)
def test_an_address_is_parsed(text: str, shown: str, port: int) -> None:
    address = parse_address(text)
    assert address is not None
    assert (str(address), address.port) == (shown, port)


@pytest.mark.parametrize(
    "text",
    [
        *("", "search.example", "ftp://a", "http:/a", "http://", "http://a:0", "http://a:65536"),
        *("http://a:x", "http://u:p@a", "http://a?q=1", "http://a/b c", "http://a/#x"),
        *("http://a\r\nX: y", "http://a/\r\nX: y", "http://[::1", " http://a", "http://a\x00"),
        "http://" + "报" * 80,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert parse_address(text) is None
