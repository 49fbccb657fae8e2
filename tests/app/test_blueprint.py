"""Search as part of another Flask application, which keeps everything of its own."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template_string
from jinja2 import DictLoader

from baocha import create_blueprint
from baocha.search import Filters
from baocha.settings.file import ConfigError
from baocha.settings.tokens import Token
from baocha_indexer.build import build_index
from tests.app.web.pages import hits, page, total

SECRET = "0123456789abcdef"  # noqa: S105 — opens a test's server alone


@pytest.fixture
def application(corpus_index: Path, tmp_path: Path) -> Flask:
    """An application with a page of its own and two mounts."""
    (tmp_path / "a.txt").write_text("某局2022年部门决算\n只在这里说。\n", "utf-8")
    build_index([tmp_path], tmp_path / "index")
    app = Flask("host")
    # Names that ours have too.
    app.jinja_loader = DictLoader({"base.html": "host's", "search.html": "host's"})

    @app.get("/")
    def home() -> str:
        return render_template_string("{{ [1, 2]|count }} {{ url_for('home') }}")

    app.register_blueprint(create_blueprint(corpus_index), url_prefix="/reports-of/all")
    scope = Filters(department=("云溪市青湖区水务局",))
    other = create_blueprint(
        tmp_path / "index",
        "other",
        tokens=(Token.of_secret(SECRET, scope),),
        origins=("https://a.example",),
    )
    app.register_blueprint(other, url_prefix="/other")
    return app


def test_every_link_stays_in_its_mount(application: Flask) -> None:
    client = application.test_client()
    for address in (
        "",
        "?q=绩效",
        "filed",
        "compare?q=绩效",
        "help",
        "embed/setup",
        "api/v1/",
        "x/y",
    ):
        response = client.get(f"/reports-of/all/{address}")
        links = re.findall(r'(?:href|src|action|data-suggest)="(/[^"]*)"', response.text)
        assert address == "x/y" or len(links) > 5, address
        assert all(link.startswith("/reports-of/all/") for link in links), address
    html = page(client, "/reports-of/all/?q=提质增效")
    assert total(html) == 15
    assert "host's" not in html
    with client.get("/reports-of/all/static/js/baocha.js") as script:
        assert script.status_code == 200


def test_each_mount_has_its_own_index_and_settings(application: Flask) -> None:
    client = application.test_client()
    assert total(page(client, "/other/?q=“只在这里说”")) == 1
    assert total(page(client, "/reports-of/all/?q=“只在这里说”")) == 0
    assert client.get("/other/api/v1/status").status_code == 401
    assert client.get("/reports-of/all/api/v1/status").get_json()["reports"] == 16
    document = client.get("/other/api/v1/openapi.json").get_json()
    assert document["servers"] == [{"url": "/other/api/v1"}]
    asked = {"Origin": "https://a.example"}
    allowed = client.get("/other/embed", headers=asked).headers
    assert allowed["Access-Control-Allow-Origin"] == "https://a.example"
    refused = client.get("/reports-of/all/embed", headers=asked).headers
    assert "Access-Control-Allow-Origin" not in refused


def test_the_application_keeps_its_pages_errors_and_headers(application: Flask) -> None:
    client = application.test_client()
    home = client.get("/")
    assert home.text == "2 /"
    assert "Content-Security-Policy" not in home.headers
    assert "报查" not in client.get("/nowhere").text
    assert "没有这份报告" in page(client, "/reports-of/all/reports/nowhere", 404)
    assert "default-src 'none'" in client.get("/other/").headers["Content-Security-Policy"]


def test_a_setting_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="colour"):
        create_blueprint(tmp_path, colour="red")


def test_a_mount_in_another_blueprint_is_its_own(corpus_index: Path) -> None:
    app = Flask("host")
    inner = Blueprint("intranet", "intranet")
    token = Token.of_secret(SECRET, Filters())
    inner.register_blueprint(create_blueprint(corpus_index, "open"), url_prefix="/open")
    closed = create_blueprint(corpus_index, "closed", tokens=(token,))
    inner.register_blueprint(closed, url_prefix="/closed")
    app.register_blueprint(inner, url_prefix="/i")
    client = app.test_client()
    assert client.get("/i/open/api/v1/status").status_code == 200
    assert client.get("/i/closed/api/v1/status").status_code == 401
    assert "/i/closed/static/" in page(client, "/i/closed/")


@pytest.mark.parametrize(
    "settings", [{"origins": "nonsense"}, {"tokens": [{"token": "short"}]}, {"address": "x"}]
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        create_blueprint(tmp_path, **settings)


def test_settings_are_read_as_those_of_the_file(corpus_index: Path) -> None:
    app = Flask("host")
    table = {"token": SECRET, "year": ["2022"]}
    mount = create_blueprint(corpus_index, origins=["https://A.example/"], tokens=[table])
    app.register_blueprint(mount)
    client = app.test_client()
    headers = {"Authorization": f"bearer {SECRET}", "Origin": "https://a.example"}
    response = client.get("/api/v1/status", headers=headers)
    assert response.get_json()["years"] == [2022]
    assert response.headers["Access-Control-Allow-Origin"] == "https://a.example"


def test_a_hit_leads_into_the_report_of_its_mount(application: Flask) -> None:
    client = application.test_client()
    html = page(client, "/reports-of/all/?q=提质增效")
    assert hits(html.replace("/reports-of/all", ""))
    address = re.findall(r'href="(/reports-of/all/reports/\w+)\?', html)[0]
    assert "提质增效" in page(client, f"{address}?q=提质增效")


def test_what_the_api_does_not_answer_it_refuses_itself(application: Flask) -> None:
    client = application.test_client()
    origin = {"Origin": "https://a.example"}
    for method, address, status in (
        ("GET", "nowhere", 404),
        ("POST", "nowhere", 404),
        ("POST", "search", 405),
        ("DELETE", "", 405),
        ("GET", "reports/x/paragraphs/abc", 404),
    ):
        response = client.open(f"/other/api/v1/{address}", method=method, headers=origin)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        assert response.headers["Access-Control-Allow-Origin"] == "https://a.example"
    for method in ("OPTIONS", "PUT"):
        allowed = client.open("/other/api/v1/search", method=method).headers["Allow"]
        assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.get("/nowhere").status_code == 404
    assert client.get("/other/nowhere").mimetype == "text/html"
