"""Each answer that is no result is one clear error. Real sockets answer with prepared bytes."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baocha.client import SearchRequest, ServerError, connection, parse_address, print_search
from tests.conftest import SECRET

TEXT = b"content-type: text/plain; charset=utf-8\r\nbaocha-found: 1\r\n"
JSON = b"content-type: application/json\r\n"
PROBLEM = b"content-type: application/problem+json\r\n"


def answer(status: str, headers: bytes = b"", body: bytes = b"") -> bytes:
    """Return the bytes of an answer with the length of its content."""
    length = f"content-length: {len(body)}\r\n".encode()
    return f"HTTP/1.1 {status}\r\n".encode() + headers + length + b"\r\n" + body


@contextmanager
def answering(*answers: bytes, waits: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one connection after another. Yield the address, and the requests that arrive.

    `waits`: keep the connection open, without another byte, until the block ends.
    """
    received: list[bytes] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for one in answers:
                client, _ = server.accept()
                with client:
                    request = b""
                    while b"\r\n\r\n" not in request:
                        request += client.recv(65536)
                    received.append(request)
                    client.sendall(one)
                    if waits:
                        done.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", received
        finally:
            done.set()
            thread.join(20)


def request(form: str = "txt") -> SearchRequest:
    return SearchRequest(
        [("q", "绩效")], form=form, limit=None, offset=0, facets=False, styled=False
    )


def search(address: str, form: str = "txt", token: str = "") -> tuple[bool, str, list[str]]:
    """Search, and return whether anything was found, the output, and the messages."""
    written: list[str | bytes] = []
    messages: list[str] = []
    parsed = parse_address(address)
    assert parsed is not None
    found = print_search(parsed, token, request(form), "en", written.append, messages.append)
    text = "".join(p if isinstance(p, str) else p.decode() for p in written)
    return found, text, messages


def refusal(address: str, form: str = "txt", token: str = "") -> str:
    """Search, and return the message of the error in both languages."""
    with pytest.raises(ServerError) as error:
        search(address, form, token)
    message = error.value.message
    assert "\n" not in message.render("en") + message.render("zh")
    return f"{message.en}\n{message.zh}"


