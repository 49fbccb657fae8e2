"""The growth with the collection."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import growth


def test_an_exponent_is_the_slope_of_the_logarithms() -> None:
    runs = [
        {name: 3 * size**power for name, power in zip(growth.VALUES, range(6), strict=True)}
        | {"paragraphs": size}
        for size in (10, 20, 80)
    ]
    assert list(growth.exponents(runs).values()) == pytest.approx([0, 1, 2, 3, 4, 5])
    assert growth.exponents(runs[:1]) == {}


def test_a_larger_collection_is_made_of_altered_copies(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    arguments = ["--paragraphs", "200", "--queries", "6", "--times", "2", "--times", "1"]
    result = CliRunner().invoke(growth.main, [*arguments, "--json", str(results)])
    assert result.exit_code == 0, result.output
    found = json.loads(results.read_text("utf-8"))["growth"]
    assert [run["paragraphs"] for run in found["runs"]] == [200, 400]
    assert found["runs"][0]["index_bytes"] < found["runs"][1]["index_bytes"]
    assert all(run[name] > 0 for run in found["runs"] for name in growth.VALUES)
    assert set(found["exponents"]) == set(growth.VALUES)
