"""A cluster of three processes whose nodes are killed and stopped while it is searched and written.

An answer may be an error. It is never wrong.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from baocha.search import Engine, Filters, open_engine
from baocha.search.address import Credentials, parse_address
from baocha.search.opensearch import ClusterWriter, writer
from baocha.search.opensearch.faults import ClusterError
from baocha.search.query import parse_query
from baocha_indexer.errors import BaochaError, IndexUnusableError
from tests.app.search.indexes import add, by_report, many_entries, sentences
from tests.app.search.reference import Entry, expected_facet, matches
from tests.opensearch import ThreeNodes, require

QUERIES = (
    "“预算”",
    "“绩效自评”",
    "效",
    "“算绩”",
    "“䶮䶮”",
    "“1,2”",
    "预算 -后",
    "部门:水务局 “年”",
)
long = pytest.mark.skipif(
    os.environ.get("BAOCHA_TEST_FAULTS") != "all", reason="takes minutes: make faults"
)
MOST_SECONDS = 12.0
"""After this time without one of three nodes, searches are answered again."""


@dataclass
class Watched:
    """What searches returned while something happened to the cluster."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    errors: list[tuple[float, str]] = field(default_factory=list)
    longest: float = 0.0


def entries() -> list[Entry]:
    return many_entries()[:600]


def expected(members: list[Entry]) -> dict[str, tuple[int, int, dict[object, int]]]:
    """Return the total, the number of reports and the departments for each query."""
    found = {}
    for query in QUERIES:
        tree = parse_query(query).tree
        hits = [entry for entry in members if matches(tree, entry)]
        departments = expected_facet(hits, Filters(), "department")
        found[query] = (len(hits), len({entry.report for entry in hits}), departments)
    return found


@contextmanager
def watching(
    engine: Engine, answers: list[dict[str, tuple[int, int, dict[object, int]]]]
) -> Iterator[Watched]:
    """Search in two threads. An answer must be that of one of the generations in `answers`."""
    watched = Watched()
    stopped = threading.Event()

    def search() -> None:
        at = 0
        while not stopped.is_set():
            query = QUERIES[at % len(QUERIES)]
            at += 1
            started = time.monotonic()
            try:
                result = engine.search(query)
            except BaochaError as error:
                watched.errors.append((time.monotonic(), str(error)))
                time.sleep(0.1)
                continue
            finally:
                watched.longest = max(watched.longest, time.monotonic() - started)
            departments = {value.value: value.count for value in result.facets["department"]}
            found = (result.total, result.reports, departments)
            if any(found == plain(answer[query]) for answer in answers):
                watched.right += 1
            else:
                watched.wrong.append(f"{query}: {found}")

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield watched
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def plain(answer: tuple[int, int, dict[object, int]]) -> tuple[int, int, dict[object, int]]:
    return answer[0], answer[1], dict(answer[2])


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeNodes]:
    require()
    cluster = ThreeNodes(tmp_path_factory.mktemp("cluster"), "thread_pool.write.queue_size: 5\n")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def address(nodes: ThreeNodes) -> str:
    found = nodes.address("faults")
    load(found, entries())
    nodes.wait_green()
    return found


@pytest.fixture
def healthy(nodes: ThreeNodes, address: str) -> Iterator[str]:
    """The address of the index. After the test, all nodes run again."""
    yield address
    for at, server in enumerate(nodes.servers):
        if server.process.poll() is not None:
            nodes.restart(at)
    nodes.wait_green()


def load(address: str, members: list[Entry]) -> None:
    with ClusterWriter(parse_address(address), Credentials()) as one:
        for report_id, paragraphs in by_report(members).items():
            add(one, report_id, paragraphs)
        one.commit()


def test_the_first_commit_ends_with_a_copy_of_each_shard(nodes: ThreeNodes, address: str) -> None:
    load(nodes.address("copied"), sentences("某局", ["绩效。"]))
    health = open_engine(nodes.address("copied")).status().cluster
    assert health
    assert (health.status, health.shards) == ("green", 6)


def ask(host: str, method: str, path: str, body: object) -> None:
    headers = {"Content-Type": "application/json"}
    with urlopen(
        Request(f"http://{host}{path}", json.dumps(body).encode(), headers, method=method)
    ):
        return


def test_searches_go_on_when_a_node_is_killed(nodes: ThreeNodes, healthy: str) -> None:
    engine = open_engine(healthy)
    victim = (nodes.manager() + 1) % 3
    with watching(engine, [expected(entries())]) as watched:
        time.sleep(1)
        nodes.servers[victim].stop()
        time.sleep(MOST_SECONDS)
        after = time.monotonic()
        time.sleep(2)
    assert not watched.wrong
    assert watched.right > 20
    assert not [error for moment, error in watched.errors if moment > after]


