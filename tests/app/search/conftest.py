"""Engines over small indexes, and a large collection in one segment and in several."""

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
    write_index,
    write_segments,
)


@pytest.fixture(params=["one segment", "many segments"])
def make_engine(request: pytest.FixtureRequest) -> Iterator[MakeEngine]:
    """Make an engine over entries. A second engine needs only another value of `params`."""
    write = write_index if request.param == "one segment" else write_segments
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()
        yield lambda entries: open_engine(write(Path(folder, str(next(numbers))), entries))


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
