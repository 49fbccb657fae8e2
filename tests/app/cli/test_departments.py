"""`baocha departments`, and what `baocha index` says about the vocabulary files."""

import json
from pathlib import Path

import pytest

from baocha import open_engine
from tests.app.cli.test_cli import baocha

REPORT = "{}2022年部门决算\n一、概况\n收支平衡。\n"
DEPARTMENTS = """全称,简称,曾用名,层级,地区,上级
青湖区水务局,水办,水利局,区级,青湖区,青湖区人民政府
青湖区审计局,审办
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("青湖区水务局", "青湖区教育和体育局", "白河区教育和体育局"):
        (folder / f"{name}.txt").write_text(REPORT.format(name), "utf-8")
    (folder / "departments.csv").write_text(DEPARTMENTS, "utf-8-sig")
    return folder


@pytest.fixture
def index(reports: Path) -> Path:
    folder = reports.parent / "index"
    assert baocha("index", reports, "--index", folder).returncode == 0
    return folder


def test_departments_are_listed_with_their_names(index: Path) -> None:
    found = baocha("departments", "--index", index)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.splitlines() == [
        "白河区教育和体育局  1 份报告",
        "  自动识别的简称  白河区教体局",
        "青湖区教育和体育局  1 份报告",
        "  自动识别的简称  青湖区教体局",
        "青湖区水务局  1 份报告",
        "  简称  水办",
        "  曾用名  水利局",
        "  自动识别的简称  区水务局、水务局",
        "  层级  区级",
        "  地区  青湖区",
        "  上级  青湖区人民政府",
        "",
        "可指多个部门的名称（不会自动选择其一）",
        "  区教育和体育局  白河区教育和体育局、青湖区教育和体育局",
        "  区教体局  白河区教育和体育局、青湖区教育和体育局",
        "  教育和体育局  白河区教育和体育局、青湖区教育和体育局",
        "  教体局  白河区教育和体育局、青湖区教育和体育局",
        "",
        "departments.csv 中填写、但索引中没有其报告的部门",
        "  青湖区审计局",
    ]
    english = baocha("departments", "--index", index, env={"BAOCHA_LANG": "en"})
    assert "  former names  水利局" in english.stdout.splitlines()
    assert "青湖区水务局  1 report" in english.stdout.splitlines()
    as_json = json.loads(baocha("departments", "--index", index, "--json").stdout)
    assert as_json["departments"][2]["short_names"] == ["水办"]
    assert as_json["ambiguous"][1]["name"] == "区教体局"
    assert as_json["without_reports"] == ["青湖区审计局"]


def test_an_index_without_departments(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("收支平衡。\n", "utf-8")
    baocha("index", tmp_path / "a.txt", "--index", tmp_path / "index")
    found = baocha("departments", "--index", tmp_path / "index")
    assert (found.returncode, found.stdout) == (0, "索引中没有已识别部门的报告\n")
    assert baocha("departments", "--index", tmp_path / "none").returncode == 2


def test_a_search_says_how_it_understands_a_department(index: Path) -> None:
    found = baocha("search", "“收支”", "--department", "青湖区教体局", "--index", index)
    assert (found.returncode, found.stdout.startswith("共 1 段")) == (0, True)
    assert found.stderr == "baocha: 部门“青湖区教体局”已按简称识别为“青湖区教育和体育局”\n"
    none = baocha("search", "“收支” 部门:教体局", "--index", index)
    assert none.returncode == 1
    assert "可指“白河区教育和体育局”、“青湖区教育和体育局”" in none.stderr


def test_indexing_says_when_a_table_changed(reports: Path, index: Path) -> None:
    text = "等级,词语\n等同,收支、收入支出\n等同,甲\n"
    (reports / "synonyms.csv").write_text(text, "gb18030")
    again = baocha("index", reports, "--index", index)
    assert "未变 3 份" in again.stdout
    assert "已采用 synonyms.csv 中的词语 1 组、departments.csv 中的部门 2 个" in again.stdout
    assert f"注意 {reports}/synonyms.csv：第 3 行只有一个词语“甲”" in again.stderr
    assert "已采用" not in baocha("index", reports, "--index", index).stdout


def test_declared_levels_and_regions_have_priority_over_names(index: Path) -> None:
    engine = open_engine(index)
    read = [engine.read(item.report.id) for item in engine.coverage()]
    found = {one.report.department: one.details for one in read if one is not None}
    water, schools = found["青湖区水务局"], found["白河区教育和体育局"]
    assert (water["level"], water["region"]) == ("区级", "青湖区")
    assert (schools["level"], schools["region"]) == ("县", "白河区")
