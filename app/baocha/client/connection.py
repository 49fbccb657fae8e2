"""Send one GET request and read its answer, with nothing but a socket (HTTP/1.1, RFC 9112).

`http.client` would be shorter, but importing it takes twice as long as the whole search.
"""

import socket
from collections.abc import Iterator, Mapping
from io import BufferedReader

from baocha.client.address import ServerAddress
from baocha_indexer.messages import Message

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 120.0
"""Maximum time between two pieces of an answer. A busy server makes a request wait 20 s; an export of all
paragraphs is written before it is sent."""

_BLOCK_BYTES = 64 * 1024
_MAX_LINE_BYTES = 64 * 1024
_MAX_HEADERS = 200


class ServerError(Exception):
    """A server cannot be asked, or refuses to answer. `message` says why in one line."""

    def __init__(self, zh: str, en: str) -> None:
        """Create the error with its message in Chinese and in English."""
        super().__init__(zh, en)
        self.message = Message(zh, en)


class Answer:
    """An answer: its status, its headers with names in lower case, and its content.

    Leaving its context closes the connection.
    """

    def __init__(
        self, address: ServerAddress, stream: BufferedReader, status: int, headers: dict[str, str]
    ) -> None:
        """`stream` is at the beginning of the content."""
        self.status = status
        self.headers = headers
        self._address = address
        self._stream = stream

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def content(self) -> Iterator[bytes]:
        """Yield the content in pieces. Raises ServerError if it is not complete."""
        try:
            yield from _content(self._stream, self.headers)
        except (OSError, ValueError) as error:
            raise _unreadable(self._address, error) from error


def get(address: ServerAddress, path: str, headers: Mapping[str, str]) -> Answer:
    """Return the answer to a GET request. Redirects are not followed.

    Raises ServerError if there is no answer, or if it is not HTTP.
    """
    lines = [f"GET {address.prefix}{path} HTTP/1.1", f"Host: {address.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["User-Agent: baocha", "Connection: close", "", ""]
    with _connect(address) as connection:
        stream = connection.makefile("rb")  # keeps the connection open until it is closed
        try:
            connection.settimeout(ANSWER_SECONDS)
            connection.sendall("\r\n".join(lines).encode("ascii"))
            return Answer(address, stream, *_head(stream))
        except (OSError, ValueError) as error:
            stream.close()
            raise _unreadable(address, error) from error


def _connect(address: ServerAddress) -> socket.socket:
    host = address.host.strip("[]")
    try:
        # As bytes: for a text, Python loads the tables of international names.
        connection = socket.create_connection(
            (host.encode(), address.port),  # type: ignore[arg-type]  # getaddrinfo takes bytes
            CONNECT_SECONDS,
        )
        if not address.encrypted:
            return connection
        with connection:  # the encrypted socket takes it over, unless that fails
            # Imported here: loading OpenSSL takes as long as the search.
            import ssl  # noqa: PLC0415

            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    except OSError as error:
        zh = en = error.strerror or str(error)
        if isinstance(error, TimeoutError):
            zh, en = "连接超时", "the connection timed out"
        if reason := getattr(error, "verify_message", ""):
            zh, en = f"证书无效（{reason}）", f"its certificate is not valid ({reason})"
        raise ServerError(
            zh=f"无法连接 {address}：{zh}；请检查地址，并确认服务已启动",
            en=f"cannot connect to {address}: {en}; check the address, and that the server runs",
        ) from error


def _head(stream: BufferedReader) -> tuple[int, dict[str, str]]:
    """Return the status and the headers. Raises ValueError if they are not HTTP."""
    version, _, status = _line(stream).partition(" ")
    if not version.startswith("HTTP/1.") or not status[:3].isdecimal():
        raise ValueError
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = _line(stream)
        if not line:
            return int(status[:3]), headers
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    raise ValueError


def _line(stream: BufferedReader) -> str:
    line = stream.readline(_MAX_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise ValueError
    return line.decode("latin-1").rstrip("\r\n")


def _content(stream: BufferedReader, headers: Mapping[str, str]) -> Iterator[bytes]:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int(_line(stream).partition(";")[0], 16):
            yield from _exactly(stream, size)
            _line(stream)  # the end of line after a chunk
    elif "content-length" in headers:
        yield from _exactly(stream, int(headers["content-length"]))
    else:
        while block := stream.read1(_BLOCK_BYTES):
            yield block


def _exactly(stream: BufferedReader, size: int) -> Iterator[bytes]:
    """Yield this number of bytes. Raises ValueError if the stream ends before."""
    while size:
        block = stream.read1(min(size, _BLOCK_BYTES)) if size > 0 else b""
        if not block:
            raise ValueError
        yield block
        size -= len(block)


def _unreadable(address: ServerAddress, error: Exception) -> ServerError:
    if isinstance(error, TimeoutError):
        return ServerError(
            zh=f"{address} 在 {ANSWER_SECONDS:.0f} 秒内没有响应；请稍后再试",
            en=f"{address} sent nothing for {ANSWER_SECONDS:.0f} s; try again later",
        )
    reason = error.strerror if isinstance(error, OSError) else None
    return ServerError(
        zh=f"{address} 的响应不完整，或不是 HTTP" + (f"（{reason}）" if reason else ""),
        en=f"the answer of {address} is not complete, or not HTTP"
        + (f" ({reason})" if reason else ""),
    )
