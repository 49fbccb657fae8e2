from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from tests.app.web.pages import page

ORIGIN = "https://oa.example.gov.cn"


def test_only_listed_origins_may_frame_and_only_what_is_embedded(corpus_index: Path) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    framed = client.get("/embed?q=绩效").headers
    assert framed["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {ORIGIN}")
    assert "X-Frame-Options" not in framed
    whole = client.get("/?q=绩效").headers
    assert whole["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert whole["X-Frame-Options"] == "DENY"


def test_nothing_is_allowed_until_it_is_listed(client: FlaskClient) -> None:
    for address in ("/embed", "/embed/setup", "/api/v1/status"):
        with client.get(address, headers={"Origin": ORIGIN}) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
    policy = client.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")


def test_the_script_may_be_read_by_all_for_it_says_what_is_not_allowed(
    client: FlaskClient,
) -> None:
    with client.get("/embed/v1.js", headers={"Origin": ORIGIN}) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_addresses_are_those_that_others_call_it_by(corpus_index: Path) -> None:
    client = create_app(corpus_index, address="https://search.example/").test_client()
    html = page(client, "/embed/setup")
    assert "https://search.example/embed/v1.js" in html
    assert "http://localhost" not in html
    assert b"https://search.example/?q=" in client.get("/opensearch.xml").get_data()


def test_the_component_is_small_and_makes_no_html(client: FlaskClient) -> None:
    with client.get("/embed/v1.js") as response:
        script = response.get_data(as_text=True)
    assert len(script.encode()) < 20_000
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "document.write",
        "import(",
    ):
        assert word not in script


def test_the_frame_has_results_and_pages(client: FlaskClient) -> None:
    html = page(client, "/embed?q=绩效&year=2022")
    assert html.count('<li class="hit">') == 10
    assert "下一页" in html
    assert 'name="year" value="2022"' in html


@pytest.mark.parametrize("given", ["mode=x&theme=y", 'department="><script>', "year=abc"])
def test_odd_choices_are_left_out(client: FlaskClient, given: str) -> None:
    html = page(client, f"/embed/setup?{given}")
    assert "&lt;report-search" in html
    assert "<script>" not in html
