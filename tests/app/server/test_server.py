import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from baocha.mount import MAX_DOWNLOADS, MAX_RUNNING
from baocha_indexer.build import build_index
from tests.app.web.pages import addresses
from tests.conftest import SECRET
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


@pytest.fixture(scope="module")
def address(corpus_index: Path) -> Iterator[str]:
    """The address of a server of the sample reports, for tests that only send requests."""
    with serving(corpus_index) as address:
        yield address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_answers_at_the_printed_address_and_stops_when_interrupted(
    corpus_index: Path, host: str
) -> None:
    with serving(corpus_index, "--host", host) as address:
        assert ask(address, "/healthz").status == 200


def test_the_error_for_a_port_in_use_is_one_line(corpus_index: Path) -> None:
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


def test_the_error_for_an_address_of_another_machine_is_one_line(corpus_index: Path) -> None:
    with start_server("--index", corpus_index, "--host", "192.0.2.1", "--port", "0") as server:
        _, errors = server.communicate(timeout=20)
    assert server.returncode == 2
    assert errors.count("\n") == 1


def test_clients_that_disconnect_before_the_answer_do_not_stop_the_server(address: str) -> None:
    host, port = urlsplit(address).netloc.split(":")
    for _ in range(50):
        with socket.create_connection((host, int(port))) as client:
            # With SO_LINGER of zero seconds, closing resets the connection.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /export.csv?q=%E7%9A%84 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert ask(address, "/healthz").status == 200


def test_every_link_begins_with_the_prefix(corpus_index: Path) -> None:
    with serving(corpus_index, "--prefix", "/baocha") as address:
        assert address.endswith("/baocha/")
        paths = addresses(ask(address, "/baocha/?q=%E7%BB%A9%E6%95%88").text)
        assert len(paths) > 50
        assert all(path.startswith("/baocha/") for path in paths)
        assert ask(address, "/baocha/static/js/baocha.js").status == 200


def test_a_token_whose_scope_is_empty_gets_a_warning_at_the_start(
    corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baocha.toml").write_text(
        f'[[tokens]]\ntoken = "{SECRET}"\n'
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
def test_an_address_or_a_header_that_is_too_long_is_refused_as_the_document_says(
    address: str, place: str, size: int, status: int
) -> None:
    document = json.loads(ask(address, "/api/v1/openapi.json").text)
    described = document["paths"]["/search"]["get"]["responses"]
    long = "a" * size
    if place == "header":
        found = ask(address, "/api/v1/search", headers={"X-Long": long})
    else:
        found = ask(address, f"/api/v1/search?q=a&x={long}")
    assert found.status == status
    for kind in described[str(status)].get("content", {}):
        assert found.headers.get_content_type() == kind


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(address: str) -> None:
    assert ask(address, "/", headers={"Content-Length": "70000"}).status == 413


CLIENTS = 8
"""Number of clients that search at the same time. Fewer than a worker lets search and wait."""

BURST = 300
"""Number of requests at the same time, many more than a worker lets search and wait."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals")


def workers_of(server: subprocess.Popen[str]) -> set[int]:
    """Return the process ids of the workers: the children of the process from which they are forked."""
    return {
        worker
        for child in children_of(server.pid)
        if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()
        for worker in children_of(child)
    }


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true, for at most a minute."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def stop(server: subprocess.Popen[str]) -> str:
    """Stop the server, check that it succeeds, and return its stderr."""
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=60)
    assert server.returncode == 0, errors
    assert "Traceback" not in errors
    return errors


@contextmanager
def killed_at_end(server: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Kill the server at the end, also if the test fails."""
    with server:
        try:
            yield server
        finally:
            server.kill()


@linux
def test_searches_go_on_after_the_process_that_forks_the_workers_was_killed(
    corpus_index: Path,
) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0")) as server:
        address = address_of(server)
        (before,) = workers_of(server)
        os.kill(parent_of(before), signal.SIGKILL)
        wait_until(lambda: len(workers_of(server) - {before}) == 1)
        assert ask(address, "/api/v1/search?q=a").status == 200
        wait_until(lambda: not Path(f"/proc/{before}").exists())
        stop(server)


@linux
def test_workers_start_again_without_the_socket_of_the_process_that_forks_them(
    corpus_index: Path, tmp_path: Path
) -> None:
    options = "--index", corpus_index, "--port", "0"
    with killed_at_end(start_server(*options, TMPDIR=str(tmp_path))) as server:
        address = address_of(server)
        (before,) = workers_of(server)
        for socket_file in tmp_path.glob("pymp-*/listener-*"):
            socket_file.unlink()
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{before}").exists())
        assert ask(address, "/api/v1/search?q=a").status == 200
        assert "workers cannot share memory" in stop(server)


@linux
def test_a_signal_to_the_whole_process_group_lets_running_answers_finish(
    corpus_index: Path,
) -> None:
    with killed_at_end(
        start_server("--index", corpus_index, "--port", "0", own_group=True)
    ) as server:
        # A worker that has answered has its signal handlers.
        assert ask(address_of(server), "/healthz").status == 200
        (worker,) = workers_of(server)
        os.kill(worker, signal.SIGSTOP)
        os.killpg(server.pid, signal.SIGTERM)
        time.sleep(1.5)
        assert server.poll() is None  # the supervisor waits for the worker
        os.kill(worker, signal.SIGCONT)
        _, errors = server.communicate(timeout=60)
        assert (server.returncode, "Traceback" in errors) == (0, False)


@linux
@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.7, 0.9, 1.1])
def test_an_interrupt_during_the_start_is_no_error(corpus_index: Path, seconds: float) -> None:
    with killed_at_end(
        start_server("--index", corpus_index, "--port", "0", own_group=True)
    ) as server:
        time.sleep(seconds)
        os.killpg(server.pid, signal.SIGINT)
        _, errors = server.communicate(timeout=15)
        assert "rebuild" not in errors


