"""The vocabulary is stored with the index, in the same commit as the reports."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baocha_indexer.build import build_index
from baocha_indexer.errors import DamagedIndexError
from baocha_indexer.sources.synonyms_csv import built_in_groups
from baocha_indexer.store.manifest import manifest_bytes, manifest_path
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.storage import newest_generation, open_commit
from baocha_indexer.vocabulary import NO_VOCABULARY, SynonymGroup
from tests.indexer.store.formats import index_to_format_4

REPORT = "2022年度青湖区{}局部门整体支出绩效自评报告\n一、概况\n收支平衡。\n"
SYNONYMS = "等级,词语\n等同,甲、乙\n"
GROUP = SynonymGroup("equal", ("甲", "乙"))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    for name in ("水务", "教育"):
        path = folder / name / f"{name}.txt"
        path.parent.mkdir(parents=True)
        path.write_text(REPORT.format(name), "utf-8")
    (folder / "synonyms.csv").write_text(SYNONYMS, "utf-8")
    return folder


@pytest.fixture
def index(reports: Path, tmp_path: Path) -> Path:
    build_index([reports], tmp_path / "index")
    return tmp_path / "index"


def declared(index: Path) -> list[SynonymGroup]:
    return [group for part in Snapshot(index).vocabulary.folders for group in part.groups]


def test_the_built_in_groups_and_the_files_are_in_the_index(reports: Path, index: Path) -> None:
    vocabulary = Snapshot(index).vocabulary
    assert vocabulary.built_in == built_in_groups()
    assert [part.folder for part in vocabulary.folders] == [str(reports)]
    assert declared(index) == [GROUP]


def test_a_changed_table_makes_a_new_generation_without_a_changed_report(
    reports: Path, index: Path
) -> None:
    before = newest_generation(index)
    files = sorted(path.name for path in index.glob("MAIN_*.arrays"))
    again = build_index([reports], index)
    assert (newest_generation(index), again.vocabulary) == (before, None)
    (reports / "synonyms.csv").write_text("等级,词语\n相关,丙、丁\n", "utf-8")
    snapshot = Snapshot(index)
    changed = build_index([reports], index)
    assert (changed.indexed, len(changed.unchanged)) == ([], 2)
    assert changed.vocabulary == Snapshot(index).vocabulary
    assert newest_generation(index) != before
    assert sorted(path.name for path in index.glob("MAIN_*.arrays")) == files
    assert declared(index) == [SynonymGroup("related", ("丙", "丁"))]
    # An open snapshot keeps its vocabulary, although its file was removed.
    assert not snapshot.is_newest()
    assert len(list(index.glob("vocabulary_*"))) == 1
    assert [g for part in snapshot.vocabulary.folders for g in part.groups] == [GROUP]


def test_a_new_commit_keeps_the_file_of_an_unchanged_vocabulary(reports: Path, index: Path) -> None:
    (before,) = index.glob("vocabulary_*")
    (reports / "水务/水务.txt").write_text(REPORT.format("水利"), "utf-8")
    build_index([reports], index)
    assert list(index.glob("vocabulary_*")) == [before]
    assert declared(index) == [GROUP]


@pytest.mark.parametrize("content", [b"", b"\0" * 50, b"\xff\xfe\xfd\x81" * 50, b"a,b\n"])
def test_a_table_that_cannot_be_read_keeps_what_it_declared(
    reports: Path, index: Path, content: bytes
) -> None:
    (reports / "synonyms.csv").write_bytes(content)
    (reports / "departments.csv").write_text("全称,简称\n青湖区水务局,水\n", "utf-8")
    again = build_index([reports], index)
    (warning,) = again.warnings
    assert warning.name == str(reports / "synonyms.csv")
    assert "沿用该文件上次的内容" in warning.message.zh
    assert declared(index) == [GROUP]
    assert [d.short_names for d in Snapshot(index).vocabulary.departments] == [("水",)]


def test_a_removed_table_declares_nothing(reports: Path, index: Path) -> None:
    (reports / "synonyms.csv").unlink()
    build_index([reports], index)
    assert Snapshot(index).vocabulary.folders == ()


def test_a_run_replaces_only_the_tables_of_its_folders(reports: Path, index: Path) -> None:
    (reports / "教育/synonyms.csv").write_text("等级,词语\n等同,丙、丁\n", "utf-8")
    build_index([reports / "教育"], index)
    assert declared(index) == [GROUP, SynonymGroup("equal", ("丙", "丁"))]
    (reports / "教育/synonyms.csv").unlink()
    build_index([reports / "水务"], index)
    assert len(declared(index)) == 2
    build_index([reports], index)
    assert declared(index) == [GROUP]
    build_index([reports / "教育"], index, rebuild=True)
    assert declared(index) == []


def test_the_tables_beside_a_single_file_are_read(reports: Path, tmp_path: Path) -> None:
    (reports / "水务/departments.csv").write_text("全称,简称\n青湖区水务局,水\n", "utf-8")
    build_index([reports / "水务/水务.txt"], tmp_path / "other")
    vocabulary = Snapshot(tmp_path / "other").vocabulary
    assert vocabulary.departments[0].short_names == ("水",)
    assert [part.folder for part in vocabulary.folders] == [str(reports / "水务")]


def test_the_faults_of_a_table_are_listed_once(reports: Path, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (reports / f"{name}.txt").write_text(REPORT.format(name), "utf-8")
    (reports / "synonyms.csv").write_text("等级,词语\n等同,甲\n", "utf-8")
    summary = build_index([reports / "甲.txt", reports / "乙.txt", reports], tmp_path / "other")
    assert len(summary.warnings) == 1


def test_a_link_to_a_table_outside_is_not_read(reports: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(SYNONYMS, "utf-8")
    (reports / "synonyms.csv").unlink()
    (reports / "synonyms.csv").symlink_to(outside)
    index = tmp_path / "other"
    (warning,) = build_index([reports], index).warnings
    assert "--follow-links" in warning.message.zh
    assert declared(index) == []
    build_index([reports], index, follow_links=True)
    assert declared(index) == [GROUP]


def test_a_table_is_no_report_and_no_ignored_file(reports: Path, tmp_path: Path) -> None:
    summary = build_index([reports], tmp_path / "other")
    assert len(summary.indexed) == 2
    assert not summary.ignored


def test_an_index_without_reports_has_no_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/synonyms.csv").write_text(SYNONYMS, "utf-8")
    build_index([tmp_path / "empty"], tmp_path / "index")
    assert Snapshot(tmp_path / "index").vocabulary == NO_VOCABULARY


def test_faults_of_a_table_are_counted_after_twenty(reports: Path, tmp_path: Path) -> None:
    (reports / "synonyms.csv").write_text("等级,词语\n" + "等同,甲\n" * 25, "utf-8")
    summary = build_index([reports], tmp_path / "other")
    assert len(summary.warnings) == 21
    assert summary.warnings[-1].message.zh == "另有 5 处问题未列出"


@pytest.mark.parametrize("change", ["missing", "cut", "altered", "folder"])
def test_a_damaged_vocabulary_is_an_error(index: Path, change: str) -> None:
    (path,) = index.glob("vocabulary_*")
    snapshot = Snapshot(index)
    content = path.read_bytes()
    path.unlink()
    if change == "folder":
        path.mkdir()
    elif change != "missing":
        path.write_bytes(content[:-1] if change == "cut" else content[:-1] + b"!")
    for use in (lambda: Snapshot(index), snapshot.verify):
        with pytest.raises(DamagedIndexError, match=path.name):
            use()
    assert not snapshot.is_newest()


def test_a_rebuild_repairs_a_damaged_vocabulary(reports: Path, index: Path) -> None:
    (path,) = index.glob("vocabulary_*")
    path.write_bytes(b"{}")
    with pytest.raises(DamagedIndexError):
        build_index([reports], index)
    build_index([reports], index, rebuild=True)
    assert declared(index) == [GROUP]


def test_the_manifest_of_an_earlier_version_has_no_vocabulary(reports: Path, index: Path) -> None:
    commit = open_commit(index)
    path = manifest_path(index, commit.generation)
    path.write_bytes(manifest_bytes(replace(commit.manifest, vocabulary=None)))
    assert "vocabulary" not in json.loads(path.read_bytes())
    assert Snapshot(index).vocabulary == NO_VOCABULARY
    Snapshot(index).verify()
    index_to_format_4(index)
    assert open_commit(index).vocabulary == b""
    assert build_index([reports], index).outdated
    assert declared(index) == [GROUP]


def test_a_restricted_snapshot_has_only_the_departments_in_its_scope(
    reports: Path, tmp_path: Path, index_files: Callable[[dict[str, str | bytes]], Path]
) -> None:
    text = "全称,简称,上级\n青湖区水务局,水,青湖区教育局\n青湖区教育局,教,\n青湖区审计局,审,\n"
    (reports / "departments.csv").write_text(text, "utf-8")
    index = tmp_path / "other"
    build_index([reports], index)
    snapshot = Snapshot(index)
    assert len(snapshot.vocabulary.departments) == 3
    departments = [report.department for report in snapshot.reports()]
    narrowed = snapshot.only(np.array([name == "青湖区水务局" for name in departments]))
    (only,) = narrowed.vocabulary.departments
    assert (only.name, only.short_names, only.parent) == ("青湖区水务局", ("水",), "")
    assert narrowed.vocabulary.groups == snapshot.vocabulary.groups
