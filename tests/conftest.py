"""Fixtures: a real index in a temporary folder, real files."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from flask.testing import FlaskClient
from hypothesis import settings

from baocha import create_app
from baocha.search import Engine, open_engine
from baocha_indexer.build import build_index
from tests.opensearch import shared_server, stop_shared_server
from tools.make_corpus import CORPUS, scan_path

# Tests never judge times: on a busy machine an example may take seconds.
# `BAOCHA_TEST_EXAMPLES=1000 make test` tries more examples of each property.
EXAMPLES = int(os.environ.get("BAOCHA_TEST_EXAMPLES", "60"))
settings.register_profile("baocha", deadline=None, max_examples=EXAMPLES)
settings.load_profile("baocha")


def _run_folder() -> Path:
    """Return a folder that all worker processes of this test run share."""
    name = os.environ.setdefault("BAOCHA_TEST_RUN", f"{os.getpid()}-{time.time_ns()}")
    return Path(tempfile.gettempdir(), f"baocha-tests-{name}")


def pytest_configure() -> None:
    _run_folder()  # worker processes inherit the name


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        stop_shared_server(_run_folder())
        shutil.rmtree(_run_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def opensearch() -> str:
    """The host and port of a real OpenSearch server with one node."""
    return shared_server(_run_folder())


SECRET = "0123456789abcdef"  # noqa: S105 — opens only servers of tests
"""A token that is long enough."""

ORIGIN = "https://oa.example.gov.cn"
"""A site that may embed the search."""

IndexFiles = Callable[[dict[str, str | bytes]], Path]
"""Index files of these names and contents, and return the index folder."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample reports without the scan, which can be read only with OCR installed."""
    copy = shutil.copytree(CORPUS, tmp_path_factory.mktemp("sample") / CORPUS.name)
    (copy / scan_path().name).unlink()
    return copy


@pytest.fixture(scope="session")
def corpus_index(sample: Path) -> Path:
    """An index of the sample reports."""
    index = sample.parent / "index"
    build_index([sample], index)
    return index


@pytest.fixture(scope="session")
def corpus_engine(corpus_index: Path) -> Engine:
    return open_engine(corpus_index)


@pytest.fixture(scope="session")
def client(corpus_index: Path) -> FlaskClient:
    """A client of the application over the sample reports."""
    return create_app(corpus_index).test_client()


@pytest.fixture(scope="session")
def docx_with_lost_text() -> bytes:
    """A Word document with a paragraph in an element that no program writes, so it is lost."""
    document = docx.Document()
    document.add_paragraph("青湖区水务局2022年节水方案")
    wrapper = OxmlElement("w:unknown")
    wrapper.append(document.add_paragraph("读取时丢失的一句话。")._p)
    document.element.body.insert(1, wrapper)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def index_of(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files to `reports` in a folder, and return an index of them in the same folder."""
    reports, index = folder / "reports", folder / "index"
    for name, content in files.items():
        path = reports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    build_index([reports], index)
    return index


@pytest.fixture
def index_files(tmp_path: Path) -> IndexFiles:
    """A function that writes files to `reports` in `tmp_path`, and indexes them."""
    return partial(index_of, tmp_path)
