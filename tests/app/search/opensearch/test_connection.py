"""Answers of servers that are not OpenSearch, or too old."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from baocha.cli import run
from baocha.search import open_engine
from baocha.search.opensearch.faults import ClusterError

Serve = Callable[[int, str, bytes], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with one answer to everything; return the address of an index there."""
    with ExitStack() as resources:

        def start(status: int, content_type: str, body: bytes) -> str:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    self.send_response(status)
                    self.send_header("Content-Type", content_type)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

                def log_message(self, *_: object) -> None:
                    pass

            server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            resources.callback(server.server_close)
            resources.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"opensearch://127.0.0.1:{server.server_port}/reports"

        yield start


@pytest.mark.parametrize(
    ("status", "content_type", "body", "says"),
    [
        (200, "text/plain", b"hello", "not an OpenSearch server"),
        (200, "text/html", b"<html>hello</html>", "text/html"),
        (200, "application/json", b"[1, 2]", "not an OpenSearch server"),
        (200, "application/json", b"null", "not an OpenSearch server"),
        (200, "application/json", b'{"version": "7"}', "not an OpenSearch server"),
        (200, "application/json", b'{"version": {"number": "8.19.0"}}', "elasticsearch 8.19.0"),
        (
            200,
            "application/json",
            b'{"version": {"distribution": "opensearch", "number": "1.3.20"}}',
            "opensearch 1.3.20; OpenSearch 2.4 or later is needed",
        ),
        (
            200,
            "application/json",
            '{"version": {"distribution": "opensearch", "number": "²"}}'.encode(),
            "opensearch ²",
        ),
        (200, "application/json", b'{"a":' * 100_000, "not an OpenSearch server"),
        (200, "application/json", b"{bad", "failed"),
        (302, "text/html", b"", "HTTP 302"),
        (404, "application/json", b"[]", "not an OpenSearch server"),
        (404, "application/json", b'{"error": null}', "HTTP 404"),
        (
            418,
            "application/json",
            b'{"error": {"failed_shards": [1], "root_cause": [2]}}',
            "failed",
        ),
        (500, "text/html", b"<h1>failed</h1>" * 1000, "HTTP 500"),
    ],
)
def test_a_server_that_is_not_opensearch_is_named_as_such(
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
    status: int,
    content_type: str,
    body: bytes,
    says: str,
) -> None:
    address = serve(status, content_type, body)
    with pytest.raises(ClusterError) as error:
        open_engine(address)
    assert says in str(error.value)
    assert len(str(error.value)) < 1000
    assert run(["search", "绩效", "--index", address]) == 2
    assert "Traceback" not in capsys.readouterr().err
