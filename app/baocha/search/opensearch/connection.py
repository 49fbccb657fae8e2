"""Requests to a cluster. An answer that is incomplete, or could be, raises an error.

Only this module uses the client library.
"""

import json
import logging
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    ConnectionError as RefusedConnectionError,
)
from opensearchpy.exceptions import (
    ConnectionTimeout,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)

from baocha.search.address import Address, Credentials
from baocha.search.opensearch import faults, mapping
from baocha.search.results import ClusterHealth

SEARCH_SECONDS = 10
"""A search that takes longer is stopped and has no answer."""

REQUEST_SECONDS = 12
"""Time limit of a request to one node. Then another node is asked."""

BULK_SECONDS = 120
RETRIES = 3
MAX_REASON = 600
"""Maximum length, in characters, of the cluster's error text in a message."""

TOO_BUSY = 429
"""HTTP status of a request, or of one document in it, that is rejected because the cluster is too busy."""

PAGE = 5_000
"""Number of documents in a page when many are read."""

KEEP_ALIVE = "5m"
"""How long the cluster keeps a point in time after the last request."""

REPLICA_SECONDS = 600
"""How long a commit waits for the replicas, in seconds."""

REPLICA_START_SECONDS = 5
"""How long a commit waits for the first replica to start, in seconds."""

# The client library logs each answer that is no success. Those that matter are raised as errors.
logging.getLogger("opensearch").setLevel(logging.ERROR)

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Versioned:
    """A document with its index, sequence number and primary term, which a conditional write needs."""

    fields: Mapping[str, Any]
    sequence: int
    primary_term: int
    index: str