def test_the_request_has_the_query_the_language_and_the_token() -> None:
    with answering(answer("200 OK", TEXT, b"1 paragraph\n")) as (address, received):
        assert search(address + "/p", token="t" * 16) == (True, "1 paragraph\n", [])
    head = received[0].decode().split("\r\n")
    assert head[0].startswith("GET /p/api/v1/search.txt?q=%E7%BB%A9%E6%95%88&offset=0&")
    assert head[0].endswith("&lang=en HTTP/1.1")
    assert f"Host: {address.removeprefix('http://')}" in head
    assert "Authorization: Bearer tttttttttttttttt" in head


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_chunks_of_any_size_are_joined(size: int) -> None:
    body = (
        "baocha: 注意一\nbaocha: 注意二\n共 3 段\nbaocha: 原文\n" + "绩效" * 20_000 + "\n"
    ).encode()
    chunks = b"".join(
        b"%x;x=y\r\n%b\r\n" % (len(part), part)
        for part in (body[at : at + size] for at in range(0, min(len(body), size * 50), size))
    )
    sent = (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n"
        + TEXT
        + b"\r\n"
        + chunks
        + b"0\r\n\r\n"
    )
    with answering(sent) as (address, _):
        _, text, messages = search(address)
    expected = body[: size * 50].decode("utf-8", "replace").splitlines(keepends=True)
    shown = [f"baocha: {message}\n" for message in messages]
    assert "".join([*shown, text]).rstrip("\n") == "".join(expected).rstrip("\n")
    if size > 7:
        assert messages == ["注意一", "注意二"]


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n" + TEXT + b"\r\na\nb") as (address, _):
        assert search(address) == (True, "a\nb", [])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (answer("301 Moved", b"location: https://other.example/x?q=1\r\n"), "redirects to https://other.example/x ("),
        (answer("302 Found"), "redirects to"),
        (answer("401 Unauthorized"), "set the variable BAOCHA_TOKEN"),
        (answer("403 Forbidden"), "refuses access (403)"),
        (answer("404 Not Found", b"content-type: text/html\r\n", b"<p>"), "(404); check address"),
        (answer("421 Misdirected"), "setting hosts"),
        (answer("414 URI Too Long"), "too long"),
        (answer("429 Too Many Requests", b"retry-after: 7\r\n"), "try again in 7 s"),
        (answer("503 Unavailable", b"retry-after: Fri, 1 Jan\r\n"), "try again later"),
        (answer("503 Unavailable", PROBLEM, b'{"detail": "no index"}'), "no index"),
        (answer("422 X", PROBLEM, b'{"detail": "too costly"}'), "too costly"),
        (answer("400 X", PROBLEM, b'{"detail": "at most 9", "parameter": "limit"}'), "--csv for all"),
        (answer("400 X", PROBLEM, b'["detail"]'), "(400)"),
        (answer("400 X", PROBLEM, b"{"), "(400)"),
        (answer("400 X", PROBLEM, b" " * 100_000), "(400)"),
        (answer("502 Bad Gateway", b"content-type: text/html\r\n", b"<p>"), "(502)"),
        (answer("200 OK", b"content-type: text/html\r\n", b"<p>"), "no search result of baocha (text/html)"),
        (answer("200 OK", b"content-type: text/plain\r\n", b"hello"), "no search result"),
        (answer("200 OK", JSON, b"{}"), "no search result"),
        (answer("200 OK", TEXT + b"content-encoding: gzip\r\n", b"\x1f\x8b"), "utf-8, gzip)"),
        (answer("200 OK"), "no search result of baocha"),
        (b"", "not complete, or not HTTP"),
        (b"SSH-2.0-OpenSSH\r\n", "not HTTP"),
        (b"HTTP/1.1 2", "not HTTP"),
        (b"HTTP/1.1 abc\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300 + b"\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"a" * 100_000, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"content-length: 9\r\n\r\nabc", "not complete"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"content-length: -9\r\n\r\nabc", "not complete"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"content-length: x\r\n\r\nabc", "not complete"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"transfer-encoding: chunked\r\n\r\n5\r\nab", "not complete"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"transfer-encoding: chunked\r\n\r\nzz\r\nab", "not complete"),
        (b"HTTP/1.1 200 OK\r\n" + TEXT + b"transfer-encoding: chunked\r\n\r\n-5\r\nab", "not complete"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_result_is_a_clear_error(sent: bytes, said: str) -> None:
    with answering(sent) as (address, _):
        message = refusal(address)
    assert said in message
    assert said.isascii()


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"total": "x"}', b'{"total": 1}', b"null"])
def test_json_that_is_no_result_is_an_error(body: bytes) -> None:
    with answering(answer("200 OK", JSON, body)) as (address, _):
        assert "no search result of baocha (application/json)" in refusal(address, "json")


def test_an_export_that_breaks_off_is_an_error() -> None:
    broken = b"HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: 9\r\n\r\nabc"
    with answering(answer("200 OK", TEXT, b"x\n"), broken) as (address, _):
        assert "not complete" in refusal(address, "csv")


def test_a_refused_token_is_not_shown() -> None:
    with answering(answer("401 Unauthorized")) as (address, _):
        message = refusal(address, token=SECRET)
    assert "does not accept the token (401)" in message
    assert SECRET not in message


def test_a_redirect_gets_no_token_at_its_target() -> None:
    with answering() as (target, received):
        moved = answer("307 Moved", f"location: {target}/\r\n".encode())
        with answering(moved) as (address, _):
            assert target in refusal(address, token="t" * 16)
        assert received == []


def test_a_server_that_cannot_be_reached_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "cannot connect to http://127.0.0.1:" in refusal(f"http://127.0.0.1:{port}")
    assert "cannot connect to http://no-such-host.invalid" in refusal("http://no-such-host.invalid")


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\n" + TEXT + b"content-length: 9\r\n\r\nabc"]
)
def test_a_server_that_sends_nothing_is_a_clear_error(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.2)
    with answering(sent, waits=True) as (address, _):
        assert "sent nothing for" in refusal(address)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_certificates_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(path)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                client, _ = server.accept()
                try:
                    with context.wrap_socket(client, server_side=True) as encrypted:
                        received.append(encrypted.recv(65536))
                        encrypted.sendall(answer("200 OK", TEXT, b"x\n"))
                except ssl.SSLError:
                    client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"https://localhost:{server.getsockname()[1]}"
        assert "its certificate is not valid" in refusal(address, token="t" * 16)
        assert received == []
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert search(address) == (True, "x\n", [])
        thread.join(20)
