"""Limit the sending of large responses, so that slow clients cannot block the server.

Sending a response occupies a thread of this process until the client has received it. So the
number of large responses sent at the same time is limited, and the connection of a client that
receives too slowly is closed.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore

from flask import Response, g, request

from baocha.mount.gate import BusyError

MAX_DOWNLOADS = 32
"""Maximum number of large responses made or sent at the same time in this process."""

MAX_UPLOADS = 8
"""Maximum number of bodies received at the same time in this process."""

LARGE_BYTES = 256 * 1024
"""Minimum size of a large response. A page of results has about 100 KB."""

BLOCK_BYTES = 64 * 1024

GRACE_SECONDS = 30.0
MIN_BYTES_PER_SECOND = 32 * 1024
"""Minimum average rate of a client after the grace period. A slower client is disconnected."""

_DOWNLOADS = BoundedSemaphore(MAX_DOWNLOADS)
_LOG = logging.getLogger(__name__)


def reserve_place() -> None:
    """Reserve a place for the response of this request. Raises BusyError if none is free.

    It is released when the response is sent, or by `release_place` if none is sent.
    """
    if "baocha_download" not in g:
        if not _DOWNLOADS.acquire(blocking=False):
            raise BusyError
        g.baocha_download = _DOWNLOADS.release


def release_place(_error: BaseException | None = None) -> None:
    """Release the place of this request, unless its response will release it."""
    release: Callable[[], None] | None = g.pop("baocha_download", None)
    if release is not None:
        release()


def limit_sending(response: Response) -> Response:
    """Return the response. A large one is sent in blocks, within the limits above.

    Raises BusyError if too many large responses are being sent.
    """
    size = response.content_length
    if request.method == "HEAD" or size is None or size < LARGE_BYTES:
        return response
    reserve_place()
    body = response.response
    response.direct_passthrough = False  # otherwise closing the response calls no function
    response.response = paced(_blocks(body))
    response.call_on_close(g.pop("baocha_download"))
    if hasattr(body, "close"):
        response.call_on_close(body.close)
    return response


def _blocks(body: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    for part in body:
        content = part.encode() if isinstance(part, str) else part
        for start in range(0, len(content), BLOCK_BYTES):
            yield content[start : start + BLOCK_BYTES]


def paced(blocks: Iterable[bytes], clock: Callable[[], float] = time.monotonic) -> Iterator[bytes]:
    """Yield the blocks until the client is too slow.

    After `GRACE_SECONDS` it must have received `MIN_BYTES_PER_SECOND` on average. `clock` returns
    seconds.
    """
    started, sent = clock(), 0
    for block in blocks:
        yield block
        sent += len(block)
        if clock() - started > GRACE_SECONDS + sent / MIN_BYTES_PER_SECOND:
            _LOG.warning("a client was too slow; its answer was cut off after %d bytes", sent)
            return
