"""Groonga with its tokenizer TokenBigram, through its HTTP server.

The texts are folded before they are loaded, so the index needs no normalizer. TokenBigram without a
normalizer makes a token of each pair of neighbouring characters, also inside words and numbers. With
one, it would keep a run of Latin letters or digits as one token, and not find a part of it.

The server caches no results here, because the same queries are asked in each round. It closes the
connection after each response.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.contenders.contender import WITHOUT_NEAR, HttpContender
from benchmarks.kinds import NEAR_DISTANCE, Query
from benchmarks.material import COMPARED_FACETS, Answer, Material
from benchmarks.wire import Client, get, post

LOADED_AT_ONCE = 10_000
"""Number of paragraphs in a request that loads."""

START_SECONDS = 30.0
STOP_SECONDS = 30.0

_TABLE = "Paragraphs"


class Groonga(HttpContender):
    """A database with a table of paragraphs, a table of terms, and a table for each facet."""

    kinds = WITHOUT_NEAR | {"near"}

    @staticmethod
    def missing() -> str | None:
        """Return what must be installed, or None."""
        return None if shutil.which("groonga") else "groonga (Debian: apt-get install groonga)"

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        shown = subprocess.run(["groonga", "--version"], check=True, capture_output=True, text=True)  # noqa: S607 — the one that is measured
        return shown.stdout.split()[1]

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        database = self._folder / "db"
        new = [] if database.exists() else ["-n"]
        # The arguments are constants and paths of the benchmark.
        self._server = subprocess.Popen(
            [
                *("groonga", "--protocol", "http", "--bind-address", "127.0.0.1"),
                *("--port", str(port), "--cache-limit", "0"),
                *("--log-path", str(self._folder / "log"), *new, "-s", str(database)),
            ],
            stdout=subprocess.DEVNULL,
        )
        self.address = f"127.0.0.1:{port}"
        self._client = Client(self.address)
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self._server.poll() is not None:
                self.close()
                raise TimeoutError(self.address)
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self.ask_nothing()
        except OSError:
            return False
        return True

    def build(self, material: Material) -> None:
        """Build the database. An index is faster to make after loading than during it."""
        table = {"flags": "TABLE_HASH_KEY", "key_type": "ShortText"}
        for name in COMPARED_FACETS:
            self._send("table_create", name=name.title(), **table)
        self._send("table_create", name=_TABLE, flags="TABLE_NO_KEY")
        columns = {"text": "Text", "folded": "Text"} | {
            name: name.title() for name in COMPARED_FACETS
        }
        for name, type_ in columns.items():
            self._send("column_create", table=_TABLE, name=name, flags="COLUMN_SCALAR", type=type_)
        for body in _batches(material):
            self._client.exchange(post(f"/d/load?table={_TABLE}", body))
        self._send(
            "table_create",
            name="Terms",
            flags="TABLE_PAT_KEY",
            key_type="ShortText",
            default_tokenizer="TokenBigram",
        )
        sources = {"Terms": "folded", "Department": "department"}
        for table_name, source in sources.items():
            flags = "COLUMN_INDEX" + "|WITH_POSITION" * (table_name == "Terms")
            self._send(
                "column_create",
                table=table_name,
                name="found",
                flags=flags,
                type=_TABLE,
                source=source,
            )
        self._send("io_flush")

    def _send(self, command: str, /, **arguments: str) -> None:
        answer = self._client.json(_command(command, **arguments))
        if answer[0][0]:
            raise RuntimeError(answer)

    def open(self, material: Material) -> None:
        """Do nothing: the server has the database."""

    def ids(self, query: Query) -> list[bytes]:
        """Find count, facets and ids, without texts."""
        return [self._client.exchange(request) for request in _requests(query, "_id")]

    def whole(self, query: Query) -> list[bytes]:
        """Find the same, with texts and snippets."""
        return [self._client.exchange(request) for request in whole_requests(query)]

    def whole_request(self, query: Query) -> bytes:
        """Return the HTTP request for `whole`, for a query without a filter."""
        (request,) = whole_requests(query)
        return request

    def answer(self, found: list[bytes]) -> Answer:
        """Convert a result. A second response has the departments without their filter."""
        first, *more = (json.loads(body)[1] for body in found)
        hits, *counted = first
        facets = {}
        if counted:
            facets = _counts(counted[0])
            for other in more:
                facets |= _counts(other[1])
        return Answer(hits[0][0], facets, [row[0] - 1 for row in hits[2:]])

    def other_memory(self, before: int) -> int:
        """Return the maximum resident memory of the server in bytes."""
        return peak_memory(self._server.pid)

    def ask_nothing(self) -> None:
        """Ask for the status of the server."""
        self._client.exchange(_command("status"))

    def close(self) -> None:
        """Stop the server."""
        self._client.close()
        self._server.terminate()
        self._server.wait(STOP_SECONDS)


def peak_memory(pid: int) -> int:
    """Return the maximum resident memory of a process in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _command(name: str, /, **arguments: str) -> bytes:
    return get(f"/d/{name}?{urlencode(arguments)}")


