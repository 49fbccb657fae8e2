import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from tests.app.web.pages import page, parse, text_of, texts
from tests.conftest import ORIGIN


def test_only_listed_origins_may_frame_and_only_the_page_for_frames(corpus_index: Path) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    framed = client.get("/embed?q=绩效").headers
    assert framed["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {ORIGIN}")
    assert "X-Frame-Options" not in framed
    whole = client.get("/?q=绩效").headers
    assert whole["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert whole["X-Frame-Options"] == "DENY"


def test_no_origin_is_allowed_by_default(client: FlaskClient) -> None:
    for address in ("/embed", "/embed/setup", "/api/v1/status"):
        with client.get(address, headers={"Origin": ORIGIN}) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
    policy = client.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")


def test_every_origin_may_load_the_script(client: FlaskClient) -> None:
    # The script shows a message if the origin may not search.
    with client.get("/embed/v1.js", headers={"Origin": ORIGIN}) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_addresses_begin_with_the_public_address(corpus_index: Path) -> None:
    client = create_app(corpus_index, address="https://search.example/").test_client()
    html = page(client, "/embed/setup")
    assert "https://search.example/embed/v1.js" in html
    assert "http://localhost" not in html
    assert b"https://search.example/?q=" in client.get("/opensearch.xml").get_data()


def test_the_component_is_small_and_never_parses_html(client: FlaskClient) -> None:
    with client.get("/embed/v1.js") as response:
        script = response.get_data(as_text=True)
    assert len(gzip.compress(script.encode())) <= 30_000
    for word in (
        "innerHTML",
        "DOMParser",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "document.write",
        "import(",
    ):
        assert word not in script


def test_the_frame_has_results_and_pages(client: FlaskClient) -> None:
    html = page(client, "/embed?q=绩效&year=2022")
    assert len(texts(html, "hit")) == 10
    assert "下一页" in html
    assert parse(html).xpath("//input[@name='year']/@value") == ["2022"]


@pytest.mark.parametrize("given", ["mode=x&theme=y", 'department="><script>', "year=abc"])
def test_the_setup_page_ignores_or_escapes_invalid_choices(client: FlaskClient, given: str) -> None:
    root = parse(page(client, f"/embed/setup?{given}"))
    (component,) = root.iter("baocha-search")
    assert component.get("theme") == "auto"
    assert all(script.get("src") for script in root.iter("script"))
    assert "<baocha-search" in text_of(root)
