"""Commits to a real cluster: seen whole or not at all, by one writer at a time."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from baocha.search import Engine, open_engine, writer_of
from baocha.search.address import Credentials, parse_address
from baocha.search.opensearch import ClusterWriter, leases
from baocha.search.opensearch.faults import ClusterError, StaleGenerationError
from baocha_indexer.build import build_index
from baocha_indexer.errors import DamagedIndexError, IndexUnusableError
from baocha_indexer.vocabulary import FolderVocabulary, SynonymGroup
from tests.app.search.indexes import add, by_report, sentences
from tests.app.search.reference import Entry
from tests.opensearch import DEPLOY

_NUMBERS = count()


@pytest.fixture
def address(opensearch: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an index that does not exist yet."""
    name = f"writer-{time.time_ns()}-{next(_NUMBERS)}"
    yield f"opensearch://{opensearch}/{name}"
    ask(opensearch, "DELETE", f"/{name}*?expand_wildcards=all")


def ask(host: str, method: str, path: str, body: object = None) -> dict[str, object]:
    """Send a request to the server, without our code."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    asked = Request(f"http://{host}{path}", content, headers, method=method)
    with urlopen(asked) as answer:  # noqa: S310 — the server of the tests
        found: dict[str, object] = json.load(answer)
        return found


def host_and_name(address: str) -> tuple[str, str]:
    host, _, name = address.removeprefix("opensearch://").partition("/")
    return host, name


def writer(address: str, *roots: str, rebuild: bool = False) -> ClusterWriter:
    return ClusterWriter(parse_address(address), Credentials(), rebuild=rebuild, roots=roots)


def put(into: ClusterWriter, *entries: Entry) -> None:
    for report_id, members in by_report(list(entries)).items():
        add(into, report_id, members)


def write(address: str, *entries: Entry, rebuild: bool = False) -> None:
    with writer(address, rebuild=rebuild) as one:
        put(one, *entries)
        one.commit()


def texts(engine: Engine) -> list[str]:
    """All paragraphs that the engine sees. Each has the character 效."""
    return sorted(hit.text for hit in engine.hits("效"))


WATER = sentences("水务局", ["绩效一。", "绩效二。"])
SCHOOL = sentences("教育局", ["绩效三。"])
CHANGED = sentences("水务局", ["成效四。"])


def test_a_commit_replaces_and_removes_reports(address: str) -> None:
    write(address, *WATER, *SCHOOL)
    with writer(address) as one:
        put(one, *CHANGED)
        one.remove("r教育局")
        one.commit()
    engine = open_engine(address)
    assert texts(engine) == ["成效四。"]
    assert (engine.status().reports, engine.status().paragraphs) == (1, 1)
    engine.verify()


def test_a_report_that_is_added_twice_before_a_commit_has_its_last_content(address: str) -> None:
    with writer(address) as one:
        put(one, *WATER)
        one._send()
        put(one, *CHANGED)
        one.commit()
    assert texts(open_engine(address)) == ["成效四。"]


def test_only_changed_reports_are_written(address: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(5):
        (reports / f"水务局{number}.txt").write_text(f"第{number}份绩效报告正文。", "utf-8")

    def run() -> tuple[int, int]:
        opened = writer_of(address, [reports], rebuild=False)
        summary = build_index([reports], tmp_path / "scans", open_writer=opened)
        return len(summary.indexed), len(summary.unchanged)

    assert run() == (5, 0)
    assert run() == (0, 5)
    (reports / "水务局1.txt").write_text("改后的绩效报告正文。", "utf-8")
    (reports / "水务局2.txt").unlink()
    assert run() == (1, 3)
    assert open_engine(address).status().reports == 4
    host, name = host_and_name(address)
    added = {"query": {"range": {"generation": {"gte": 2}}}}
    found = ask(host, "POST", f"/{name}/_count", added)
    assert found["count"] == 2  # a paragraph and its report


def test_nothing_is_seen_of_a_commit_that_was_not_published(address: str) -> None:
    write(address, *WATER)
    with writer(address) as one:  # as if it was killed before the commit
        put(one, *SCHOOL)
        one.remove("r水务局")
        one._send()
        one._connection.refresh()
    assert texts(open_engine(address)) == ["绩效一。", "绩效二。"]
    write(address, *CHANGED)
    assert texts(open_engine(address)) == ["成效四。"]


def test_documents_of_a_writer_that_was_stopped_for_long_stay_hidden(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address, *WATER)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.5)
    with writer(address) as stopped:
        put(stopped, *SCHOOL)
        stopped._send()
        stopped._lease._stopped.set()  # its thread does not renew: the process hangs
        time.sleep(1)
        monkeypatch.setattr(leases, "LEASE_SECONDS", 60.0)
        write(address, *CHANGED)
        late = (
            b'{"index":{"_id":"late"}}\n'
            + json.dumps(
                {
                    "type": "paragraph",
                    "generation": stopped._generation,
                    "version": 99,
                    "report": "r教育局",
                    "ordinal": 9,
                    "bare": "绩效",
                }
            ).encode()
        )
        stopped._connection.bulk(late + b"\n")
        stopped._connection.refresh()
        with pytest.raises(ClusterError, match="lease"):
            stopped.commit()
    engine = open_engine(address)
    assert texts(engine) == ["成效四。"]
    assert engine.search("绩效").total == 0


def test_a_writer_that_was_suspended_does_not_overwrite_what_another_one_published(
    address: str,
) -> None:
    write(address, *WATER)
    with writer(address, "a") as suspended:
        put(suspended, *SCHOOL)
        suspended._begin()
        suspended._lease.release_all()  # as if it expired
        write(address, *SCHOOL, *CHANGED)
        suspended._send()  # what its open requests would still do
        suspended._connection.refresh()
        with pytest.raises(ClusterError):
            suspended._publish()
    engine = open_engine(address)
    assert texts(engine) == ["成效四。", "绩效三。"]
    engine.verify()


def publish_and_suspend(rebuild: ClusterWriter) -> None:
    """Complete the new index of a rebuild; stop before the address stands for it."""
    put(rebuild, *CHANGED)
    rebuild._send()
    rebuild._connection.refresh()
    rebuild._publish()
    rebuild._lease.release_all()  # as if it expired


@pytest.mark.parametrize("resumes", ["before the other commits", "after the other committed"])
def test_a_rebuild_that_was_suspended_does_not_discard_what_another_writer_published(
    address: str, resumes: str
) -> None:
    write(address, *WATER)
    with writer(address, rebuild=True) as suspended:
        publish_and_suspend(suspended)
        with writer(address) as other:
            put(other, *SCHOOL)
            if resumes == "after the other committed":
                other.commit()
            assert suspended._old
            with pytest.raises(ClusterError):
                suspended._replace(suspended._old)
            if resumes == "before the other commits":
                other.commit()
    engine = open_engine(address)
    assert texts(engine) == ["绩效一。", "绩效三。", "绩效二。"]
    engine.verify()
    write(address, *CHANGED)
    assert indices(address) == {"1"}


def test_a_rebuild_whose_index_was_not_deleted_does_not_discard_a_commit_to_the_old_one(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address, *WATER)
    with writer(address, rebuild=True) as suspended:
        publish_and_suspend(suspended)
        monkeypatch.setattr(ClusterWriter, "_remove_leftovers", lambda _: None)
        write(address, *SCHOOL)
        assert suspended._old
        with pytest.raises(ClusterError, match="lease"):
            suspended._replace(suspended._old)
    assert texts(open_engine(address)) == ["绩效一。", "绩效三。", "绩效二。"]


def test_a_lease_that_another_writer_had_meanwhile_is_not_renewed(address: str) -> None:
    write(address, *WATER)
    with writer(address, "a") as suspended:
        put(suspended, *SCHOOL)
        suspended._lease._release("folder a")  # as if it expired
        with writer(address, "a") as other:
            put(other, *CHANGED)
            other.commit()
        with pytest.raises(ClusterError, match="lease"):
            suspended._lease._take()
        with pytest.raises(ClusterError, match="lease"):
            suspended.commit()
    assert texts(open_engine(address)) == ["成效四。"]


def test_more_versions_than_a_clause_may_have_can_be_hidden(address: str) -> None:
    write(address, *WATER)
    with writer(address) as one:
        put(one, *SCHOOL)
        one._send()
        hidden = tuple((1000 + number, 1) for number in range(70_000))
        one._state = replace(one._state, removed=(*one._state.removed, *hidden))
        one.commit()
    engine = open_engine(address)
    assert texts(engine) == ["绩效一。", "绩效三。", "绩效二。"]
    write(address, *CHANGED)
    assert texts(open_engine(address)) == ["成效四。", "绩效三。"]


def test_a_second_writer_is_told_who_writes(address: str) -> None:
    write(address, *WATER)
    with (
        writer(address, "reports"),
        pytest.raises(ClusterError, match=r"process [0-9]+ on .* is writing"),
    ):
        writer(address, "reports")
    with writer(address, "reports"), pytest.raises(ClusterError):
        writer(address, rebuild=True)
    writer(address, "reports").__exit__(None, None, None)  # it was released


def test_writers_of_different_folders_both_commit(address: str) -> None:
    write(address)
    with writer(address, "a") as one, writer(address, "b") as other:
        put(one, *WATER)
        put(other, *SCHOOL)
        one.commit()
        other.commit()
    engine = open_engine(address)
    assert texts(engine) == ["绩效一。", "绩效三。", "绩效二。"]
    assert engine.status().reports == 2
    engine.verify()


def test_an_engine_answers_for_its_generation_until_it_is_opened_again(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baocha.search.opensearch.engine.CURRENT_SECONDS", 0.0)
    write(address, *WATER)
    engine = open_engine(address)
    assert engine.is_current()
    write(address, *CHANGED)
    assert texts(engine) == ["绩效一。", "绩效二。"]
    assert not engine.is_current()
    assert texts(open_engine(address)) == ["成效四。"]


def test_a_generation_that_is_deleted_is_an_error_and_no_wrong_count(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address, *WATER)
    engine = open_engine(address)
    for module in ("writer", "engine"):
        seconds = {"writer": "KEPT_SECONDS", "engine": "CHECK_SECONDS"}[module]
        monkeypatch.setattr(f"baocha.search.opensearch.{module}.{seconds}", -1.0)
    for number in range(3):
        write(address, *sentences("水务局", [f"成效{number}。"]))
    with pytest.raises(StaleGenerationError):
        engine.search("绩效")


def test_a_rebuild_has_only_its_reports_and_the_old_engine_goes_on(address: str) -> None:
    write(address, *WATER)
    engine = open_engine(address)
    assert engine.is_current()
    write(address, *SCHOOL, rebuild=True)
    assert texts(engine) == ["绩效一。", "绩效二。"]
    deadline = time.monotonic() + 5
    while engine.is_current():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert texts(open_engine(address)) == ["绩效三。"]


def test_a_rebuild_goes_on_with_the_numbers_of_the_generations(address: str) -> None:
    write(address, *WATER)
    write(address, *SCHOOL)
    write(address, *CHANGED, rebuild=True)
    assert open_engine(address).status().generation == 3
    write(address, *SCHOOL)
    assert open_engine(address).status().generation == 4
    assert texts(open_engine(address)) == ["成效四。", "绩效三。"]


def test_a_rebuild_that_is_not_committed_changes_nothing(address: str) -> None:
    write(address, *WATER)
    with writer(address, rebuild=True) as one:
        put(one, *SCHOOL)
        one._send()
    assert texts(open_engine(address)) == ["绩效一。", "绩效二。"]


@pytest.mark.parametrize("made_by", ["another program", "an alias of another program"])
def test_an_index_of_another_program_is_not_touched(address: str, made_by: str) -> None:
    host, name = host_and_name(address)
    index = name if made_by == "another program" else f"{name}-theirs"
    ask(host, "PUT", f"/{index}", {"aliases": {} if index == name else {name: {}}})
    ask(host, "PUT", f"/{index}/_doc/1?refresh=true", {"title": "theirs"})
    before = ask(host, "GET", f"/{index}")
    attempts: list[Callable[[], object]] = [
        lambda: open_engine(address),
        lambda: writer(address),
        lambda: writer(address, rebuild=True),
    ]
    for attempt in attempts:
        with pytest.raises(ClusterError, match="not an index of baocha"):
            attempt()
    assert ask(host, "GET", f"/{index}") == before
    assert ask(host, "GET", f"/{index}/_count")["count"] == 1


def test_a_document_that_is_refused_is_named_and_nothing_is_published(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    with writer(address) as one:
        put(one, *SCHOOL)
        one._begin()
        ask(host, "PUT", f"/{name}/_settings", {"index.blocks.write": True})
        with pytest.raises(IndexUnusableError, match="r教育局"):
            one.commit()
    ask(host, "PUT", f"/{name}/_settings", {"index.blocks.write": False})
    assert texts(open_engine(address)) == ["绩效一。", "绩效二。"]


@pytest.mark.parametrize("kind", ["paragraph", "report"])
def test_lost_documents_are_found_when_the_index_is_opened(address: str, kind: str) -> None:
    write(address, *WATER, *SCHOOL)
    host, name = host_and_name(address)
    lost = {"bool": {"filter": [{"term": {"type": kind}}, {"term": {"report": "r教育局"}}]}}
    ask(host, "POST", f"/{name}/_delete_by_query?refresh=true", {"query": lost})
    with pytest.raises(DamagedIndexError):
        open_engine(address).check()


def test_a_paragraph_that_was_lost_while_serving_is_an_error_and_no_proof_of_absence(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address, *WATER, *SCHOOL)
    engine = open_engine(address)
    assert engine.search('"绩效三"').total == 1
    host, name = host_and_name(address)
    lost = {"bool": {"filter": [{"term": {"type": "paragraph"}}, {"term": {"report": "r教育局"}}]}}
    ask(host, "POST", f"/{name}/_delete_by_query?refresh=true", {"query": lost})
    for answer in (engine.search, engine.matrix, engine.mentions):
        with pytest.raises(DamagedIndexError, match="should have 3 paragraphs, and has 2"):
            answer('"绩效三"')
    with pytest.raises(DamagedIndexError):
        open_engine(address).search("绩效一")
    monkeypatch.setattr("baocha.search.opensearch.engine.CHECK_SECONDS", -1.0)
    with pytest.raises(DamagedIndexError):
        engine.search("绩效一")


def test_a_changed_paragraph_is_found_by_verify(address: str) -> None:
    write(address, *WATER, *SCHOOL)
    host, name = host_and_name(address)
    changed = {"doc": {"content": {"text": "绩效被改。"}}}
    wanted = {
        "bool": {"filter": [{"term": {"type": "paragraph"}}, {"term": {"report": "r教育局"}}]}
    }
    found: Any = ask(host, "POST", f"/{name}/_search", {"query": wanted})
    identity = quote(found["hits"]["hits"][0]["_id"])
    ask(host, "POST", f"/{name}/_update/{identity}?refresh=true", changed)
    with pytest.raises(DamagedIndexError, match="r教育局"):
        open_engine(address).verify()


def test_an_index_without_its_state_is_damaged(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    ask(host, "DELETE", f"/{name}/_doc/state?refresh=true")
    with pytest.raises(DamagedIndexError):
        open_engine(address)


def test_an_index_that_is_deleted_while_it_is_searched_is_an_error(address: str) -> None:
    write(address, *WATER)
    engine = open_engine(address)
    host, name = host_and_name(address)
    ask(host, "DELETE", f"/{name}-baocha-*")
    with pytest.raises(IndexUnusableError, match="no index at"):
        engine.search("绩效")
    with pytest.raises(IndexUnusableError, match="no index at"):
        open_engine(address)


def test_a_missing_index_says_how_to_create_it(address: str) -> None:
    with pytest.raises(IndexUnusableError, match="baocha index FOLDER --index opensearch://"):
        open_engine(address)


def test_a_host_that_is_down_does_not_prevent_a_search(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    engine = open_engine(f"opensearch://127.0.0.1:1,{host}/{name}")
    for _ in range(4):
        assert engine.search("绩效").total == 2


def indices(address: str) -> set[str]:
    """The numbers of the indices that baocha made for an address."""
    host, name = host_and_name(address)
    found = ask(host, "GET", f"/{name}-baocha-*")
    return {index.rpartition("-")[2] for index in found}


def test_an_index_that_was_replaced_is_deleted_later(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address, *WATER)
    write(address, *SCHOOL, rebuild=True)
    write(address)
    assert indices(address) == {"1", "2"}
    monkeypatch.setattr("baocha.search.opensearch.writer.KEPT_SECONDS", -1.0)
    write(address)
    assert indices(address) == {"2"}
    assert texts(open_engine(address)) == ["绩效三。"]


def test_what_a_killed_rebuild_left_is_deleted_and_nothing_of_others(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    killed = writer(address, rebuild=True)
    put(killed, *SCHOOL)
    killed._send()
    killed._lease.release_all()  # as if it expired
    ask(host, "PUT", f"/{name}-baocha-theirs", {})
    write(address)
    assert indices(address) == {"1", "theirs"}
    assert texts(open_engine(address)) == ["绩效一。", "绩效二。"]


def test_an_index_of_another_format_can_only_be_rebuilt(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    found = ask(host, "GET", f"/{name}/_doc/state")["_source"]
    assert isinstance(found, dict)
    found["content"] |= {"format": 99, "new": "unknown"}
    ask(host, "PUT", f"/{name}/_doc/state?refresh=true", found)
    for attempt in (lambda: open_engine(address), lambda: writer(address)):
        with pytest.raises(IndexUnusableError, match="--rebuild"):
            attempt()
    write(address, *SCHOOL, rebuild=True)
    assert texts(open_engine(address)) == ["绩效三。"]
    assert open_engine(address).status().generation == 2


@pytest.mark.parametrize("damage", ["no state", "a state that is empty", "a lost report"])
def test_a_damaged_index_can_be_rebuilt(address: str, damage: str) -> None:
    write(address, *WATER, *SCHOOL)
    host, name = host_and_name(address)
    if damage == "no state":
        ask(host, "DELETE", f"/{name}/_doc/state?refresh=true")
    elif damage == "a lost report":
        lost = {"bool": {"filter": [{"term": {"type": "report"}}, {"term": {"report": "r教育局"}}]}}
        ask(host, "POST", f"/{name}/_delete_by_query?refresh=true", {"query": lost})
    else:
        ask(host, "PUT", f"/{name}/_doc/state?refresh=true", {"type": "state", "content": {}})
    for attempt in (lambda: open_engine(address), lambda: writer(address)):
        with pytest.raises(DamagedIndexError, match="--rebuild"):
            attempt()
    write(address, *CHANGED, rebuild=True)
    assert texts(open_engine(address)) == ["成效四。"]
    assert open_engine(address).status().generation == 2


@pytest.mark.parametrize(
    "change",
    [
        {"removed": "x"},
        {"generation": "9"},
        {"paragraphs": None},
        {"removed": [[1]]},
        {"unknown": 1},
        {"format": "3"},
    ],
)
def test_a_state_with_values_of_other_types_is_damaged(
    address: str, change: dict[str, object]
) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    found = ask(host, "GET", f"/{name}/_doc/state")["_source"]
    assert isinstance(found, dict)
    found["content"] |= change
    ask(host, "PUT", f"/{name}/_doc/state?refresh=true", found)
    with pytest.raises(DamagedIndexError):
        open_engine(address)


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"leases": {"folder a": ["x", 9999999999]}},
        {"leases": {"*": ["h/1/a", "z"]}},
        {"leases": {"*": ["h/1/a", 99999999999999]}},
        {"leases": [1]},
    ],
)
def test_leases_that_no_writer_wrote_do_not_block(address: str, content: object) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    fields = {"type": "lease"} | ({} if content is None else {"content": content})
    ask(host, "PUT", f"/{name}/_doc/leases?refresh=true", fields)
    write(address, *SCHOOL)
    assert open_engine(address).status().reports == 2


def test_an_index_whose_alias_was_deleted_is_named_and_not_replaced(address: str) -> None:
    write(address, *WATER)
    write(address, *SCHOOL, rebuild=True)
    host, name = host_and_name(address)
    ask(host, "DELETE", f"/{name}-baocha-2/_alias/{name}")
    for rebuild in (False, True):
        with pytest.raises(ClusterError, match=f"{name}-baocha-1, {name}-baocha-2 exist"):
            writer(address, rebuild=rebuild)
    assert indices(address) == {"1", "2"}
    add_alias = {"add": {"index": f"{name}-baocha-2", "alias": name}}
    ask(host, "POST", "/_aliases", {"actions": [add_alias]})
    assert texts(open_engine(address)) == ["绩效三。"]


def test_an_index_whose_name_begins_with_that_of_another_is_not_touched(address: str) -> None:
    other = f"{address}-baocha-old"
    write(other, *WATER)
    write(address, *SCHOOL)
    write(address, *SCHOOL, rebuild=True)
    write(address)
    assert texts(open_engine(other)) == ["绩效一。", "绩效二。"]
    host, name = host_and_name(other)
    state = ask(host, "GET", f"/{name}/_doc/state")["_source"]
    assert isinstance(state, dict)
    assert not state["content"]["replaced_at"]


def test_a_writer_does_not_wait_for_an_index_that_was_deleted(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    started = time.monotonic()
    with writer(address) as one:
        put(one, *SCHOOL)
        ask(host, "DELETE", f"/{name}-baocha-1")
        with pytest.raises(ClusterError, match="no index at"):
            one.commit()
    assert time.monotonic() - started < 30


def test_an_index_that_an_operator_made_read_only_is_named_as_such(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    ask(host, "PUT", f"/{name}/_settings", {"index.blocks.write": True})
    with pytest.raises(ClusterError, match=r"read-only .* disk"):
        writer(address)
    ask(host, "PUT", f"/{name}/_settings", {"index.blocks.write": False})


def test_an_index_that_is_deleted_in_a_load_is_not_created_by_the_load(address: str) -> None:
    write(address, *WATER)
    host, name = host_and_name(address)
    with writer(address) as one:
        put(one, *SCHOOL)
        one._begin()
        ask(host, "DELETE", f"/{name}-baocha-1")
        with pytest.raises(IndexUnusableError):
            one.commit()
    assert indices(address) == set()


def test_writers_that_create_the_same_index_at_once_both_commit(address: str) -> None:
    failures: list[Exception] = []

    def run(folder: str, entries: list[Entry]) -> None:
        try:
            with writer(address, folder) as one:
                put(one, *entries)
                one.commit()
        except IndexUnusableError as error:
            failures.append(error)

    threads = [
        threading.Thread(target=run, args=("a", WATER)),
        threading.Thread(target=run, args=("b", SCHOOL)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert texts(open_engine(address)) == ["绩效一。", "绩效三。", "绩效二。"]
    assert indices(address) == {"1"}


def test_writers_of_different_folders_both_keep_their_vocabulary(address: str) -> None:
    write(address, *WATER)

    def learnt(folder: str, term: str) -> FolderVocabulary:
        return FolderVocabulary(folder, (SynonymGroup("equal", (term, f"{term}又称")),))

    with writer(address, "a") as one, writer(address, "b") as other:
        for each, part in ((one, learnt("a", "甲")), (other, learnt("b", "乙"))):
            each.vocabulary = replace(each.vocabulary, folders=(part,))
            put(each, *(SCHOOL if each is one else CHANGED))
            each.commit()
        other.vocabulary = replace(other.vocabulary, folders=other.vocabulary.folders[:1])
        other.commit()
    vocabulary = writer(address, "c")
    folders = vocabulary.vocabulary.folders
    vocabulary.__exit__(None, None, None)
    assert [part.folder for part in folders] == ["a"]


def test_a_writer_whose_lease_expired_does_not_release_that_of_another(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(address)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.5)
    stalled = writer(address, "reports")
    stalled._lease._stopped.set()
    time.sleep(1)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 60.0)
    with writer(address, "reports"):
        stalled.__exit__(None, None, None)
        with pytest.raises(ClusterError, match="is writing"):
            writer(address, "reports")


def test_a_file_whose_name_is_not_utf8_is_indexed_and_found(address: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    name = os.fsdecode("水务局2024年绩效报告".encode("gb18030")) + ".txt"
    (reports / name).write_text("绩效正文。", "utf-8")
    opened = writer_of(address, [reports], rebuild=False)
    summary = build_index([reports], tmp_path / "scans", open_writer=opened)
    assert len(summary.indexed) == 1
    engine = open_engine(address)
    (hit,) = engine.search("“绩效正文”").hits
    assert engine.source_path(hit.report) == str(reports / name)
    engine.verify()


def test_a_snapshot_that_is_restored_has_the_whole_index(address: str) -> None:
    write(address, *WATER, *SCHOOL)
    host, name = host_and_name(address)
    path = f"/_snapshot/{name}"
    ask(host, "PUT", path, {"type": "fs", "settings": {"location": name}})
    only = {"indices": f"{name}-baocha-*", "include_global_state": False}
    ask(host, "PUT", f"{path}/one?wait_for_completion=true", only)
    write(address, *CHANGED)
    ask(host, "DELETE", f"/{name}-baocha-*")
    ask(host, "POST", f"{path}/one/_restore?wait_for_completion=true", only)
    engine = open_engine(address)
    engine.verify()
    assert texts(engine) == ["绩效一。", "绩效三。", "绩效二。"]
    write(address, *CHANGED)
    assert texts(open_engine(address)) == ["成效四。", "绩效三。"]
    ask(host, "DELETE", path)


def test_the_index_template_for_operators_applies_beside_our_settings(address: str) -> None:
    host, name = host_and_name(address)
    template = json.loads((DEPLOY / "opensearch/index-template.json").read_text("utf-8"))
    assert template["index_patterns"] == ["reports-baocha-*"]
    path = f"/_index_template/{name}"
    ask(host, "PUT", path, template | {"index_patterns": [f"{name}-baocha-*"]})
    write(address, *WATER)
    found = ask(host, "GET", f"/{name}/_settings?flat_settings=true")
    settings = found[f"{name}-baocha-1"]["settings"]  # type: ignore[index]
    assert settings["index.unassigned.node_left.delayed_timeout"] == "5s"
    assert settings["index.auto_expand_replicas"] == "0-1"
    assert texts(open_engine(address)) == ["绩效一。", "绩效二。"]
    ask(host, "DELETE", path)


def test_a_report_without_a_kind_is_counted_as_unknown(address: str) -> None:
    write(address, *(replace(entry, kind="") for entry in WATER))
    found = open_engine(address).search("绩效").facets["kind"]
    assert [(value.value, value.count) for value in found] == [("未知", 2)]
