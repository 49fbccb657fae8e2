"""The wheel and an editable install work in an application whose own package is `app`.

Flask's tutorials use that name.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HOST = """
from flask import Flask

from baocha import create_blueprint


def create_app(index):
    app = Flask(__name__)
    app.register_blueprint(create_blueprint(index), url_prefix="/search")
    return app
"""

ASK = """
import sys

import app
import baocha

assert app.__file__.startswith(sys.argv[1]), app.__file__
assert baocha.open_engine(sys.argv[2]).search("“绩效”").total
client = app.create_app(sys.argv[2]).test_client()
for address in ("/search/?q=%E7%BB%A9%E6%95%88", "/search/static/baocha.css", "/search/api/v1/status"):
    with client.get(address) as response:
        assert response.status_code == 200, (address, response.status_code)
print(baocha.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    subprocess.run([*pip, *options, str(ROOT)], check=True)
    (found,) = folder.glob("baocha-*.whl")
    return found


def ask_host(folder: Path, index: Path, *search_path: Path) -> Path:
    """Run a host application in `folder`, and return where it found baocha."""
    (folder / "app").mkdir()
    (folder / "app/__init__.py").write_text(HOST, "utf-8")
    # The host's folder comes first, as with `flask run` or gunicorn.
    path = os.pathsep.join(map(str, (folder, *search_path)))
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(folder), str(index)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_a_host_whose_package_is_app_mounts_the_wheel(
    wheel: Path, corpus_index: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    found = ask_host(tmp_path, corpus_index, tmp_path / "site")
    assert found == tmp_path / "site/baocha/__init__.py"


def test_a_host_whose_package_is_app_mounts_an_editable_install(
    corpus_index: Path, tmp_path: Path
) -> None:
    assert ask_host(tmp_path, corpus_index) == ROOT / "app/baocha/__init__.py"


def test_the_wheel_has_only_the_two_packages_and_their_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    roots = {name.partition("/")[0] for name in names}
    (information,) = roots - {"baocha", "baocha_indexer"}
    assert information.endswith(".dist-info")
    for name in ("templates/baocha/base.html", "static/baocha.css", "py.typed"):
        assert f"baocha/{name}" in names
    for name in ("py.typed", "sources/built_in_synonyms.csv"):
        assert f"baocha_indexer/{name}" in names


def test_python_m_baocha_is_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "baocha", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("baocha ")
