"""The command line, run as a process on real files."""

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from baocha.search import open_engine
from baocha_indexer.build import build_index
from tests.app.findings.reports import FILES
from tests.conftest import IndexFiles
from tests.serving import BAOCHA
from tools.make_corpus import LAYOUTS

REPORTS = len(LAYOUTS) + 1
"""Number of sample reports: the manuscripts and a workbook."""

ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
REPORT = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"


def baocha(
    *arguments: str | Path, program: str = "baocha", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    result = subprocess.run(
        [str(BAOCHA.with_name(program)), *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, **(env or {})},
        encoding="utf-8",
    )
    assert "Traceback" not in result.stderr
    return result


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a command."""
    return subprocess.Popen(
        [str(BAOCHA), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        encoding="utf-8",
    )


def one_line(text: str) -> bool:
    """Return whether a text is an error in one line."""
    return text.count("\n") == 1 and text.startswith("baocha: ")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with one report."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, "utf-8")
    return folder


def test_indexing_prints_the_number_of_reports(tmp_path: Path, sample: Path) -> None:
    first = baocha("index", sample, "--index", tmp_path / "i")
    again = baocha("index", sample, "--index", tmp_path / "i", "--json")
    assert f"新增或更新 {REPORTS} 份" in first.stdout
    assert first.stderr == ""
    assert json.loads(again.stdout)["unchanged"] == REPORTS


def test_indexing_prints_the_first_warnings_and_the_number_of_others(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"收支平衡，结余 {number} 元。\n", "utf-8")
    lines = baocha("index", folder, "--index", tmp_path / "i").stderr.splitlines()
    # Two warnings for each of twelve reports: no department, no year.
    assert len(lines) == 21
    assert "另有 4 条" in lines[-1]
    again = baocha("index", folder, "--index", tmp_path / "i", "--rebuild", "--json")
    assert len(json.loads(again.stdout)["warnings"]) == 24


def test_too_little_memory_for_indexing_is_one_line(reports: Path, tmp_path: Path) -> None:
    index = tmp_path / "i"
    for arguments, env, name in (
        (["--memory", "199"], {}, "--memory"),
        ([], {"BAOCHA_MEMORY": "much"}, "BAOCHA_MEMORY"),
    ):
        refused = baocha("index", reports, "--index", index, *arguments, env=env)
        assert (refused.returncode, one_line(refused.stderr)) == (2, True)
        assert name in refused.stderr
        assert "200" in refused.stderr
    assert not index.exists()
    assert baocha("index", reports, "--index", index, "--memory", "200").returncode == 0


def test_search_prints_the_paragraphs(corpus_index: Path) -> None:
    found = baocha("search", "提质增效", "--index", corpus_index, "-n", "2")
    assert found.returncode == 0
    assert found.stdout.startswith("共 15 段，见于 15 份报告")
    assert found.stdout.count("提质增效") >= 2
    assert "--offset 2" in found.stdout
    assert "\x1b[" not in found.stdout


def test_search_has_the_exit_codes_of_grep(corpus_index: Path) -> None:
    assert baocha("search", "提质增效", "--index", corpus_index).returncode == 0
    assert baocha("search", "“没有这句话”", "--index", corpus_index).returncode == 1
    assert baocha("search", "绩效", "--index", corpus_index / "nowhere").returncode == 2


def test_expanding_a_query_without_synonyms_is_reported(corpus_index: Path) -> None:
    for query, lines in (("提质增效", 1), ("招标投标", 0)):
        for form in ("--json", "--csv", "--facets"):
            found = baocha("search", query, "--expand", form, "--index", corpus_index)
            assert found.stderr.count("没有这些检索词的同义词") == lines


def test_search_json_has_the_fields_of_a_result(corpus_index: Path) -> None:
    result = json.loads(baocha("search", '"提质增效"', "--index", corpus_index, "--json").stdout)
    assert list(result) == [
        "query",
        "total",
        "reports",
        "took_ms",
        "mode",
        "counts",
        "generation",
        "relaxed",
        "expanded",
        "warnings",
        "certificate",
        "alternatives",
        "histograms",
        "hits",
        "partial",
        "facets",
    ]
    hit = result["hits"][0]
    assert list(hit) == [
        "id",
        "report",
        "section",
        "section_path",
        "ordinal",
        "role",
        "match",
        "text",
        "lead",
        "spans",
        "snippet",
        "score",
        "cells",
        "figures",
        "copies",
        "page",
        "box",
        "place",
        "ocr",
        "confidence",
    ]
    assert list(hit["report"]) == ["id", "title", "department", "year", "kind", "source"]
    assert [hit["text"][start:end] for start, end in hit["spans"]] == ["提质增效"]
    assert "<mark>提质增效</mark>" in hit["snippet"]
    assert list(result["facets"]) == [
        "department",
        "year",
        "section",
        "kind",
        "role",
        "region",
        "level",
        "copied",
    ]
    assert result["counts"] == {"exact": 15, "marks_ignored": 0, "words": 15}


def test_search_has_filters_and_facets(corpus_index: Path) -> None:
    result = json.loads(
        baocha(
            *("search", "绩效", "--index", corpus_index, "--json", "-n", "500"),
            *(
                "--department",
                "水务局",
                "--year",
                "2021-2022",
                "--year",
                "2023",
                "--section",
                "绩效自评",
            ),
            *("--kind", "部门整体支出绩效自评", "--sort", "newest"),
        ).stdout
    )
    assert result["total"] == len(result["hits"]) > 0
    assert {hit["report"]["department"] for hit in result["hits"]} == {"云溪市青湖区水务局"}
    assert {hit["section"] for hit in result["hits"]} == {"绩效自评"}
    years = [hit["report"]["year"] for hit in result["hits"]]
    assert years == sorted(years, reverse=True)
    assert len(result["facets"]["department"]) > 1
    assert "部门" in baocha("search", "绩效", "--index", corpus_index, "--facets").stdout


def test_csv_has_every_hit_and_opens_in_a_spreadsheet(corpus_index: Path) -> None:
    text = baocha("search", "绩效", "--index", corpus_index, "--csv").stdout
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    total = json.loads(baocha("search", "绩效", "--index", corpus_index, "--json").stdout)["total"]
    assert len(rows) == total > 20
    assert all("绩效" in "".join(row["原文"].split()) for row in rows)


def test_csv_contains_no_formula(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("某局2022年部门决算\n=1+1预算绩效，请核。\n", "utf-8")
    baocha("index", tmp_path / "a.txt", "--index", tmp_path / "i")
    text = baocha("search", "预算绩效", "--index", tmp_path / "i", "--csv").stdout
    assert ",'=1+1预算绩效" in text


def test_the_script_search_is_the_command_search(corpus_index: Path) -> None:
    environment = {"BAOCHA_INDEX": str(corpus_index)}
    bare = baocha("提质增效", "--json", program="search", env=environment)
    full = baocha("search", "提质增效", "--json", env=environment)
    drop_time = re.compile(r'"took_ms": [\d.]+')
    assert drop_time.sub("", bare.stdout) == drop_time.sub("", full.stdout)


def test_several_arguments_of_search_are_keywords(corpus_index: Path) -> None:
    apart = baocha("search", "绩效", "自评", "--index", corpus_index)
    together = baocha("search", "绩效 自评", "--index", corpus_index)
    assert apart.stdout.splitlines()[1:] == together.stdout.splitlines()[1:]


def test_parse_prints_metadata_and_paragraphs(sample: Path) -> None:
    (path,) = sample.glob("*水务局2022*")
    shown = json.loads(baocha("parse", path, "--json").stdout)
    assert list(shown) == [
        "title",
        "department",
        "year",
        "kind",
        "years",
        "level",
        "region",
        "document_number",
        "published",
        "origins",
        "account",
        "warnings",
        "paragraphs",
        "indicators",
        "checks",
    ]
    assert (shown["department"], shown["year"]) == ("云溪市青湖区水务局", 2022)
    assert (shown["level"], shown["region"]) == ("县", "云溪市青湖区")
    assert shown["origins"]["department"] == {"source": "title", "certainty": "certain"}
    assert list(shown["paragraphs"][0]) == [
        "ordinal",
        "text",
        "role",
        "section",
        "section_path",
        "cells",
        "figures",
        "page",
        "box",
        "place",
        "ocr",
        "confidence",
    ]
    assert "云溪市青湖区水务局  [来源：标题，确定]" in baocha("parse", path).stdout


def test_parse_shows_figures_indicators_and_checks(tmp_path: Path) -> None:
    path = tmp_path / "青湖区水务局2023年部门决算.html"
    path.write_text(
        "<h1>青湖区水务局2023年部门决算</h1>"
        "<p>全年预算数 200.00 万元，执行数 150.00 万元，完成预算的 78.00%。</p>"
        "<table><tr><th>一级指标<th>三级指标<th>指标值<th>完成值<th>分值<th>得分"
        "<tr><td>产出指标<td>供水量<td>3万吨<td>4万吨<td>10<td>9</table>",
        "utf-8",
    )
    shown = json.loads(baocha("parse", path, "--json", env={"BAOCHA_LANG": "zh"}).stdout)
    figure = shown["paragraphs"][1]["figures"][0]
    assert (figure["kind"], figure["value"], figure["unit"]) == ("amount", "2000000.00", "万元")
    assert (figure["text"], figure["label"], figure["period"]) == ("200.00", "全年预算数", "全年")
    begin, end = figure["span"]
    assert shown["paragraphs"][1]["text"][begin:end] == "200.00"
    (row,) = shown["indicators"]
    assert (row["table"], row["level1"], row["level3"], row["target"]) == (
        1, "产出指标", "供水量", "3万吨",
    )  # fmt: skip
    rate = shown["checks"][0]
    assert (rate["rule"], rate["holds"], rate["paragraphs"]) == ("execution-rate", False, [2])
    assert "150.00万元 ÷ 200.00万元 = 75.000%" in rate["explanation"]
    lines = baocha("parse", path, env={"BAOCHA_LANG": "zh"}).stdout
    assert "指标 1 行；勾稽核对 3 项，其中不符 1 项" in lines
    assert "不符：执行率：" in lines


def test_status_lists_equal_reports(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(7):
        (reports / f"{number}.txt").write_text(
            "青湖区水务局2023年部门决算\n\n收支平衡。\n", "utf-8"
        )
    baocha("index", reports, "--index", tmp_path / "index")
    shown = baocha("status", "--index", tmp_path / "index").stdout
    assert "文件相同：reports/0.txt、reports/1.txt" in shown
    assert "reports/4.txt 等 7 份" in shown
    status = json.loads(baocha("status", "--index", tmp_path / "index", "--json").stdout)
    (group,) = status["duplicates"]
    assert group["equal"] == "file"
    assert len(group["reports"]) == status["reports"] == 7
    assert group["reports"][0]["source"] == "reports/0.txt"


def test_status_prints_reports_and_years(corpus_index: Path) -> None:
    status = json.loads(baocha("status", "--index", corpus_index, "--json").stdout)
    assert status["reports"] == REPORTS
    assert status["years"] == [2023, 2022, 2021]
    assert str(REPORTS) in baocha("status", "--index", corpus_index).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["index", "{tmp}/nowhere", "--index", "{tmp}/i"], "没有这个文件或文件夹"),
        (["index", "{tmp}/empty.txt", "--index", "{tmp}/i"], "文件为空"),
        (["index", "{tmp}/binary.txt", "--index", "{tmp}/i"], "二进制"),
        (["index", "{tmp}/folder", "--index", "{tmp}/i"], "没有找到可读的文件"),
        (["index", "{corpus}", "--index", "{tmp}/foreign"], "不是报查的索引"),
        (["index", "{corpus}", "--index", "{tmp}/empty.txt"], "无法写入"),
        (["search", "绩效", "--index", "{tmp}/nowhere"], "没有索引"),
        (["search", "绩效", "--index", "{tmp}/foreign"], "没有索引"),
        (["status", "--index", "{tmp}/nowhere"], "没有索引"),
        (["serve", "--index", "{tmp}/nowhere"], "没有索引"),
        (["parse", "{tmp}/nowhere.txt"], "文件不存在"),
        (["parse", "{tmp}/binary.txt"], "二进制"),
        (["search"], "缺少 检索词"),
        (["index"], "缺少 PATH"),
        (["index", "", "--index", "{tmp}/i"], "路径为空"),
        (["search", "绩效", "--year", "去年"], "--year：年度“去年”无效"),
        (["search", "绩效", "--sort", "x"], "应为 relevance"),
        (["search", "绩效", "-n", "0"], "-n 的值无效：应为不小于 1 的整数"),
        (["search", "绩效", "--jsno"], "--jsno（是否为 --json？）；用法见 baocha search --help"),
        (["search", "绩效", "--index"], "--index 后面缺少值；用法见 baocha search --help"),
        (["search", "绩效", "--json=1"], "--json 后面不能有值"),
        (["status", "绩效"], "多余的参数：绩效；用法见 baocha status --help"),
        (["serve", "--index", "{corpus}", "--port", "x"], "应为 0 至 65535 的整数"),
        (["find", "绩效"], "没有命令 find"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_line_with_its_cause(
    tmp_path: Path, sample: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(3000))
    (tmp_path / "folder").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "x.jpg").touch()
    failed = baocha(*(a.format(tmp=tmp_path, corpus=sample) for a in arguments))
    assert failed.returncode == 2
    assert one_line(failed.stderr)
    assert says in failed.stderr


def test_a_query_that_begins_with_a_dash_follows_two_dashes(corpus_index: Path) -> None:
    assert baocha("search", "--index", corpus_index, "--", "-50").returncode in (0, 1)


def test_help_is_in_both_languages() -> None:
    for command in ("index", "search", "parse", "serve", "status"):
        chinese = baocha(command, "--help")
        english = baocha(command, "--help", env={"BAOCHA_LANG": "en"})
        assert (chinese.returncode, english.returncode) == (0, 0)
        assert chinese.stdout.startswith("用法：baocha " + command)
        assert english.stdout.startswith("Usage: baocha " + command)
        assert english.stdout.isascii() or command == "search"
    assert "baocha index" in baocha("--help").stdout


def test_a_command_succeeds_if_its_output_is_closed(sample: Path, tmp_path: Path) -> None:
    for command in ("index " + str(sample), "status", "verify", "search 绩效"):
        line = f"{BAOCHA} {command} --index {tmp_path / 'i'} >&-"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_the_error_for_output_that_cannot_be_written_is_one_line(corpus_index: Path) -> None:
    line = f"{BAOCHA} search 绩效 --index {corpus_index} > /dev/full"
    failed = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert one_line(failed.stderr)
    assert "操作系统报告错误：No space left" in failed.stderr


def test_a_query_that_is_not_utf8_is_an_error(corpus_index: Path) -> None:
    command = [bytes(BAOCHA), b"search", "绩效".encode("gb18030"), b"--index", bytes(corpus_index)]
    failed = subprocess.run(command, capture_output=True, check=False)
    assert failed.returncode == 2
    assert "UTF-8" in failed.stderr.decode()


def test_output_is_in_english_if_the_locale_is(corpus_index: Path) -> None:
    english = baocha("search", "提质增效", "--index", corpus_index, env={"LANG": "en_US.UTF-8"})
    assert english.stdout.startswith("15 paragraphs in 15 reports")


def test_output_is_utf8_also_if_the_environment_sets_another_encoding(corpus_index: Path) -> None:
    environment = {"PYTHONIOENCODING": "latin-1"}
    assert (
        "提质增效" in baocha("search", "提质增效", "--index", corpus_index, env=environment).stdout
    )


def on_a_terminal(*arguments: str | Path) -> str:
    """Run a command on a pseudo-terminal, and return what it shows."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [str(BAOCHA), *map(str, arguments)],
        stdout=follower,
        stderr=follower,
        stdin=follower,
        env=environment,
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
        process.wait()
    os.close(leader)
    return shown.decode("utf-8", "replace")


def test_matches_are_in_colour_on_a_terminal(corpus_index: Path) -> None:
    shown = on_a_terminal("search", "提质增效", "--index", corpus_index)
    assert re.search("\x1b\\[31m(\x1b\\[1m)?提质增效\x1b\\[0m", shown)


def test_indexing_shows_progress_on_a_terminal(tmp_path: Path, sample: Path) -> None:
    shown = on_a_terminal("index", sample, "--index", tmp_path / "i")
    assert f"{REPORTS}/{REPORTS}" in shown
    assert "新增或更新" in shown


def test_a_closed_pipe_is_no_error(corpus_index: Path) -> None:
    command = f"{BAOCHA} search 的 --index {corpus_index} -n 700 --json | head -1; exit ${{PIPESTATUS[0]}}"
    piped = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (piped.stdout.strip(), piped.stderr, piped.returncode) == ("{", "", 0)


@pytest.fixture(scope="module")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the report `a.txt` beside it."""
    folder = tmp_path_factory.mktemp("small")
    report = "某局2022年部门决算\n" + "一、预算绩效管理情况总体良好。\n" * 50
    (folder / "a.txt").write_text(report, "utf-8")
    build_index([folder / "a.txt"], folder / "index")
    return folder / "index"


@pytest.mark.parametrize("pattern", ["MAIN_*.arrays", "_MAIN_*.toc", "manifest_*.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "longer", "altered"])
def test_the_error_for_a_damaged_index_is_one_line_and_a_rebuild_repairs_it(
    tmp_path: Path, small_index: Path, pattern: str, damage: str
) -> None:
    report, index = small_index.with_name("a.txt"), tmp_path / "index"
    shutil.copytree(small_index, index)
    (path,) = index.glob(pattern)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        altered = content[:middle] + b"\xff" * 64 + content[middle + 64 :]
        damaged = {"empty": b"", "cut": content[:middle], "longer": content + b"\n"}
        path.write_bytes(damaged.get(damage, altered))
    # Searching checks only the parts of the arrays that it reads.
    command = (
        ["verify"] if pattern == "MAIN_*.arrays" and damage == "altered" else ["search", "绩效"]
    )
    found = baocha(*command, "--index", index)
    assert found.returncode == 2
    assert one_line(found.stderr)
    assert path.name in found.stderr
    assert f"baocha index 报告文件夹... --index {index} --rebuild" in found.stderr
    assert baocha("index", report, "--index", index, "--rebuild").returncode == 0
    engine = open_engine(index)
    engine.verify()
    assert engine.search("绩效").total == 50


def test_watching_indexes_new_files_and_stops_when_interrupted(
    reports: Path, tmp_path: Path
) -> None:
    with started("index", reports, "--watch", "--index", tmp_path / "i") as process:
        assert process.stdout is not None
        assert "新增或更新 1 份" in process.stdout.readline()
        line = ""
        for number in range(100):
            # Write until it is noticed: watching may begin later.
            (reports / "b.txt").write_text(REPORT + f"第{number}次。\n", "utf-8")
            ready, _, _ = select.select([process.stdout], [], [], 0.5)
            if ready:
                line = process.stdout.readline()
                break
        assert "新增或更新 1 份" in line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert baocha("search", "收支平衡", "--index", tmp_path / "i").stdout.startswith("共 2 段")


def test_the_error_for_a_folder_without_its_reports_is_one_line(
    reports: Path, tmp_path: Path
) -> None:
    assert baocha("index", reports, "--index", tmp_path / "i").returncode == 0
    (reports / "a.txt").unlink()
    refused = baocha("index", reports, "--index", tmp_path / "i")
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "没有任何报告文件" in refused.stderr
    assert "请删除索引" in refused.stderr
    assert baocha("search", "收支平衡", "--index", tmp_path / "i").returncode == 0
    # Deleting the index, as the message says, removes the reports.
    shutil.rmtree(tmp_path / "i")
    assert "没有找到可读的文件" in baocha("index", reports, "--index", tmp_path / "i").stderr


def test_watching_continues_when_a_folder_loses_its_files_and_keeps_its_reports(
    reports: Path, tmp_path: Path
) -> None:
    index = tmp_path / "i"
    with started("index", reports, "--watch", "--index", index) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "新增或更新 1 份" in process.stdout.readline()
        assert "正在监视文件变化" in process.stderr.readline()
        (reports / "a.txt").unlink()
        assert "没有任何报告文件" in process.stderr.readline()
        assert baocha("search", "收支平衡", "--index", index).stdout.startswith("共 1 段")
        (reports / "b.txt").write_text(REPORT, "utf-8")
        assert "新增或更新 1 份" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0


@pytest.fixture(scope="module")
def many_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports that take longer to index than the test waits."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(3000):
        (folder / f"{number}.txt").write_text(f"第{number}号报告全文。\n" * 200, "utf-8")
    return folder


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_error_of_an_interrupted_run_is_one_line(
    many_reports: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    lock = tmp_path / "i" / "MAIN_WRITELOCK"
    with started("index", many_reports, "--index", lock.parent) as process:
        while not lock.exists() and process.poll() is None:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(sent)
        _, errors = process.communicate()
    assert process.returncode == 2
    assert "已中断" in errors
    assert one_line(errors)
    assert baocha("verify", "--index", tmp_path / "i").returncode == 0


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the ids of the worker processes of a command, in the order of their start."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    spawned = [
        pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return sorted(map(int, spawned))


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_error_of_a_run_that_is_interrupted_while_a_worker_starts_is_one_line(
    many_reports: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    with started("index", many_reports, "--index", tmp_path / "i", "--jobs", "2") as process:
        while len(found := workers_of(process)) < 2:
            time.sleep(0.001)
        first, second = found
        os.kill(second, signal.SIGSTOP)
        time.sleep(3)  # until the first one works, so that stopping it takes time
        os.kill(first, signal.SIGSTOP)
        process.send_signal(sent)
        time.sleep(1)
        os.kill(second, signal.SIGCONT)
        _, errors = process.communicate()
    assert process.returncode == 2
    assert "已中断" in errors
    assert one_line(errors)


def test_lost_text_is_said_by_parse_index_and_status(
    tmp_path: Path, docx_with_lost_text: bytes
) -> None:
    path = tmp_path / "reports" / "方案.docx"
    path.parent.mkdir()
    path.write_bytes(docx_with_lost_text)
    warning = "文件中有 25 个字，其中 10 个未能读入，原因不明，例如：读取时丢失的一句话。"
    shown = baocha("parse", path)
    assert warning in shown.stderr
    assert "字数  共 25 个，读入 15 个，原因不明 10 个" in shown.stdout
    account = json.loads(baocha("parse", path, "--json").stdout)["account"]
    assert account == {
        "found": 25,
        "kept": 15,
        "dropped": {},
        "unexplained": 10,
        "example": "读取时丢失的一句话。",
        "unread_pages": 0,
    }
    index = tmp_path / "index"
    assert warning in baocha("index", path.parent, "--index", index).stderr
    shown = baocha("status", "--index", index)
    assert "文字不全的文件  1" in shown.stdout
    assert f"reports/方案.docx  {warning}" in shown.stdout
    (found,) = json.loads(baocha("status", "--index", index, "--json").stdout)["incomplete"]
    assert (found["source"], found["account"]) == ("reports/方案.docx", account)


def test_parse_against_a_gold_file(tmp_path: Path, sample: Path) -> None:
    (path,) = sample.glob("*水务局2022*")
    gold = tmp_path / "gold.json"
    parsed = json.loads(baocha("parse", path, "--json").stdout)
    gold.write_text(json.dumps(parsed), "utf-8")
    same = baocha("parse", path, "--against", gold)
    assert (same.returncode, same.stderr) == (0, "")
    assert same.stdout.startswith(
        "差异 0 处；段落边界：精确率 1.000，召回率 1.000，F1 1.000；单元格：未比较"
    )
    first, second = parsed["paragraphs"][-2:]
    parsed["paragraphs"][-2:] = [{"text": first["text"] + second["text"]}]
    gold.write_text(json.dumps({"year": 2021, "paragraphs": parsed["paragraphs"]}), "utf-8")
    differs = baocha("parse", path, "--against", gold)
    lines = differs.stdout.splitlines()
    assert differs.returncode == 1
    assert lines[0] == "不同 年度：应为 2021；读出 2022"
    assert lines[1].startswith(f"多分段 {len(parsed['paragraphs'])}：读出 ")
    assert lines[2].startswith("差异 2 处；段落边界：精确率 0.9")
    shown = json.loads(baocha("parse", path, "--against", gold, "--json").stdout)
    assert (shown["equal"], len(shown["differences"])) == (False, 2)
    assert shown["boundaries"]["recall"] == 1.0
    wrong = {"origins": {"title": {"source": "cover"}}, "document_number": "云水〔2022〕1号"}
    gold.write_text(json.dumps(wrong), "utf-8")
    assert baocha("parse", path, "--against", gold).stdout.splitlines() == [
        "不同 来源 标题 出处：应为 cover；读出 title",
        "不同 发文字号：应为 云水〔2022〕1号；读出 无",
        "差异 2 处；段落边界：未比较；单元格：未比较",
    ]
    english = baocha("parse", path, "--against", gold, env={"BAOCHA_LANG": "en"}).stdout
    assert "different document number: expected 云水〔2022〕1号; found none" in english
    assert english.endswith("boundaries: not compared; cells: not compared\n")
    shown = json.loads(baocha("parse", path, "--against", gold, "--json").stdout)
    assert (shown["cells"]["gold"], shown["cells"]["f1"]) == (0, None)
    gold.write_text('{"paragraphs": [{"text": "甲", "text": "乙"}]}', "utf-8")
    refused = baocha("parse", path, "--against", gold)
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "gold.json 不是标准答案文件：paragraphs 第 1 项 text 出现两次" in refused.stderr
    assert "无法读取" in baocha("parse", path, "--against", tmp_path / "none").stderr


@pytest.fixture
def checked_index(index_files: IndexFiles) -> Path:
    """An index with indicators and findings."""
    return index_files(FILES)


def test_indicators_are_printed_as_text_json_and_csv(checked_index: Path) -> None:
    shown = baocha("indicators", "--lost", "--year", "2023", "--index", checked_index)
    assert shown.returncode == 0
    assert "青湖区水务局 · 2023 · 供水改造 · 等级 优" in shown.stdout
    assert "验收合格率  100% → 98%  38/40" in shown.stdout
    assert "改造管网" not in shown.stdout
    as_json = baocha("indicators", "--name", "满意度", "--index", checked_index, "--json")
    found = json.loads(as_json.stdout)
    assert found["total"] == 2
    assert list(found["indicators"][0]) == [
        "report", "table", "project", "grade", "level1", "level2", "level3", "target", "actual", "rate",
        "weight", "score", "reason", "page", "paragraph",
    ]  # fmt: skip
    as_csv = baocha("indicators", "--level1", "产出指标", "--index", checked_index, "--csv")
    assert len(list(csv.reader(io.StringIO(as_csv.stdout)))) == 5
    nothing = baocha("indicators", "--name", "没有", "--index", checked_index)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert one_line(nothing.stderr)


def test_findings_are_printed_as_text_json_and_csv(checked_index: Path) -> None:
    shown = baocha("findings", "--rule", "execution-rate", "--index", checked_index)
    assert shown.returncode == 0
    assert "青湖区教育局 · 2023 · 青湖区教育局2023年部门决算" in shown.stdout
    assert "400万元 ÷ 500万元 = 80.0%" in shown.stdout
    found = json.loads(baocha("findings", "--index", checked_index, "--json").stdout)
    assert len({finding["id"] for finding in found}) == len(found) > 1
    assert list(found[0]) == [
        "id", "rule", "severity", "report", "paragraphs", "explanation", "state", "reason",
    ]  # fmt: skip
    as_csv = baocha("findings", "--severity", "warning", "--index", checked_index, "--csv")
    assert {row[5] for row in list(csv.reader(io.StringIO(as_csv.stdout)))[1:]} == {"可能不符"}
    nothing = baocha(
        "findings", "--rule", "sum", "--department", "青湖区审计局", "--index", checked_index
    )
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert one_line(nothing.stderr)
    refused = baocha("findings", "--json", "--csv", "--index", checked_index)
    assert refused.returncode == 2
    assert one_line(refused.stderr)


def test_search_prints_the_histogram_of_a_condition(checked_index: Path) -> None:
    shown = baocha("search", "执行率>0%", "--facets", "--index", checked_index)
    assert "执行率：数值分布" in shown.stdout
    assert re.search(r"1  60%–80%\n", shown.stdout)