@linux
def test_workers_share_the_memory_of_the_libraries(corpus_index: Path) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0", workers=2)) as server:
        address_of(server)
        wait_until(lambda: len(workers_of(server)) == 2)
        for worker in workers_of(server):
            rollup = Path(f"/proc/{worker}/smaps_rollup").read_text()
            kilobytes = dict(re.findall(r"^(\w+):\s+(\d+) kB$", rollup, re.MULTILINE))
            assert int(kilobytes["Shared_Dirty"]) > 20_000


@posix
def test_a_long_name_of_the_temporary_folder_does_not_prevent_the_start(
    corpus_index: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ("temporary" * 12)
    folder.mkdir(parents=True)
    options = "--index", corpus_index, "--port", "0"
    with killed_at_end(start_server(*options, TMPDIR=str(folder))) as server:
        assert ask(address_of(server), "/api/v1/search?q=a").status == 200
        stop(server)


@linux
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGBUS])
def test_a_worker_that_dies_is_replaced_and_no_connection_is_lost(
    corpus_index: Path, sent: signal.Signals
) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0", workers=2)) as server:
        address = address_of(server)
        wait_until(lambda: len(workers_of(server)) == 2)
        before = workers_of(server)
        for pid in before:
            os.kill(pid, sent)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
        # No worker runs now. These requests wait for the next one.
        assert [ask(address, "/?q=%E7%BB%A9%E6%95%88").status for _ in range(10)] == [200] * 10
        wait_until(lambda: len(workers_of(server) - before) == 2)
        assert f"({-sent})" in stop(server)


@linux
def test_requests_that_arrive_while_a_worker_is_killed_are_answered_by_the_next(
    corpus_index: Path,
) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0")) as server:
        address = address_of(server)
        (killed,) = workers_of(server)
        ended = threading.Event()

        def search() -> tuple[list[int], int]:
            """Search until the end. Return the statuses, and the number of lost connections."""
            statuses, lost = [], 0
            while not ended.is_set():
                try:
                    statuses.append(ask(address, "/api/v1/search?q=%E7%BB%A9%E6%95%88").status)
                except (ConnectionError, HTTPException):
                    lost += 1
            return statuses, lost

        with ThreadPoolExecutor(CLIENTS) as clients:
            running = [clients.submit(search) for _ in range(CLIENTS)]
            time.sleep(0.5)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: bool(workers_of(server) - {killed}))
            assert ask(address, "/healthz").status == 200
            time.sleep(0.5)
            ended.set()
            results = [one.result() for one in running]
        for statuses, lost in results:
            assert len(statuses) > 1
            assert set(statuses) == {200}
            # Only the request on the connection that the killed worker had accepted.
            assert lost <= 1
        stop(server)


