"""Bind the address of the server: a listening socket for each worker process."""

import errno
import os
import socket
import sys
from typing import Any

from baocha_indexer.errors import BaochaError

CLIENT_TIMEOUT_SECONDS = 60
"""A connection is closed after this time if the client does not receive sent data. Linux only."""

LISTEN_BACKLOG = 1024
"""Number of connections that may wait to be accepted, on each listening socket."""


class ServerError(BaochaError):
    """The server cannot start."""


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """Return a listening socket for each worker, all on one address.

    On Linux the system distributes connections over the sockets. The parent process keeps the
    sockets open, so connections that wait for a crashed worker are answered by the next one. On
    other systems all workers share one socket. Raises ServerError if the address is in use or does
    not belong to this machine.
    """
    listeners: list[socket.socket] = []
    try:
        *_, (family, _, _, _, bound) = sorted(
            socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE),
            key=lambda found: found[0] == socket.AF_INET,
        )
        for _ in range(count if sys.platform == "linux" else 1):
            listeners.append(_listener(family, bound, share=bool(listeners)))
            bound = listeners[0].getsockname()
    except (OSError, UnicodeError) as error:
        for listener in listeners:
            listener.close()
        raise _cannot_listen(host, port, error) from error
    return listeners * (count // len(listeners))


def _listener(family: int, bound: Any, *, share: bool) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows this would take the address of another server
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and socket.has_dualstack_ipv6():
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if share:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(bound)
        if sys.platform == "linux":
            # Bind the first without SO_REUSEPORT, so that an address in use is detected.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            user_timeout = CLIENT_TIMEOUT_SECONDS * 1000
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, user_timeout)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.listen(LISTEN_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address to open, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _cannot_listen(host: str, port: int, error: OSError | UnicodeError) -> ServerError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ServerError(
            zh=f"端口 {port} 已被占用（{host}:{port}）；请用 --port 指定其他端口（或 make run PORT=端口）",
            en=f"port {port} is in use ({host}:{port}); use another --port, or make run PORT=N",
        )
    if isinstance(error, UnicodeError):
        return ServerError(zh=f"地址 {host} 无效", en=f"invalid address {host}")
    why = error.strerror or str(error)
    return ServerError(
        zh=f"无法监听 {host}:{port}：{why}；请更换 --host 或 --port",
        en=f"cannot listen on {host}:{port}: {why}; use another --host or --port",
    )
