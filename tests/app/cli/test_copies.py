"""`baocha copies` and `baocha diff`, run as processes on real files."""

import csv
import io
import json
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest

from baocha.search import CopyFilter, Engine, open_engine
from tests.app.cli.test_cli import ENVIRONMENT, baocha, one_line
from tests.app.findings.copied import LEVEE, SCHOOLS, WATER, files, filler, report
from tests.conftest import IndexFiles, index_of
from tests.serving import BAOCHA

FUNDS = "全年安排资金{}万元用于堤防维修养护，由{}负责组织实施并按季度上报进展情况。"
CIVIL = "云溪市青湖区民政局"
REPORTS = files(
    report(WATER, 2021, f"{LEVEE}。", FUNDS.format("320", WATER), "全年支出80万元。"),
    report(WATER, 2022, f"{LEVEE}。", "新建泵站。", "全年支出90万元。"),
    report(SCHOOLS, 2022, FUNDS.format("45.8", SCHOOLS), filler(1), f"（一）{LEVEE}。"),
    report(CIVIL, 2022, filler(3)),
)
OF_2021, OF_2022 = (f"{WATER}{year}年度部门整体支出绩效自评报告.txt" for year in (2021, 2022))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("copies"), REPORTS)


@pytest.fixture(scope="module")
def engine(index: Path) -> Engine:
    return open_engine(index)


def output(*arguments: str | Path) -> bytes:
    """Return what a command that finds something writes."""
    result = subprocess.run(
        [str(BAOCHA), *map(str, arguments)], capture_output=True, check=False, env=ENVIRONMENT
    )
    assert (result.returncode, result.stderr) == (0, b"")
    return result.stdout


def test_pairs_of_reports_are_listed_by_share(index: Path, engine: Engine) -> None:
    shown = baocha("copies", "--index", index)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    pairs = engine.copied_reports()
    assert len(pairs) == 3
    assert len(lines) == 3 * len(pairs)
    for pair, (head, first, second) in zip(
        pairs, zip(lines[::3], lines[1::3], lines[2::3], strict=True), strict=True
    ):
        assert head.startswith(f"雷同占比 {pair.first_share:.1%} / {pair.second_share:.1%}，")
        assert head.endswith(f"{pair.paragraphs} 段")
        for line, one in ((first, pair.first), (second, pair.second)):
            assert line.startswith(f"  {one.department} · {one.year} · {one.title}")
            assert line.endswith(one.id)
    of_schools = baocha("copies", "--department", SCHOOLS, "--index", index).stdout
    assert of_schools.count("雷同占比") == 2


def test_json_is_a_list_with_a_passage_on_each_line(index: Path, engine: Engine) -> None:
    shown = output("copies", "--json", "--index", index).decode()
    passages = [one.to_dict() for one in engine.shared_passages()]
    assert json.loads(shown) == passages
    first, *lines, last = shown.splitlines()
    assert (first, last) == ("[", "]")
    assert [json.loads(line.removesuffix(",")) for line in lines] == passages
    outright = json.loads(output("copies", "--json", "--outright", "--index", index))
    wanted = CopyFilter(outright=True)
    assert outright == [one.to_dict() for one in engine.shared_passages(wanted=wanted)] != passages
    least = max(one["length"] for one in passages)
    longest = output("copies", "--json", "--min-chars", str(least), "--index", index)
    assert json.loads(longest) == [one for one in passages if one["length"] == least] != passages
    templates = json.loads(output("copies", "--json", "--templates", "--index", index))
    assert templates == passages


def test_passages_are_written_as_csv_and_excel(index: Path, engine: Engine) -> None:
    passages = list(engine.shared_passages())
    as_csv = output("copies", "--csv", "--index", index).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(as_csv))
    assert {len(row) for row in rows} == {len(head)}
    assert all(one.text in row for one, row in zip(passages, rows, strict=True))
    book = openpyxl.load_workbook(io.BytesIO(output("copies", "--xlsx", "--index", index)))
    values = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    assert [row for row in values if row[0] == head[0]]
    assert all(any(one.text in row for row in values) for one in passages)


def test_no_copies_have_the_exit_code_of_grep(index: Path) -> None:
    nothing = baocha("copies", "--department", CIVIL, "--index", index)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert one_line(nothing.stderr)
    as_json = baocha("copies", "--department", CIVIL, "--json", "--index", index)
    assert (as_json.returncode, json.loads(as_json.stdout)) == (1, [])
    as_csv = baocha("copies", "--department", CIVIL, "--csv", "--index", index)
    assert (as_csv.returncode, as_csv.stdout.count("\n")) == (1, 1)


def test_options_of_copies_that_are_not_valid_are_one_line(index: Path) -> None:
    for arguments, reason in (
        (["--min-chars", "24", "--json"], "--min-chars"),
        (["--min-chars", "many", "--json"], "--min-chars"),
        (["--min-chars", "30"], "须与 --json"),
        (["--outright"], "须与 --json"),
        (["--templates"], "须与 --json"),
        (["--json", "--csv"], "只能选其一"),
        (["--csv", "--xlsx"], "只能选其一"),
    ):
        refused = baocha("copies", *arguments, "--index", index)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert one_line(refused.stderr)
        assert reason in refused.stderr
    missing = baocha("copies", "--index", index / "nowhere")
    assert missing.returncode == 2
    assert one_line(missing.stderr)


