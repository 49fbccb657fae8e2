"""The command line as people and programs use it: whole processes, real files."""

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

from tools.make_corpus import LAYOUTS

BIN = Path(sys.executable).parent
REPORTS = len(LAYOUTS) + 1
"""The manuscripts, and a workbook."""


def baocha(
    *arguments: str | Path, program: str = "baocha", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(env or {})}
    command = [str(BIN / program), *map(str, arguments)]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert "Traceback" not in result.stderr
    return result


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("baocha: ")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "index"
    assert baocha("index", sample, "--index", folder).returncode == 0
    return folder


def test_indexing_says_what_it_did(tmp_path: Path, sample: Path) -> None:
    first = baocha("index", sample, "--index", tmp_path / "i")
    again = baocha("index", sample, "--index", tmp_path / "i", "--json")
    assert f"新增或更新 {REPORTS} 份" in first.stdout
    assert first.stderr == ""
    assert json.loads(again.stdout)["unchanged"] == REPORTS


def test_indexing_says_the_first_notes_and_counts_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"收支平衡，结余 {number} 元。\n", "utf-8")
    said = baocha("index", folder, "--index", tmp_path / "i").stderr.splitlines()
    # Neither department nor year of twelve reports.
    assert len(said) == 21
    assert "另有 4 条" in said[-1]
    again = baocha("index", folder, "--index", tmp_path / "i", "--rebuild", "--json")
    assert len(json.loads(again.stdout)["warnings"]) == 24


def test_search_prints_the_paragraphs(index: Path) -> None:
    found = baocha("search", "提质增效", "--index", index, "-n", "2")
    assert found.returncode == 0
    assert found.stdout.startswith("共 15 段，见于 15 份报告")
    assert found.stdout.count("提质增效") >= 2
    assert "--offset 2" in found.stdout
    assert "\x1b[" not in found.stdout


def test_search_exits_as_grep_does(index: Path) -> None:
    assert baocha("search", "提质增效", "--index", index).returncode == 0
    assert baocha("search", "“没有这句话”", "--index", index).returncode == 1
    assert baocha("search", "绩效", "--index", index / "nowhere").returncode == 2


def test_search_json_is_the_one_result_shape(index: Path) -> None:
    result = json.loads(baocha("search", '"提质增效"', "--index", index, "--json").stdout)
    assert list(result) == [
        "query",
        "total",
        "reports",
        "took_ms",
        "relaxed",
        "warnings",
        "hits",
        "facets",
    ]
    hit = result["hits"][0]
    assert list(hit) == [
        "id",
        "report",
        "section",
        "section_path",
        "ordinal",
        "page",
        "text",
        "spans",
        "snippet",
        "score",
    ]
    assert list(hit["report"]) == ["id", "title", "department", "year", "kind", "source"]
    assert [hit["text"][start:end] for start, end in hit["spans"]] == ["提质增效"]
    assert "<mark>提质增效</mark>" in hit["snippet"]
    assert list(result["facets"]) == ["department", "year", "section", "kind"]