def _batches(material: Material) -> Iterator[bytes]:
    names = ("text", "folded", *COMPARED_FACETS)
    columns = (
        material.texts,
        material.folded,
        *(material.facets[name] for name in COMPARED_FACETS),
    )
    for at in range(0, len(material.texts), LOADED_AT_ONCE):
        some = (column[at : at + LOADED_AT_ONCE] for column in columns)
        rows = [dict(zip(names, row, strict=True)) for row in zip(*some, strict=True)]
        yield json.dumps(rows, ensure_ascii=False).encode()


def whole_requests(query: Query) -> list[bytes]:
    """Return the requests for count, facets, and hits with texts and snippets."""
    return _requests(query, "_id,text" if query.limit is None else "_id,text,snippet_html(text)")


def _requests(query: Query, columns: str) -> list[bytes]:
    """Return a request and, for a filter by department, one for the counts without the filter."""
    condition = _condition(query)
    chosen = f" && department == {_quoted(query.department)}" if query.department else ""
    limit = -1 if query.limit is None else query.limit
    order = "_id" if query.limit is None else "-_score"
    arguments = {"output_columns": columns, "limit": str(limit), "sort_keys": order}
    facets = () if query.limit is None else COMPARED_FACETS
    requests = [_select(condition + chosen, facets, arguments)]
    if chosen:
        requests.append(_select(condition, ("department",), {"limit": "0"}))
    return requests


def _select(condition: str, facets: tuple[str, ...], arguments: dict[str, str]) -> bytes:
    asked = {"table": _TABLE, "filter": condition, "match_escalation_threshold": "-1"} | arguments
    for name in facets:
        asked[f"drilldowns[{name}].keys"] = name
        asked[f"drilldowns[{name}].output_columns"] = "_key,_nsubrecs"
        asked[f"drilldowns[{name}].limit"] = "-1"
    return _command("select", **asked)


def _condition(query: Query) -> str:
    parts = [f"folded @ {_quoted(phrase)}" for phrase in query.phrases]
    if query.near:
        # It measures from the start of one phrase to the start of the next.
        one, other = query.phrases
        orders = ((one, other), (other, one))
        near = (f"folded *ONP{len(a) + NEAR_DISTANCE} {_quoted(f'{a} {b}')}" for a, b in orders)
        parts = [f"({' || '.join(near)})"]
    if query.alternatives:
        found = " || ".join(f"folded @ {_quoted(phrase)}" for phrase in query.alternatives)
        parts.append(f"({found})")
    excluded = "".join(f" &! folded @ {_quoted(phrase)}" for phrase in query.excluded)
    return " && ".join(parts) + excluded


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _counts(drilldowns: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        name: {key: count for key, count in rows[2:] if key} for name, rows in drilldowns.items()
    }
