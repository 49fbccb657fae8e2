from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.basket.store import SUFFIX
from baocha.settings.file import ConfigError

USER = {"X-User": "张三".encode().decode("latin-1")}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(tmp_path / "index", user_header="X-User", trusted_proxy=1).test_client()


def test_a_record_is_stored_changed_and_deleted(client: FlaskClient) -> None:
    made = client.put(
        "/records/basket/b1", json={"value": {"name": "<b>专项</b>"}, "version": None}, headers=USER
    )
    version = made.get_json()["version"]
    listed = client.get("/records/basket", headers=USER)
    record = {"key": "b1", "value": {"name": "专项"}, "version": version}
    assert listed.get_json() == {"records": [record]}
    assert listed.headers["Cache-Control"] == "no-store"
    stale = client.put("/records/basket/b1", json={"value": {}, "version": 0}, headers=USER)
    assert (stale.status_code, stale.get_json()["record"]) == (409, record)
    assert "另一个标签页" in stale.get_json()["error"]
    assert client.get("/records/basket", headers={"X-User": "other"}).get_json() == {"records": []}
    assert client.delete("/records/basket/b1", headers=USER).status_code == 204
    assert client.get("/records/basket", headers=USER).get_json() == {"records": []}


def test_without_a_trusted_proxy_there_are_no_records(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="trusted-proxy"):
        create_app(tmp_path / "index", user_header="X-User")
    client = create_app(tmp_path / "index", trusted_proxy=1).test_client()
    assert client.get("/records/basket", headers=USER).status_code == 404
    put = client.put("/records/basket/b", json={"value": {}}, headers=USER)
    assert (put.status_code, "error" in put.get_json()) == (404, True)
    assert not (tmp_path / f"index{SUFFIX}").exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/records/basket", None, {}, 404),
        ("GET", "/records/basket", None, {"X-User": "一" * 0}, 404),
        ("GET", "/records/basket", None, {"X-User": "x" * 201}, 404),
        ("GET", "/records/nothing", None, USER, 404),
        ("GET", "/records/item?prefix=%27", None, USER, 404),
        ("PUT", "/records/basket/a%20b", {"value": {}}, USER, 404),
        ("PUT", "/records/basket/b", {"value": []}, USER, 422),
        ("PUT", "/records/basket/b", {"value": {}, "version": True}, USER, 422),
        ("PUT", "/records/basket/b", [], USER, 422),
        ("PUT", "/records/basket/b", {"value": {"x": "x" * 20_000}}, USER, 413),
        ("PUT", "/records/item/b", {"value": {"x": "x" * 300_000}}, USER, 413),
        ("PUT", "/records/basket/b", {"value": {}}, {**USER, "Sec-Fetch-Site": "cross-site"}, 403),
        ("DELETE", "/records/basket/b", None, {**USER, "Origin": "http://evil.example"}, 403),
    ],
)
def test_a_request_that_is_not_allowed_is_refused(
    client: FlaskClient, method: str, path: str, body: object, headers: dict[str, str], status: int
) -> None:
    answer = client.open(path, method=method, json=body, headers=headers)
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_a_value_that_is_nested_too_deeply_is_refused(client: FlaskClient) -> None:
    for depth in (900, 100_000):
        body = '{"version": null, "value": {"a": ' + "[" * depth + "]" * depth + "}}"
        answer = client.put("/records/item/a", data=body, headers=USER)
        assert (answer.status_code, "error" in answer.get_json()) == (422, True)


def test_a_store_that_fails_is_a_sentence(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / f"index{SUFFIX}").write_bytes(b"no database" * 200)
    answer = client.get("/records/saved?lang=en", headers=USER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "nothing was saved" in answer.get_json()["error"]
