"""Write the logs of the server to stderr: its own log and, if enabled, one line for each request.

The line of a request never contains a header. It contains the query string only if the setting
`log-queries` is on.
"""

import json
import logging
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.wsgi import ClosingIterator

from baocha.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ACCESS = logging.getLogger("baocha.access")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(settings: Settings) -> None:
    """Write log messages of the configured level and above to stderr."""
    logging.basicConfig(
        level=settings.log_level.upper(), stream=sys.stderr, format=_FORMAT, force=True
    )
    if settings.access_log != "off" and not _ACCESS.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        _ACCESS.addHandler(handler)
        _ACCESS.setLevel(logging.INFO)
        _ACCESS.propagate = False


def with_access_log(application: "WSGIApplication", settings: Settings) -> "WSGIApplication":
    """Return a wrapper that writes a line to the access log when a response is sent or aborted."""
    if settings.access_log == "off":
        return application

    def logged(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = time.perf_counter()
        status = 500

        def start(line: str, *rest: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, *rest)

        def finish() -> None:
            seconds = time.perf_counter() - started
            _ACCESS.info("%s", access_line(environ, status, seconds, settings))

        try:
            body = application(environ, start)
        except BaseException:
            finish()
            raise
        return ClosingIterator(body, finish)

    return logged


def access_line(environ: "WSGIEnvironment", status: int, seconds: float, settings: Settings) -> str:
    """Return the line of the access log for a request that took so many seconds."""
    # Percent-encode the path again: it may contain line breaks.
    path = quote(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], encoding="latin-1")
    if settings.log_queries and environ.get("QUERY_STRING"):
        path += "?" + quote(environ["QUERY_STRING"], safe="%/?&=+:;,", encoding="latin-1")
    values = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "remote": environ.get("REMOTE_ADDR", ""),
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    if settings.access_log == "json":
        return json.dumps(values, ensure_ascii=False)
    return "{time} {remote} {method} {path} {status} {ms} ms".format(**values)
