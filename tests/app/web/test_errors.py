import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from tests.app.web.pages import page

PAGES = ("/", "/?q=绩效", "/nowhere", "/compare?q=绩效", "/filed", "/help", "/reports/x")


def test_a_missing_index_is_a_page_that_says_so_and_tells_no_path(tmp_path: Path) -> None:
    client = create_app(tmp_path / "nowhere").test_client()
    html = page(client, "/?q=绩效", 503)
    assert "暂时无法检索" in html
    assert str(tmp_path) not in html
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "missing" in ready.get_json()["reason"]
    assert str(tmp_path) not in ready.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["/", "/?q=绩效", "/nowhere", "/static/baocha.css", "/healthz"])
def test_every_response_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    response.close()  # a static file is read from the disk as it is sent
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_has_an_inline_script_or_style(client: FlaskClient) -> None:
    for address in PAGES:
        html = client.get(address).get_data(as_text=True)
        assert re.findall(r"<script[^>]*>.", html) == [
            '<script type="module" src="/static/js/baocha.js"><'
        ]
        assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize(
    "address", ["/static/../config.py", "/static/%2e%2e/config.py", "/reports/../../etc"]
)
def test_no_path_is_taken_from_a_request(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_only_reading_is_allowed(client: FlaskClient) -> None:
    assert client.post("/", data={"q": "绩效"}).status_code in (404, 405)


def test_ready_tells_which_commit_is_searched_and_its_age(client: FlaskClient) -> None:
    answer = client.get("/readyz").get_json()
    assert (answer["status"], answer["generation"] >= 1) == ("ok", True)
    assert answer["age_seconds"] >= 0
    assert answer["written"].startswith("20")


def test_a_live_server_needs_no_token_to_say_so(corpus_index: Path) -> None:
    token = {"token": "0123456789abcdef", "year": ["2022"]}
    client = create_app(corpus_index, tokens=[token]).test_client()
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"Authorization": "Bearer wrong"}).status_code == 200
