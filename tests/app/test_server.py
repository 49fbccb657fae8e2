import json
import re
import signal
import socket
import struct
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.serving import serving, start_server


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_serves_where_it_says_and_stops_when_interrupted(corpus_index: Path, host: str) -> None:
    with (
        serving(corpus_index, "--host", host) as address,
        urllib.request.urlopen(address + "healthz", timeout=10) as response,  # noqa: S310 — loopback
    ):
        assert response.status == 200


def test_a_port_in_use_is_one_clear_line(corpus_index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start_server("--index", corpus_index, "--port", str(port)) as server:
            _, errors = server.communicate(timeout=20)
    assert server.returncode == 2
    assert errors.count("\n") == 1
    assert f"127.0.0.1:{port}" in errors
    assert "--port" in errors


def test_a_host_that_is_not_ours_is_one_clear_line(corpus_index: Path) -> None:
    with start_server("--index", corpus_index, "--host", "192.0.2.1", "--port", "0") as server:
        _, errors = server.communicate(timeout=20)
    assert server.returncode == 2
    assert errors.count("\n") == 1


def test_readers_that_leave_before_they_are_answered_end_nothing(corpus_index: Path) -> None:
    with serving(corpus_index) as address:
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        for _ in range(50):
            with socket.create_connection((host, int(port))) as reader:
                # Without lingering the connection is reset, not closed.
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                reader.sendall(b"GET /export.csv?q=%E7%9A%84 HTTP/1.1\r\nHost: x\r\n\r\n")
        with urllib.request.urlopen(address + "healthz", timeout=60) as response:  # noqa: S310 — loopback
            assert response.status == 200


def test_behind_a_prefix_every_link_has_it(corpus_index: Path) -> None:
    with serving(corpus_index, "--prefix", "/baocha") as address:
        assert address.endswith("/baocha/")
        with urllib.request.urlopen(address + "?q=%E7%BB%A9%E6%95%88", timeout=10) as response:  # noqa: S310 — loopback
            html = response.read().decode()
        links = re.findall(r'(?:href|src|action|data-suggest)="(/[^"]*)"', html)
        assert len(links) > 50
        assert all(link.startswith("/baocha/") for link in links)
        with urllib.request.urlopen(address + "static/js/baocha.js", timeout=10) as script:  # noqa: S310 — loopback
            assert script.status == 200


def test_a_token_that_sees_nothing_is_told_at_the_start(
    corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baocha.toml").write_text(
        '[[tokens]]\ntoken = "0123456789abcdef"\n'
        '[[tokens]]\ntoken = "fedcba9876543210"\ndepartment = ["水务"]\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    with start_server("--index", corpus_index, "--port", "0") as server:
        assert server.stdout is not None
        server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert "第 2 个令牌看不到任何报告" in errors
    assert "第 1 个" not in errors


def test_an_address_that_is_too_long_is_refused_as_the_api_says(corpus_index: Path) -> None:
    with serving(corpus_index) as address:
        with urllib.request.urlopen(f"{address}api/v1/openapi.json") as answer:  # noqa: S310 — the loopback
            described = json.load(answer)["paths"]["/search"]["get"]["responses"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}api/v1/search?q={'a' * 70_000}")  # noqa: S310 — the loopback
        with refused.value as answer:
            assert answer.code == 431
            assert answer.headers.get_content_type() in described["431"]["content"]
