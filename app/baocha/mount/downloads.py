"""Send large answers without letting slow clients take the server from others.

An answer that is sent takes a thread of this process until its client has received it. So the
number of large answers that are sent at the same time is limited, and a client that receives
too slowly is cut off.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore

from flask import Response, g, request

from baocha.mount.gate import BusyError

MAX_DOWNLOADS = 32
"""Number of large answers that are made or sent at the same time in this process."""

LARGE_BYTES = 256 * 1024
"""Size of an answer from which on it is sent as a large one. A page of results has some 100 KB."""

BLOCK_BYTES = 64 * 1024

GRACE_SECONDS = 30.0
LEAST_BYTES_PER_SECOND = 32 * 1024
"""A client is cut off that, after the grace, has received less than this rate on average."""

_DOWNLOADS = BoundedSemaphore(MAX_DOWNLOADS)
_LOG = logging.getLogger(__name__)


def reserve_place() -> None:
    """Take a place for the answer of this request; raises BusyError if none is free.

    It is released when the answer is sent, or by `release_place` if there is none to send.
    """
    if "baocha_download" not in g:
        if not _DOWNLOADS.acquire(blocking=False):
            raise BusyError
        g.baocha_download = _DOWNLOADS.release


def release_place(_error: BaseException | None = None) -> None:
    """Release the place of this request if no answer has taken it over."""
    release: Callable[[], None] | None = g.pop("baocha_download", None)
    if release is not None:
        release()


def limit_sending(response: Response) -> Response:
    """Return the response; a large one is sent in blocks, within the limits above.

    Raises BusyError if too many large ones are being sent.
    """
    size = response.content_length
    if request.method == "HEAD" or size is None or size < LARGE_BYTES:
        return response
    reserve_place()
    body = response.response
    response.direct_passthrough = False  # otherwise closing the response calls nothing
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
    """Yield the blocks as a client takes them, until it is too slow. `clock` gives seconds."""
    started, sent = clock(), 0
    for block in blocks:
        yield block
        sent += len(block)
        if clock() - started > GRACE_SECONDS + sent / LEAST_BYTES_PER_SECOND:
            _LOG.warning("a client was too slow; its answer was cut off after %d bytes", sent)
            return
