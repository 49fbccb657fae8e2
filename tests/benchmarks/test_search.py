"""The comparison of engines: which queries count, and the ratios of the rounds."""

import json
from pathlib import Path

from click.testing import CliRunner

from benchmarks import search
from benchmarks.contenders import CONTENDERS
from benchmarks.kinds import Query
from benchmarks.material import MIXED
from benchmarks.measure import Measured, Times
from benchmarks.page import page

ASKED = [Query(MIXED, str(at), phrases=(str(at),)) for at in range(10)]
ASKED += [Query("near", str(at), phrases=(str(at), "0"), near=True) for at in range(10, 20)]
KINDS = {MIXED: list(range(10)), "near": list(range(10, 20))}


def times(seconds: float, numbers: range) -> Times:
    return dict.fromkeys(numbers, seconds)


def measured(seconds: list[float], numbers: range, *, exact: int) -> Measured:
    """Return a contender that needs these seconds in its rounds, and answers the first `exact` queries."""
    rounds = [times(of_round, numbers) for of_round in seconds]
    ids = [times(of_round, range(10)) for of_round in seconds]
    return Measured(
        builds=[2.0, 4.0, 3.0],
        memory=100,
        size=10,
        exact={at: at < exact for at in numbers},
        first=times(9.0, numbers),
        rounds={"whole": rounds, "ids": ids},
    )


OWN = measured([1.0, 2.0, 3.0], range(20), exact=20)


def test_a_ratio_has_the_smallest_the_median_and_the_largest_of_the_rounds() -> None:
    found = search.ratios(OWN, measured([2.0, 2.0, 2.0], range(20), exact=20), KINDS)
    assert found["build"] == (1.0, 1.0, 1.0)
    assert found["kinds"]["near"]["whole p50"] == (0.5, 1.0, 1.5)
    assert found["kinds"][MIXED]["ids p95"] == (0.5, 1.0, 1.5)
    assert found["kinds"][MIXED]["first p50"] == 1.0
    assert "ids p50" not in found["kinds"]["near"]


def test_a_peer_that_was_measured_once_is_compared_with_each_round() -> None:
    found = search.ratios(OWN, measured([4.0], range(20), exact=20), KINDS)
    assert found["kinds"][MIXED]["whole p50"] == (0.25, 0.5, 0.75)


def test_only_queries_that_the_peer_answers_exactly_count() -> None:
    peer = measured([2.0, 2.0, 2.0], range(20), exact=6)
    for at in range(6, 10):
        peer.rounds["whole"][0][at] = 1000.0
    found = search.ratios(OWN, peer, KINDS)
    assert found["kinds"][MIXED]["whole p95"] == (0.5, 1.0, 1.5)
    assert "near" not in found["kinds"]
    few = measured([2.0, 2.0, 2.0], range(20), exact=search.LEAST_EXACT - 1)
    assert "kinds" not in search.ratios(OWN, few, KINDS)


def test_a_kind_that_a_peer_cannot_express_has_no_figures() -> None:
    peer = measured([2.0, 2.0, 2.0], range(10), exact=10)
    figures = search.compare({"baocha": OWN, "peer": peer}, ASKED)
    assert set(figures["contenders"]["peer"]["kinds"]) == {MIXED}
    assert set(figures["contenders"]["baocha"]["kinds"]) == {MIXED, "near"}
    assert figures["contenders"]["baocha"]["kinds"][MIXED]["whole"]["p50_ms"] == 2000.0


def test_engines_are_compared_and_the_figures_become_a_page(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    arguments = ["--paragraphs", "300", "--queries", "12", "--each", "5", "--json", str(results)]
    for name in set(CONTENDERS) - {"baocha", "SQLite FTS5 trigram"}:
        arguments += ["--without", name]
    result = CliRunner().invoke(search.main, arguments)
    assert result.exit_code == 0, result.output
    figures = json.loads(results.read_text("utf-8"))
    found = figures["search"]["contenders"]
    assert set(found) == {"baocha", "SQLite FTS5 trigram"}
    assert {kind["exact"] for kind in found["baocha"]["kinds"].values()} <= {1.0, None}
    assert found["baocha"]["kinds"]["relaxed"]["exact"] is None
    assert "near" not in found["SQLite FTS5 trigram"]["kinds"]
    written = page(figures)
    assert "## Kinds of query" in written
    assert "## Servers" not in written
    tables = [line for line in result.output.splitlines() if line.startswith("| rare phrase")]
    assert len(tables) == 3
    assert all(line in written for line in tables)