@linux
def test_a_burst_is_answered_or_refused_and_health_checks_are_not(corpus_index: Path) -> None:
    with serving(corpus_index) as address, ExitStack() as stack:
        netloc = urlsplit(address).netloc
        connections = [HTTPConnection(netloc, timeout=60) for _ in range(BURST)]
        for number, connection in enumerate(connections):
            stack.callback(connection.close)
            connection.request("GET", f"/?q=%E7%BB%A9%E6%95%88&page={number + 1}")
        assert ask(address, "/healthz").status == 200
        answers = [connection.getresponse() for connection in connections]
        statuses = [answer.status for answer in answers]
        assert set(statuses) <= {200, 503}
        assert statuses.count(200) > MAX_RUNNING
        for answer in answers:
            assert (answer.status == 503) == ("Retry-After" in answer.headers)
            answer.read()
        assert ask(address, "/?q=%E7%BB%A9%E6%95%88").status == 200


@linux
def test_the_pause_before_a_restart_doubles_each_time(
    corpus_index: Path,
) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0")) as server:
        address_of(server)
        killed: set[int] = set()
        for _ in range(3):
            wait_until(lambda: bool(workers_of(server) - killed))
            for pid in workers_of(server) - killed:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: bool(workers_of(server) - killed))
        pauses = re.findall(r"in ([\d.]+) s", stop(server))
        assert pauses == ["0.5", "1.0", "2.0"]


@linux
def test_a_worker_that_hangs_is_killed_and_replaced(corpus_index: Path) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0")) as server:
        address = address_of(server)
        (hung,) = workers_of(server)
        os.kill(hung, signal.SIGSTOP)
        wait_until(lambda: bool(workers_of(server) - {hung}))
        assert ask(address, "/healthz").status == 200
        errors = stop(server)
        assert "does not respond" in errors
        assert errors.count("ended (") == 1


@linux
def test_a_server_survives_a_truncated_index_and_recovers(
    corpus_index: Path, tmp_path: Path
) -> None:
    index, query = tmp_path / "index", "/api/v1/search?lang=en&q=%E7%BB%A9%E6%95%88"
    shutil.copytree(corpus_index, index)
    with killed_at_end(start_server("--index", index, "--port", "0", workers=2)) as server:
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
        wait_until(lambda: ask(address, "/readyz").status == 200)
        for _ in range(10):
            assert json.loads(ask(address, query).text)["total"] == expected
        assert largest.name in stop(server)


@linux
def test_workers_end_when_their_server_is_killed(corpus_index: Path) -> None:
    with killed_at_end(start_server("--index", corpus_index, "--port", "0", workers=2)) as server:
        address_of(server)
        wait_until(lambda: len(workers_of(server)) == 2)
        workers = workers_of(server)
        server.kill()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_idle_and_slow_connections_do_not_block_other_clients(address: str) -> None:
    with ExitStack() as stack:
        host, port = urlsplit(address).netloc.split(":")
        for number in range(400):
            connection = stack.enter_context(socket.create_connection((host, int(port))))
            if number % 2:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(5):
            assert ask(address, "/?q=%E7%BB%A9%E6%95%88").status == 200


def test_a_connection_without_a_complete_request_is_closed(address: str) -> None:
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
            while connection.recv(4096):  # read the answer, if any, until the server closes
                pass


LONG = 8_000
"""Number of paragraphs in a long report. Its file has 6.5 MB: Linux buffers at most 4 MB by default."""