class Connection:
    """A connection to one index of a cluster. Safe to share between threads."""

    def __init__(self, address: Address, credentials: Credentials) -> None:
        """Prepare to connect. Nothing is sent."""
        self.address = address
        self.index = address.index
        self._login = "API key" if credentials.api_key else credentials.user
        if credentials.ca_file and address.is_encrypted:
            _check_ca_file(credentials.ca_file)
        try:
            self._client = OpenSearch(
                hosts=[{"host": name.strip("[]"), "port": port} for name, port in address.hosts],
                use_ssl=address.is_encrypted,
                verify_certs=True,
                ca_certs=credentials.ca_file or None,
                headers=_authorization(credentials),
                timeout=REQUEST_SECONDS,
                max_retries=RETRIES,
                retry_on_timeout=True,
                maxsize=16,
            )
        except (OSError, ImproperlyConfigured) as error:
            raise faults.untrusted(address, str(error)) from error

    def on(self, index: str) -> "Connection":
        """Return the same connection for another index than that of the address."""
        other = copy(self)
        other.index = index
        return other

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Convert the errors of the client library into ClusterError and QueryTooCostlyError."""
        address = self.address
        try:
            yield
        except SSLError as error:
            raise faults.untrusted(address, _cause(error)) from error
        except ConnectionTimeout as error:
            raise faults.timed_out(address) from error
        except RefusedConnectionError as error:
            raise faults.unreachable(address, _cause(error), _cause(error)) from error
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                raise faults.missing(address) from error
            raise faults.failed(address, _reason(error), _reason(error)) from error
        except TransportError as error:
            # A server that is not OpenSearch may send anything, which the library cannot always show.
            raise self._from_status(error) from (error if _is_plain(error.info) else None)
        except OpenSearchException as error:
            raise faults.failed(address, str(error), str(error)) from error

    def _from_status(self, error: TransportError) -> Exception:
        address, status, reason = self.address, error.status_code, _reason(error)
        if error.error in ("cluster_block_exception", "index_closed_exception"):
            return faults.blocked(address, reason)
        if status in (401, 403):
            return faults.refused(address, status, reason, self._login)
        if status == 409 or error.error == "resource_already_exists_exception":
            return faults.conflict(address, reason)
        if "too_many" in reason or "maxClauseCount" in reason:
            return faults.too_many_parts(reason)
        if status == 503 or error.error == "search_phase_execution_exception":
            return faults.incomplete(address, reason, reason)
        return faults.failed(address, reason, reason)

    def check_server(self) -> None:
        """Raise ClusterError unless the server is OpenSearch 2.4 or later."""
        try:
            with self._explained():
                found = self._client.info()
        # What the client library raises for answers that no OpenSearch gives.
        except (AttributeError, KeyError, RecursionError, TypeError) as error:
            raise faults.not_opensearch(self.address, "") from error
        version = _mapping(_mapping(found).get("version"))
        name, number = version.get("distribution", "elasticsearch"), str(version.get("number", ""))
        parts = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", number)
        if name != "opensearch" or not parts or (int(parts[1]), int(parts[2])) < (2, 4):
            shown = f"{name} {number}" if number else ""
            raise faults.not_opensearch(self.address, shown[:MAX_REASON])

    def search(self, body: Body) -> Body:
        """Return the answer to a search.

        Raises QueryTooCostlyError if the time limit is reached, and ClusterError if a shard did not
        answer.
        """
        with self._explained():
            found = self._client.search(
                index=None if "pit" in body else self.index,
                body=_limited(body),
                params={"allow_partial_search_results": "false"},
            )
        return self._complete(found)

    def searches(self, bodies: Sequence[Body]) -> list[Body]:
        """Return the answers to several searches, sent in one request. Raises as `search`."""
        if len(bodies) == 1:
            return [self.search(bodies[0])]
        header = {"index": self.index, "allow_partial_search_results": False}
        lines = [line for body in bodies for line in (header, _limited(body))]
        with self._explained():
            answers = self._client.msearch(body=lines)["responses"]
        return [self._complete(answer) for answer in answers]

    def _complete(self, answer: Body) -> Body:
        """Return an answer. Raises as `search`."""
        if "error" in answer:
            error = answer["error"]
            raise self._from_status(
                TransportError(answer.get("status", 500), error["type"], answer)
            )
        shards = answer["_shards"]
        if answer["timed_out"]:
            raise faults.too_slow(SEARCH_SECONDS)
        if shards["failed"] or shards["successful"] != shards["total"]:
            shown = f"{shards['successful']}/{shards['total']}"
            raise faults.incomplete(self.address, shown, shown)
        return answer

    def pages(
        self,
        body: Body,
        size: int = PAGE,
        *,
        after: Sequence[Any] | None = None,
        limit: int | None = None,
    ) -> Iterator[list[Body]]:
        """Yield all hits of a search in pages, or the first `limit` of them, as the index is now.

        `body` has an order that is total. If the node that keeps the point in time is lost, the
        search continues with a new one; the filter by generation keeps the answer the same.
        """
        point = self._open_point()
        left = limit
        try:
            while left is None or left > 0:
                size = size if left is None else min(size, left)
                asked = body | {"size": size, "track_total_hits": False}
                if after is not None:
                    asked["search_after"] = after
                try:
                    answer = self.search(asked | {"pit": {"id": point, "keep_alive": KEEP_ALIVE}})
                except faults.ClusterError:
                    point = self._open_point()
                    answer = self.search(asked | {"pit": {"id": point, "keep_alive": KEEP_ALIVE}})
                hits = answer["hits"]["hits"]
                point = answer.get("pit_id", point)
                if hits:
                    yield hits
                if len(hits) < size:
                    return
                after = hits[-1]["sort"]
                left = None if left is None else left - len(hits)
        finally:
            self._close_point(point)

    def _open_point(self) -> str:
        with self._explained():
            answer = self._client.create_pit(
                index=self.index,
                params={"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"},
            )
        return str(answer["pit_id"])

    def _close_point(self, point: str) -> None:
        try:
            self._client.delete_pit(body={"pit_id": [point]})
        except OpenSearchException:
            return  # it expires

    def get(self, identity: str) -> Versioned | None:
        """Return a document as it was last written, or None. Raises ClusterError."""
        with self._explained():
            try:
                found = self._client.get(index=self.index, id=identity)
            except NotFoundError as error:
                if error.error == "index_not_found_exception":
                    raise
                return None
        return Versioned(
            found["_source"], found["_seq_no"], found["_primary_term"], found["_index"]
        )

    def put(self, identity: str, fields: Body, before: Versioned | None) -> Versioned:
        """Write a document if it is still as in `before`, or does not exist.

        Raises ConflictError if it was changed since.
        """
        condition: dict[str, Any] = {"op_type": "create"}
        if before is not None:
            condition = {"if_seq_no": before.sequence, "if_primary_term": before.primary_term}
        with self._explained():
            found = self._client.index(
                index=mapping.writing_alias(self.index),
                id=identity,
                body=fields,
                params=condition | {"require_alias": "true"},
            )
        return Versioned(fields, found["_seq_no"], found["_primary_term"], found["_index"])

    def bulk(self, lines: bytes) -> list[Body] | None:
        """Send a bulk request; return its items, each with its status.

        Return None if the cluster was too busy for the whole request.
        """
        with self._explained():
            try:
                answer = self._client.bulk(
                    index=mapping.writing_alias(self.index),
                    body=lines,
                    params={"timeout": BULK_SECONDS, "require_alias": "true"},
                )
            except TransportError as error:
                if error.status_code == TOO_BUSY:
                    return None
                raise
            return cast("list[Body]", answer["items"])

    def delete_by_query(self, query: Body) -> None:
        """Delete the documents that match when the request starts.

        A document that another request changes meanwhile is skipped.
        """
        with self._explained():
            answer = self._client.delete_by_query(
                index=self.index,
                body={"query": query},
                params={"conflicts": "proceed", "refresh": "true", "timeout": BULK_SECONDS},
            )
        if answer["failures"] or answer["timed_out"]:
            if not answer["failures"]:
                raise faults.failed(self.address, "删除文档超时", "deleting documents timed out")
            cause = str(answer["failures"][0].get("cause", {}).get("reason", ""))[:MAX_REASON]
            raise faults.failed(self.address, cause, cause)

    def refresh(self) -> None:
        """Make all writes visible on every copy of every shard. Raises ClusterError if one failed."""
        with self._explained():
            shards = self._client.indices.refresh(
                index=self.index, params={"timeout": BULK_SECONDS}
            )["_shards"]
        if shards["failed"]:
            about = json.dumps(shards)[:MAX_REASON]
            raise faults.incomplete(self.address, f"刷新：{about}", f"refresh: {about}")

    def indices(self, pattern: str) -> dict[str, Body]:
        """Return the indices that match a name or pattern, with aliases, mappings and settings."""
        with self._explained():
            try:
                return cast("dict[str, Body]", self._client.indices.get(index=pattern))
            except NotFoundError:
                return {}

    def create(self, body: Body) -> None:
        """Create the index. Raises ConflictError if it exists."""
        with self._explained():
            self._client.indices.create(index=self.index, body=body)

    def add_replicas(self) -> None:
        """Add a replica of each shard on another node, if there is one; wait until they are complete.

        If a replica cannot be made now, because a disk is full, the cluster makes it later: see `health`.
        """
        with self._explained():
            self._client.indices.put_settings(index=self.index, body=mapping.REPLICATED)
            started = time.monotonic()
            while (waited := time.monotonic() - started) < REPLICA_SECONDS:
                found = self._client.cluster.health(index=self.index)
                is_copying = found["initializing_shards"] or waited < REPLICA_START_SECONDS
                if found["status"] == "green" or not is_copying:
                    return
                time.sleep(0.2)

    def delete_index(self) -> None:
        """Delete the index, if another writer has not just deleted it."""
        with self._explained():
            self._client.indices.delete(index=self.index, params={"ignore_unavailable": "true"})

    def move_alias(self, old: str, new: str, *, deleted: str = "") -> None:
        """Atomically move the alias of the address from `old` to `new`, and delete the index `deleted`.

        Raises ConflictError, and changes nothing, if the alias is not on `old` or an index is missing.
        """
        alias = self.address.index
        actions: list[Body] = [
            {"remove": {"index": old, "alias": alias, "must_exist": True}},
            {"add": {"index": new, "alias": alias}},
        ]
        if deleted:
            actions.append({"remove_index": {"index": deleted}})
        with self._explained():
            try:
                self._client.indices.update_aliases(body={"actions": actions})
            except NotFoundError as error:
                raise faults.conflict(self.address, _reason(error)) from error

    def health(self) -> ClusterHealth:
        """Return the health of the index. Raises ClusterError if a primary shard is missing."""
        with self._explained():
            found = self._client.cluster.health(index=self.index)
        missing = found["unassigned_shards"] + found["initializing_shards"]
        if found["status"] == "red":
            raise faults.incomplete(
                self.address,
                f"有主分片不可用，共缺少 {missing} 个分片",
                f"a primary shard is missing, {missing} shards in all",
            )
        nodes, shards = found["number_of_nodes"], found["active_shards"]
        return ClusterHealth(found["status"], nodes, shards, missing)

    def wait_for_primaries(self) -> None:
        """Wait until all primary shards are started: another writer may have just created the index."""
        end = time.monotonic() + SEARCH_SECONDS
        with self._explained():
            while self._client.cluster.health(index=self.index)["status"] == "red":
                if time.monotonic() > end:
                    return  # the next request names what is missing
                time.sleep(0.1)

    def data_nodes(self) -> int:
        """Return the number of nodes that store documents."""
        with self._explained():
            return int(self._client.cluster.health()["number_of_data_nodes"])

    def size_bytes(self) -> int:
        """Return the size of the index on all disks, without replicas, in bytes."""
        with self._explained():
            stats = self._client.indices.stats(index=self.index, metric="store")
        return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])


def _authorization(credentials: Credentials) -> dict[str, str]:
    """Return the header that logs in. Raises ClusterError for an API key that cannot be sent."""
    key = credentials.api_key.strip()
    if credentials.user and (key or not credentials.password):
        raise faults.contradictory_login(credentials.user)
    if key:
        if not key.isascii() or not key.isprintable() or " " in key:
            raise faults.bad_api_key()
        return {"Authorization": f"ApiKey {key}"}
    if credentials.user:
        # The client library encodes both as Latin-1, which cannot encode every password.
        login = f"{credentials.user}:{credentials.password}".encode("utf-8", "surrogateescape")
        return {"Authorization": f"Basic {b64encode(login).decode()}"}
    return {}


def _check_ca_file(path: str) -> None:
    """Raise ClusterError unless a file has certificates."""
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # an SSLError too
        raise faults.bad_ca_file(path, error.strerror or str(error)) from error


def _limited(body: Body) -> Body:
    return {"timeout": f"{SEARCH_SECONDS}s", **body}


def _reason(error: TransportError) -> str:
    """Return what the cluster says about an error: type, reason, and which shard failed."""
    about = _mapping(error.info).get("error")
    if not isinstance(about, Mapping):
        return f"HTTP {error.status_code} {error.error} {about or ''}".strip()[:MAX_REASON]
    parts = [str(about.get("type", error.error)), str(about.get("reason", ""))]
    for shard in _mappings(about.get("failed_shards"))[:3]:
        inner = _mapping(shard.get("reason"))
        parts.append(
            f"{shard.get('index')}[{shard.get('shard')}]: {inner.get('reason') or inner.get('type')}"
        )
    for cause in _mappings(about.get("root_cause"))[:1]:
        if cause.get("reason") not in parts:
            parts.append(str(cause.get("reason")))
    return "; ".join(part for part in dict.fromkeys(parts) if part)[:MAX_REASON]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _is_plain(info: Any) -> bool:
    """Return whether the client library can show an error with this body of the answer."""
    return not isinstance(info, Mapping) or bool(
        _mappings(_mapping(info.get("error")).get("root_cause"))
    )


def _cause(error: TransportError) -> str:
    return str(error.info or error.error)[:300]
