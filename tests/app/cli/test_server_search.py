"""A search on a server prints what the same search of the index prints."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.cli.commands.group import cli
from baocha.cli.server_search import plain_server_search
from tests.app.cli.test_cli import ENVIRONMENT, baocha, one_line
from tests.conftest import SECRET
from tests.serving import BAOCHA, serving

WATER = "云溪市青湖区水务局"


@pytest.fixture(scope="module")
def address(corpus_index: Path) -> Iterator[str]:
    with serving(corpus_index, "--prefix", "/baocha") as address:
        yield address


def without_times(text: str) -> str:
    """Replace what differs between two runs: the duration and the time of a search."""
    text = re.sub(r"[\d.]+( 毫秒| ms)|(\"took_ms\": )[\d.]+", r"\1\2#", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "#", text)


SEARCHES = [
    ["提质增效"],
    ["提质增效", "-n", "2", "--offset", "3"],
    ["绩效", "--facets", "--department", WATER, "--year", "2021-2023", "--role", "body"],
    ["绩效", "自评", "--sort", "newest", "--exact"],
    ["预算执行率", "--sort", "document", "-n", "100"],
    ["招标投标", "--expand"],
    ["提质增效", "--expand"],
    ["“没有这句话”"],
    ["绩效", "䶮䶮"],
    ["部门:水务局 “绩效", "--kind", "部门整体支出绩效自评", "--level", "县", "--region", "青湖"],
    ["绩效", "--offset", "5000"],
    ["绩效", "--copied", "yes", "--facets"],
    ["--", "-疫情", "招商"],
    ["绩效 & 100% + a=b #c?/"],
    ["\x1b[31m绩效"],
    ["绩效", "--year=二〇二二年", "-n3"],  # only click parses these
]


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]], ids=["text", "json", "csv"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("words", SEARCHES, ids=" ".join)
def test_a_search_on_a_server_prints_what_a_search_of_the_index_prints(
    corpus_index: Path, address: str, words: list[str], language: str, form: list[str]
) -> None:
    env = {"BAOCHA_LANG": language}
    local = baocha("search", *form, "--index", corpus_index, *words, env=env)
    asked = baocha("search", *form, "--server", address, *words, env=env)
    assert asked.returncode == local.returncode
    assert without_times(asked.stdout) == without_times(local.stdout)
    assert asked.stderr == local.stderr


def on_a_terminal(*arguments: str | Path, **env: str) -> str:
    """Return what a command prints on a terminal."""
    above, below = pty.openpty()
    with subprocess.Popen(
        [str(BAOCHA), "search", *map(str, arguments)], stdout=below, env=ENVIRONMENT | env
    ) as process:
        os.close(below)
        shown = b""
        try:
            while block := os.read(above, 65536):
                shown += block
        except OSError:  # the terminal is closed
            pass
    os.close(above)
    assert process.returncode == 0
    return shown.decode()


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}], ids=["colours", "NO_COLOR"])
def test_a_search_on_a_server_has_the_styles_of_a_search_of_the_index(
    corpus_index: Path, address: str, env: dict[str, str]
) -> None:
    words = ("提质增效", "--facets", "-n", "3")
    local = on_a_terminal(*words, "--index", corpus_index, **env)
    assert ("\x1b[31m\x1b[1m提质增效\x1b[0m" in local) == (not env)
    assert without_times(on_a_terminal(*words, "--server", address, **env)) == without_times(local)
    # Through click.
    assert without_times(on_a_terminal(*words, f"--server={address}", "-n3", **env)) == (
        without_times(local)
    )


def test_the_server_is_taken_from_the_environment_and_the_file(
    corpus_index: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"BAOCHA_INDEX": str(tmp_path / "nowhere")}
    assert baocha("search", "绩效", env=nowhere).returncode == 2
    assert baocha("search", "绩效", env={**nowhere, "BAOCHA_SERVER": address}).returncode == 0
    # An index on the command line comes first.
    dead = {"BAOCHA_SERVER": "http://127.0.0.1:1"}
    assert baocha("search", "绩效", env=dead).returncode == 2
    assert baocha("search", "绩效", "--index", corpus_index, env=dead).returncode == 0
    assert baocha("search", "绩效", "--server", address, env=dead).returncode == 0
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "baocha.toml"
    file.write_text(f'server = "{address}"\n', "utf-8")
    assert baocha("search", "绩效", env=nowhere).returncode == 0
    # With other settings, which are checked.
    file.write_text(f'server = "{address}"\nport = 8000\n', "utf-8")
    assert baocha("search", "绩效", env=nowhere).returncode == 0
    for wrong in ('port = "x"', "servers = 1", "server = 1", "server"):
        file.write_text(f"{wrong}\n", "utf-8")
        found = baocha("search", "绩效", env=nowhere)
        assert (found.returncode, one_line(found.stderr)) == (2, True)
        assert "baocha.toml" in found.stderr


def test_the_token_comes_from_the_environment_or_the_file(
    corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "server.toml"
    settings.write_text(f'[[tokens]]\ntoken = "{SECRET}"\ndepartment = ["{WATER}"]\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    with serving(corpus_index, BAOCHA_CONFIG=str(settings)) as address:
        scoped = baocha("search", "绩效", "--server", address, env={"BAOCHA_TOKEN": SECRET})
        assert scoped.returncode == 0
        assert WATER in scoped.stdout
        limited = baocha("search", "绩效", "--index", corpus_index, "--department", WATER)
        assert without_times(scoped.stdout) == without_times(limited.stdout)
        for form in ("--json", "--csv", "--facets"):
            refused = baocha("search", "绩效", form, "--server", address)
            assert (refused.returncode, refused.stdout) == (2, "")
            assert one_line(refused.stderr)
            assert "需要令牌（401）；请在环境变量 BAOCHA_TOKEN 中设置" in refused.stderr
        for wrong, said in (("x" * 20, "不接受该令牌"), ("a b\r\nX: y", "不能含空格")):
            refused = baocha("search", "绩效", "--server", address, env={"BAOCHA_TOKEN": wrong})
            assert one_line(refused.stderr)
            assert said in refused.stderr
            assert wrong not in refused.stderr
        Path("baocha.toml").write_text(f'server = "{address}"\ntoken = "{SECRET}"\n', "utf-8")
        assert baocha("search", "绩效").returncode == 0
    assert SECRET not in baocha("config").stdout


@pytest.mark.parametrize("limited", ["-n 101", "-n 99999999", "--offset 99999999"])
def test_a_limit_of_the_server_is_one_line(address: str, limited: str) -> None:
    refused = baocha("search", "绩效", *limited.split(), "--server", address)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert one_line(refused.stderr)
    assert "应为 0–1" in refused.stderr
    if "-n" in limited:
        assert "--csv" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--server", "ftp://search.example"],
        ["--server", "search.example:8000"],
        ["--server", "http://user:password@search.example"],
        ["--server", "http://search.example/?q=1"],
        ["--server", "http://search.example:99999"],
        ["--server", "http://"],
        ["--server", ""],
        ["--server"],
        ["--server", "http://127.0.0.1:1", "--index", "i"],
        ["--server", "http://127.0.0.1:1", "--json", "--csv"],
        ["--server", "http://127.0.0.1:1", "-n", "0"],
        ["--server", "http://127.0.0.1:1", "--year", "x"],
        ["--server", "http://127.0.0.1:1", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_is_one_line(arguments: list[str]) -> None:
    for env in ({}, {"BAOCHA_LANG": "en"}):
        found = baocha("search", "绩效", *arguments, env=env)
        assert (found.returncode, found.stdout) == (2, "")
        assert one_line(found.stderr)


def test_a_broken_pipe_ends_a_search_on_a_server(address: str) -> None:
    with subprocess.Popen(
        [BAOCHA, "search", "的", "--csv", "--server", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().decode().startswith("\ufeff序号")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


ARGUMENTS = st.lists(
    st.sampled_from(
        [
            *(
                "绩效",
                "-",
                "--",
                "-n",
                "3",
                "0",
                "-n5",
                "--offset",
                "--exact",
                "--expand",
                "--json",
            ),
            *("--csv", "--facets", "--sort", "newest", "--year", "2022", "2023-2022", "--role"),
            *(
                "body",
                "--department",
                "水务局",
                "--section=绩效自评",
                "--kind",
                "",
                "-h",
                "--index",
            ),
        ]
    ),
    max_size=8,
)


@given(ARGUMENTS)
def test_arguments_parsed_without_click_mean_what_click_reads(arguments: list[str]) -> None:
    plain = plain_server_search(["--server", "http://h", *arguments], {"BAOCHA_TOKEN": "t"})
    if plain is None:
        return
    address, token, request = plain
    assert (str(address), token) == ("http://h", "t")
    command = cli.get_command(click.Context(cli), "search")
    assert command is not None
    values = command.make_context("search", ["--server", "http://h", *arguments]).params
    sent = [value for name, value in request.parameters if name == "q"]
    assert sent == [" ".join(values["query"])]
    names = {name for name, _ in request.parameters}
    for facet in ("department", "section", "kind", "role", "year"):
        given_values = [value for name, value in request.parameters if name == facet]
        assert len(given_values) == len(values[facet])
        if facet != "year":
            assert given_values == list(values[facet])
    assert ("mode", "exact" if values["exact"] else "words") in request.parameters
    assert ("expand" in names) == values["expand"]
    assert ("sort", values["sort"]) in request.parameters
    assert (request.limit, request.offset) == (values["limit"], values["offset"])
    assert request.facets == values["facets"]
    assert request.form == ("json" if values["as_json"] else "csv" if values["as_csv"] else "txt")


def test_every_option_of_search_is_known_without_click() -> None:
    command = cli.get_command(click.Context(cli), "search")
    assert command is not None
    for parameter in command.params:
        if not isinstance(parameter, click.Option) or "--index" in parameter.opts:
            continue
        words = [parameter.opts[0], *([] if parameter.is_flag else ["1"])]
        words = [
            {"--year": "2022", "--role": "body", "--sort": "newest", "--copied": "yes"}.get(
                words[0], w
            )
            if w == "1"
            else w
            for w in words
        ]
        if "--server" in parameter.opts:
            words = []
        assert plain_server_search(["绩效", "--server", "http://h", *words], {}) is not None, words


def test_json_of_a_server_says_whether_synonyms_were_searched(address: str) -> None:
    for query, expanded in (("招标投标", True), ("提质增效", False)):
        found = baocha("search", query, "--expand", "--json", "--server", address)
        assert json.loads(found.stdout)["expanded"] is expanded