@pytest.fixture(scope="module")
def long_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose export is larger than all buffers between server and client."""
    folder = tmp_path_factory.mktemp("long")
    text = "".join(f"第{n}项预算执行情况说明" + "管理绩效目标" * 40 + "。\n" for n in range(LONG))
    (folder / "a.txt").write_text("某局2022年部门决算\n" + text, "utf-8")
    build_index([folder], folder / "index")
    return folder / "index"


EXPORT = "/export.csv?q=%E9%A2%84%E7%AE%97"


@contextmanager
def slow_export(address: str) -> Iterator[tuple[BinaryIO, int]]:
    """Ask for an export. Yield its body, not read yet, and its length in bytes."""
    with slow_answer(address, EXPORT) as (file, head):
        length = re.search(rb"content-length: (\d+)", head.lower())
        assert length is not None
        yield file, int(length[1])


@contextmanager
def slow_answer(address: str, path: str) -> Iterator[tuple[BinaryIO, bytes]]:
    """Ask for an answer. Yield its body, not read yet, and its head."""
    with socket.socket() as connection:
        # With a small receive buffer, the server must wait for this client.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        host, port = urlsplit(address).netloc.split(":")
        connection.connect((host, int(port)))
        connection.settimeout(60)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        with connection.makefile("rb") as file:
            head = b"".join(iter(file.readline, b"\r\n"))
            yield file, head


@posix
def test_a_server_that_stops_first_finishes_an_export(long_index: Path) -> None:
    with killed_at_end(start_server("--index", long_index, "--port", "0")) as server:
        address = address_of(server)
        with slow_export(address) as (file, length):
            server.send_signal(signal.SIGTERM)
            wait_until(lambda: is_closed(address))
            assert len(file.read()) == length
        _, errors = server.communicate(timeout=60)
        assert (server.returncode, errors) == (0, "")


def is_closed(address: str) -> bool:
    """Return whether the server accepts no more requests."""
    try:
        return ask(address, "/healthz").status != 200
    except ConnectionError:
        return True


@pytest.mark.parametrize("path", [EXPORT, "/reports/{id}/source", "/api/v1/reports/{id}"])
def test_clients_that_receive_slowly_do_not_block_other_clients(
    long_index: Path, path: str
) -> None:
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
def test_an_export_that_cannot_be_written_gets_an_error_and_searches_continue(
    long_index: Path,
) -> None:
    with killed_at_end(start_server("--index", long_index, "--port", "0")) as server:
        address = address_of(server)
        # Windows does not have this module.
        import resource

        for worker in workers_of(server):
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, 4096))
        answer = ask(address, EXPORT)
        assert answer.status == 503
        assert "临时文件夹" in answer.text
        assert ask(address, "/?q=%E9%A2%84%E7%AE%97").status == 200
        assert "could not be written" in stop(server)


@posix
def test_an_export_that_takes_longer_than_the_grace_period_is_cut_off(long_index: Path) -> None:
    server = start_server("--index", long_index, "--port", "0", BAOCHA_GRACE="1")
    with killed_at_end(server), slow_export(address_of(server)) as (file, length):
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
def test_a_second_signal_stops_the_server_without_a_grace_period(long_index: Path) -> None:
    server = start_server("--index", long_index, "--port", "0", BAOCHA_GRACE="3600")
    with killed_at_end(server), slow_export(address_of(server)):
        server.send_signal(signal.SIGINT)
        time.sleep(0.5)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
        assert server.returncode == 0


def test_the_access_log_has_the_path_of_each_request_without_the_query(corpus_index: Path) -> None:
    options = ("--index", corpus_index, "--port", "0", "--access-log", "json")
    with killed_at_end(start_server(*options)) as server:
        ask(address_of(server), "/?q=%E7%BB%A9%E6%95%88")
        assert server.stderr is not None
        # The line is written after the response is sent: wait for it before stopping the server.
        line = server.stderr.readline()
        assert stop(server) == ""
    assert (json.loads(line)["path"], json.loads(line)["status"]) == ("/", 200)
    assert "%E7" not in line


def test_metrics_are_the_sums_over_all_workers(corpus_index: Path) -> None:
    with serving(corpus_index, workers=2, BAOCHA_METRICS="1") as address:
        for _ in range(40):
            assert ask(address, "/healthz").status == 200
        answers = [ask(address, "/metrics").text for _ in range(5)]
    counted = 'baocha_requests_total{endpoint="web.health",status="200"} 40.0'
    assert all(counted in answer for answer in answers)


def test_a_server_on_the_loopback_refuses_unknown_host_names(address: str) -> None:
    for path in ("/", "/opensearch.xml", "/api/v1/status"):
        answer = ask(address, path, headers={"Host": "evil.example"})
        assert answer.status == 421
        assert "evil" not in answer.text


def test_risky_settings_get_a_warning_at_the_start(
    corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "baocha.toml"
    file.write_text(f'[[tokens]]\ntoken = "{SECRET}"\n', "utf-8")
    file.chmod(0o644)
    options = ("--index", corpus_index, "--port", "0", "--host", "0.0.0.0")  # noqa: S104 — a test
    with killed_at_end(start_server(*options)) as server:
        address = address_of(server)
        port = urlsplit(address).port
        for host, status in (("10.1.2.3", 200), ("localhost", 200), ("evil.example", 421)):
            answer = ask(f"http://127.0.0.1:{port}", "/", headers={"Host": host})
            assert answer.status == status
        errors = stop(server)
    assert "hosts" in errors
    assert ("chmod 600" in errors) == (os.name == "posix")
    assert ("root" in errors) == (hasattr(os, "geteuid") and os.geteuid() == 0)
