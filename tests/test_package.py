"""The wheel and an editable install work in an application whose own package is `app`.

Flask's tutorials use that name.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from baocha_indexer.kernel import IS_COMPILED

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
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def built_wheel(folder: Path, **environment: str) -> Path:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    subprocess.run([*pip, *options, str(ROOT)], check=True, env=os.environ | environment)
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


@pytest.mark.skipif(not IS_COMPILED, reason="there is no C compiler")
def test_the_wheel_has_the_compiled_kernel_for_all_versions_of_python(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        assert any(
            "kernel/_native.abi3" in name or "_native.pyd" in name for name in archive.namelist()
        )


@pytest.mark.skipif(sys.platform == "win32", reason="the compiler is not chosen with CC there")
def test_without_a_compiler_the_package_is_installed_and_searches_the_same_index(
    corpus_index: Path, tmp_path: Path
) -> None:
    wheel = built_wheel(tmp_path / "wheel", CC="false", CXX="false")
    assert wheel.name.endswith("-py3-none-any.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        assert not any("_native.abi3" in name for name in archive.namelist())
        archive.extractall(site)
    assert ask_host(tmp_path, corpus_index, site) == site / "baocha/__init__.py"
    ask = (
        "import sys, baocha, baocha_indexer.kernel as kernel;"
        "assert not kernel.IS_COMPILED;"
        "found = baocha.open_engine(sys.argv[1]).search(sys.argv[2]);"
        "print(found.total, [hit.id for hit in found.hits], [hit.text for hit in found.hits])"
    )
    for query in ("绩效", "“预算执行”", "年", "(预算 | 绩效) -问题"):
        found = [
            subprocess.run(
                [sys.executable, "-c", ask.replace("not ", "", ours), str(corpus_index), query],
                env=os.environ | ({} if ours else {"PYTHONPATH": str(site)}),
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            for ours in ([False, True] if IS_COMPILED else [False])
        ]
        assert len(set(found)) == 1


def test_python_m_baocha_is_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "baocha", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("baocha ")
