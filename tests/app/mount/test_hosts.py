"""Requests for unknown host names are refused; see `baocha.mount.hosts`."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from baocha import create_app, create_blueprint
from baocha.mount.hosts import hosts_of, is_loopback, listens_everywhere
from baocha.settings.config import Settings, settings_of

PAGES = ("/", "/nowhere", "/opensearch.xml", "/feed.atom?q=绩效", "/embed/setup", "/api/v1/status")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_an_unknown_host_name_is_refused_and_not_repeated(
    corpus_index: Path, address: str, host: str
) -> None:
    response = create_app(corpus_index).test_client().get(address, headers={"Host": host})
    assert response.status_code == 421
    assert "hosts" in response.text
    assert "evil" not in response.text + str(response.headers)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_loopback_names_are_always_accepted(corpus_index: Path, host: str) -> None:
    client = create_app(corpus_index, hosts="search.example").test_client()
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_health_checks_accept_any_host_name(corpus_index: Path) -> None:
    client = create_app(corpus_index).test_client()
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"Host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("settings", "allowed", "refused"),
    [
        ({}, "127.0.0.1", "10.1.2.3"),
        ({"host": "10.1.2.3"}, "10.1.2.3:8000", "10.1.2.4"),
        ({"host": "::1"}, "[::1]", "::1"),
        ({"hosts": "search.example 10.0.0.1"}, "10.0.0.1", "x.search.example"),
        ({"address": "https://search.example:8443"}, "search.example", "evil.example"),
        ({"address": "http://[2001:db8::1]"}, "[2001:db8::1]:80", "[2001:db8::2]"),
        ({"hosts": "*"}, "evil.example", None),
        # A server on all addresses accepts any IP address, and no name.
        ({"host": "0.0.0.0"}, "10.1.2.3:8000", "evil.example"),  # noqa: S104 — nothing is bound
        ({"host": "::"}, "[2001:db8::1]", "10.1.2.3.evil.example"),
        ({}, "localhost", "user@localhost"),
        ({}, "localhost", "localhost/x"),
        ({}, "localhost", "localhost,evil.example"),
    ],
)
def test_settings_decide_which_host_names_are_accepted(
    settings: dict[str, Any], allowed: str, refused: str | None
) -> None:
    hosts = hosts_of(settings_of(settings))
    assert hosts.allow(allowed)
    assert refused is None or not hosts.allow(refused)


def test_loopback_addresses_and_all_addresses_are_recognised() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "localhost", "::1", "127.0.0.2")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.1.2.3", "search.example")))  # noqa: S104
    assert all(map(listens_everywhere, ("0.0.0.0", "::")))  # noqa: S104
    assert not listens_everywhere(Settings().host)


def test_a_mount_checks_host_names_only_if_it_has_the_setting(
    corpus_index: Path,
) -> None:
    for hosts, status in (((), 200), (("search.example",), 421)):
        app = Flask("host")
        app.register_blueprint(create_blueprint(corpus_index, hosts=hosts))
        assert app.test_client().get("/", headers={"Host": "a.example"}).status_code == status


FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "search.example",
    "X-Forwarded-Prefix": "/reports",
    "X-Forwarded-For": "10.9.8.7",
}


@pytest.mark.parametrize("address", ["/opensearch.xml", "/feed.atom?q=绩效", "/embed/setup"])
def test_proxy_headers_are_used_only_if_a_proxy_is_configured(
    corpus_index: Path, address: str
) -> None:
    plain = create_app(corpus_index).test_client().get(address, headers=FORWARDED)
    assert plain.status_code == 200
    assert "search.example" not in plain.text
    assert "/reports/embed" not in plain.text
    behind = create_app(corpus_index, hosts="search.example", trusted_proxy=1).test_client()
    assert "https://search.example/reports/" in behind.get(address, headers=FORWARDED).text
    foreign = {**FORWARDED, "X-Forwarded-Host": "evil.example"}
    assert behind.get(address, headers=foreign).status_code == 421
    # Only the value of the nearest proxy counts, not the one that its client sent.
    forged = {**FORWARDED, "X-Forwarded-Host": "evil.example, search.example"}
    assert "evil" not in behind.get(address, headers=forged).text
