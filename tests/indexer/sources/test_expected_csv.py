"""`expected.csv`: each fault is a warning with its line, and loses nothing else."""

from pathlib import Path

import pytest

from baocha_indexer.build import build_index, unread_files
from baocha_indexer.messages import Message
from baocha_indexer.sources import Failure
from baocha_indexer.sources.csv_table import UnreadableTableError
from baocha_indexer.sources.expected_csv import read_expected
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.storage import newest_generation
from baocha_indexer.vocabulary import ExpectedReport, UnreadFile

HEAD = "部门,年度,报告类型,地区,批复日期,截止日期\n"
WATER = ExpectedReport("青湖区水务局", 2022, "部门决算", "青湖区", "2023-07-31", "2023-08-20")
REPORT = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"


def read(folder: Path, text: str) -> tuple[tuple[ExpectedReport, ...], list[str]]:
    path = folder / "expected.csv"
    path.write_text(text, "utf-8")
    problems: list[Message] = []
    found = read_expected(path, problems)
    return found, [problem.zh for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "青湖区水务局,2022,部门决算,青湖区,2023-07-31,2023/8/20\n",
        "department,year,kind,region,approved,due\n青湖区水务局,２０２２年度,部门决算,青湖区,20230731,二〇二三年八月二十日\n",
        "# 说明\n截止日期,单位,年份,类型,地区,批复日期,备注\n2023年8月20日,青湖区水务局,2022年,部门决算,青湖区,2023.7.31,无\n",
    ],
)
def test_lines_are_read_in_each_form(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((WATER,), [])


def test_region_and_dates_may_be_missing(tmp_path: Path) -> None:
    found, problems = read(tmp_path, "部门,年度,报告类型\n青湖区水务局,2022,部门决算\n")
    assert (found, problems) == ((ExpectedReport("青湖区水务局", 2022, "部门决算"),), [])


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        (",2022,部门决算", "第 2 行未填部门或报告类型"),
        ("青湖区水务局,2022,", "第 2 行未填部门或报告类型"),
        ("长" * 81 + ",2022,部门决算", "超过 80 字"),
        ("青湖区水务局,2022-2023,部门决算", "第 2 行的年度“2022-2023”不是"),
        ("青湖区水务局,,部门决算", "第 2 行的年度“”不是"),
    ],
)
def test_a_line_with_a_fault_is_ignored_with_a_warning(
    tmp_path: Path, line: str, warning: str
) -> None:
    found, problems = read(tmp_path, f"{HEAD}{line}\n青湖区教育局,2022,部门决算\n")
    assert [one.department for one in found] == ["青湖区教育局"]
    assert len(problems) == 1
    assert warning in problems[0]


def test_a_wrong_date_and_an_unknown_kind_lose_only_themselves(tmp_path: Path) -> None:
    text = f"{HEAD}甲局,2022,部门账本,,2023-02-30,不详\n甲局,2022,部门账本\n乙局,2023,部门账本\n"
    found, problems = read(tmp_path, text)
    assert found == (
        ExpectedReport("甲局", 2022, "部门账本"),
        ExpectedReport("乙局", 2023, "部门账本"),
    )
    wanted = ("第 2 行的报告类型", "第 2 行的批复日期", "第 2 行的截止日期", "第 3 行与第 2 行")
    assert len(problems) == len(wanted)
    assert all(map(str.startswith, problems, wanted))


def test_a_table_without_a_needed_column_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTableError) as error:
        read(tmp_path, "部门,报告类型\n青湖区水务局,部门决算\n")
    assert "缺少“年度”列" in error.value.message.zh


def test_expected_reports_and_unread_files_are_in_the_index(tmp_path: Path) -> None:
    folder, index = tmp_path / "reports", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, "utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "expected.csv").write_text(f"{HEAD}青湖区水务局,2022,部门决算\n", "utf-8")
    first = build_index([folder], index, jobs=1)
    vocabulary = Snapshot(index).vocabulary
    assert vocabulary.expected == (ExpectedReport("青湖区水务局", 2022, "部门决算"),)
    (failure,) = first.failed
    assert vocabulary.unread == (UnreadFile("reports/b.pdf", failure.message),)
    # Nothing has changed: no new generation.
    generation = newest_generation(index)
    build_index([folder], index, jobs=1)
    assert newest_generation(index) == generation
    # The file is gone; the tables did not change.
    (folder / "b.pdf").unlink()
    assert build_index([folder], index).vocabulary is None
    assert Snapshot(index).vocabulary.unread == ()
    (folder / "expected.csv").unlink()
    build_index([folder], index)
    assert Snapshot(index).vocabulary.expected == ()


def test_files_of_other_folders_stay_unread_and_missing_paths_are_no_files(tmp_path: Path) -> None:
    reason = Message(zh="已损坏", en="damaged")
    folder = tmp_path / "reports"
    folder.mkdir()
    failed = [
        Failure("reports/a.pdf", reason),
        Failure(str(folder / "b"), reason),
        Failure("nowhere.pdf", reason),
        Failure(str(tmp_path / "nowhere.pdf"), reason),
    ]
    before = [UnreadFile("reports/old.pdf", reason), UnreadFile("others/c.pdf", reason)]
    found = unread_files(failed, [folder, tmp_path / "nowhere.pdf"], before)
    assert [file.name for file in found] == ["others/c.pdf", "reports/a.pdf", "reports/b"]
