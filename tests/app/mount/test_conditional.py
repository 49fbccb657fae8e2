"""A request with the ETag of the current answer gets 304, and nothing is searched."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.mount import EXTENSION, Gate
from baocha_indexer.build import build_index
from tests.conftest import IndexFiles

ADDRESSES = ("/?q=绩效", "/", "/api/v1/search?q=绩效")


def tag_of(client: FlaskClient, address: str, **headers: str) -> str:
    tag: str = client.get(address, headers=headers).headers["ETag"]
    return tag


def status_of(client: FlaskClient, address: str, tag: str, **headers: str) -> int:
    response = client.get(address, headers={"If-None-Match": tag, **headers})
    assert not response.get_data() or response.status_code != 304
    assert response.headers["Cache-Control"] == "private, no-cache"
    return response.status_code


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_current_answer_is_not_sent_again(client: FlaskClient, address: str) -> None:
    tag = tag_of(client, address)
    assert status_of(client, address, tag) == 304
    assert status_of(client, address, f'"other", {tag}') == 304
    assert status_of(client, address, tag, **{"Accept-Encoding": "gzip"}) == 304
    assert status_of(client, address, "*") == 200
    assert status_of(client, address, tag.replace(tag[5], "x")) == 200


def test_another_query_language_user_or_prefix_has_another_answer(corpus_index: Path) -> None:
    app = create_app(corpus_index, user_header="X-User", trusted_proxy=1)
    client = app.test_client()
    for address in ADDRESSES:
        tag = tag_of(client, address)
        other = f"{address}{'&' if '?' in address else '?'}"
        assert status_of(client, f"{other}lang=en", tag) == 200
        assert status_of(client, f"{other}page=2", tag) == 200
        assert status_of(client, address, tag, **{"X-Forwarded-Prefix": "/reports"}) == 200
        if "api" in address:
            assert status_of(client, address, tag, **{"Accept-Language": "en"}) == 200
        else:
            assert status_of(client, address, tag, **{"X-User": "user"}) == 200


def test_other_settings_have_another_answer(corpus_index: Path) -> None:
    tag = tag_of(create_app(corpus_index).test_client(), "/?q=绩效")
    titled = create_app(corpus_index, title="青湖区").test_client()
    assert status_of(titled, "/?q=绩效", tag) == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_change_of_the_index_makes_a_new_answer(
    index_files: IndexFiles, tmp_path: Path, address: str
) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n绩效目标。\n"})
    client = create_app(index).test_client()
    tag = tag_of(client, address)
    (tmp_path / "reports" / "b.txt").write_text("某局2023年部门决算\n绩效评价。\n", "utf-8")
    build_index([tmp_path / "reports"], index)
    assert status_of(client, address, tag) == 200
    assert tag_of(client, address) != tag


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_current_answer_does_not_wait_to_search(corpus_index: Path, address: str) -> None:
    app = create_app(corpus_index)
    client = app.test_client()
    tag = tag_of(client, address)
    mounts = app.extensions[EXTENSION]
    full = Gate(running=1, waiting=0)
    full.enter()
    mounts["baocha"] = replace(mounts["baocha"], gate=full)
    assert status_of(client, address, tag) == 304
    assert client.get(address).status_code == 503
