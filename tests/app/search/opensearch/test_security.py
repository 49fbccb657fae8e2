"""A cluster with TLS, users and roles, set up as `deploy/` says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from baocha import create_app
from baocha.search import Credentials, open_engine, writer_of
from baocha_indexer.build import build_index
from baocha_indexer.errors import IndexUnusableError
from tests.opensearch import SecuredServer, require


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredServer]:
    require()
    server = SecuredServer(tmp_path_factory.mktemp("secured"))
    yield server
    server.stop()


def login(server: SecuredServer, user: str) -> Credentials:
    return Credentials(user, server.passwords[user], ca_file=server.ca_file)


def address_of(server: SecuredServer, scheme: str = "opensearchs") -> str:
    return f"{scheme}://{server.address}/reports"


def index(server: SecuredServer, user: str, folder: Path, *, rebuild: bool = False) -> int:
    opened = writer_of(
        address_of(server), [folder], rebuild=rebuild, credentials=login(server, user)
    )
    return len(build_index([folder], folder, rebuild=rebuild, open_writer=opened).indexed)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for name in ("水务局", "教育局"):
        (folder / f"云溪市{name}2024年绩效报告.txt").write_text(f"{name}的绩效正文。", "utf-8")
    return folder


@pytest.fixture(scope="module")
def filled(secured: SecuredServer, reports: Path) -> SecuredServer:
    assert index(secured, "writer", reports) == 2
    return secured


def test_the_role_of_a_writer_is_enough_to_change_and_rebuild(
    filled: SecuredServer, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baocha.search.opensearch.writer.KEPT_SECONDS", -1.0)
    (changed,) = reports.glob("*水务局*")
    for text in ("一。", "二。", "三。"):  # old versions are deleted
        changed.write_text(f"水务局的绩效正文{text}", "utf-8")
        assert index(filled, "writer", reports) == 1
    for _ in range(2):  # the replaced index is deleted
        assert index(filled, "writer", reports, rebuild=True) == 2
    engine = open_engine(address_of(filled), login(filled, "reader"))
    assert engine.search("“绩效正文”").total == 2
    assert engine.search("“绩效正文三”").total == 1


def test_the_role_of_a_reader_is_enough_to_search_and_serve(filled: SecuredServer) -> None:
    engine = open_engine(address_of(filled), login(filled, "reader"))
    assert engine.search("绩效", mode="exact").total == 2
    for _ in range(310):  # more than the points in time that a node keeps
        assert len(list(engine.hits("绩效", sort="document"))) == 2
    assert engine.status().size_bytes > 0
    engine.verify()
    user = login(filled, "reader")
    app = create_app(
        address_of(filled),
        cluster_user=user.user,
        cluster_password=user.password,
        cluster_ca_file=user.ca_file,
    )
    client = app.test_client()
    ready = client.get("/readyz").get_json()
    assert ready["cluster"] == {"status": "green", "nodes": 1, "shards": 1, "missing": 0}
    for path in ("/?q=绩效", "/api/v1/search?q=绩效", "/export.csv?q=绩效"):
        with client.get(path) as response:
            assert response.status_code == 200, path


def test_a_reader_cannot_write(filled: SecuredServer, reports: Path) -> None:
    with pytest.raises(IndexUnusableError, match=r"refused the request .*rights"):
        index(filled, "reader", reports, rebuild=True)
    assert open_engine(address_of(filled), login(filled, "reader")).search("绩效").total == 2


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        ({"user": ""}, "requires a login; set cluster-user"),
        ({"password": ""}, "the user reader needs a password"),
        ({"api_key": "key"}, "cluster-api-key must not be set too"),
        ({"password": "wrong"}, r"rejected the login \(reader\)"),
        ({"password": "密码“”"}, r"rejected the login \(reader\)"),
        ({"user": "", "api_key": "abc"}, r"rejected the login \(API key\)"),
        (
            {"user": "", "api_key": "sec\nret"},
            "API key .* contains invalid characters; copy it again",
        ),
        ({"ca_file": "/missing.pem"}, "cannot use the CA certificate file /missing.pem"),
        ({"ca_file": __file__}, "cannot use the CA certificate file .*test_security.py"),
        ({"ca_file": ""}, "cannot be verified.*; set cluster-ca-file"),
    ],
)
def test_a_login_that_fails_says_why(
    filled: SecuredServer, credentials: dict[str, str], message: str
) -> None:
    given = {"user": "reader", "password": filled.passwords["reader"], "ca_file": filled.ca_file}
    with pytest.raises(IndexUnusableError, match=message) as error:
        open_engine(address_of(filled), Credentials(**given | credentials))
    assert "sec\nret" not in str(error.value)


def test_the_wrong_scheme_is_named(filled: SecuredServer, opensearch: str) -> None:
    user = login(filled, "reader")
    with pytest.raises(IndexUnusableError, match="if the cluster uses TLS, write opensearchs://"):
        open_engine(address_of(filled, "opensearch"), user)
    with pytest.raises(IndexUnusableError, match="does not use TLS; write the address with open"):
        open_engine(f"opensearchs://{opensearch}/reports", user)


def test_a_host_name_that_the_certificate_lacks_is_named(filled: SecuredServer) -> None:
    port = filled.address.rpartition(":")[2]
    with pytest.raises(IndexUnusableError, match="is for another host"):
        open_engine(f"opensearchs://127.1:{port}/reports", login(filled, "reader"))
