import hashlib
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baocha.search import open_engine
from baocha_indexer.build import Summary, build_index
from baocha_indexer.errors import DamagedIndexError, EmptyFolderError, IndexUnusableError
from baocha_indexer.model import IndexedReport
from baocha_indexer.sources.archives import SETTLED_SECONDS
from baocha_indexer.sources.digests import Digests, settled_state
from baocha_indexer.sources.find import Failure, Source, find_sources
from baocha_indexer.sources.read import read_source
from baocha_indexer.store.arrayfile import ArrayFile
from baocha_indexer.store.manifest import manifest_bytes
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.storage import open_commit
from baocha_indexer.store.write.writer import IndexWriter
from baocha_indexer.workers import Parsed, Task, parse_one

REPORT = "2022年度青湖区{}局部门整体支出绩效自评报告\n一、基本情况\n全年{}，预算执行率为 97.60%。\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("水务", "教育"):
        (folder / f"{name}.txt").write_text(REPORT.format(name, name + "工作有序"), "utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def total(index: Path, query: str) -> int:
    return open_engine(index).search(f"“{query}”").total


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_indexes_a_folder(reports: Path, index: Path) -> None:
    summary = build_index([reports], index)
    assert summary.indexed == ["reports/教育.txt", "reports/水务.txt"]
    assert summary.paragraphs == 6
    assert total(index, "工作有序") == 2


def test_skips_unchanged_files(reports: Path, index: Path) -> None:
    build_index([reports], index)
    before = contents(index)
    summary = build_index([reports], index)
    assert (len(summary.indexed), len(summary.unchanged)) == (0, 2)
    assert contents(index) == before


def test_indexes_changed_and_new_files_and_removes_deleted_ones(reports: Path, index: Path) -> None:
    build_index([reports], index)
    link = open_engine(index).search("水务工作").hits[0].report.id
    (reports / "水务.txt").write_text(REPORT.format("水务", "水务工作有力"), "utf-8")
    (reports / "教育.txt").unlink()
    (reports / "农业.txt").write_text(REPORT.format("农业", "丰收"), "utf-8")
    summary = build_index([reports], index)
    assert sorted(summary.indexed) == ["reports/农业.txt", "reports/水务.txt"]
    assert summary.removed == ["reports/教育.txt"]
    assert (total(index, "工作有力"), total(index, "工作有序"), total(index, "丰收")) == (1, 0, 1)
    assert open_engine(index).search("水务工作").hits[0].report.id == link


def test_a_single_given_file_keeps_its_name_and_removes_no_report(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    (reports / "水务.txt").write_text(REPORT.format("水务", "新的一年"), "utf-8")
    summary = build_index([reports / "水务.txt"], index)
    assert (summary.indexed, summary.removed) == (["reports/水务.txt"], [])
    assert open_engine(index).status().reports == 2


def test_one_bad_file_does_not_stop_the_others(reports: Path, index: Path) -> None:
    (reports / "空.txt").touch()
    (reports / "二进制.txt").write_bytes(bytes(5000))
    summary = build_index([reports, reports.parent / "nowhere"], index)
    assert len(summary.indexed) == 2
    assert sorted(Path(failure.name).name for failure in summary.failed) == [
        "nowhere",
        "二进制.txt",
        "空.txt",
    ]


def test_files_with_unusual_names_are_indexed_and_recognised_again(
    reports: Path, index: Path
) -> None:
    for name in ("bad\udcff.txt", "new\nline.txt", "-dash.txt", "esc\x1b[31m.txt"):
        (reports / name).write_text(REPORT.format("水务", "名称古怪"), "utf-8")
    assert len(build_index([reports], index).indexed) == 6
    assert len(build_index([reports], index).unchanged) == 6
    assert total(index, "名称古怪") == 4


def test_an_index_without_reports_can_be_searched(tmp_path: Path, index: Path) -> None:
    build_index([tmp_path], index)
    engine = open_engine(index)
    for query in ("绩效", "的", "“绩效”", "绩效 自评", "-绩效", "部门:水务局", '"绩效 自评"~5'):
        assert engine.search(query).total == 0
    assert engine.read("nowhere") is None


def test_a_report_is_kept_if_its_file_becomes_unreadable(reports: Path, index: Path) -> None:
    build_index([reports], index)
    (reports / "水务.txt").write_bytes(b"")
    summary = build_index([reports], index)
    assert len(summary.failed) == 1
    assert total(index, "水务工作有序") == 1


def test_a_second_file_with_the_same_name_is_refused(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    build_index([reports], index)
    other = tmp_path / "other" / "reports"
    other.mkdir(parents=True)
    (other / "水务.txt").write_text(REPORT.format("水务", "别处"), "utf-8")
    (failure,) = build_index([other], index).failed
    assert str(reports) in failure.message.en
    assert total(index, "别处") == 0


def test_a_folder_that_was_moved_keeps_its_links(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    build_index([reports], index)
    before = {hit.id for hit in open_engine(index).search("工作有序").hits}
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    reports.rename(moved / "reports")
    build_index([moved / "reports"], index)
    assert {hit.id for hit in open_engine(index).search("工作有序").hits} == before


def test_worker_processes_give_the_same_index(reports: Path, index: Path, tmp_path: Path) -> None:
    build_index([reports], index, jobs=1)
    build_index([reports], tmp_path / "parallel", jobs=2)
    one, two = (
        open_engine(index).search("97.60%"),
        open_engine(tmp_path / "parallel").search("97.60%"),
    )
    assert [hit.id for hit in one.hits] == [hit.id for hit in two.hits]


def test_progress_has_the_counts_and_the_name_of_the_next_file(reports: Path, index: Path) -> None:
    seen: list[tuple[int, int, int, str]] = []
    build_index([reports], index, progress=lambda *step: seen.append(step))
    names = sorted(f"reports/{path.name}" for path in reports.iterdir())
    assert seen == [(0, 2, 0, names[0]), (1, 2, 3, names[1]), (2, 2, 6, "")]


def test_a_rebuild_starts_with_an_empty_index(reports: Path, index: Path, tmp_path: Path) -> None:
    build_index([reports], index)
    (tmp_path / "one.txt").write_text(REPORT.format("水务", "独此一份"), "utf-8")
    build_index([tmp_path / "one.txt"], index, rebuild=True)
    assert open_engine(index).status().reports == 1


def test_a_damaged_index_is_refused_and_a_rebuild_repairs_it(reports: Path, index: Path) -> None:
    build_index([reports], index)
    (table,) = index.glob("_MAIN_*.toc")
    table.write_bytes(table.read_bytes()[:40])
    with pytest.raises(DamagedIndexError, match="--rebuild"):
        open_engine(index)
    with pytest.raises(DamagedIndexError, match="--rebuild"):
        build_index([reports], index)
    build_index([reports], index, rebuild=True)
    assert total(index, "工作有序") == 2


def test_an_index_of_another_version_cannot_be_searched_and_is_built_again(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    (path,) = index.glob("manifest_*.json")
    manifest = open_commit(index).manifest
    path.write_bytes(manifest_bytes(replace(manifest, fold_version=0)))
    with pytest.raises(IndexUnusableError, match="another version"):
        open_engine(index)
    (reports.parent / "one.txt").write_text(REPORT.format("农业", "丰收"), "utf-8")
    summary = build_index([reports.parent / "one.txt"], index)
    assert summary.outdated
    assert len(summary.indexed) == 3
    assert total(index, "工作有序") == 2


def test_a_folder_with_other_files_is_refused_and_unchanged(reports: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"beach")
    with pytest.raises(IndexUnusableError, match="not a baocha index"):
        build_index([reports], foreign)
    assert contents(foreign) == {"holiday.jpg": b"beach"}


def test_an_index_path_that_is_a_file_is_refused(reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("text")
    with pytest.raises(IndexUnusableError, match="cannot write"):
        build_index([reports], path)
    assert path.read_text() == "text"


def test_a_second_writer_is_refused(reports: Path, index: Path) -> None:
    build_index([reports], index)
    before = contents(index)
    with IndexWriter(index), pytest.raises(IndexUnusableError, match="another process"):
        build_index([reports], index)
    assert contents(index) == before
    assert build_index([reports], index).unchanged


def _build_slowly(reports: Path, index: Path, jobs: int) -> None:
    def stop(done: int, _total: int, _paragraphs: int, _name: str) -> None:
        if done:
            (index / "reached").touch()
            time.sleep(60)

    build_index([reports], index, jobs=jobs, progress=stop)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_leaves_the_index_unchanged(reports: Path, index: Path, jobs: int) -> None:
    build_index([reports], index)
    (reports / "水务.txt").write_text(REPORT.format("水务", "半途"), "utf-8")
    process = multiprocessing.get_context("spawn").Process(
        target=_build_slowly, args=(reports, index, jobs)
    )
    process.start()
    deadline = time.monotonic() + 30
    while not (index / "reached").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert (total(index, "工作有序"), total(index, "半途")) == (2, 0)
    build_index([reports], index)
    assert total(index, "半途") == 1
    assert len(list(index.glob("MAIN_*.arrays"))) <= 2


def test_the_summary_of_a_run_without_files_says_that_nothing_was_achieved(
    tmp_path: Path, index: Path
) -> None:
    summary = build_index([tmp_path / "nowhere"], index)
    assert isinstance(summary, Summary)
    assert summary.achieved_nothing


def altered(index: Path, array: str, at: int = 0) -> Path:
    """Alter a byte of an array in the only segment of an index; return the path of the segment."""
    (path,) = index.glob("MAIN_*.arrays")
    content = bytearray(path.read_bytes())
    content[ArrayFile(path)._entries[array].offset + at] ^= 1
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("array", ["text_bytes", "positions_words", "ordinal", "page"])
def test_merging_does_not_give_new_checksums_to_altered_content(
    reports: Path, index: Path, array: str
) -> None:
    build_index([reports], index)
    path = altered(index, array)
    (reports / "农业.txt").write_text(REPORT.format("农业", "丰收"), "utf-8")
    summary = build_index([reports], index)
    assert summary.indexed == ["reports/农业.txt"]
    assert isinstance(summary.unmerged, DamagedIndexError)
    assert path.name in summary.unmerged.message.en
    with pytest.raises(DamagedIndexError, match=path.name):
        open_engine(index).verify()


@pytest.mark.parametrize(
    "array",
    [
        "report_id_bytes",
        "report_source_starts",
        "report_department",
        "report_year",
        "kind_values_bytes",
        "ranks",
        "pair_keys",
    ],
)
def test_altered_report_data_is_found_when_the_index_is_opened(
    reports: Path, index: Path, array: str
) -> None:
    build_index([reports], index)
    path = altered(index, array)
    with pytest.raises(DamagedIndexError, match=path.name):
        open_engine(index)
    build_index([reports], index, rebuild=True)
    assert [report.source for report in sources(index)] == ["reports/教育.txt", "reports/水务.txt"]


def sources(index: Path) -> list[IndexedReport]:
    return sorted(Snapshot(index).reports(), key=lambda report: report.source)


@pytest.mark.parametrize("left", ["MAIN_WRITELOCK", "manifest_0.json.tmp", "MAIN_x.arrays"])
def test_files_of_a_run_that_was_killed_before_its_first_commit_are_ignored(
    reports: Path, index: Path, left: str
) -> None:
    index.mkdir()
    (index / left).touch()
    build_index([reports], index)
    assert total(index, "工作有序") == 2
    assert left == "MAIN_WRITELOCK" or not (index / left).exists()


def test_the_next_run_removes_leftovers_of_a_killed_run_even_if_nothing_changed(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    for left in ("MAIN_x.arrays", "manifest_9.json", "_MAIN_9.toc.tmp"):
        (index / left).touch()
    assert build_index([reports], index).unchanged
    assert not {"MAIN_x.arrays", "manifest_9.json", "_MAIN_9.toc.tmp"} & set(contents(index))


def test_an_index_without_its_table_of_contents_is_damaged_and_not_empty(
    reports: Path, index: Path
) -> None:
    for _ in range(2):
        build_index([reports], index, rebuild=True)
        (table,) = index.glob("_MAIN_*.toc")
        table.unlink()
        with pytest.raises(DamagedIndexError, match=table.name):
            open_engine(index)
        with pytest.raises(DamagedIndexError, match=table.name):
            build_index([reports], index)


def test_a_folder_or_a_pipe_instead_of_a_file_is_damage(reports: Path, index: Path) -> None:
    for pattern in ("MAIN_*.arrays", "_MAIN_*.toc", "manifest_*.json"):
        build_index([reports], index, rebuild=True)
        (path,) = index.glob(pattern)
        for make in (os.mkfifo, os.mkdir):
            path.unlink()
            make(path)
            with pytest.raises(DamagedIndexError, match=path.name):
                open_engine(index)
        build_index([reports], index, rebuild=True)
        assert total(index, "工作有序") == 2
        path.rmdir()


def test_a_rebuild_that_can_read_no_file_changes_nothing(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    build_index([reports], index)
    before = contents(index)
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (empty, tmp_path / "nowhere"):
        assert build_index([path], index, rebuild=True).achieved_nothing
        assert contents(index) == before


def test_a_rebuild_lists_the_reports_that_it_drops(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "文旅.txt").write_text(REPORT.format("文旅", "开放"), "utf-8")
    build_index([reports, other], index)
    summary = build_index([other], index, rebuild=True)
    assert summary.indexed == ["other/文旅.txt"]
    assert summary.removed == ["reports/教育.txt", "reports/水务.txt"]


def emptied(folder: Path) -> None:
    """Make a folder look like the mount point of a share that is not mounted."""
    for path in folder.iterdir():
        path.unlink()
    (folder / ".not-mounted").touch()
    (folder / "README.htaccess").touch()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_folder_without_report_files_is_refused_and_the_index_is_unchanged(
    reports: Path, index: Path, *, rebuild: bool
) -> None:
    build_index([reports], index)
    before = contents(index)
    emptied(reports)
    with pytest.raises(EmptyFolderError, match=r"reports has no report file.* 2 reports"):
        build_index([reports], index, rebuild=rebuild)
    assert contents(index) == before
    assert total(index, "工作有序") == 2


def test_one_empty_folder_among_several_is_refused_and_the_index_is_unchanged(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "文旅.txt").write_text(REPORT.format("文旅", "活动丰富"), "utf-8")
    build_index([reports, other], index)
    emptied(reports)
    (other / "体育.txt").write_text(REPORT.format("体育", "活动丰富"), "utf-8")
    with pytest.raises(EmptyFolderError):
        build_index([reports, other], index)
    assert (total(index, "工作有序"), total(index, "活动丰富")) == (2, 1)
    # Remove them in the way that the message describes.
    build_index([other], index, rebuild=True)
    assert (total(index, "工作有序"), total(index, "活动丰富")) == (0, 2)


def test_an_empty_folder_is_refused_even_if_another_version_made_the_index(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "文旅.txt").write_text(REPORT.format("文旅", "活动丰富"), "utf-8")
    build_index([reports, other], index)
    (path,) = index.glob("manifest_*.json")
    path.write_bytes(manifest_bytes(replace(open_commit(index).manifest, fold_version=0)))
    before = contents(index)
    emptied(reports)
    with pytest.raises(EmptyFolderError):
        build_index([reports, other], index)
    assert contents(index) == before


def test_an_empty_folder_is_accepted_if_the_index_has_no_reports_from_it(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    assert len(build_index([reports, tmp_path / "new"], index).indexed) == 2


def emptied_after(files: int, folder: Path) -> Callable[[int, int, int, str], None]:
    """Return a progress callback that empties a folder after some files were parsed."""

    def progress(done: int, _total: int, _paragraphs: int, _name: str) -> None:
        if done == files:
            emptied(folder)

    return progress


def test_a_folder_that_is_emptied_during_a_run_keeps_its_reports(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    (reports / "文旅.txt").write_text(REPORT.format("文旅", "活动丰富"), "utf-8")
    build_index([reports], index, progress=emptied_after(0, reports))
    assert total(index, "工作有序") == 2


def test_a_folder_that_is_emptied_during_a_rebuild_keeps_its_reports(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    before = contents(index)
    with pytest.raises(EmptyFolderError):
        build_index([reports], index, rebuild=True, jobs=1, progress=emptied_after(1, reports))
    assert contents(index) == before


def test_reports_of_deleted_files_are_removed_if_one_file_remains(
    reports: Path, index: Path
) -> None:
    build_index([reports], index)
    (reports / "教育.txt").unlink()
    assert build_index([reports], index).removed == ["reports/教育.txt"]


def test_a_restored_and_changed_copy_with_the_same_generation_is_not_the_opened_commit(
    reports: Path, index: Path, tmp_path: Path
) -> None:
    for number in range(10):
        (reports / f"{number}.txt").write_text(REPORT.format(number, f"第{number}项"), "utf-8")
    build_index([reports], index)
    shutil.copytree(index, tmp_path / "copy", copy_function=os.link)
    (reports / "0.txt").rename(tmp_path / "0.txt")
    build_index([reports], index)
    opened = open_commit(index)
    index.rename(tmp_path / "old")
    (tmp_path / "copy").rename(index)
    (tmp_path / "0.txt").rename(reports / "0.txt")
    (reports / "1.txt").unlink()
    build_index([reports], index)
    # Generation and segments are the same. Only the removed report is different.
    now = open_commit(index)
    assert now.generation == opened.generation
    assert [s.file.path for s in now.segments] == [s.file.path for s in opened.segments]
    assert now.is_newest()
    assert not opened.is_newest()


def test_a_long_run_commits_at_checkpoints(reports: Path, index: Path) -> None:
    saved = []

    def progress(done: int, _total: int, _paragraphs: int, _name: str) -> None:
        saved.append(open_engine(index).status().reports)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([reports], index, progress=progress, checkpoint_seconds=0)
    # The first report was committed before the second was read, the second at the interrupt.
    assert saved == [0, 0, 1]
    assert open_engine(index).status().reports == 2
    assert len(build_index([reports], index).unchanged) == 2


def test_an_interrupted_rebuild_leaves_the_index_unchanged(reports: Path, index: Path) -> None:
    build_index([reports], index)
    before = contents(index)

    def progress(done: int, _total: int, _paragraphs: int, _name: str) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([reports], index, rebuild=True, progress=progress, checkpoint_seconds=0)
    assert contents(index) == before


def test_the_id_of_a_report_does_not_change_with_its_content(reports: Path, index: Path) -> None:
    build_index([reports], index)
    before = {report.id for report in Snapshot(index).reports()}
    (reports / "水务.txt").write_text(REPORT.format("水务", "另有内容"), "utf-8")
    build_index([reports], index)
    assert {report.id for report in Snapshot(index).reports()} == before


def test_counts_ignored_files_and_unknown_values(reports: Path, index: Path) -> None:
    (reports / "a.rar").touch()
    (reports / "b.RAR").touch()
    (reports / "无题.txt").write_text("收支平衡，略有结余。\n", "utf-8")
    summary = build_index([reports], index)
    assert dict(summary.ignored) == {".rar": 2}
    assert (summary.unknown_departments, summary.unknown_years) == (1, 1)
    # The counts are for the whole index, not only for this run.
    again = build_index([reports], index)
    assert (again.indexed, again.unknown_departments, again.unknown_years) == ([], 1, 1)


def outside_and_inside(reports: Path) -> None:
    """Put links into the folder: two to files outside, one to a file inside."""
    secret = reports.parent / "secret"
    secret.mkdir()
    (secret / "a.txt").write_text("2022年度青湖区机密局报告\n一、基本情况\n机密事项。\n", "utf-8")
    (secret / "metadata.csv").write_text("文件,密级\n水务.txt,机密事项\n", "utf-8")
    (reports / "外.txt").symlink_to(secret / "a.txt")
    (reports / "内.txt").symlink_to("水务.txt")
    (reports / "metadata.csv").symlink_to(secret / "metadata.csv")
    (reports / "folder").symlink_to(secret)


def test_links_out_of_the_folder_are_skipped_with_a_warning(reports: Path, index: Path) -> None:
    outside_and_inside(reports)
    summary = build_index([reports], index)
    assert sorted(summary.indexed) == [f"reports/{n}.txt" for n in ("内", "教育", "水务")]
    skipped = {
        f.name: f.message.en for f in summary.warnings if "outside the folder" in f.message.en
    }
    assert set(skipped) == {"reports/外.txt", str(reports / "metadata.csv")}
    assert total(index, "机密事项") == 0
    assert not any(item.report.extra_columns for item in open_engine(index).coverage())


def test_links_out_of_the_folder_are_read_with_follow_links(reports: Path, index: Path) -> None:
    outside_and_inside(reports)
    summary = build_index([reports], index, follow_links=True)
    assert "reports/外.txt" in summary.indexed
    assert total(index, "机密事项") == 1
    # Without the option, the report is removed.
    summary = build_index([reports], index)
    assert summary.removed == ["reports/外.txt"]
    assert total(index, "机密事项") == 0


def test_a_file_that_becomes_a_link_after_it_was_found_is_not_read(
    reports: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密事项。", "utf-8")
    (source, *_) = [f for f in find_sources([reports]) if isinstance(f, Source)]
    source.path.unlink()
    source.path.symlink_to(secret)
    found = parse_one(Task(source))
    assert isinstance(found, Failure)
    assert "outside the folder" in found.message.en


def test_a_folder_given_by_a_link_is_read(reports: Path, index: Path, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(reports)
    assert len(build_index([tmp_path / "here"], index).indexed) == 2
    assert len(build_index([reports / ".." / "reports"], tmp_path / "other").indexed) == 2


def appended(path: Path, written: Any) -> None:
    """Append lines one by one, like another program, until the line 末行."""
    written.wait()
    for number in range(400):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"第{number}项工作按计划完成，{'水' * 2_000}。\n")
        time.sleep(0.002)
    with path.open("a", encoding="utf-8") as file:
        file.write("末行数字孪生。\n")


def test_a_file_that_grows_while_it_is_read_is_complete_after_the_next_run(
    reports: Path, index: Path
) -> None:
    path = reports / "水务.txt"
    context = multiprocessing.get_context("spawn")
    begin = context.Event()
    writer = context.Process(target=appended, args=(path, begin))
    writer.start()
    digests = Digests()
    begin.set()
    while writer.is_alive():
        build_index([reports], index, digests=digests)
        # The indexed content is the beginning of the final file.
        snapshot = Snapshot(index)
        entry = {r.source: r for r in map(snapshot.report, range(snapshot.report_count))}
        if "reports/水务.txt" in entry:
            assert is_digest_of_a_beginning(entry["reports/水务.txt"].sha256, path)
    writer.join()
    build_index([reports], index, digests=digests)
    assert total(index, "数字孪生") == 1
    assert total(index, "项工作按计划完成") == 400


def is_digest_of_a_beginning(digest: str, path: Path) -> bool:
    whole, state = path.read_bytes(), hashlib.sha256()
    for line in whole.splitlines(keepends=True):
        state.update(line)
        if state.hexdigest() == digest:
            return True
    return False


@pytest.mark.parametrize("count", [6, 40])
def test_checkpoints_neither_duplicate_reports_nor_keep_old_text(
    index: Path, tmp_path: Path, count: int
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    paths = [folder / f"{number}.txt" for number in range(count)]
    for text in ("旧稿", "新稿", "三稿"):
        for path in paths:
            path.write_text(REPORT.format("水务", text), "utf-8")
        build_index([folder], index, checkpoint_seconds=0)
        counts = [total(index, draft) for draft in ("旧稿", "新稿", "三稿")]
        assert counts == [count * (draft == text) for draft in ("旧稿", "新稿", "三稿")]
        assert open_engine(index).status().reports == count
    paths[0].unlink()
    build_index([folder], index, checkpoint_seconds=0)
    assert total(index, "三稿") == open_engine(index).status().reports == count - 1


def made_old(folder: Path) -> None:
    """Wait until the files of a folder are old enough for their state to be trusted."""
    time.sleep(SETTLED_SECONDS + 0.1)
    assert all(settled_state(path) for path in folder.iterdir() if path.is_file())


def test_a_second_run_reads_no_file_again_and_notices_every_kind_of_change(
    reports: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_old(reports)
    build_index([reports], index)
    read: list[Path] = []

    def counted(path: Path, required_folder: Path | None = None) -> bytes:
        read.append(path)
        return read_source(path, required_folder)

    monkeypatch.setattr("baocha_indexer.sources.digests.read_source", counted)
    assert len(build_index([reports], index).unchanged) == 2
    assert read == []

    path = reports / "水务.txt"
    status = path.stat()
    text = path.read_text("utf-8")
    same_size = text.replace("水", "木")
    # The same size and the same time: only the time of the change of status is different.
    path.write_text(same_size, "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert build_index([reports], index).indexed == ["reports/水务.txt"]
    # Another file with the same size and time in the same place.
    other = reports.parent / "other"
    other.write_text(text, "utf-8")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    time.sleep(SETTLED_SECONDS + 0.1)
    other.replace(path)
    assert build_index([reports], index).indexed == ["reports/水务.txt"]


def test_the_state_of_a_file_that_changes_while_it_is_read_is_not_stored(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_old(reports)
    source = next(one for one in find_sources([reports]) if isinstance(one, Source))

    def changed_after(path: Path, required_folder: Path | None = None) -> bytes:
        content = read_source(path, required_folder)
        path.write_bytes(content + "\n新增一段。\n".encode())
        return content

    assert isinstance(found := parse_one(Task(source)), Parsed)
    assert found.state == settled_state(source.path)
    monkeypatch.setattr("baocha_indexer.workers.read_source", changed_after)
    assert isinstance(found := parse_one(Task(source)), Parsed)
    assert found.state == ""