def test_filters_and_facets(index: Path) -> None:
    result = json.loads(
        baocha(
            *("search", "绩效", "--index", index, "--json", "-n", "500"),
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
    assert "部门" in baocha("search", "绩效", "--index", index, "--facets").stdout


def test_csv_has_every_hit_and_opens_in_a_spreadsheet(index: Path) -> None:
    text = baocha("search", "绩效", "--index", index, "--csv").stdout
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    total = json.loads(baocha("search", "绩效", "--index", index, "--json").stdout)["total"]
    assert len(rows) == total > 20
    assert all("绩效" in "".join(row["原文"].split()) for row in rows)


def test_csv_carries_no_formula(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("某局2022年部门决算\n=1+1预算绩效，请核。\n", "utf-8")
    baocha("index", tmp_path / "a.txt", "--index", tmp_path / "i")
    text = baocha("search", "预算绩效", "--index", tmp_path / "i", "--csv").stdout
    assert ",'=1+1预算绩效" in text


def test_the_bare_search_script_is_the_search_command(index: Path) -> None:
    environment = {"BAOCHA_INDEX": str(index)}
    bare = baocha("提质增效", "--json", program="search", env=environment)
    full = baocha("search", "提质增效", "--json", env=environment)
    drop_time = re.compile(r'"took_ms": [\d.]+')
    assert drop_time.sub("", bare.stdout) == drop_time.sub("", full.stdout)


def test_words_apart_on_the_command_line_are_keywords(index: Path) -> None:
    apart = baocha("search", "绩效", "自评", "--index", index)
    together = baocha("search", "绩效 自评", "--index", index)
    assert apart.stdout.splitlines()[1:] == together.stdout.splitlines()[1:]


def test_parse_shows_what_was_understood(sample: Path) -> None:
    (path,) = sample.glob("*水务局2022*")
    shown = json.loads(baocha("parse", path, "--json").stdout)
    assert list(shown) == ["title", "department", "year", "kind", "warnings", "paragraphs"]
    assert (shown["department"], shown["year"]) == ("云溪市青湖区水务局", 2022)
    assert list(shown["paragraphs"][0]) == [
        "ordinal",
        "text",
        "role",
        "section",
        "section_path",
        "page",
    ]
    assert "云溪市青湖区水务局" in baocha("parse", path).stdout


def test_status_tells_what_is_there(index: Path) -> None:
    status = json.loads(baocha("status", "--index", index, "--json").stdout)
    assert status["reports"] == REPORTS
    assert status["years"] == [2023, 2022, 2021]
    assert str(REPORTS) in baocha("status", "--index", index).stdout


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
        (["search"], "缺少 QUERY"),
        (["index"], "缺少 PATH"),
        (["index", "", "--index", "{tmp}/i"], "路径为空"),
        (["search", "绩效", "--year", "去年"], "不是年度"),
        (["search", "绩效", "--sort", "x"], "只能是 relevance"),
        (["search", "绩效", "-n", "0"], "不小于 1"),
        (["search", "绩效", "--jsno"], "--json"),
        (["find", "绩效"], "没有命令 find"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_line_that_says_what_to_do(
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


def test_a_query_that_begins_with_a_dash_goes_after_two(index: Path) -> None:
    assert baocha("search", "--index", index, "--", "-50").returncode in (0, 1)


def test_help_teaches_in_both_languages() -> None:
    for command in ("index", "search", "parse", "serve", "status"):
        chinese = baocha(command, "--help")
        english = baocha(command, "--help", env={"BAOCHA_LANG": "en"})
        assert (chinese.returncode, english.returncode) == (0, 0)
        assert chinese.stdout.startswith("用法：baocha " + command)
        assert english.stdout.startswith("Usage: baocha " + command)
        assert english.stdout.isascii() or command == "search"
    assert "baocha index" in baocha("--help").stdout


def test_a_command_whose_output_is_closed_does_its_work(sample: Path, tmp_path: Path) -> None:
    for command in ("index " + str(sample), "status", "verify", "search 绩效"):
        line = f"{BIN / 'baocha'} {command} --index {tmp_path / 'i'} >&-"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_an_error_in_one_line(index: Path) -> None:
    line = f"{BIN / 'baocha'} search 绩效 --index {index} > /dev/full"
    failed = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert one_line(failed.stderr)
    assert "操作系统报告错误：No space left" in failed.stderr


def test_a_query_that_is_not_utf8_is_an_error_and_not_a_zero(index: Path) -> None:
    command = [bytes(BIN / "baocha"), b"search", "绩效".encode("gb18030"), b"--index", bytes(index)]
    failed = subprocess.run(command, capture_output=True, check=False)
    assert failed.returncode == 2
    assert "UTF-8" in failed.stderr.decode()


def test_english_by_the_locale(index: Path) -> None:
    english = baocha("search", "提质增效", "--index", index, env={"LANG": "en_US.UTF-8"})
    assert english.stdout.startswith("15 paragraphs in 15 reports")


def test_output_is_utf8_whatever_the_encoding_of_the_pipe(index: Path) -> None:
    environment = {"PYTHONIOENCODING": "latin-1"}
    assert "提质增效" in baocha("search", "提质增效", "--index", index, env=environment).stdout


def on_a_terminal(*arguments: str | Path) -> str:
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [str(BIN / "baocha"), *map(str, arguments)],
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


def test_matches_are_in_colour_on_a_terminal(index: Path) -> None:
    shown = on_a_terminal("search", "提质增效", "--index", index)
    assert re.search("\x1b\\[31m(\x1b\\[1m)?提质增效\x1b\\[0m", shown)


def test_indexing_shows_progress_on_a_terminal(tmp_path: Path, sample: Path) -> None:
    shown = on_a_terminal("index", sample, "--index", tmp_path / "i")
    assert f"{REPORTS}/{REPORTS}" in shown
    assert "新增或更新" in shown


def test_a_reader_that_stops_early_is_no_error(index: Path) -> None:
    command = f"{BIN / 'baocha'} search 的 --index {index} -n 700 --json | head -1"
    piped = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (piped.stdout.strip(), piped.stderr) == ("{", "")


@pytest.mark.parametrize("pattern", ["MAIN_*.arrays", "_MAIN_*.toc", "manifest_*.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "longer", "altered"])
def test_a_damaged_index_file_is_found_in_one_line_and_a_rebuild_mends_it(
    tmp_path: Path, pattern: str, damage: str
) -> None:
    report, index = tmp_path / "a.txt", tmp_path / "index"
    report.write_text("某局2022年部门决算\n" + "一、预算绩效管理情况总体良好。\n" * 50, "utf-8")
    assert baocha("index", report, "--index", index).returncode == 0
    (path,) = index.glob(pattern)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        altered = content[:middle] + b"\xff" * 64 + content[middle + 64 :]
        damaged = {"empty": b"", "cut": content[:middle], "longer": content + b"\n"}
        path.write_bytes(damaged.get(damage, altered))
    # What is in a segment's arrays is read when it is needed, and checked when that is asked.
    command = (
        ["verify"] if pattern == "MAIN_*.arrays" and damage == "altered" else ["search", "绩效"]
    )
    found = baocha(*command, "--index", index)
    assert found.returncode == 2
    assert one_line(found.stderr)
    assert path.name in found.stderr
    assert f"baocha index 报告文件夹... --index {index} --rebuild" in found.stderr
    assert baocha("index", report, "--index", index, "--rebuild").returncode == 0
    assert baocha("search", "绩效", "--index", index).returncode == 0
    assert baocha("verify", "--index", index).returncode == 0


def test_watching_takes_in_what_comes_and_stops_when_interrupted(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    text = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"
    (reports / "a.txt").write_text(text, "utf-8")
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    command = [str(BIN / "baocha"), "index", str(reports), "--watch"]
    command += ["--index", str(tmp_path / "i")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert "新增或更新 1 份" in process.stdout.readline()
        line = ""
        for number in range(100):
            # Again and again: nothing tells when the watching begins.
            (reports / "b.txt").write_text(text + f"第{number}次。\n", "utf-8")
            ready, _, _ = select.select([process.stdout], [], [], 0.5)
            if ready:
                line = process.stdout.readline()
                break
        assert "新增或更新 1 份" in line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert baocha("search", "收支平衡", "--index", tmp_path / "i").stdout.startswith("共 2 段")


def test_an_emptied_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text("青湖区水务局2022年部门决算\n收支平衡。\n", "utf-8")
    assert baocha("index", reports, "--index", tmp_path / "i").returncode == 0
    (reports / "a.txt").unlink()
    refused = baocha("index", reports, "--index", tmp_path / "i")
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "没有任何报告文件" in refused.stderr
    assert "请删除索引文件夹" in refused.stderr
    assert baocha("search", "收支平衡", "--index", tmp_path / "i").returncode == 0
    # What the message says removes them.
    shutil.rmtree(tmp_path / "i")
    assert "没有找到可读的文件" in baocha("index", reports, "--index", tmp_path / "i").stderr


def test_watching_goes_on_when_a_folder_is_emptied_and_keeps_its_reports(tmp_path: Path) -> None:
    reports, index = tmp_path / "reports", tmp_path / "i"
    reports.mkdir()
    text = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"
    (reports / "a.txt").write_text(text, "utf-8")
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    command = [str(BIN / "baocha"), "index", str(reports), "--watch", "--index", str(index)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "新增或更新 1 份" in process.stdout.readline()
        assert "正在监视文件变化" in process.stderr.readline()
        (reports / "a.txt").unlink()
        assert "没有任何报告文件" in process.stderr.readline()
        assert baocha("search", "收支平衡", "--index", index).stdout.startswith("共 1 段")
        (reports / "b.txt").write_text(text, "utf-8")
        assert "新增或更新 1 份" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_says_so_in_one_line(tmp_path: Path, sent: signal.Signals) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(3000):
        (reports / f"{number}.txt").write_text(f"第{number}号报告全文。\n" * 200, "utf-8")
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    command = [str(BIN / "baocha"), "index", str(reports), "--index", str(tmp_path / "i")]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    ) as process:
        time.sleep(2)
        process.send_signal(sent)
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait() == 2
    assert "已中断" in said
    assert said.count("\n") == 1
    assert baocha("verify", "--index", tmp_path / "i").returncode == 0
