from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
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
    for address in ("/embed/v1.js", "/embed", "/api/v1/status"):
        with client.get(address, headers={"Origin": ORIGIN}) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
    policy = client.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")


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