@long
def test_searches_go_on_when_the_manager_is_killed(nodes: ThreeNodes, healthy: str) -> None:
    engine = open_engine(healthy)
    with watching(engine, [expected(entries())]) as watched:
        time.sleep(1)
        nodes.servers[nodes.manager()].stop()
        time.sleep(MOST_SECONDS)
        after = time.monotonic()
        time.sleep(2)
    assert not watched.wrong
    assert not [error for moment, error in watched.errors if moment > after]


@long
def test_a_node_that_hangs_delays_searches_and_makes_none_wrong(
    nodes: ThreeNodes, healthy: str
) -> None:
    engine = open_engine(healthy)
    process = nodes.servers[(nodes.manager() + 1) % 3].process
    with watching(engine, [expected(entries())]) as watched:
        time.sleep(1)
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(8)
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(3)
    assert not watched.wrong
    assert watched.right > 20


@long
def test_without_two_of_three_nodes_there_are_errors_and_no_numbers(
    nodes: ThreeNodes, healthy: str
) -> None:
    engine = open_engine(healthy)
    with watching(engine, [expected(entries())]) as watched:
        time.sleep(1)
        for victim in (0, 1):
            nodes.servers[victim].stop()
        time.sleep(5)
    assert not watched.wrong
    for at in (0, 1):
        nodes.restart(at)
    nodes.wait_green()
    assert open_engine(healthy).search("“预算”").total == expected(entries())["“预算”"][0]


@long
def test_nothing_is_lost_when_all_nodes_are_killed(nodes: ThreeNodes, healthy: str) -> None:
    for server in nodes.servers:
        server.stop()
    with pytest.raises(IndexUnusableError):
        open_engine(healthy)
    for at in range(3):
        nodes.restart(at)
    nodes.wait_green()
    engine = open_engine(healthy)
    engine.verify()
    with watching(engine, [expected(entries())]) as watched:
        time.sleep(2)
    assert not watched.wrong
    assert not watched.errors


@long
def test_a_node_that_is_killed_in_a_load_loses_nothing_that_was_committed(
    nodes: ThreeNodes, healthy: str
) -> None:
    target = nodes.address("loaded")
    members = [
        entry
        for number in range(40)
        for entry in sentences(f"第{number}局", [f"绩效目标{n}。" for n in range(200)])
    ]
    killed: list[int] = []

    def kill() -> None:
        time.sleep(0.7)
        killed.append((nodes.manager() + 1) % 3)
        nodes.servers[killed[0]].stop()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        load(target, members)
        committed = True
    except ClusterError:
        committed = False
    thread.join()
    nodes.restart(killed[0])
    nodes.wait_green()
    if not committed:
        load(target, members)
    engine = open_engine(target)
    assert engine.search("“绩效目标”").total == len(members)
    engine.verify()


def rejected(nodes: ThreeNodes) -> int:
    """Number of writes that the nodes were too busy for."""
    with urlopen(f"http://{nodes.addresses[0]}/_nodes/stats/thread_pool") as answer:
        found = json.load(answer)["nodes"].values()
    return sum(node["thread_pool"]["write"]["rejected"] for node in found)


def test_a_load_that_is_too_fast_for_the_nodes_is_slowed_and_complete(
    nodes: ThreeNodes, healthy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BULK_THREADS", 40)
    monkeypatch.setattr(writer, "BULK_BYTES", 4_000)
    target = nodes.address("busy")
    before = rejected(nodes)
    members = [
        entry
        for number in range(30)
        for entry in sentences(f"第{number}局", [f"绩效目标{n}。" for n in range(150)])
    ]
    load(target, members)
    assert rejected(nodes) > before
    engine = open_engine(target)
    assert engine.search("“绩效目标”").total == len(members)
    engine.verify()


@long
def test_a_full_disk_stops_writers_and_no_searches(nodes: ThreeNodes, healthy: str) -> None:
    host = nodes.addresses[0]
    name = "cluster.routing.allocation.disk.watermark"
    full = {f"{name}.{level}": "100000gb" for level in ("low", "high", "flood_stage")}
    ask(host, "PUT", "/_cluster/settings", {"transient": {"cluster.info.update.interval": "10s"}})
    ask(host, "PUT", "/_cluster/settings", {"transient": full})
    engine = open_engine(healthy)
    try:
        end = time.monotonic() + 60
        refused = ""
        while not refused and time.monotonic() < end:
            try:
                load(healthy, sentences("某局", ["绩效。"]))
                load(healthy, [])
            except IndexUnusableError as error:
                refused = str(error)
            time.sleep(1)
        assert "disk" in refused
        assert engine.search("“预算”").total == expected(entries())["“预算”"][0]
    finally:
        settings = {"transient": dict.fromkeys(full)}
        ask(host, "PUT", "/_cluster/settings", settings)
        unblock(host)
    with ClusterWriter(parse_address(healthy), Credentials()) as one:
        one.remove("r某局")
        one.commit()


def unblock(host: str) -> None:
    for _ in range(60):
        try:
            ask(host, "PUT", "/_all/_settings", {"index.blocks.read_only_allow_delete": None})
        except HTTPError:
            time.sleep(1)
        else:
            return
