"""Fixtures: a real index in a temporary folder, real files."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from baocha import create_app
from baocha.search import Engine, open_engine
from baocha_indexer.build import build_index
from tools.make_corpus import CORPUS, scan_path

# Tests never judge times: on a busy machine an example may take seconds.
settings.register_profile("baocha", deadline=None)
settings.load_profile("baocha")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports but for the scan: whether it can be read differs."""
    copy = shutil.copytree(CORPUS, tmp_path_factory.mktemp("sample") / CORPUS.name)
    (copy / scan_path().name).unlink()
    return copy


@pytest.fixture(scope="session")
def corpus_index(sample: Path) -> Path:
    """The sample reports, indexed."""
    index = sample.parent / "index"
    build_index([sample], index)
    return index


@pytest.fixture(scope="session")
def corpus_engine(corpus_index: Path) -> Engine:
    return open_engine(corpus_index)


@pytest.fixture
def client(corpus_index: Path) -> FlaskClient:
    """The pages over the sample reports."""
    return create_app(corpus_index).test_client()


@pytest.fixture
def index_files(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Write files of these names and contents into a folder, index it, return the index."""

    def index(files: dict[str, str | bytes]) -> Path:
        reports = tmp_path / "reports"
        for name, content in files.items():
            path = reports / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        build_index([reports], tmp_path / "index")
        return tmp_path / "index"

    return index
