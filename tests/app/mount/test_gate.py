"""A burst of searches keeps neither health checks nor static files waiting."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from baocha import create_app
from baocha.mount.access import EXTENSION, Mount
from baocha.mount.gate import MAX_RUNNING, MAX_WAITING, BusyError, Gate


@pytest.fixture
def app(corpus_index: Path) -> Flask:
    return create_app(corpus_index, metrics=True)


def mount(app: Flask) -> Mount:
    found: Mount = app.extensions[EXTENSION]["baocha"]
    return found


def fill(gate: Gate) -> None:
    """Take every turn, and every place to wait."""
    for _ in range(MAX_RUNNING):
        gate.enter()
    for _ in range(MAX_WAITING):
        assert gate._places.acquire(blocking=False)


LIGHT = ("/healthz", "/readyz", "/metrics", "/static/baocha.css", "/embed/v1.js", "/opensearch.xml")


def test_where_all_search_the_light_pages_answer_and_a_search_is_refused(app: Flask) -> None:
    fill(mount(app).gate)
    client = app.test_client()
    for address in LIGHT:
        with client.get(address) as response:
            assert response.status_code == 200, address
    page = client.get("/?q=绩效")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert int(page.headers["Retry-After"]) > 0
    assert "当前检索和下载的请求过多" in page.text
    answer = client.get("/api/v1/search?q=绩效")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "address", ["/?q=绩效", "/api/v1/search?limit=x", "/reports/nowhere", "/api/v1/reports/nowhere"]
)
def test_a_turn_is_given_back_whatever_the_answer(app: Flask, address: str) -> None:
    client = app.test_client()
    for _ in range(MAX_RUNNING + MAX_WAITING + 1):
        assert client.get(address).status_code in (200, 400, 404)
    fill(mount(app).gate)  # every turn is there


def test_a_turn_is_given_back_where_there_is_no_index(tmp_path: Path) -> None:
    client = create_app(tmp_path / "nowhere").test_client()
    for _ in range(MAX_RUNNING + MAX_WAITING + 1):
        assert "索引不存在" in client.get("/?q=绩效").text


def test_who_waits_too_long_is_refused_and_takes_no_place() -> None:
    gate = Gate(running=1, waiting=1, longest_wait=0.01)
    gate.enter()
    for _ in range(3):
        with pytest.raises(BusyError):
            gate.enter()
    gate.leave()
    gate.enter()


def figures(client: FlaskClient) -> str:
    return client.get("/metrics").text


def test_metrics_count_requests_and_refusals_and_have_no_text_of_a_query(app: Flask) -> None:
    client = app.test_client()
    client.get("/?q=绩效目标")
    client.get("/no/such/绩效目标")
    fill(mount(app).gate)
    client.get("/?q=绩效目标")
    text = figures(client)
    for line in (
        'baocha_requests_total{endpoint="web.search_page",status="200"} 1.0',
        'baocha_requests_total{endpoint="web.search_page",status="503"} 1.0',
        'baocha_requests_total{endpoint="none",status="404"} 1.0',
        "baocha_searches_refused_total 1.0",
        f"baocha_searches_running {MAX_RUNNING}.0",
        'baocha_request_seconds_count{endpoint="web.search_page"} 2.0',
        f"baocha_index_generation {mount(app).live.current().status().generation}.0",
    ):
        assert line in text, line
    assert "baocha_index_written_timestamp_seconds 1" in text
    assert "绩效" not in text
    assert "%E7" not in text


def test_there_are_no_metrics_unless_asked_for(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404
