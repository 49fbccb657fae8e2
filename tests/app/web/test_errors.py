import os
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.web.blueprint import current_engine
from tests.app.web.pages import page, parse
from tests.conftest import SECRET

PAGES = ("/", "/?q=绩效", "/nowhere", "/compare?q=绩效", "/filed", "/help", "/reports/x")


def test_a_missing_index_has_a_message_that_shows_no_path(tmp_path: Path) -> None:
    client = create_app(tmp_path / "nowhere").test_client()
    html = page(client, "/?q=绩效", 503)
    assert "暂时无法检索" in html
    assert str(tmp_path) not in html
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "missing" in ready.get_json()["reason"]
    assert str(tmp_path) not in ready.text
    assert client.get("/healthz").status_code == 200


def test_damage_that_occurs_during_a_request_has_the_message(
    corpus_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    app = create_app(index)
    with app.test_request_context("/?q=绩效"):
        current_engine()
        os.truncate(max(index.iterdir(), key=lambda path: path.stat().st_size), 4096)
        response = app.full_dispatch_request()
    assert response.status_code == 503
    assert "暂时无法检索" in response.get_data(as_text=True)


def test_an_index_on_a_server_that_is_down_is_told_from_a_missing_one() -> None:
    client = create_app("opensearch://127.0.0.1:1/reports").test_client()
    html = page(client, "/?q=绩效", 503)
    assert "存放索引的服务器未响应，通常会自行恢复" in html
    assert "does not respond" in client.get("/readyz").get_json()["reason"]
    problem = client.get("/api/v1/search?q=绩效").get_json()
    assert "存放索引的服务器未响应" in problem["detail"]
    for answer in (html, str(problem)):
        assert "127.0.0.1:1" not in answer


@pytest.mark.parametrize("address", ["/", "/?q=绩效", "/nowhere", "/static/baocha.css", "/healthz"])
def test_every_response_has_the_security_headers(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    response.close()  # it may have a static file open
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_has_an_inline_script_or_style(client: FlaskClient) -> None:
    for address in PAGES:
        root = parse(client.get(address).get_data(as_text=True))
        scripts = [(script.get("src"), script.text_content()) for script in root.iter("script")]
        assert scripts == [("/static/settings.js", ""), ("/static/js/baocha.js", "")]
        assert not list(root.iter("style"))
        assert not root.xpath("//@*[name() = 'style' or starts-with(name(), 'on')]")


@pytest.mark.parametrize(
    "address", ["/static/../config.py", "/static/%2e%2e/config.py", "/reports/../../etc"]
)
def test_no_request_reads_a_file_outside_the_static_folder(
    client: FlaskClient, address: str
) -> None:
    assert client.get(address).status_code == 404


def test_a_page_refuses_post(client: FlaskClient) -> None:
    assert client.post("/", data={"q": "绩效"}).status_code in (404, 405)


def test_readiness_has_the_generation_of_the_index_and_its_age(client: FlaskClient) -> None:
    answer = client.get("/readyz").get_json()
    assert (answer["status"], answer["generation"] >= 1) == ("ok", True)
    assert answer["age_seconds"] >= 0
    assert answer["written"].startswith("20")


def test_health_checks_need_no_token(corpus_index: Path) -> None:
    token = {"token": SECRET, "year": ["2022"]}
    client = create_app(corpus_index, tokens=[token]).test_client()
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"Authorization": "Bearer wrong"}).status_code == 200