def test_two_reports_are_compared_as_text(index: Path) -> None:
    shown = baocha("diff", OF_2021, OF_2022, "--index", index)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].startswith(f"{WATER}2021年度")
    assert lines[1].startswith(f"{WATER}2022年度")
    assert lines[2] == "未变 2，仅年度不同 1，仅数字、名称不同 1，修改 0，新增 1，删除 1，移动 0"
    assert f"- {FUNDS.format('320', WATER)}" in lines
    assert "+ 新建泵站。" in lines
    assert [line for line in lines if "全年支出" in line] == [
        "- 全年支出80万元。",
        "+ 全年支出90万元。",
        "  全年支出 80万元 → 90万元",
    ]
    assert LEVEE not in shown.stdout
    assert "\x1b[" not in shown.stdout


def test_reports_are_named_by_id_source_or_file_name(index: Path, engine: Engine) -> None:
    by_name = {Path(one.report.source).name: one.report for one in engine.coverage()}
    first, second = by_name[OF_2021], by_name[OF_2022]
    shown = baocha("diff", first.id, second.id, "--index", index).stdout
    for names in ((OF_2021, second.source), (first.source, OF_2022)):
        assert baocha("diff", *names, "--index", index).stdout == shown


def test_differences_are_json(index: Path) -> None:
    found = json.loads(output("diff", OF_2021, OF_2022, "--json", "--index", index))
    assert list(found) == ["a", "b", "summary", "differences"]
    assert (found["a"]["year"], found["b"]["year"]) == (2021, 2022)
    assert found["summary"]["unchanged"] == 2
    assert sorted(one["kind"] for one in found["differences"]) == ["figures", "gone", "new", "year"]
    assert list(found["differences"][0]) == [
        "kind", "moved", "a", "b", "a_text", "b_text", "edits", "figures",
    ]  # fmt: skip


def test_differences_are_written_as_a_word_document(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "对比.docx"
    assert output("diff", OF_2021, OF_2022, "--docx", path, "--index", index) == b""
    document = docx.Document(str(path))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    assert "新建泵站。" in cells
    both = output("diff", OF_2021, OF_2022, "--docx", path, "--json", "--index", index)
    assert json.loads(both)["differences"]


def test_a_report_compared_with_itself_has_exit_code_1(index: Path, tmp_path: Path) -> None:
    same = baocha("diff", OF_2021, OF_2021, "--index", index)
    assert (same.returncode, same.stderr) == (1, "")
    assert "未变 5" in same.stdout
    as_json = baocha("diff", OF_2021, OF_2021, "--json", "--index", index)
    assert (as_json.returncode, json.loads(as_json.stdout)["differences"]) == (1, [])
    path = tmp_path / "same.docx"
    assert baocha("diff", OF_2021, OF_2021, "--docx", path, "--index", index).returncode == 1
    docx.Document(str(path))


def test_reports_that_are_unknown_or_ambiguous_are_one_line(
    index: Path, index_files: IndexFiles, tmp_path: Path
) -> None:
    unknown = baocha("diff", OF_2021, "没有.docx", "--index", index)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert one_line(unknown.stderr)
    assert "没有编号或文件名为“没有.docx”的报告" in unknown.stderr
    _, text = report(WATER, 2021, LEVEE)
    two = index_files(
        {"甲/a.txt": text, "乙/a.txt": text.replace("2021", "2022"), "乙/b.txt": text}
    )
    ambiguous = baocha("diff", "b.txt", "a.txt", "--index", two)
    assert (ambiguous.returncode, ambiguous.stdout) == (2, "")
    assert one_line(ambiguous.stderr)
    assert "有 2 份报告名为“a.txt”" in ambiguous.stderr
    named = [c.report.id for c in open_engine(two).coverage() if c.report.source.endswith("/a.txt")]
    assert all(one in ambiguous.stderr for one in named)
    assert baocha("diff", "b.txt", "乙/a.txt", "--index", two).returncode == 0
    for arguments in ([OF_2021], [OF_2021, OF_2022, OF_2021]):
        refused = baocha("diff", *arguments, "--index", index)
        assert refused.returncode == 2
        assert one_line(refused.stderr)
    lost = baocha("diff", OF_2021, OF_2022, "--docx", tmp_path / "no" / "x.docx", "--index", index)
    assert lost.returncode == 2
    assert one_line(lost.stderr)


def test_rules_that_are_switched_off_are_not_listed(index: Path) -> None:
    shown = baocha("findings", "--index", index, env={"BAOCHA_RULES_OFF": "copied-report"})
    assert "文字雷同" not in shown.stdout
    assert "文字雷同" in baocha("findings", "--index", index).stdout
    unknown = baocha("findings", "--index", index, env={"BAOCHA_RULES_OFF": "no-such-rule"})
    assert unknown.returncode == 0
    assert one_line(unknown.stderr)
    assert "没有“no-such-rule”这一核对事项" in unknown.stderr
