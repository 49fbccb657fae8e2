"""Load tests of servers: the client, what it reads, and the ratios."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.load import Load, measure_load
from benchmarks.server import API, PAGE, summary
from benchmarks.wire import Client, Response, get, post

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/missing" else 200)
        if self.path == "/once":
            self.send_header("Connection", "close")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (HEAD + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (HEAD + b"content-length:0\r\n\r\n", b""),
        (CHUNKED, b"abcde"),
    ],
)
def test_a_response_is_complete_with_its_last_byte(sent: bytes, body: bytes) -> None:
    response = Response()
    assert [response.feed(bytes([byte])) for byte in sent] == [False] * (len(sent) - 1) + [True]
    assert response.body == body
    assert response.is_ok


def test_a_response_without_a_length_ends_when_the_server_closes() -> None:
    response = Response()
    assert not response.feed(HEAD + b"Connection: close\r\n\r\nhello")
    assert response.feed(b"")
    assert response.body == b"hello"
    assert response.closes


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"Content-Length: 5\r\n\r\nhell"])
def test_a_connection_that_is_closed_too_early_is_an_error(sent: bytes) -> None:
    response = Response()
    if sent:
        assert not response.feed(sent)
    with pytest.raises(ConnectionError):
        response.feed(b"")


def test_a_client_connects_again_and_refuses_errors(address: str) -> None:
    client = Client(address)
    assert [client.exchange(get(path)) for path in ("/", "/once", "/", "/once")] == [b"hello"] * 4
    assert client.json(post("/", b'{"a": 1}')) == {"a": 1}
    with pytest.raises(RuntimeError, match="404"):
        client.exchange(get("/missing"))
    client.close()


@pytest.mark.parametrize("path", ["/", "/once"])
def test_a_load_test_counts_responses_and_its_own_cost(address: str, path: str) -> None:
    found = measure_load(address, [get(path)], connections=2, seconds=0.3)
    assert found.per_second > 0
    assert 0 < found.p50_ms <= found.p95_ms
    assert 0 < found.cores <= 1.1
    assert found.bytes_each > 5
    with pytest.raises(RuntimeError, match="404"):
        measure_load(address, [get("/missing")], connections=1, seconds=0.3)


def test_rates_of_the_same_round_are_compared() -> None:
    def loads(*rates: float) -> list[Load]:
        return [Load(rate, 1.0, 2.0, 0.1, 1000.0) for rate in rates]

    found = summary({API: loads(10, 40, 30), PAGE: loads(5, 5, 5), "other": loads(10, 20, 10)})
    assert found["ratios"] == {"other": {API: (1.0, 2.0, 3.0), PAGE: (0.25, 0.5, 0.5)}}
    assert found["servers"][API]["per_second"] == (10, 30, 40)
