"""Mounts of search in another Flask application, which keeps its own pages and templates."""

from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, g, render_template_string
from jinja2 import DictLoader

from baocha import create_blueprint
from baocha.search import Filters
from baocha.settings.file import ConfigError
from baocha.settings.tokens import Token
from baocha_indexer.build import build_index
from tests.app.web.pages import addresses, hits, marks, page, report_of, total
from tests.conftest import SECRET


@pytest.fixture
def application(corpus_index: Path, tmp_path: Path) -> Flask:
    """An application with its own page and two mounts."""
    (tmp_path / "a.txt").write_text("某局2022年部门决算\n只在这里说。\n", "utf-8")
    build_index([tmp_path], tmp_path / "index")
    app = Flask("host")
    # The application has templates, filters and variables with the same names.
    names = ("base.html", "search.html", "baocha/base.html", "baocha/search.html")
    app.jinja_loader = DictLoader(dict.fromkeys(names, "host's"))
    app.add_template_filter(lambda _: "host's", "baocha_count")
    app.add_template_filter(lambda _: "host's", "truncate")
    app.context_processor(lambda: {"t": "host's", "link": "host's"})

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
        found = addresses(response.text)
        assert address == "x/y" or len(found) > 5, address
        assert all(path.startswith("/reports-of/all/") for path in found), address
    html = page(client, "/reports-of/all/?q=提质增效")
    assert total(html) == 15
    assert "host's" not in html
    with client.get("/reports-of/all/static/js/baocha.js") as script:
        assert script.status_code == 200


def test_each_link_has_the_values_of_its_request(corpus_index: Path) -> None:
    app = Flask("host")
    app.register_blueprint(create_blueprint(corpus_index), url_prefix="/<tenant>/reports")

    @app.url_value_preprocessor
    def remember(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.tenant = values.pop("tenant") if values else None

    @app.url_defaults
    def add(_endpoint: str, values: dict[str, Any]) -> None:
        values["tenant"] = g.tenant

    client = app.test_client()
    for tenant in ("north", "south", "north"):
        found = addresses(page(client, f"/{tenant}/reports/?q=绩效"))
        assert len(found) > 20
        assert all(path.startswith(f"/{tenant}/reports/") for path in found)


def test_each_link_has_the_root_of_its_request(corpus_index: Path) -> None:
    blueprint = create_blueprint(corpus_index)
    for prefix in ("/a", "/b"):
        app = Flask("host")
        app.register_blueprint(blueprint, url_prefix=prefix)
        client = app.test_client()
        for root in ("", "/one", "/two", ""):
            response = client.get(f"{prefix}/?q=绩效", environ_overrides={"SCRIPT_NAME": root})
            found = addresses(response.text)
            assert len(found) > 20
            assert all(path.startswith(f"{root}{prefix}/") for path in found)


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


def test_the_application_keeps_its_own_pages_errors_and_headers(application: Flask) -> None:
    client = application.test_client()
    home = client.get("/")
    assert home.text == "2 /"
    assert "Content-Security-Policy" not in home.headers
    assert "报查" not in client.get("/nowhere").text
    assert "没有这份报告" in page(client, "/reports-of/all/reports/nowhere", 404)
    assert "default-src 'none'" in client.get("/other/").headers["Content-Security-Policy"]


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="colour"):
        create_blueprint(tmp_path, colour="red")


def test_mounts_inside_another_blueprint_have_their_own_settings(corpus_index: Path) -> None:
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
def test_an_invalid_value_is_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        create_blueprint(tmp_path, **settings)


def test_settings_have_the_same_form_as_in_the_file(corpus_index: Path) -> None:
    app = Flask("host")
    table = {"token": SECRET, "year": ["2022"]}
    mount = create_blueprint(corpus_index, origins=["https://A.example/"], tokens=[table])
    app.register_blueprint(mount)
    client = app.test_client()
    headers = {"Authorization": f"bearer {SECRET}", "Origin": "https://a.example"}
    response = client.get("/api/v1/status", headers=headers)
    assert response.get_json()["years"] == [2022]
    assert response.headers["Access-Control-Allow-Origin"] == "https://a.example"


def test_a_hit_links_to_the_report_in_its_mount(application: Flask) -> None:
    client = application.test_client()
    html = page(client, "/reports-of/all/?q=提质增效")
    assert all(hit.startswith("/reports-of/all/reports/") for hit in hits(html))
    assert "提质增效" in marks(page(client, f"{report_of(html)}?q=提质增效"))


def test_the_api_of_a_mount_answers_its_own_errors(application: Flask) -> None:
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
