"""Store the records of users: baskets and their items, saved searches, visits, settings.

The records are in a SQLite file beside the index folder, not inside it: a user who rebuilds an index
may delete its folder, and a record must survive that. Several worker processes and threads use the
file at the same time. In the mode WAL (sqlite.org/wal.html) readers do not wait for a writer, and
`synchronous=FULL` writes each change to the disk before it is answered.

Each change gives a record a new version. A client sends the version that it changed, so that two
tabs do not overwrite each other. A version is never used again, even if its record was deleted.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baocha.basket.parse import cleaned
from baocha.search import compact_json
from baocha_indexer.errors import BaochaError

SUFFIX = ".records.sqlite"
"""Added to the name of the index folder."""

_BUSY_SECONDS = 10.0
"""Maximum time that a change waits for the change of another process."""

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum number of records of one kind that a user may have, and the size of each in bytes.

    `is_shared`: all users share them, and no user may change them directly.
    """

    records: int
    size: int
    is_shared: bool = False


KINDS = {
    "basket": Limits(200, 16 * _KIB),
    "item": Limits(20_000, 224 * _KIB),
    "saved": Limits(500, 224 * _KIB),
    "visit": Limits(2_000, 80 * _KIB),
    "setting": Limits(100, 64 * _KIB),
    "decision": Limits(100_000, 8 * _KIB, is_shared=True),
}
"""The kinds of records. An item has a paragraph of up to 20,000 characters, of 3 bytes each; a search
has an address of up to 64 KB. A decision is about a finding."""

MAX_BYTES_OF_USER = 128 * _KIB * _KIB
"""Maximum size of all records of a user, in bytes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS records (
    user TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL, size INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (user, kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (last INTEGER NOT NULL);
INSERT INTO versions SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM versions);
PRAGMA user_version = 1;
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a user. `value` is a JSON object."""

    key: str
    value: dict[str, Any]
    version: int

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {"key": self.key, "value": self.value, "version": self.version}


class RecordConflictError(Exception):
    """The record has another version. `record` is the current one; None if it was deleted."""

    def __init__(self, record: Record | None) -> None:
        """Create the error with the current record."""
        super().__init__()
        self.record = record


class TooManyRecordsError(BaochaError):
    """The user has as many records as allowed, or a record is too large. Nothing was changed."""


class StoreError(BaochaError):
    """The file cannot be read or written. Nothing was changed. `__cause__` is the error for the log."""


class RecordStore:
    """The records of all users. Safe to share between threads and processes."""

    def __init__(self, index: Path) -> None:
        """Use the file beside an index folder. It is created by the first change."""
        self._path = index.with_name(index.name + SUFFIX)

    def list(self, user: str, kind: str, prefix: str = "") -> list[Record]:
        """Return the records of a kind whose keys begin with `prefix`, ordered by key."""
        if not self._exists():
            return []
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT key, value, version FROM records WHERE user = ? AND kind = ? "
                "AND substr(key, 1, ?) = ? ORDER BY key",
                (user, kind, len(prefix), prefix),
            )
            return [Record(key, json.loads(value), version) for key, value, version in rows]

    def put(self, user: str, kind: str, key: str, value: Any, version: int | None) -> int:
        """Store a record and return its new version. Its texts are cleaned.

        `version` is the version that is replaced, None for a new record. Raises BasketError for
        too much markup, RecordConflictError, TooManyRecordsError, StoreError.
        """
        text = compact_json(cleaned(value))
        size = len(text.encode())
        limits = KINDS[kind]
        if size > limits.size:
            raise TooManyRecordsError(
                zh=f"内容超过 {limits.size // _KIB} KB，未保存",
                en=f"the content is over {limits.size // _KIB} KB and was not saved",
            )
        with self._connection() as connection, _writing(connection):
            before = _find(connection, user, kind, key)
            if (before and before.version) != version:
                raise RecordConflictError(before)
            _check_room(connection, user, kind, key, size)
            connection.execute("UPDATE versions SET last = last + 1")
            (new,) = connection.execute("SELECT last FROM versions").fetchone()
            connection.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?)",
                (user, kind, key, new, size, text),
            )
            return int(new)

    def delete(self, user: str, kind: str, key: str) -> None:
        """Delete a record if it exists. The items of a basket are deleted with it."""
        if not self._exists():
            return
        with self._connection() as connection, _writing(connection):
            connection.execute(
                "DELETE FROM records WHERE user = ? AND kind = ? AND key = ?", (user, kind, key)
            )
            if kind == "basket":
                items = f"{key}~"
                connection.execute(
                    "DELETE FROM records WHERE user = ? AND kind = 'item' AND substr(key, 1, ?) = ?",
                    (user, len(items), items),
                )

    def _exists(self) -> bool:
        """Return whether the file exists. Raises StoreError if its folder cannot be read."""
        with _store_errors():  # `Path.exists` returns False then, since Python 3.14
            try:
                self._path.stat()
            except FileNotFoundError:
                return False
            return True

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one call. Raises StoreError. To open it takes less than a millisecond."""
        with _store_errors():
            if not self._exists():  # other users of the machine must not read it
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            # Transactions are begun explicitly, so that a change locks before it reads.
            with closing(
                sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                if connection.execute("PRAGMA user_version").fetchone() == (0,):
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}COMMIT;")
                yield connection


@contextmanager
def _store_errors() -> Iterator[None]:
    """Raise StoreError for every error of the file, also where a damaged value is no JSON."""
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        raise StoreError(
            zh="服务器的记录文件无法读写（磁盘可能已满或只读，或文件已损坏），未保存；请联系管理员",
            en="the file of records on the server cannot be read or written, perhaps because the "
            "disk is full or read-only, or the file is damaged: nothing was saved; ask the "
            "administrator",
        ) from error


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a change as one transaction. If it fails, nothing is changed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        # SQLite itself rolls back after some errors, for example if the disk is full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _find(connection: sqlite3.Connection, user: str, kind: str, key: str) -> Record | None:
    row = connection.execute(
        "SELECT value, version FROM records WHERE user = ? AND kind = ? AND key = ?",
        (user, kind, key),
    ).fetchone()
    return Record(key, json.loads(row[0]), row[1]) if row else None


def _check_room(connection: sqlite3.Connection, user: str, kind: str, key: str, size: int) -> None:
    """Raise TooManyRecordsError if the user may not have one more record of this size."""
    others, used = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = ?), total(size) FROM records "
        "WHERE user = ? AND NOT (kind = ? AND key = ?)",
        (kind, user, kind, key),
    ).fetchone()
    if others >= KINDS[kind].records:
        raise TooManyRecordsError(
            zh=f"已有 {KINDS[kind].records:,} 条，达到上限，未保存；请先删除不用的",
            en=f"you have {KINDS[kind].records:,} records of this kind, which is the limit; "
            "nothing was saved: delete some first",
        )
    if used + size > MAX_BYTES_OF_USER:
        raise TooManyRecordsError(
            zh=f"已用 {MAX_BYTES_OF_USER // _KIB**2} MB，达到上限，未保存；请先删除不用的",
            en=f"you have used {MAX_BYTES_OF_USER // _KIB**2} MB, which is the limit; "
            "nothing was saved: delete some records first",
        )
