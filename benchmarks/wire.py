"""HTTP/1.1 from the side of a client, with as little work as possible.

Every server is asked with the same code, and a load test shares its cores with the server. So a
request is encoded before it is timed, and a response is only split into head and body.
"""

import json
import re
import socket
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_RECEIVED = 1 << 16


def get(path: str) -> bytes:
    """Return a request for a path."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes, method: str = "POST") -> bytes:
    """Return a request that sends JSON."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Response:
    """A response that arrives in pieces. It is the only one that the connection has to send."""

    def __init__(self) -> None:
        """Begin with nothing received."""
        self._data = bytearray()
        self._start = 0
        self._end: int | None = None
        self._chunked = False

    @property
    def head(self) -> bytes:
        """The status line and the headers."""
        return bytes(self._data[: self._start])

    @property
    def is_ok(self) -> bool:
        """Whether the status is 200 or 201."""
        return bytes(self._data[9:12]) in (b"200", b"201")

    @property
    def closes(self) -> bool:
        """Whether the server closes the connection after the response."""
        return _CLOSE.search(self.head) is not None

    def feed(self, received: bytes) -> bool:
        """Add bytes; return whether the response is complete. No bytes: the server closed."""
        data = self._data
        data += received
        if not self._start:
            at = data.find(b"\r\n\r\n")
            if at < 0:
                if not received:
                    raise ConnectionError("closed before the response")
                return False
            self._start = at + 4
            head = self.head
            self._chunked = _CHUNKED.search(head) is not None
            if length := _LENGTH.search(head):
                self._end = self._start + int(length[1])
        if self._end is not None:
            if not received and len(data) < self._end:
                raise ConnectionError("closed before the end of the response")
            return len(data) >= self._end
        # Neither JSON nor a page has this line inside a chunk.
        return data.endswith(b"\r\n0\r\n\r\n") if self._chunked else not received

    @property
    def body(self) -> bytes:
        """The content of a complete response."""
        if not self._chunked:
            return bytes(self._data[self._start : self._end])
        parts: list[bytes] = []
        at = self._start
        while True:
            line_end = self._data.index(b"\r\n", at)
            size = int(self._data[at:line_end], 16)
            if not size:
                return b"".join(parts)
            parts.append(bytes(self._data[line_end + 2 : line_end + 2 + size]))
            at = line_end + 4 + size


def connect(address: str) -> socket.socket:
    """Open a connection to "host:port"."""
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Client:
    """A client with one connection, which it opens again if the server closes it."""

    def __init__(self, address: str) -> None:
        """Use the server at "host:port"."""
        self._address = address
        self._connection: socket.socket | None = None

    def exchange(self, request: bytes) -> bytes:
        """Send a request; return the content of the response.

        Raises RuntimeError if the status is neither 200 nor 201.
        """
        if self._connection is None:
            self._connection = connect(self._address)
        self._connection.sendall(request)
        response = Response()
        while not response.feed(self._connection.recv(_RECEIVED)):
            pass
        if response.closes:
            self.close()
        if not response.is_ok:
            raise RuntimeError(response.head[:60], response.body[:1000])
        return response.body

    def json(self, request: bytes) -> Any:
        """Send a request; return the JSON values of the response."""
        return json.loads(self.exchange(request))

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None
