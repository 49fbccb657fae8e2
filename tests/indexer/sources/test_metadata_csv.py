import json
from pathlib import Path

import pytest

from baocha_indexer.build import build_index
from baocha_indexer.model import Metadata, Origin
from baocha_indexer.sources.metadata_csv import NO_DECLARATION, Declaration, read_declarations
from baocha_indexer.store.reader import Snapshot

REPORT = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "a.txt").write_text(REPORT, "utf-8")
    (folder / "metadata.csv").write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "header", ["文件,标题,部门,年度,报告类型,负责人", "file,title,department,year,kind,负责人"]
)
def test_reads_the_declared_metadata(tmp_path: Path, header: str, encoding: str) -> None:
    text = f"{header}\na.txt,某决算,青湖区水务局,2021年度,部门决算,张三\n"
    found = read_declarations(written(tmp_path, text, encoding))
    assert found.warnings == ()
    assert found.by_file["a.txt"] == Declaration(
        "某决算", "青湖区水务局", 2021, "部门决算", {"负责人": "张三"}
    )


def test_values_that_are_not_declared_stay_as_guessed() -> None:
    guessed = Metadata("题", "甲局", 2022, "其他")
    assert NO_DECLARATION.applied_to(guessed) == guessed
    assert Declaration(department="乙局").applied_to(guessed) == Metadata(
        "题", "乙局", 2022, "其他", origins={"department": Origin("metadata.csv", "certain")}
    )


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("部门,年度\n甲局,2022\n", "no column"),
        ("", "empty"),
        ("file,year\na.txt,二二\n", "1900 to 2099"),
        ("file,year\nb.txt,2022\n", "no file"),
        ("file,year\n子/b.txt,2022\n", "no file"),
        ("file,year\n../b.txt,2022\n", "another folder"),
        ("file,year\na.txt,1800\n", "1900"),
        ('file,department\na.txt,"甲局\nb.txt,乙局"\n', "several lines"),
        ('file,department\na.txt,"甲"局\n', "cannot be parsed"),
        ("file,year\n" + "长" * 300 + ".txt,2022\n", "no file"),
        ("file,year\na.txt,2021\na.txt,2022\n", "again"),
        ('file,year\n"a.txt,2022\n' + "x" * 200_000, "field"),
    ],
)
def test_each_error_gives_a_warning(tmp_path: Path, text: str, warning: str) -> None:
    found = read_declarations(written(tmp_path, text))
    assert any(warning in message.en for message in found.warnings), found.warnings


def test_a_table_in_a_parent_folder_gives_files_by_path(tmp_path: Path) -> None:
    reports, index = tmp_path / "reports", tmp_path / "index"
    (reports / "2022").mkdir(parents=True)
    (reports / "2022/a.txt").write_text(REPORT, "utf-8")
    (reports / "metadata.csv").write_text("file,department\n./2022/a.txt,甲局\n", "utf-8")
    (warning,) = build_index([reports], index).warnings
    assert warning.name == "reports/2022/a.txt"
    assert "declares the department “甲局”" in warning.message.en
    assert [report.department for report in Snapshot(index).reports()] == ["甲局"]
    # The table in the nearest folder has priority.
    (reports / "2022/metadata.csv").write_text("file,department\na.txt,乙局\n", "utf-8")
    build_index([reports], index)
    assert [report.department for report in Snapshot(index).reports()] == ["乙局"]


def test_an_unreadable_table_does_not_change_the_metadata(tmp_path: Path) -> None:
    reports, index = tmp_path / "reports", tmp_path / "index"
    reports.mkdir()
    written(reports, "file,department\na.txt,甲局\n")
    build_index([reports], index)
    (reports / "metadata.csv").write_bytes(b"\0" * 100)
    again = build_index([reports], index)
    assert (again.indexed, len(again.warnings)) == ([], 1)
    assert [report.department for report in Snapshot(index).reports()] == ["甲局"]


