"""A worker process of the server: granian answers requests from one listening socket.

granian reads requests and sends answers outside Python. An idle or slow connection uses no Python
thread; a request gets one when its headers are complete.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from granian import _granian
from granian.constants import HTTPModes, Loops, RuntimeModes, SSLProtocols, TaskImpl
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import mp

from baocha.application import create_app
from baocha.middleware import with_size_limits
from baocha.mount import (
    EXTENSION,
    MAX_DOWNLOADS,
    MAX_RUNNING,
    MAX_UPLOADS,
    MAX_WAITING,
    WARM_UP_QUERY,
    LiveEngine,
)
from baocha.server.logs import configure_logging, with_access_log
from baocha.server.memory import keep_freed_memory
from baocha.server.sockets import LISTEN_BACKLOG
from baocha.settings import Settings
from baocha_indexer.errors import IndexUnusableError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 2048
"""Connections of one worker; further ones wait until one is closed."""

HEADER_SECONDS = 10
"""Seconds in which a client must send a request, from the end of the previous request."""

THREADS = MAX_RUNNING + MAX_WAITING + MAX_DOWNLOADS + MAX_UPLOADS + 8
"""Threads of one worker. Searches, exports and uploads together can use all but 8; these 8 answer health
checks and static files."""

HEARTBEAT_SECONDS = 2.0
"""Time between two heartbeats to the supervisor."""

_BUFFER_BYTES = 128 * 1024
"""Buffer of one connection, in each direction. It must exceed the limit of `baocha.middleware` for
address and headers."""

_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}
"""Send the messages of granian to the log of the server."""


def run_worker(
    number: int, listener: socket.socket, heartbeats: Connection, settings: Settings
) -> None:
    """Answer requests until SIGTERM, then finish those that are running.

    Sends True on `heartbeats` every few seconds, from when the application is loaded.
    """
    # The process from which this one was forked ignores them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    configure_logging(settings)
    keep_freed_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _notice_signals()

    def load() -> "WSGIApplication":
        application = create_warm_app(settings)
        threading.Thread(target=_send_heartbeats, args=(heartbeats,), daemon=True).start()
        return application

    # The only private name of granian in use. Its public server would start its own workers on its
    # own sockets, and would end if one worker crashes twice in five seconds.
    serve: Callable[..., None] = mp.MPServer._spawn_wsgi_worker  # noqa: SLF001
    serve(
        worker_id=number,
        process_name=None,
        callback_loader=load,
        sock=((None, _granian_socket(listener)), listener),
        ipc=None,
        loop_impl=Loops.asyncio,
        log_enabled=True,
        log_level=LogLevels(settings.log_level),
        log_config=_LOGGING,
        env_files=(),
        runtime_mode=RuntimeModes.mt,
        runtime_threads=1,
        runtime_blocking_threads=1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=30,
        backpressure=CONNECTIONS,
        task_impl=TaskImpl.asyncio,
        http_mode=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=_BUFFER_BYTES
        ),
        http2_settings=None,
        websockets=False,
        static_path=None,
        log_access_fmt=None,
        ssl_ctx=(False, None, None, None, str(SSLProtocols.tls13), None, [], False),
        scope_opts={},
        metrics=(None, None),
    )
    # All responses are sent. A normal exit would finalize Python while threads of granian, which
    # Python does not know, are still ending; they would abort the process.
    logging.shutdown()
    os._exit(0)


def _granian_socket(listener: socket.socket) -> Any:
    """Return a socket in the form that granian needs. Deleting it does not close the socket."""
    arguments: tuple[int | bool, ...] = (listener.fileno(),)
    if sys.platform != "win32":
        arguments += (False,)  # no Unix domain socket
    if sys.platform.startswith(("linux", "freebsd")):
        arguments += (LISTEN_BACKLOG,)
    return _granian.SocketHolder(*arguments)


def create_warm_app(settings: Settings) -> "WSGIApplication":
    """Return the application with its index opened and its templates compiled.

    Starts even if the index cannot be read: requests get 503 until it can be read.
    """
    app = create_app(**{field.name: getattr(settings, field.name) for field in fields(settings)})
    live: LiveEngine = app.extensions[EXTENSION]["baocha"].live
    try:
        live.current()
    except IndexUnusableError as error:
        logging.getLogger(__name__).error(error.message.render("en"))  # noqa: TRY400 — no traceback
    else:
        app.test_client().get("/", query_string={"q": WARM_UP_QUERY})
    return with_size_limits(with_access_log(app, settings))


def _notice_signals() -> None:
    """Interrupt the main thread once a second, so that handlers of signals run.

    The main thread waits in granian for an event, without a time limit. If a signal arrives just
    before the wait begins, its handler runs only when the next signal ends the wait.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)


def _send_heartbeats(heartbeats: Connection) -> None:
    """Report to the supervisor that this process runs, until the supervisor is gone."""
    with suppress(OSError):
        while True:
            heartbeats.send(True)  # noqa: FBT003 — any value will do
            time.sleep(HEARTBEAT_SECONDS)


def _end_with_parent() -> None:
    """Stop this process in the normal way if the supervisor has ended for any reason."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
