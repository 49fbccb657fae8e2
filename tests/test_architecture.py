"""Imports run one way: `baocha` imports `baocha_indexer`, never the reverse, and no import is circular."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.serving import serving

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("app", "indexer")


@cache
def modules() -> dict[str, Path]:
    """Return the file of each module, by its full name."""
    found = {}
    for root in SOURCE_ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            parts = path.relative_to(ROOT / root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of all that a file imports, at the top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


@cache
def graph() -> dict[str, set[str]]:
    """Return the modules of this project that each module imports."""
    known = modules()
    edges: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for target in imports(path):
            module = target if target in known else target.rpartition(".")[0]
            if module in known and module != name:
                edges[name].add(module)
    return edges


def test_the_indexer_imports_neither_the_app_nor_flask_nor_click() -> None:
    for name, path in modules().items():
        if name.startswith("baocha_indexer"):
            roots = {target.partition(".")[0] for target in imports(path)}
            assert not roots & {"baocha", "flask", "click", "rich"}, name


def test_search_imports_neither_flask_nor_click() -> None:
    for name, path in modules().items():
        if name.startswith("baocha.search"):
            assert not {t.partition(".")[0] for t in imports(path)} & {"flask", "click"}, name


def test_no_import_is_circular() -> None:
    assert list(TopologicalSorter(graph()).static_order())


def test_whoosh_and_jieba_are_each_imported_in_one_place() -> None:
    words, codec = "baocha_indexer.text.words", "baocha_indexer.store.codec"
    homes = {"jieba": words, "rjieba": words, "whoosh": codec}
    for name, path in modules().items():
        for target in imports(path):
            home = homes.get(target.partition(".")[0], "")
            assert name.startswith(home), f"{name} imports {target}"


def test_only_search_imports_the_local_engine() -> None:
    below = ("baocha.search.local", "baocha_indexer.store")
    for name, targets in graph().items():
        if name.startswith("baocha.") and not name.startswith("baocha.search"):
            assert not {target for target in targets if target.startswith(below)}, name


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_module_has_a_docstring(name: str) -> None:
    tree = ast.parse(modules()[name].read_text("utf-8"))
    assert ast.get_docstring(tree), f"{name} has no docstring"


@cache
def packages() -> dict[str, Path]:
    """Return the `__init__.py` of each package, by its full name."""
    return {name: path for name, path in modules().items() if path.name == "__init__.py"}


def exports(path: Path) -> list[str]:
    """Return the `__all__` of a package."""
    found: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found += ast.literal_eval(node.value)
    return found


def test_a_package_is_used_from_outside_only_through_what_it_exports() -> None:
    roots = ("baocha", "baocha_indexer")  # modules directly in these may be imported everywhere
    exported = {f"{name}.{export}" for name, path in packages().items() for export in exports(path)}
    for name, path in modules().items():
        for target in set(imports(path)) - exported:
            module = target if target in modules() else target.rpartition(".")[0]
            package = module.rpartition(".")[0]
            if module not in modules() or module in packages() or package in roots:
                continue
            assert f"{name}.".startswith(f"{package}."), f"{name} imports {target}"


@pytest.mark.parametrize("name", sorted(packages()))
def test_the_init_file_of_a_package_has_only_exports(name: str) -> None:
    tree = ast.parse(packages()[name].read_text("utf-8"))
    if len(tree.body) > 1:
        assert exports(packages()[name])
    if name not in ("baocha", "baocha.exports", "baocha.search"):  # these import lazily
        assert all(isinstance(n, ast.Expr | ast.ImportFrom | ast.Assign) for n in tree.body), name


HEAVY = (
    *(
        "flask",
        "bleach",
        "rich",
        "jieba",
        "rjieba",
        "pypinyin",
        "whoosh",
        "docx",
        "openpyxl",
        "lxml",
    ),
    *("markdown_it", "pypdfium2", "granian", "pebble", "prometheus_client", "multiprocessing"),
    *("asyncio", "importlib.metadata", "numpy.ma", "baocha.basket", "baocha.exports.paper"),
    *("baocha.exports.table", "baocha.mount", "baocha_indexer.build", "baocha_indexer.extract"),
)
"""Modules that take long to import, and that a short command does not need."""


def test_a_search_on_a_server_imports_next_to_nothing(corpus_index: Path) -> None:
    ours = {"baocha", "baocha.cli", "baocha.cli.entry", "baocha.cli.server_search", "baocha.client"}
    ours |= {f"baocha.client.{name}" for name in ("address", "connection", "search")}
    ours |= {"baocha.language", "baocha.lazy", "baocha_indexer", "baocha_indexer.messages"}
    heavy = {
        "typing",
        "dataclasses",
        "inspect",
        "http",
        "email",
        "urllib",
        "ssl",
        "pathlib",
        "json",
    }
    heavy |= {"click", "contextlib", "threading", "logging", "tomllib", "numpy", "flask"}
    with serving(corpus_index) as address:
        code = (
            f"import sys; from baocha.cli import run; code = run({['search', '绩效', '--server', address]!r}); "
            "print(code, *sys.modules)"
        )
        # Without `site`, which may import what packages of this environment ask for.
        paths = ":".join(str(ROOT / root) for root in SOURCE_ROOTS)
        shown = subprocess.run(
            [sys.executable, "-S", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": paths, "PYTHONUTF8": "1"},
        )
    code, *imported = shown.stdout.splitlines()[-1].split()
    assert code == "0"
    assert {name for name in imported if name.startswith("baocha")} == ours
    assert not set(imported) & heavy


@pytest.mark.parametrize(
    ("command", "others"),
    [
        ("search “绩效” --index INDEX", ()),
        ("search 预算 执行 --index INDEX", ()),
        ("search 绩效 --json --index INDEX", ()),
        ("status --index INDEX", ()),
        ("--help", ("numpy", "baocha.search", "baocha.settings", "baocha_indexer.store")),
    ],
)
def test_a_short_command_imports_only_what_it_needs(
    corpus_index: Path, command: str, others: tuple[str, ...]
) -> None:
    arguments = command.replace("INDEX", str(corpus_index)).split()
    code = (
        f"import sys; from baocha.cli import run; run({arguments!r}); "
        f"print([m for m in {(*HEAVY, *others)!r} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"