@pytest.mark.parametrize("damage", [b"\0" * 100, b"", "部门\n乙局\n".encode()])
def test_declared_values_are_kept_if_a_report_changes_while_the_table_is_unreadable(
    tmp_path: Path, damage: bytes
) -> None:
    reports, index = tmp_path / "reports", tmp_path / "index"
    reports.mkdir()
    written(reports, "file,department,year,处室\na.txt,甲局,2021,办公室\n")
    build_index([reports], index)
    (before,) = Snapshot(index).reports()
    (reports / "metadata.csv").write_bytes(damage)
    (reports / "a.txt").write_text(REPORT + "新增一段。\n", "utf-8")
    again = build_index([reports], index)
    # The damaged table, and two declared values that contradict the title.
    assert (again.indexed, len(again.warnings)) == (["reports/a.txt"], 3)
    (after,) = Snapshot(index).reports()
    assert (after.department, after.year, after.declared) == ("甲局", 2021, before.declared)


@pytest.mark.parametrize("year", ["2021", "2021年", "2021年度", "２０２１"])
def test_a_year_may_be_written_in_several_ways(tmp_path: Path, year: str) -> None:
    found = read_declarations(written(tmp_path, f"文件名,部门名称,报告年度\na.txt,甲局,{year}\n"))
    assert found.of("a.txt") == Declaration(department="甲局", year=2021)


def test_the_last_line_for_a_file_is_used(tmp_path: Path) -> None:
    found = read_declarations(written(tmp_path, "file,year\na.txt,2021\na.txt,2022\n"))
    assert found.of("a.txt").year == 2022


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    found = read_declarations(written(tmp_path, 'file,说明,year\na.txt,"甲\n乙",二二\n'))
    assert found.of("a.txt").extra_columns == {"说明": "甲\n乙"}
    assert "line 3" in found.warnings[0].en


def test_the_first_problems_are_listed_and_the_others_are_counted(tmp_path: Path) -> None:
    lines = "".join(f"b{n}.txt,2022\n" for n in range(25))
    found = read_declarations(written(tmp_path, "file,year\n" + lines))
    assert len(found.warnings) == 21
    assert found.warnings[-1].en.startswith("5 more")


def test_a_missing_table_declares_nothing(tmp_path: Path) -> None:
    assert read_declarations(tmp_path).by_file == {}


def test_a_change_of_the_table_changes_only_its_reports(tmp_path: Path) -> None:
    reports, index = tmp_path / "reports", tmp_path / "index"
    reports.mkdir()
    (reports / "b.txt").write_text(REPORT.replace("水务", "教育"), "utf-8")
    written(reports, "file,department\na.txt,甲局\n")
    assert len(build_index([reports], index).indexed) == 2
    reports_by_source = {r.source: (r.department, r.declared) for r in Snapshot(index).reports()}
    assert reports_by_source["reports/a.txt"] == (
        "甲局",
        json.dumps({"department": "甲局"}, ensure_ascii=False),
    )
    assert reports_by_source["reports/b.txt"] == ("青湖区教育局", "")
    assert build_index([reports], index).indexed == []
    written(reports, "file,department,处室\na.txt,乙局,办公室\n")
    assert build_index([reports], index).indexed == ["reports/a.txt"]
    (reports / "metadata.csv").unlink()
    assert build_index([reports], index).indexed == ["reports/a.txt"]
    assert {r.department for r in Snapshot(index).reports()} == {"青湖区水务局", "青湖区教育局"}


def test_a_date_of_publication_is_declared_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("", "utf-8")
    (tmp_path / "b.txt").write_text("", "utf-8")
    (tmp_path / "metadata.csv").write_text(
        "文件,公开日期\na.txt,2023年8月30日\nb.txt,八月底\n", "utf-8"
    )
    found = read_declarations(tmp_path)
    guessed = Metadata("题", "甲局", 2022, "其他", published="2023-08-01")
    declared = found.of("a.txt").applied_to(guessed)
    assert declared.published == "2023-08-30"
    assert declared.origins["published"] == Origin("metadata.csv", "certain")
    assert found.of("b.txt").applied_to(guessed).published == "2023-08-01"
    (warning,) = found.warnings
    assert "第 3 行的公开日期“八月底”不是日期" in warning.zh
