"""Leases: which writer may write what. A lease expires unless its holder renews it.

All leases of an index are in one document, so that taking one is a single conditional write.
"""

import os
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from baocha.search.opensearch import faults, mapping
from baocha.search.opensearch.connection import Body, Connection, Versioned

LEASES_ID = "leases"
LEASE_SECONDS = 60.0
"""How long a lease is valid after it was taken or renewed."""

RENEWALS = 4
"""Number of renewals in `LEASE_SECONDS`. The clocks of two machines may differ by less than
`LEASE_SECONDS * (1 - 1 / RENEWALS)`, which is 45 s; the documentation asks for half a minute."""

EVERYTHING = "*"
"""The key of the lease to replace the whole index. It excludes all others."""

COMMIT = "commit"
"""The key of the lease to commit. Writers of different folders take turns."""

Leases = dict[str, list[Any]]
"""For each key, the holder (host, process, a random part) and the time when the lease expires, in seconds
since 1970."""


class Lease:
    """Leases with these keys. A thread renews them until `release_all`."""

    def __init__(self, connection: Connection, keys: Sequence[str]) -> None:
        """Take the leases. Raises ClusterError, which names the holder, if another one has any."""
        self._connection, self._keys = connection, list(keys)
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{os.urandom(3).hex()}"
        self._valid_until = 0.0
        self._is_taken = False
        self._stopped = threading.Event()
        self._lock = threading.Lock()  # for all that the thread reads too
        self._take()
        self._thread = threading.Thread(target=self._renew, name="baocha lease", daemon=True)
        self._thread.start()

    def add(self, key: str, patience: float) -> None:
        """Take one more lease; wait for `patience` seconds for another holder to release it."""
        end = time.monotonic() + patience
        while True:
            try:
                self._take(key)
            except faults.LockedError:
                if time.monotonic() >= end:
                    raise
                time.sleep(0.2)
            else:
                return

    def release(self, key: str) -> None:
        """Release one lease."""
        with self._lock:
            self._keys.remove(key)
            self._release(key)

    def move(self, connection: Connection) -> None:
        """Take the leases in another index, which replaces the one they were in."""
        with self._lock:
            self._connection, self._is_taken = connection, False
        self._take()

    def check(self) -> None:
        """Raise ClusterError if the leases are no longer valid, because they could not be renewed."""
        if time.monotonic() >= self._valid_until:
            raise faults.lost_lease(self._connection.address)

    def release_all(self) -> None:
        """Release all leases. If that fails, they expire."""
        self._stopped.set()
        self._thread.join()
        try:
            with self._lock:
                self._release(*self._keys)
        except faults.ClusterError:
            return

    def _renew(self) -> None:
        while not self._stopped.wait(LEASE_SECONDS / RENEWALS):
            try:
                self._take()
            except faults.ClusterError:
                continue  # tried again; the writer checks whether the leases are valid

    def _take(self, *more: str) -> None:
        """Take or renew the leases, and take more."""

        def take(leases: Leases) -> None:
            now = time.time()
            for key in self._keys if self._is_taken else ():
                # A lease that was lost is not taken again, even if it is free: another writer may
                # have changed the index meanwhile.
                if key not in leases or leases[key][0] != self._holder:
                    self._valid_until = 0.0
                    raise faults.lost_lease(self._connection.address)
            for key in wanted:
                for other, (holder, until) in leases.items():
                    excludes = other == key or (
                        EVERYTHING in (other, key) and COMMIT not in (other, key)
                    )
                    if excludes and holder != self._holder and until > now:
                        host, process, _ = holder.rsplit("/", 2)
                        expiry = datetime.fromtimestamp(until).astimezone().strftime("%H:%M:%S")
                        raise faults.locked(self._connection.address, host, process, expiry)
            leases.update({key: [self._holder, now + LEASE_SECONDS] for key in wanted})

        with self._lock:
            wanted = [*self._keys, *more]
            started = time.monotonic()
            self._change(take)
            self._keys, self._is_taken = wanted, True
            self._valid_until = started + LEASE_SECONDS

    def _release(self, *keys: str) -> None:
        """Release leases, unless they expired and another writer has them now."""

        def release(leases: Leases) -> None:
            for key in keys:
                if key in leases and leases[key][0] == self._holder:
                    del leases[key]

        self._change(release)

    def _change(self, change: Any) -> None:
        """Change the document of the leases; again if another writer changed it at the same time."""
        for _ in range(100):
            found = self._connection.get(LEASES_ID)
            leases = _leases(found)
            change(leases)
            now = time.time()
            kept = {key: lease for key, lease in leases.items() if lease[1] > now}
            fields: Body = {mapping.TYPE: mapping.LEASE, mapping.CONTENT: {"leases": kept}}
            try:
                self._connection.put(LEASES_ID, fields, found)
            except faults.ConflictError:
                time.sleep(0.01 + 0.05 * int.from_bytes(os.urandom(1)) / 255)
                continue
            return
        raise faults.failed(
            self._connection.address, "写入权争用过多", "too many conflicts about leases"
        )


def _leases(found: Versioned | None) -> Leases:
    """Return the leases in their document. What no writer can have written is left out."""
    content = found.fields.get(mapping.CONTENT) if found else None
    leases = content.get("leases") if isinstance(content, Mapping) else None
    latest = time.time() + 2 * LEASE_SECONDS
    return {
        key: [holder, until]
        for key, lease in (leases.items() if isinstance(leases, Mapping) else ())
        if isinstance(lease, list) and len(lease) == 2
        for holder, until in [lease]
        if isinstance(holder, str) and holder.count("/") >= 2
        if isinstance(until, int | float) and until < latest
    }
