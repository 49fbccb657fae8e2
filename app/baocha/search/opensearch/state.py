"""The state of an index: which generation is the newest, and which documents belong to it.

A commit writes the documents of new versions of reports, with its own number as their generation.
They are invisible until the state names this generation as the newest. The old versions are not
changed: the state lists them as removed. So a search sees all of a commit or nothing of it, on
every copy of every shard, and a commit writes only the documents that changed.

A generation that was started and not published, because its writer was killed, is listed as
aborted: a writer that was suspended and not killed may resume and still add documents to it.

Removed versions are deleted by a later commit, when no engine can still read them: `floor` is the
oldest generation that may be searched.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from baocha.search.opensearch import faults, mapping
from baocha.search.opensearch.connection import Body, Connection, Versioned
from baocha.search.opensearch.documents import ANALYSIS, StoredReport, stored_report
from baocha.search.opensearch.translate import Clause, has_any
from baocha_indexer.text import FOLD_VERSION, segmenter_version
from baocha_indexer.vocabulary import NO_VOCABULARY, Vocabulary, vocabulary_from

STATE_ID = "state"

KEPT_SECONDS = 600
"""A generation can be searched for this time after the next one was published. An engine asks for
the state more often."""

REPORTS_PER_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class State:
    """The state of an index.

    `generation`: the newest that is published. `first`: the generation of the index that this one
    replaces, 0 for none; no generation is published while the two are equal. `started`: the newest that
    was started. `versions`: the highest version number that was given so far. `removed`: pairs of a
    version and the generation that removed it. `aborted`: generations that were started and never
    published. `floor`: the oldest generation that can be searched, since `floor_at`. `paragraphs`,
    `reports`: their numbers. `written_at`: when the newest generation was published; empty if none was,
    or if the index has no reports. `replaced_at`: when a rebuild replaced this index; empty before. Times
    are ISO 8601 in UTC. `vocabulary`: the id of its document, empty if the index has no vocabulary.
    """

    generation: int = 0
    first: int = 0
    started: int = 0
    versions: int = 0
    removed: tuple[tuple[int, int], ...] = ()
    aborted: tuple[int, ...] = ()
    floor: int = 0
    floor_at: str = ""
    paragraphs: int = 0
    reports: int = 0
    written_at: str = ""
    replaced_at: str = ""
    vocabulary: str = ""
    segmenter: str = ""
    dictionary: str = ""
    fold_version: int = FOLD_VERSION
    format: int = mapping.FORMAT

    @property
    def is_published(self) -> bool:
        """Whether a generation was published in this index."""
        return self.generation > self.first

    @property
    def is_current(self) -> bool:
        """Whether this program folds and cuts texts like the program that wrote the index."""
        mine = (FOLD_VERSION, segmenter_version(), mapping.FORMAT)
        return (self.fold_version, self.segmenter, self.format) == mine

    def visible(self, document_type: str) -> Body:
        """Return the conditions for documents of a type in this generation, as the parts of a `bool`."""
        hidden: list[Clause] = []
        if self.removed:
            hidden.append(has_any(mapping.VERSION, [version for version, _ in self.removed]))
        if self.aborted:
            hidden.append(has_any(mapping.GENERATION, self.aborted))
        return {
            "filter": [
                {"term": {mapping.TYPE: document_type}},
                {"range": {mapping.GENERATION: {"lte": self.generation}}},
            ],
            "must_not": hidden,
        }

    def begun(self) -> "State":
        """Return the state after a new generation is started. One that was not published is aborted."""
        unpublished = range(self.generation + 1, self.started + 1)
        return replace(
            self,
            started=self.started + 1,
            aborted=tuple(sorted({*self.aborted, *unpublished})),
        )


def read_state(connection: Connection) -> tuple[State, Versioned]:
    """Return the newest state.

    Raises ClusterError if the index is missing, foreign or damaged, and OutdatedIndexError if another
    version of baocha made it.
    """
    found = connection.get(STATE_ID)
    if found is None:
        if not is_ours(connection):
            raise faults.foreign(connection.address)
        raise faults.damaged(connection.address, "缺少状态文档", "its state is missing")
    content = found.fields.get(mapping.CONTENT)
    if found.fields.get(mapping.TYPE) != mapping.STATE:
        raise faults.foreign(connection.address)
    stored_format = content.get("format") if isinstance(content, dict) else None
    if isinstance(stored_format, int) and stored_format != mapping.FORMAT:
        raise faults.outdated(connection.address)
    state = _state_from(content)
    if state is None and not is_ours(connection):
        raise faults.foreign(connection.address)
    if state is None:
        raise faults.damaged(connection.address, "状态文档无效", "its state is not valid")
    return state, found


def _state_from(content: Any) -> State | None:
    """Return the state in the content of its document, or None if that is not valid."""
    try:
        removed = tuple((version, generation) for version, generation in content["removed"])
        state = State(**content | {"removed": removed, "aborted": tuple(content["aborted"])})
    except (KeyError, TypeError, ValueError):
        return None
    simple = {one.name: one.type for one in fields(State) if one.type in (int, str)}
    numbers = [*state.aborted, *(number for pair in removed for number in pair)]
    are_right = all(isinstance(getattr(state, name), kind) for name, kind in simple.items())
    return state if are_right and all(isinstance(one, int) for one in numbers) else None


def state_document(state: State) -> Body:
    """Return the fields of the document of a state."""
    return {mapping.TYPE: mapping.STATE, mapping.CONTENT: asdict(state)}


def is_ours(connection: Connection) -> bool:
    """Return whether baocha created the indices that the address names."""
    found = connection.indices(connection.index)
    return bool(found) and all(
        mapping.OWNER in about["mappings"].get("_meta", {}) for about in found.values()
    )


def read_vocabulary(connection: Connection, state: State) -> Vocabulary:
    """Return the vocabulary of a generation."""
    if not state.vocabulary:
        return NO_VOCABULARY
    found = connection.get(state.vocabulary)
    if found is None:
        raise faults.damaged(connection.address, "缺少词表", "its vocabulary is missing")
    return vocabulary_from(str(found.fields[mapping.CONTENT]["json"]).encode())


def vocabulary_document(vocabulary: Vocabulary) -> Body:
    """Return the fields of the document of a vocabulary."""
    # As ASCII: the path of a folder may have bytes that are not UTF-8.
    values = json.loads(vocabulary.as_json().decode("utf-8", "surrogatepass"))
    content: dict[str, Any] = {"json": json.dumps(values)}
    return {mapping.TYPE: mapping.STATE, mapping.CONTENT: content}


def read_reports(connection: Connection, state: State) -> Iterator[StoredReport]:
    """Yield the reports of a generation, ordered by id. Raises DamagedIndexError if some are missing."""
    body = {
        "query": {"bool": state.visible(mapping.REPORT)},
        "sort": [{mapping.REPORT_ID: "asc"}],
        "_source": {"excludes": [f"{mapping.CONTENT}.{ANALYSIS}"]},
    }
    reports = paragraphs = 0
    for page in connection.pages(body, REPORTS_PER_PAGE):
        for hit in page:
            report = stored_report(hit["_source"])
            reports += 1
            paragraphs += report.entry.paragraphs
            yield report
    if (reports, paragraphs) != (state.reports, state.paragraphs):
        raise faults.damaged(
            connection.address,
            f"应有 {state.reports:,} 份报告、{state.paragraphs:,} 段，"
            f"只找到 {reports:,} 份报告、{paragraphs:,} 段",
            f"it should have {state.reports:,} reports with {state.paragraphs:,} paragraphs, and has "
            f"{reports:,} with {paragraphs:,}",
        )
