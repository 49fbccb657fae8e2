from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from flask import Flask, Response

from baocha.mount.downloads import (
    BLOCK_BYTES,
    GRACE_SECONDS,
    LARGE_BYTES,
    MAX_DOWNLOADS,
    MIN_BYTES_PER_SECOND,
    limit_sending,
    paced,
)
from baocha.mount.gate import BusyError

BLOCKS = [bytes(BLOCK_BYTES)] * 100


def clock_of(seconds: float) -> Iterator[float]:
    """Return times that are so many seconds apart."""
    return (number * seconds for number in count())


def received(seconds: float) -> int:
    """Return how many blocks are sent to a client that takes this time for each."""
    return len(list(paced(BLOCKS, clock_of(seconds).__next__)))


def test_a_client_with_the_minimum_rate_is_never_disconnected() -> None:
    assert received(BLOCK_BYTES / MIN_BYTES_PER_SECOND) == len(BLOCKS)


def test_a_client_with_half_the_minimum_rate_is_disconnected_after_the_grace_period() -> None:
    seconds = 2 * BLOCK_BYTES / MIN_BYTES_PER_SECOND
    assert received(seconds) == 2 * GRACE_SECONDS // seconds + 1


def test_the_number_of_large_answers_sent_at_once_is_limited() -> None:
    app = Flask(__name__)
    with app.test_request_context():
        small = Response(bytes(LARGE_BYTES - 1))
        assert limit_sending(small) is small
    sent: list[Response] = []
    # Answers of other tests that were not read to the end may take some of the places.
    with suppress(BusyError):
        for _ in range(MAX_DOWNLOADS + 1):
            with app.test_request_context():
                sent.append(limit_sending(Response(bytes(LARGE_BYTES))))
    assert 0 < len(sent) <= MAX_DOWNLOADS
    with app.test_request_context():
        assert limit_sending(Response(bytes(LARGE_BYTES - 1))).status_code == 200
    with app.test_request_context(method="HEAD"):
        assert limit_sending(Response(bytes(LARGE_BYTES))).status_code == 200
    assert sent[0].get_data() == bytes(LARGE_BYTES)
    for response in sent:
        response.close()
    with app.test_request_context():
        limit_sending(Response(bytes(LARGE_BYTES))).close()
