import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from baocha.mount.downloads import MAX_DOWNLOADS
from baocha_indexer.build import build_index
from tests.serving import address_of, serving, start_server


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    text: str


def ask(address: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


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


@pytest.mark.parametrize(
    ("place", "size", "status"),
    [("address", 70_000, 414), ("address", 60_000, 200), ("header", 70_000, 431)],
)
def test_an_address_and_headers_that_are_too_long_are_refused_as_the_api_says(
    corpus_index: Path, place: str, size: int, status: int
) -> None:
    with serving(corpus_index) as address:
        with urllib.request.urlopen(f"{address}api/v1/openapi.json") as answer:  # noqa: S310 — loopback
            described = json.load(answer)["paths"]["/search"]["get"]["responses"]
        long = "a" * size
        if place == "header":
            found = ask(address, "/api/v1/search", headers={"X-Long": long})
        else:
            found = ask(address, f"/api/v1/search?q=a&x={long}")
    assert found.status == status
    for kind in described[str(status)].get("content", {}):
        assert found.headers.get_content_type() == kind


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(corpus_index: Path) -> None:
    with serving(corpus_index) as address:
        assert ask(address, "/", headers={"Content-Length": "70000"}).status == 413


linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals")


def workers_of(server: subprocess.Popen[str]) -> set[int]:
    """Return the processes that answer requests."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {
        int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


def until(what: Callable[[], bool]) -> None:
    """Wait until something is so; the limit is a watchdog, not a bar."""
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def stop(server: subprocess.Popen[str]) -> str:
    """Ask the server to end, see it end well, and return what it wrote on stderr."""
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=60)
    assert server.returncode == 0, errors
    assert "Traceback" not in errors
    return errors


@contextmanager
def ended(server: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End a server whatever becomes of the test."""
    with server:
        try:
            yield server
        finally:
            server.kill()


@linux
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGBUS])
def test_a_worker_that_dies_is_started_again_and_no_connection_is_lost(
    corpus_index: Path, sent: signal.Signals
) -> None:
    with ended(start_server("--index", corpus_index, "--port", "0", workers=2)) as server:
        address = address_of(server)
        until(lambda: len(workers_of(server)) == 2)
        before = workers_of(server)
        for pid in before:
            os.kill(pid, sent)
        # Sent while no worker runs, these wait for the next one.
        assert [ask(address, "/?q=%E7%BB%A9%E6%95%88").status for _ in range(10)] == [200] * 10
        until(lambda: len(workers_of(server) - before) == 2)
        assert f"({-sent})" in stop(server)


@linux
def test_a_worker_that_dies_at_once_again_and_again_is_started_ever_more_slowly(
    corpus_index: Path,
) -> None:
    with ended(start_server("--index", corpus_index, "--port", "0")) as server:
        address_of(server)
        killed: set[int] = set()
        for _ in range(3):
            until(lambda: bool(workers_of(server) - killed))
            for pid in workers_of(server) - killed:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        until(lambda: bool(workers_of(server) - killed))
        pauses = re.findall(r"in ([\d.]+) s", stop(server))
        assert pauses == ["0.5", "1.0", "2.0"]


@linux
def test_a_worker_that_hangs_is_killed_and_started_again(corpus_index: Path) -> None:
    with ended(start_server("--index", corpus_index, "--port", "0")) as server:
        address = address_of(server)
        (hung,) = workers_of(server)
        os.kill(hung, signal.SIGSTOP)
        until(lambda: bool(workers_of(server) - {hung}))
        assert ask(address, "/healthz").status == 200
        errors = stop(server)
        assert "does not respond" in errors
        assert errors.count("ended (") == 1


