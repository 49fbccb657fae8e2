"""Serve the pages with waitress."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from waitress.server import create_server

from app import create_app
from app.search import open_index
from indexer.errors import BaochaError
from indexer.messages import Message

THREADS = 4
MAX_REQUEST_BYTES = 64 * 1024
"""The pages take no bodies; a request is its address and headers."""


class ServerError(BaochaError):
    """The server cannot start."""


def serve(folder: Path, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; `announce` is called with the address once it is bound.

    Raises IndexUnusableError where there is no index, ServerError where the address cannot
    be bound.
    """
    open_index(folder)
    try:
        server = create_server(
            create_app(folder),
            host=host,
            port=port,
            threads=THREADS,
            ident="baocha",
            max_request_header_size=MAX_REQUEST_BYTES,
            max_request_body_size=MAX_REQUEST_BYTES,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ServerError(
            Message(
                zh=f"无法在 {host}:{port} 启动：{why}；换一个 --port 或 --host",
                en=f"cannot listen on {host}:{port}: {why}; use another --port or --host",
            )
        ) from error
    announce(_address(server))
    server.run()


def _address(server: Any) -> str:
    """Return the address to open; a name such as localhost may be bound more than once."""
    listening = getattr(server, "effective_listen", None)
    host, port = listening[0] if listening else (server.effective_host, server.effective_port)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
