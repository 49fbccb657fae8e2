"""The documents name every command, option, setting and dependency, and only files that exist."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from baocha.cli.commands.group import COMMANDS, cli
from baocha.language import VARIABLE as LANGUAGE_VARIABLE
from baocha.settings.config import SETTINGS
from baocha.settings.file import CONFIG_FILE, CONFIG_VARIABLE
from tests.test_architecture import modules

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_blocks(text: str) -> list[str]:
    """Return the code blocks without a language."""
    return re.findall(r"```\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("page", ["docs/command-line.md", "docs/command-line.zh-CN.md"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(page: str, command: str) -> None:
    commands = next(b for b in code_blocks(read(page)) if "baocha status" in b)
    synopsis = re.search(rf"^baocha {command} .*(\n {{10,}}.*)*", commands, re.MULTILINE)
    assert synopsis is not None
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert any(name in synopsis[0] for name in parameter.opts), parameter.opts


@pytest.mark.parametrize("suffix", ["", ".zh-CN"])
def test_every_setting_is_documented(suffix: str) -> None:
    page = read(f"docs/settings{suffix}.md")
    for name in (CONFIG_FILE, CONFIG_VARIABLE):
        assert name in page
    assert LANGUAGE_VARIABLE in read(f"docs/command-line{suffix}.md")
    for setting in SETTINGS:
        assert re.search(rf"\| `{setting.name}` \|[^|]*{setting.variable}", page), setting.name


@pytest.mark.parametrize("chinese", sorted(ROOT.glob("**/*.zh-CN.md")), ids=lambda path: path.name)
def test_a_page_has_the_same_sections_and_code_in_both_languages(chinese: Path) -> None:
    one = chinese.read_text("utf-8")
    other = chinese.with_name(chinese.name.replace(".zh-CN", "")).read_text("utf-8")
    assert one.count("\n## ") == other.count("\n## ")
    assert len(code_blocks(one)) == len(code_blocks(other))


def names(requirements: list[str]) -> set[str]:
    """Return the names of packages, without versions and extras."""
    return {re.split(r"[<>=!~\[; ]", requirement)[0].lower() for requirement in requirements}


def test_every_dependency_has_a_pinned_version_and_a_reason() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wanted = names([*PROJECT["dependencies"], *(one for extra in extras for one in extra)])
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert wanted <= names(lines)
    assert all("==" in line for line in lines)
    reasons = read("docs/dependencies.md").lower()
    assert all(f"\n| {name}" in reasons for name in wanted)


def test_the_modules_in_the_architecture_page_exist() -> None:
    text = read("docs/architecture.md")
    existing = {part for name in modules() for part in name.split(".")} | {"templates", "static"}
    diagram = code_blocks(text)[0]
    words = {
        word
        for line in re.findall(r"^ +([a-z_/, ]+?)(?:  |:|;|$)", diagram, re.MULTILINE)
        for word in re.split(r"[/, ]+", line)
        if word
    }
    assert len(words) > 30
    assert words <= existing, words - existing
    roots = (".", "app", "app/baocha", "indexer", "indexer/baocha_indexer")
    paths = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", text)) - {"templates/"}
    assert len(paths) > 40
    for path in paths - {"app/", "indexer/", "app/baocha/search"}:
        assert any((ROOT / root / path).exists() for root in roots), path


PAGES = [
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "benchmarks/*.md")
    for path in sorted(ROOT.glob(pattern))
]


@pytest.mark.parametrize("name", PAGES)
def test_links_in_the_documents_point_to_files_that_exist(name: str) -> None:
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", read(name)):
        assert (folder / target).exists(), target
