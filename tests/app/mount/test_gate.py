"""The gate limits how many requests search at the same time."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from baocha import create_app
from baocha.mount import EXTENSION, MAX_RUNNING, MAX_WAITING, BusyError, Gate, Mount


@pytest.fixture
def app(corpus_index: Path) -> Flask:
    """An application in which one request may search, and none may wait."""
    app = create_app(corpus_index, metrics=True)
    mounts = app.extensions[EXTENSION]
    gate = Gate(mounts["baocha"].metrics, running=1, waiting=0)
    mounts["baocha"] = replace(mounts["baocha"], gate=gate)
    return app


def mount_of(app: Flask) -> Mount:
    mount: Mount = app.extensions[EXTENSION]["baocha"]
    return mount


LIGHT = ("/healthz", "/readyz", "/metrics", "/static/baocha.css", "/embed/v1.js", "/opensearch.xml")


def test_while_the_gate_is_full_searches_are_refused_and_light_pages_answered(app: Flask) -> None:
    mount_of(app).gate.enter()
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
def test_every_answer_leaves_the_gate(app: Flask, address: str) -> None:
    client = app.test_client()
    for _ in range(2):
        assert client.get(address).status_code in (200, 400, 404)


def test_an_answer_without_an_index_leaves_the_gate(tmp_path: Path) -> None:
    client = create_app(tmp_path / "nowhere").test_client()
    for _ in range(MAX_RUNNING + MAX_WAITING + 1):
        assert "索引不存在" in client.get("/?q=绩效").text


def test_a_request_that_waits_too_long_is_refused_and_gives_its_place_back() -> None:
    gate = Gate(running=1, waiting=1, longest_wait=0.01)
    gate.enter()
    for _ in range(3):
        with pytest.raises(BusyError):
            gate.enter()
    gate.leave()
    gate.enter()


def test_metrics_count_requests_and_refusals_and_contain_no_query(app: Flask) -> None:
    client = app.test_client()
    client.get("/?q=绩效目标")
    client.get("/no/such/绩效目标")
    mount_of(app).gate.enter()
    client.get("/?q=绩效目标")
    text = client.get("/metrics").text
    for line in (
        'baocha_requests_total{endpoint="web.search_page",status="200"} 1.0',
        'baocha_requests_total{endpoint="web.search_page",status="503"} 1.0',
        'baocha_requests_total{endpoint="none",status="404"} 1.0',
        "baocha_searches_refused_total 1.0",
        "baocha_searches_running 1.0",
        'baocha_request_seconds_count{endpoint="web.search_page"} 2.0',
        f"baocha_index_generation {mount_of(app).live.current().status().generation}.0",
    ):
        assert line in text, line
    assert "baocha_index_written_timestamp_seconds 1" in text
    assert "绩效" not in text
    assert "%E7" not in text


def test_there_are_no_metrics_by_default(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404