@linux
def test_a_server_whose_index_is_cut_short_goes_on_and_recovers(
    corpus_index: Path, tmp_path: Path
) -> None:
    index, query = tmp_path / "index", "/api/v1/search?lang=en&q=%E7%BB%A9%E6%95%88"
    shutil.copytree(corpus_index, index)
    with ended(start_server("--index", index, "--port", "0", workers=2)) as server:
        address = address_of(server)
        expected = json.loads(ask(address, query).text)["total"]
        largest = max(index.iterdir(), key=lambda path: path.stat().st_size)
        whole = largest.read_bytes()
        os.truncate(largest, 4096)
        for _ in range(10):
            assert ask(address, query).status == 503
        assert ask(address, "/readyz").status == 503
        assert ask(address, "/healthz").status == 200
        restored = tmp_path / "restored"
        restored.write_bytes(whole)
        restored.rename(largest)
        until(lambda: ask(address, "/readyz").status == 200)
        for _ in range(10):
            assert json.loads(ask(address, query).text)["total"] == expected
        assert largest.name in stop(server)


@linux
def test_a_server_that_is_killed_leaves_no_worker(corpus_index: Path) -> None:
    with ended(start_server("--index", corpus_index, "--port", "0", workers=2)) as server:
        address_of(server)
        until(lambda: len(workers_of(server)) == 2)
        workers = workers_of(server)
        server.kill()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_connections_that_are_idle_or_slow_keep_no_reader_out(corpus_index: Path) -> None:
    with serving(corpus_index) as address, ExitStack() as stack:
        host, port = urlsplit(address).netloc.split(":")
        for number in range(400):
            connection = stack.enter_context(socket.create_connection((host, int(port))))
            if number % 2:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(5):
            assert ask(address, "/?q=%E7%BB%A9%E6%95%88").status == 200


def test_a_connection_that_sends_no_request_is_closed(corpus_index: Path) -> None:
    with serving(corpus_index) as address:
        host, port = urlsplit(address).netloc.split(":")
        sent = (
            b"",
            b"GET / HTTP/1.1\r\nX-Slow: ",
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        )
        with ExitStack() as stack:
            connections = [
                stack.enter_context(socket.create_connection((host, int(port)), timeout=60))
                for _ in sent
            ]
            for connection, start in zip(connections, sent, strict=True):
                connection.sendall(start)
            for connection in connections:
                while connection.recv(4096):  # the answer, if there is one, then the end
                    pass


LONG = 20_000


