"""Engines over small indexes, and a large collection in one segment and in several."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from baocha.search import open_engine
from tests.app.search.indexes import (
    Indexed,
    MakeEngine,
    many_entries,
    write_cluster,
    write_index,
    write_segments,
)


@pytest.fixture(params=["one segment", "many segments", "opensearch"])
def make_engine(request: pytest.FixtureRequest) -> Iterator[MakeEngine]:
    """Make an engine over entries: a local one, or one on a cluster."""
    if request.param == "opensearch":
        yield request.getfixturevalue("make_cluster_engine")
        return
    write = write_index if request.param == "one segment" else write_segments
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()
        yield lambda entries: open_engine(write(Path(folder, str(next(numbers))), entries))


@pytest.fixture(scope="session")
def make_cluster_engine(opensearch: str) -> MakeEngine:
    """Make an engine over entries on a cluster. Each call replaces the reports of the one before."""
    address = f"opensearch://{opensearch}/{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    return lambda entries: open_engine(write_cluster(address, entries))


@pytest.fixture(scope="session")
def one_segment(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    entries = many_entries()
    return Indexed.of(write_index(tmp_path_factory.mktemp("one segment"), entries), entries)


@pytest.fixture(scope="session")
def many_segments(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    entries = many_entries()
    folder = write_segments(tmp_path_factory.mktemp("many segments"), entries, per_segment=5)
    return Indexed.of(folder, entries)


@pytest.fixture(scope="session", params=["one segment", "many segments"])
def large(request: pytest.FixtureRequest, one_segment: Indexed, many_segments: Indexed) -> Indexed:
    """A collection that is large enough for every way of searching."""
    return one_segment if request.param == "one segment" else many_segments
