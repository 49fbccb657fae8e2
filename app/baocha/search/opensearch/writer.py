"""Write reports into an index of a cluster. A commit publishes all changes since the last one, or nothing.

The steps of a commit: take the lease; delete the documents of aborted generations and expired
versions; write to the state that a generation has started; send the documents; refresh; count them; on
the first commit, add replicas; write a changed vocabulary; write the state that publishes the
generation. Each write of the state fails if another writer changed it.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Self

from baocha.search.address import Address, Credentials
from baocha.search.opensearch import faults, mapping
from baocha.search.opensearch.connection import TOO_BUSY, Body, Connection
from baocha.search.opensearch.documents import Document, StoredReport, documents_of, stored_report
from baocha.search.opensearch.leases import COMMIT, EVERYTHING, Lease
from baocha.search.opensearch.state import (
    KEPT_SECONDS,
    STATE_ID,
    State,
    is_ours,
    read_reports,
    read_state,
    read_vocabulary,
    state_document,
    vocabulary_document,
)
from baocha.search.opensearch.translate import Clause, all_of, any_of, has_any, negated
from baocha_indexer.checks import LEAST_EXECUTION
from baocha_indexer.copies import TEMPLATE_SHARE
from baocha_indexer.errors import DamagedIndexError
from baocha_indexer.model import IndexedReport, Report
from baocha_indexer.prepare import PreparedReport
from baocha_indexer.text import dictionary_digest, segmenter_version
from baocha_indexer.vocabulary import NO_VOCABULARY, Vocabulary

BULK_BYTES = 4 << 20
"""Size of a bulk request. OpenSearch recommends 5 to 15 MB; smaller ones are spread over more nodes."""

BULK_THREADS = 3
"""Number of bulk requests that are sent at the same time."""

BULK_RETRIES = 10
"""How often a document is sent again that was rejected because the cluster was too busy (429)."""

BUFFERED_CHARACTERS = 1 << 23
"""Number of characters of reports that are kept in memory before they are sent."""

COMMIT_PATIENCE = 600.0
"""How long a writer waits for another one to finish its commit, in seconds."""

_JSON = json.JSONEncoder(ensure_ascii=False)


class ClusterWriter:
    """Adds and removes reports. Use it in a `with`; changes that are not committed are dropped.

    It has the attributes and methods of `baocha_indexer.store.write.IndexWriter`.
    """

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        rebuild: bool = False,
        roots: Sequence[str] = (),
    ) -> None:
        """Open the index, and take a lease for the reports of each folder in `roots`.

        The lease is for the whole index if `rebuild` is set or `roots` is empty. `rebuild` starts a new
        index, which replaces the old one when it is committed. A new index has a primary shard for each
        node that stores documents. Raises ClusterError if the index is foreign, cannot be written, or
        another writer has the lease, and DamagedIndexError if it is damaged and not rebuilt.
        """
        self._alias = Connection(address, credentials)
        self._alias.check_server()
        self._pending: dict[str, tuple[IndexedReport, Report]] = {}
        self._pending_characters = 0
        self._removed: set[str] = set()
        self._generation: int | None = None  # the one that is being written
        self._sent: dict[str, StoredReport] = {}
        self._superseded: list[int] = []
        self.is_intact = True
        self.duplicate_ids: frozenset[str] = frozenset()
        self.vocabulary: Vocabulary = NO_VOCABULARY
        self._connection = self._existing() or self._create_first()
        self._connection.wait_for_primaries()
        self._old: Connection | None = None  # that will be replaced
        names = [root.encode("utf-8", "backslashreplace").decode() for root in roots]
        keys = [EVERYTHING] if rebuild or not roots else [f"folder {name}" for name in names]
        with ExitStack() as resources:
            self._lease = Lease(self._connection, keys)
            resources.callback(self._lease.release_all)
            self._remove_leftovers()
            self._old_state = self._connection.get(STATE_ID)
            self._stored: dict[str, StoredReport] = {}
            try:
                state, self._versioned = read_state(self._connection)
                self._stored = {one.entry.id: one for one in read_reports(self._connection, state)}
                self.vocabulary = read_vocabulary(self._connection, state)
            except (faults.OutdatedIndexError, DamagedIndexError):
                if not rebuild:
                    raise
                state = State(generation=self._newest_generation())
            self.vocabulary_at_start = self.vocabulary
            self.least_execution = LEAST_EXECUTION
            self.template_share = TEMPLATE_SHARE
            self.reports_at_start = {key: one.entry for key, one in self._stored.items()}
            self.reports: dict[str, IndexedReport] = dict(self.reports_at_start)
            self.outdated = bool(self.reports) and not (
                state.is_current and state.dictionary == dictionary_digest()
            )
            self.starts_empty = rebuild or self.outdated
            if self.starts_empty:
                self._old, self._connection = self._connection, self._create_next(state.generation)
                state, self._versioned = read_state(self._connection)
                self._stored, self.reports = {}, {}
            self._resources = resources.pop_all()
        self._state = state
        self._written_vocabulary = NO_VOCABULARY if self.starts_empty else self.vocabulary

    @property
    def template_share_at_start(self) -> Fraction | None:
        """The share for template text. It changes nothing: copies are not counted in a cluster."""
        return self.template_share

    def _existing(self) -> Connection | None:
        """Return the index that the address stands for, or None. Raises ClusterError if it is foreign."""
        names = self._numbered()  # before the alias, which is made together with the first of them
        found = self._alias.indices(self._alias.index)
        if not found and names:
            raise faults.without_alias(self._alias.address, sorted(names))
        if not found:
            return None
        if not is_ours(self._alias) or len(found) > 1:
            raise faults.foreign(self._alias.address)
        return self._alias.on(next(iter(found)))

    def _create_first(self) -> Connection:
        """Create the first index, for which the address stands."""
        first = self._alias.on(self._name(1))
        try:
            self._create(first, self._alias.index)
        except faults.ConflictError:  # another writer created it at the same moment
            if not is_ours(first):
                raise faults.foreign(self._alias.address) from None
            _put_first_state(first, 0)
        return first

    def _create_next(self, generation: int) -> Connection:
        """Create an index that will replace the one that the address stands for.

        Its generations are numbered after `generation`, that of the old one.
        """
        numbers = [int(name.rpartition("-")[2]) for name in self._numbered()]
        created = self._alias.on(self._name(max(numbers, default=0) + 1))
        self._create(created, generation=generation)
        return created

    def _numbered(self) -> dict[str, Body]:
        """Return the indices that baocha created for the name of the address."""
        pattern = re.compile(re.escape(self._name("")) + "[0-9]+")
        return {
            name: about
            for name, about in self._alias.indices(self._name("*")).items()
            if pattern.fullmatch(name) and mapping.OWNER in about["mappings"].get("_meta", {})
        }

    def _name(self, number: int | str) -> str:
        return f"{self._alias.index}-{mapping.OWNER}-{number}"

    def _create(self, index: Connection, *aliases: str, generation: int = 0) -> None:
        """Create an index with an empty state, and aliases for it."""
        names = (mapping.writing_alias(index.index), *aliases)
        body = mapping.index_body(self._alias.data_nodes())
        index.create({**body, "aliases": {name: {} for name in names}})
        _put_first_state(index, generation)

    def _remove_leftovers(self) -> None:
        """Delete the indices that a rebuild replaced `KEPT_SECONDS` ago, or that no alias points to yet.

        The latter are of a rebuild that was killed or lost its lease. If it is only suspended, it finds
        its index deleted and fails. Raises ConflictError if it has just moved the alias.
        """
        live = self._connection.index
        for name in self._numbered():
            if name == live:
                continue
            found = self._alias.on(name).get(STATE_ID)
            content = found.fields.get(mapping.CONTENT) if found else None
            replaced_at = content.get("replaced_at") if isinstance(content, dict) else None
            if not replaced_at or _seconds_since(replaced_at) > KEPT_SECONDS:
                self._alias.move_alias(live, live, deleted=name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with self._resources:
            if self._old is not None:  # not published
                self._connection.delete_index()

    uses_prepared = False

    def add(self, report: IndexedReport, content: Report | PreparedReport) -> None:
        """Add a report and its content. It replaces a report with the same id.

        Raises TypeError for a prepared report: the cluster stores whole paragraphs.
        """
        if not isinstance(content, Report):
            raise TypeError("a cluster stores whole paragraphs: add a Report")
        self._supersede(report.id)
        self._removed.add(report.id)
        self._pending[report.id] = (report, content)
        self.reports[report.id] = report
        self._pending_characters += sum(len(one.text) for one in content.paragraphs)
        if self._pending_characters >= BUFFERED_CHARACTERS:
            self._send()

    def remove(self, report_id: str) -> None:
        """Remove a report. Nothing happens if it is not in the index."""
        if self.reports.pop(report_id, None) is not None:
            self._removed.add(report_id)
            self._pending.pop(report_id, None)
            self._supersede(report_id)

    def _supersede(self, report_id: str) -> None:
        """Remember a version of a report that was sent since the last commit and is not wanted."""
        if sent := self._sent.pop(report_id, None):
            self._superseded.append(sent.version)

    def merge(self) -> None:
        """Do nothing: the cluster merges its segments itself."""

    def commit(self) -> None:
        """Publish all additions and removals at once. Raises ClusterError if that fails."""
        self._lease.check()
        self.is_intact = False
        self._send()
        self._connection.refresh()
        self._check_counts()
        if not self._state.is_published:
            self._connection.add_replicas()
        self._publish()
        self._lease.release(COMMIT)
        self._generation = None
        if self._old is not None:
            self._replace(self._old)
        self.is_intact = True

    def _replace(self, old: Connection) -> None:
        """Let the address stand for the new index, unless another writer changed the old one."""
        self._lease.move(self._connection)  # before another writer can see this index
        content = self._old_state.fields.get(mapping.CONTENT) if self._old_state else None
        content = {**(content if isinstance(content, dict) else {}), "replaced_at": _now()}
        fields: Body = {mapping.TYPE: mapping.STATE, mapping.CONTENT: content}
        try:
            old.put(STATE_ID, fields, self._old_state)
            self._alias.move_alias(old.index, self._connection.index)
        except faults.ConflictError as error:
            raise faults.lost_lease(self._alias.address) from error
        self._old = None

    def _begin(self) -> int:
        """Start a generation, unless one is started, and return it."""
        if self._generation is not None:
            return self._generation
        self._lease.add(COMMIT, COMMIT_PATIENCE)
        self._state, self._versioned = read_state(self._connection)
        begun = self._state.begun()
        # No engine searches a generation below the floor any more.
        is_old = begun.floor_at and _seconds_since(begun.floor_at) > KEPT_SECONDS
        expired = [one for one in begun.removed if one[1] <= begun.floor] if is_old else []
        hidden = any_of(
            [
                has_any(mapping.GENERATION, begun.aborted),
                has_any(mapping.VERSION, [version for version, _ in expired]),
            ]
        )
        if expired or (begun.aborted and self._count(hidden)):
            self._connection.delete_by_query(hidden)
        removed = tuple(sorted(set(begun.removed) - set(expired)))
        # A rebuild may have marked this index as replaced, and then failed.
        begun = replace(begun, removed=removed, replaced_at="")
        self._write(begun)
        self._generation = begun.started
        return begun.started

    def _write(self, state: State) -> None:
        self._lease.check()
        try:
            self._versioned = self._connection.put(STATE_ID, state_document(state), self._versioned)
        except faults.ConflictError as error:
            raise faults.lost_lease(self._connection.address) from error
        self._state = state

    def _send(self) -> None:
        """Send the reports in memory to the cluster."""
        generation = self._begin()
        pending, self._pending, self._pending_characters = self._pending, {}, 0
        self.is_intact = False
        versions = iter(range(self._state.versions + 1, self._state.versions + 1 + len(pending)))
        documents = (
            document
            for (entry, content), version in zip(pending.values(), versions, strict=True)
            for document in self._documents(entry, content, generation, version)
        )
        self._state = replace(self._state, versions=self._state.versions + len(pending))
        self._load(_chunks(documents))
        self.is_intact = True

    def _documents(
        self, entry: IndexedReport, content: Report, generation: int, version: int
    ) -> Iterator[Document]:
        for identity, fields in documents_of(
            entry, content.paragraphs, generation, version, self.least_execution
        ):
            if fields[mapping.TYPE] == mapping.REPORT:
                self._sent[entry.id] = stored_report(json.loads(json.dumps(fields)))
            yield identity, fields

    def _load(self, chunks: Iterable[list[bytes]]) -> None:
        """Send chunks of documents, a few at a time. Raises ClusterError if one is refused."""
        running: list[Future[None]] = []
        with ThreadPoolExecutor(BULK_THREADS) as threads:
            for chunk in chunks:
                running.append(threads.submit(self._load_chunk, chunk))
                if len(running) > BULK_THREADS:
                    running.pop(0).result()
            for one in running:
                one.result()

    def _load_chunk(self, documents: list[bytes]) -> None:
        """Send documents in one request. Send those again that the cluster was too busy for."""
        for tried in range(BULK_RETRIES + 1):
            self._lease.check()
            items = self._connection.bulk(b"".join(documents))
            if items is not None:
                documents = self._not_accepted(items, documents)
            if not documents:
                return
            time.sleep(min(30.0, 0.1 * 2**tried))
        raise faults.failed(
            self._connection.address,
            "集群繁忙（429），请稍后重试",
            "too busy (429); try again later",
        )

    def _not_accepted(self, items: Sequence[Body], documents: Sequence[bytes]) -> list[bytes]:
        """Return the documents that the cluster was too busy for. Raises ClusterError for other errors."""
        busy = []
        for item, document in zip(items, documents, strict=True):
            about = item["index"]
            is_blocked = about.get("error", {}).get("type") == "cluster_block_exception"
            if about["status"] == TOO_BUSY and not is_blocked:
                busy.append(document)
            elif about["status"] >= 300:
                report = about["_id"].partition(":")[0]
                reason = about["error"]
                shown = f"{reason.get('type')}: {reason.get('reason')}"
                raise faults.unloaded(self._connection.address, self._name_of(report), shown)
        return busy

    def _name_of(self, report_id: str) -> str:
        entry = self.reports.get(report_id)
        return entry.source if entry else report_id

    def _check_counts(self) -> None:
        """Raise ClusterError unless the cluster has exactly the documents that were sent."""
        generation = self._begin()
        paragraphs = sum(one.entry.paragraphs for one in self._sent.values())
        for kind, expected in (
            (mapping.PARAGRAPH, paragraphs),
            (mapping.REPORT, len(self._sent)),
        ):
            found = self._count(
                all_of(
                    [
                        {"term": {mapping.TYPE: kind}},
                        {"term": {mapping.GENERATION: generation}},
                        negated(has_any(mapping.VERSION, self._superseded)),
                    ]
                )
            )
            if found != expected:
                raise faults.failed(
                    self._connection.address,
                    f"应有 {expected:,} 个文档（{kind}），实有 {found:,} 个",
                    f"it should have {expected:,} documents ({kind}), and has {found:,}",
                )

    def _count(self, clause: Clause) -> int:
        """Return the number of documents of any generation that match."""
        answer = self._connection.search({"query": clause, "size": 0, "track_total_hits": True})
        return int(answer["hits"]["total"]["value"])

    def _newest_generation(self) -> int:
        """Return the newest generation of any document, also in an index that is damaged or outdated."""
        newest = {"max": {"max": {"field": mapping.GENERATION}}}
        answer = self._connection.search({"size": 0, "aggs": newest})
        return int(answer["aggregations"]["max"]["value"] or 0)

    def _publish(self) -> None:
        state, generation = self._state, self._begin()
        now = _now()
        replaced = [self._stored[key] for key in self._removed if key in self._stored]
        stored = {key: one for key, one in self._stored.items() if key not in self._removed}
        stored |= self._sent
        identity = state.vocabulary
        if self.vocabulary != self._written_vocabulary:
            # Another writer may have changed the parts of its folders.
            theirs = read_vocabulary(self._connection, state)
            self.vocabulary = self.vocabulary.merged(self._written_vocabulary, theirs)
            identity = f"vocabulary:{generation}"
            self._connection.put(identity, vocabulary_document(self.vocabulary), None)
        gained = sum(one.entry.paragraphs for one in self._sent.values())
        lost = sum(one.entry.paragraphs for one in replaced)
        # An engine may search the generation before for some time.
        is_kept = state.written_at and _seconds_since(state.written_at) < KEPT_SECONDS
        removed = [*(one.version for one in replaced), *self._superseded]
        self._write(
            replace(
                state,
                generation=generation,
                removed=(*state.removed, *((version, generation) for version in removed)),
                floor=state.floor if is_kept else state.generation,
                floor_at=state.floor_at if is_kept else now,
                paragraphs=state.paragraphs + gained - lost,
                reports=state.reports + len(self._sent) - len(replaced),
                written_at=now if stored else "",
                vocabulary=identity,
                segmenter=segmenter_version(),
                dictionary=dictionary_digest(),
            )
        )
        self._stored, self._sent, self._removed, self._superseded = stored, {}, set(), []
        self._written_vocabulary = self.vocabulary


def _put_first_state(index: Connection, generation: int) -> None:
    """Write an empty state, unless there is a state. This waits until the index can be used."""
    state = State(
        generation=generation,
        first=generation,
        started=generation,
        segmenter=segmenter_version(),
        dictionary=dictionary_digest(),
    )
    with suppress(faults.ConflictError):
        index.put(STATE_ID, state_document(state), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _seconds_since(moment: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def _chunks(documents: Iterable[Document]) -> Iterator[list[bytes]]:
    """Yield documents as lines of bulk requests, in chunks of a limited size."""
    chunk: list[bytes] = []
    size = 0
    for identity, fields in documents:
        action = _JSON.encode({"index": {"_id": identity}})
        line = f"{action}\n{_JSON.encode(fields)}\n".encode()
        chunk.append(line)
        size += len(line)
        if size >= BULK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
