"""Imports run one way: `app` knows `indexer`, never the reverse, and nothing runs in circles."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("app", "indexer")
WHOOSH = "baocha_indexer.store.codec"


def modules() -> dict[str, Path]:
    found = {}
    for root in SOURCE_ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            parts = path.relative_to(ROOT / root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at the top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def graph() -> dict[str, set[str]]:
    known = modules()
    edges: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for target in imports(path):
            module = target if target in known else target.rpartition(".")[0]
            if module in known and module != name:
                edges[name].add(module)
    return edges


def test_the_indexer_knows_nothing_of_the_app_the_web_or_the_command_line() -> None:
    for name, path in modules().items():
        if name.startswith("baocha_indexer"):
            roots = {target.partition(".")[0] for target in imports(path)}
            assert not roots & {"baocha", "flask", "click", "rich"}, name


def test_search_knows_no_web_framework() -> None:
    for name, path in modules().items():
        if name.startswith("baocha.search"):
            assert not {t.partition(".")[0] for t in imports(path)} & {"flask", "click"}, name


def test_imports_never_run_in_a_circle() -> None:
    assert list(TopologicalSorter(graph()).static_order())


def test_whoosh_jieba_and_bleach_each_live_behind_one_place() -> None:
    homes = {"jieba": "baocha_indexer.text.words", "rjieba": "baocha_indexer.text.words"}
    for name, path in modules().items():
        for target in imports(path):
            home = homes.get(target.partition(".")[0])
            assert home is None or name.startswith(home), f"{name} imports {target}"
            if target.partition(".")[0] == "whoosh":
                assert name.startswith(WHOOSH), f"{name} imports {target}"


def test_nothing_above_the_engine_knows_which_engine_runs() -> None:
    below = ("baocha.search.local", "baocha_indexer.store")
    for name, targets in graph().items():
        if name.startswith("baocha.") and not name.startswith("baocha.search"):
            assert not {target for target in targets if target.startswith(below)}, name


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_says_what_it_is_for(name: str) -> None:
    tree = ast.parse(modules()[name].read_text("utf-8"))
    assert ast.get_docstring(tree), f"{name} has no docstring"


def packages() -> dict[str, Path]:
    return {name: path for name, path in modules().items() if path.name == "__init__.py"}


def exports(path: Path) -> list[str]:
    """Return the `__all__` of a package."""
    found: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found += ast.literal_eval(node.value)
    return found


def test_a_package_is_used_from_outside_only_through_what_it_exports() -> None:
    roots = ("baocha", "baocha_indexer")  # their modules are open to each other
    exported = {f"{name}.{export}" for name, path in packages().items() for export in exports(path)}
    for name, path in modules().items():
        for target in set(imports(path)) - exported:
            module = target if target in modules() else target.rpartition(".")[0]
            package = module.rpartition(".")[0]
            if module not in modules() or module in packages() or package in roots:
                continue
            assert f"{name}.".startswith(f"{package}."), f"{name} imports {target}"


@pytest.mark.parametrize("name", sorted(packages()))
def test_a_package_has_no_code_but_what_it_exports(name: str) -> None:
    tree = ast.parse(packages()[name].read_text("utf-8"))
    if len(tree.body) > 1:
        assert exports(packages()[name])
    if name not in ("baocha", "baocha.search"):  # these load their parts when they are first used
        assert all(isinstance(n, ast.Expr | ast.ImportFrom | ast.Assign) for n in tree.body), name


def test_searching_loads_nothing_it_does_not_need(corpus_index: Path) -> None:
    code = (
        "import sys; from baocha.cli import run; "
        f"run(['search', '“绩效”', '--index', {str(corpus_index)!r}]); "
        "print([m for m in ('flask', 'rich', 'jieba', 'rjieba', 'bleach', 'whoosh', 'docx', 'openpyxl', 'lxml', "
        "'importlib.metadata', 'baocha_indexer.build') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"