@pytest.fixture(scope="module")
def long_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose export does not fit into the buffers between server and reader."""
    folder = tmp_path_factory.mktemp("long")
    text = "".join(f"第{n}项预算执行情况说明" + "管理绩效目标" * 40 + "。\n" for n in range(LONG))
    (folder / "a.txt").write_text("某局2022年部门决算\n" + text, "utf-8")
    build_index([folder], folder / "index")
    return folder / "index"


EXPORT = "/export.csv?q=%E9%A2%84%E7%AE%97"


@contextmanager
def slow_export(address: str) -> Iterator[tuple[BinaryIO, int]]:
    """Ask for an export, read its head, and yield the rest and how many bytes it must have."""
    with slow_answer(address, EXPORT) as (file, head):
        length = re.search(rb"content-length: (\d+)", head.lower())
        assert length is not None
        yield file, int(length[1])


@contextmanager
def slow_answer(address: str, path: str) -> Iterator[tuple[BinaryIO, bytes]]:
    """Ask for an answer, and yield its body, of which nothing is read yet, and its head."""
    with socket.socket() as connection:
        # A small window: the server cannot send ahead.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        host, port = urlsplit(address).netloc.split(":")
        connection.connect((host, int(port)))
        connection.settimeout(60)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        with connection.makefile("rb") as file:
            head = b"".join(iter(file.readline, b"\r\n"))
            yield file, head


@posix
def test_an_export_that_is_being_sent_is_whole_when_the_server_stops(long_index: Path) -> None:
    with ended(start_server("--index", long_index, "--port", "0")) as server:
        address = address_of(server)
        with slow_export(address) as (file, length):
            server.send_signal(signal.SIGTERM)
            until(lambda: is_closed(address))
            assert len(file.read()) == length
        _, errors = server.communicate(timeout=60)
        assert (server.returncode, errors) == (0, "")


def is_closed(address: str) -> bool:
    """Whether the server takes no more requests."""
    try:
        return ask(address, "/healthz").status != 200
    except ConnectionError:
        return True


@pytest.mark.parametrize("path", [EXPORT, "/reports/{id}/source", "/api/v1/reports/{id}"])
def test_clients_that_receive_slowly_keep_no_other_client_out(long_index: Path, path: str) -> None:
    with serving(long_index, "--offer-files") as address, ExitStack() as stack:
        (report,) = json.loads(ask(address, "/api/v1/reports").text)["reports"]
        heads = [
            stack.enter_context(slow_answer(address, path.format(**report)))[1]
            for _ in range(MAX_DOWNLOADS + 5)
        ]
        statuses = [int(head.split()[1]) for head in heads]
        assert statuses == [200] * MAX_DOWNLOADS + [503] * 5
        for light in ("/healthz", "/static/baocha.css", "/api/v1/search?limit=1&q=%E9%A2%84"):
            assert ask(address, light).status == 200


@linux
def test_an_export_that_cannot_be_written_is_refused_and_searches_go_on(long_index: Path) -> None:
    with ended(start_server("--index", long_index, "--port", "0")) as server:
        address = address_of(server)
        # Not at the top: Windows has no such module.
        import resource

        for worker in workers_of(server):
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, 4096))
        answer = ask(address, EXPORT)
        assert answer.status == 503
        assert "临时文件夹" in answer.text
        assert ask(address, "/?q=%E9%A2%84%E7%AE%97").status == 200
        assert "could not be written" in stop(server)


@posix
def test_an_export_that_takes_longer_than_the_grace_is_seen_to_be_cut_off(long_index: Path) -> None:
    server = start_server("--index", long_index, "--port", "0", BAOCHA_GRACE="1")
    with ended(server), slow_export(address_of(server)) as (file, length):
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=60)
        assert server.returncode == 0
        assert "cut off" in errors
        try:
            found = len(file.read())
        except ConnectionResetError:
            found = 0
        assert found < length


@posix
def test_a_second_signal_ends_the_server_without_grace(long_index: Path) -> None:
    server = start_server("--index", long_index, "--port", "0", BAOCHA_GRACE="3600")
    with ended(server), slow_export(address_of(server)):
        server.send_signal(signal.SIGINT)
        time.sleep(0.5)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
        assert server.returncode == 0


def test_the_access_log_names_requests_and_never_what_was_searched_for(corpus_index: Path) -> None:
    options = ("--index", corpus_index, "--port", "0", "--access-log", "json")
    with ended(start_server(*options)) as server:
        ask(address_of(server), "/?q=%E7%BB%A9%E6%95%88")
        lines = stop(server).splitlines()
    assert [(line["path"], line["status"]) for line in map(json.loads, lines)] == [("/", 200)]
    assert "%E7" not in lines[0]


def test_metrics_are_those_of_all_workers(corpus_index: Path) -> None:
    with serving(corpus_index, workers=2, BAOCHA_METRICS="1") as address:
        for _ in range(40):
            assert ask(address, "/healthz").status == 200
        answers = [ask(address, "/metrics").text for _ in range(5)]
    counted = 'baocha_requests_total{endpoint="web.health",status="200"} 40.0'
    assert all(counted in answer for answer in answers)


def test_a_name_of_another_site_is_refused_by_a_server_on_the_loopback(corpus_index: Path) -> None:
    with serving(corpus_index) as address:
        for path in ("/", "/opensearch.xml", "/api/v1/status"):
            answer = ask(address, path, headers={"Host": "evil.example"})
            assert answer.status == 421
            assert "evil" not in answer.text


def test_what_is_probably_a_mistake_is_told_at_the_start(
    corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "baocha.toml"
    file.write_text('[[tokens]]\ntoken = "0123456789abcdef"\n', "utf-8")
    file.chmod(0o644)
    options = ("--index", corpus_index, "--port", "0", "--host", "0.0.0.0")  # noqa: S104 — a test
    with ended(start_server(*options)) as server:
        address = address_of(server)
        port = urlsplit(address).port
        for host, status in (("10.1.2.3", 200), ("localhost", 200), ("evil.example", 421)):
            answer = ask(f"http://127.0.0.1:{port}", "/", headers={"Host": host})
            assert answer.status == status
        errors = stop(server)
    assert "hosts" in errors
    assert ("chmod 600" in errors) == (os.name == "posix")
    assert ("root" in errors) == (hasattr(os, "geteuid") and os.geteuid() == 0)
