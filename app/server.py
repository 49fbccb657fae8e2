"""Serve the pages with waitress."""

import errno
import logging
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from waitress.server import create_server

from app import create_app
from app.access import EXTENSION
from app.config import Settings
from app.live import WARMING
from app.memory import keep_freed_memory
from indexer.errors import BaochaError
from indexer.messages import Message

THREADS = 4
MAX_REQUEST_BYTES = 64 * 1024
"""The pages take no bodies; a request is its address and headers."""


class ServerError(BaochaError):
    """The server cannot start."""


def serve(
    settings: Settings, announce: Callable[[str], None], warn: Callable[[Message], None]
) -> None:
    """Serve until interrupted; `announce` is called with the address once it is bound.

    `warn` is called with what can be served but is hardly meant.

    Raises IndexUnusableError where there is no index, ServerError where the address cannot
    be bound.
    """
    keep_freed_memory()
    # That all threads are busy for a moment is no news; waitress says it at every request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = create_app(**{field.name: getattr(settings, field.name) for field in fields(settings)})
    # Before anybody asks: every byte of the index is read, so that damage is found now and no
    # request waits for the disk, and one page is made, so that the templates are compiled.
    live = next(iter(app.extensions[EXTENSION].values())).live
    live.current().verify()
    for number, token in enumerate(settings.tokens, 1):
        if not live.current(token.scope).status().reports:
            warn(_sees_nothing(number))
    app.test_client().get("/", query_string={"q": WARMING})
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            url_prefix=settings.prefix,
            threads=THREADS,
            ident="baocha",
            max_request_header_size=MAX_REQUEST_BYTES,
            max_request_body_size=MAX_REQUEST_BYTES,
        )
    except (OSError, ValueError) as error:
        raise ServerError(_why_not(settings.host, settings.port, error)) from error
    announce(_address(server).rstrip("/") + settings.prefix + "/")
    server.run()


def _sees_nothing(number: int) -> Message:
    return Message(
        zh=f"第 {number} 个令牌看不到任何报告：范围里的名称要写全，与 baocha status --json 所列相同",
        en=f"token number {number} sees no report: names in a scope are whole, as in the index",
    )


def _why_not(host: str, port: int, error: OSError | ValueError) -> Message:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return Message(
            zh=f"端口 {port} 已被占用（{host}:{port}）；换一个 --port，用 make 则是 make run PORT=",
            en=f"port {port} is in use ({host}:{port}); use another --port, or make run PORT=",
        )
    why = getattr(error, "strerror", None) or str(error)
    return Message(
        zh=f"无法在 {host}:{port} 启动：{why}；换一个 --host 或 --port",
        en=f"cannot listen on {host}:{port}: {why}; use another --host or --port",
    )


def _address(server: Any) -> str:
    """Return the address to open; a name such as localhost may be bound more than once."""
    listening = getattr(server, "effective_listen", None)
    host, port = listening[0] if listening else (server.effective_host, server.effective_port)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
