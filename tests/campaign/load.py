"""Search while the index changes, and check that each count is the count of a valid state."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

from tests.campaign.histories import PHRASES, History
from tests.campaign.outcome import Outcome
from tests.indexer.store.reports import parsed_texts
from tests.serving import BAOCHA, serving

CLIENTS = 4

Counts = dict[str, int]
"""How many paragraphs contain each phrase."""


class States:
    """The states that the index may have now: the last committed one, and the one being written."""

    def __init__(self, first: Counts) -> None:
        """Start with a committed state."""
        self._lock = threading.Lock()
        self._possible = [first]

    def write(self, state: Counts) -> None:
        """Add a state that is about to be committed."""
        with self._lock:
            self._possible.append(state)

    def commit(self) -> None:
        """Remove the older state: the newer one is committed."""
        with self._lock:
            del self._possible[:-1]

    def possible(self, phrase: str) -> set[int]:
        """Return the counts that a phrase may have now."""
        with self._lock:
            return {state[phrase] for state in self._possible}


def load(folder: Path, minutes: float, seed: int) -> Outcome:
    """Search and index for `minutes`, or until the first error."""
    outcome = Outcome()
    if not minutes:
        return outcome
    history = History(folder, Random(seed))
    history.change()
    _index(history)
    history.check()
    states = States(_counts(history))
    ended = threading.Event()
    times: list[float] = []
    with serving(history.index) as address, _clients(address, states, ended, outcome, times):
        deadline = time.monotonic() + 60 * minutes
        while time.monotonic() < deadline and not outcome.wrong:
            history.change()
            states.write(_counts(history))
            _index(history)
            if wrong := history.check():
                outcome.wrong.append(wrong)
            states.commit()
            outcome.count("runs of indexing")
        ended.set()
    times.sort()
    outcome.trials = len(times)
    if times:
        outcome.counts["ms p50"] = round(times[len(times) // 2] * 1000)
        outcome.counts["ms p99"] = round(times[len(times) * 99 // 100] * 1000)
    return outcome


def _index(history: History) -> None:
    subprocess.run(
        [BAOCHA, "index", history.reports, "--index", history.index],
        check=True,
        capture_output=True,
    )


def _counts(history: History) -> Counts:
    texts = [text for texts in parsed_texts(history.files).values() for text in texts]
    return {phrase: sum(phrase in text for text in texts) for phrase in PHRASES}


@contextmanager
def _clients(
    address: str, states: States, ended: threading.Event, outcome: Outcome, times: list[float]
) -> Iterator[None]:
    """Search in threads until `ended` is set. Add errors to `outcome`, seconds to `times`."""

    def ask(seed: int) -> None:
        random = Random(seed)
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        while not ended.is_set():
            phrase = random.choice(PHRASES)
            possible = states.possible(phrase)
            started = time.monotonic()
            try:
                connection.request("GET", f"/api/v1/search?limit=5&q={quote(f'“{phrase}”')}")
                with connection.getresponse() as response:
                    content = response.read()
            except (OSError, HTTPException) as error:
                outcome.wrong.append(f"{phrase}: {error!r}")
                return
            times.append(time.monotonic() - started)
            total = json.loads(content).get("total")
            # The index may have changed during the request, so counts that are valid now are too.
            if response.status != 200 or total not in possible | states.possible(phrase):
                outcome.wrong.append(f"{phrase}: status {response.status}, {total} paragraphs")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
