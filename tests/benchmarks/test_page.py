"""The page of the results says what the results file has."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import PLOTS, number, page, slower, with_range
from benchmarks.results import RESULTS

RESULTS_OF_THE_PAGE: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))


def test_the_page_is_what_the_results_file_gives() -> None:
    written = (RESULTS.parent.parent / "benchmarks.md").read_text("utf-8")
    assert written == page(RESULTS_OF_THE_PAGE), "run python -m benchmarks.report"
    for name in PLOTS.values():
        assert f"](benchmarks/{name})" in written
        assert (RESULTS.parent / name).exists()


@pytest.mark.parametrize("part", ["search", "server", "growth"])
def test_the_results_name_the_machine_the_versions_and_the_commit(part: str) -> None:
    found = RESULTS_OF_THE_PAGE[part]
    assert found["machine"]["cores"] > 0
    assert found["machine"]["memory_bytes"] > 0
    assert found["versions"]["baocha"]
    assert found["commit"]


def test_a_page_without_a_part_lacks_its_section() -> None:
    written = page({"growth": RESULTS_OF_THE_PAGE["growth"]})
    assert "## Growth" in written
    assert "## Servers" not in written
    assert "## Building an index" not in written


def test_numbers_have_two_or_three_significant_digits() -> None:
    assert [number(value) for value in (1234.5, 45.67, 2.346, 0.1234, 0.012345)] == [
        "1,234", "45.7", "2.35", "0.12", "0.012",
    ]  # fmt: skip
    assert with_range((1, 2, 3)) == "2.00 (1.00–3.00)"
    assert with_range((2, 2, 2)) == "2.00"


def test_only_what_is_slower_is_listed_as_slower() -> None:
    kinds = {
        "near": {"whole p50": (0.9, 1.5, 2.0), "whole p95": (0.4, 0.5, 3.0)},
        "facets": {"whole p50": (0.9, 1.01, 1.1), "whole p95": (1.9, 2.0, 3.0)},
    }
    peer = {"build": (0.5, 0.6, 3.0), "memory": 2.0, "size": 0.5, "kinds": kinds}
    servers = {"other": {"pages": (0.2, 0.5, 2.0), "JSON": (0.2, 1.5, 2.0)}}
    results: dict[str, Any] = {"search": {"ratios": {"peer": peer}}, "server": {"ratios": servers}}
    assert list(slower(results)) == [
        "memory to build the index: 2.00 times that of peer",
        "p50 of whole answers, divided by that of peer: near 1.50",
        "p95 of whole answers, divided by that of peer: facets 2.00",
        "requests per second, pages: 0.50 times those of other",
    ]


def test_the_plots_are_the_same_for_the_same_results(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the plots need the extra `benchmark`")
    from benchmarks.plots import write_plots

    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_plots(RESULTS_OF_THE_PAGE, folder)
    one, other = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert one == other
    assert set(one) == set(PLOTS.values())
    assert all(b"<dc:date>" not in content for content in one.values())
