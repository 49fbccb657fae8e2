"""A damaged index gives the right answer or an error, never a wrong answer."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from types import SimpleNamespace

import pytest

from baocha.search import SearchResult, open_engine
from baocha_indexer.build import build_index
from baocha_indexer.errors import DamagedIndexError, IndexUnusableError
from baocha_indexer.store.arrayfile import FORMAT
from baocha_indexer.store.io import FileSystem
from baocha_indexer.store.manifest import manifest_bytes, manifest_path
from baocha_indexer.store.storage import open_commit
from baocha_indexer.store.write import writer
from tests.indexer.store.faulty import FaultyFiles, io_error
from tests.indexer.store.formats import index_to_format, index_to_format_4

QUERIES = ("“绩效”", "“执行率”", "效", "绩效 管理", "“没有此语”", "部门:水务局", '"绩效 执行"~9')

TEXTS = {
    "水务": "一、绩效管理\n预算绩效目标管理，执行率为 97.60%。\n二、防汛\n防汛经费绩效自评。\n",
    "教育": "一、教育经费\n学校绩效管理，执行率为 88%。\n绩效，绩效。\n",
    "交通": "一、道路养护\nＡ４纸的绩效\u0301评价。\n",
}


def title(name: str) -> str:
    return f"2022年度青湖区{name}局部门整体支出绩效自评报告\n"


@pytest.fixture
def index(index_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    return index_files({f"{name}.txt": title(name) + text for name, text in TEXTS.items()})


@pytest.fixture
def reports(index: Path) -> Path:
    return index.parent / "reports"


def answers(index: Path) -> list[object]:
    """Return the answer to each query, or "damaged"."""
    try:
        engine = open_engine(index)
    except IndexUnusableError:
        return ["damaged"] * len(QUERIES)
    found: list[object] = []
    for query in QUERIES:
        try:
            found.append(timeless(engine.search(query, limit=100)))
        except DamagedIndexError:
            found.append("damaged")
    return found


def timeless(result: SearchResult) -> dict[str, object]:
    """Return a result without its times."""
    certificate = result.certificate and replace(result.certificate, searched="")
    return replace(result, took_ms=0, certificate=certificate).to_dict("en")


STRIDE = int(os.environ.get("BAOCHA_DAMAGE_STRIDE", "13"))
"""Distance of the bytes that are altered. The campaign in docs/reliability.md alters every byte."""


def test_a_damaged_index_gives_the_right_answer_or_an_error(index: Path) -> None:
    expected = answers(index)
    assert "damaged" not in expected
    for path in sorted(index.iterdir()):
        content = path.read_bytes()
        for at in range(0, len(content), STRIDE):
            altered = bytearray(content)
            altered[at] ^= 1 << at % 8
            path.unlink()
            path.write_bytes(altered)
            for got, right in zip(answers(index), expected, strict=True):
                assert got in (right, "damaged"), f"{path.name}, byte {at}"
        path.unlink()
        path.write_bytes(content)
    assert answers(index) == expected


def test_an_error_names_a_file_that_was_truncated_during_searches(index: Path) -> None:
    engine = open_engine(index)
    (path,) = index.glob("MAIN_*.arrays")
    os.truncate(path, 100)
    for query in QUERIES:
        with pytest.raises(DamagedIndexError, match=path.name):
            engine.search(query)
    with pytest.raises(DamagedIndexError, match=path.name):
        engine.verify()
    assert not engine.is_current()


def test_an_engine_is_stale_after_a_file_was_overwritten(index: Path) -> None:
    engine = open_engine(index)
    assert engine.is_current()
    (path,) = index.glob("MAIN_*.arrays")
    content = path.read_bytes()
    status = path.stat()
    path.write_bytes(bytes(len(content)))
    # Also if a program sets the time of the change back.
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not engine.is_current()


def test_an_engine_is_stale_after_the_index_was_built_again(index: Path, reports: Path) -> None:
    engine = open_engine(index)
    for path in index.iterdir():
        path.unlink()
    build_index([reports], index)
    assert not engine.is_current()


def store_twice(index: Path, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store reports in the index twice, like versions before 0.2."""

    def merge(self: writer.IndexWriter) -> None:
        locations = dict(self._locations)
        original(self, kept_size_ratio=10**9)
        self._locations = locations  # later removals are marked in the old segments

    original = writer.IndexWriter.merge
    with monkeypatch.context() as patch:
        patch.setattr(writer.IndexWriter, "merge", merge)
        patch.setattr(writer, "_refuse_inconsistent", lambda *_: None)
        for name, text in TEXTS.items():
            (reports / f"{name}.txt").write_text(title(name) + text + "补记新稿。\n", "utf-8")
        build_index([reports], index, checkpoint_seconds=0)


def test_reports_stored_twice_are_found_by_verify_and_repaired(
    index: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_twice(index, reports, monkeypatch)
    assert open_engine(index).search("“防汛经费”").total == 2
    with pytest.raises(DamagedIndexError, match="twice"):
        open_engine(index).verify()
    # Every run repairs the index, even for another file.
    (reports.parent / "另一份.txt").write_text(title("文旅"), "utf-8")
    summary = build_index([reports.parent / "另一份.txt"], index)
    assert summary.repaired == 2
    engine = open_engine(index)
    engine.verify()
    assert engine.search("“防汛经费”").total == 1
    assert engine.search("“补记新稿”").total == 3
    assert build_index([reports], index).repaired == 0


def test_a_report_stored_twice_without_its_file_is_kept_once(
    index: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_twice(index, reports, monkeypatch)
    (reports / "水务.txt").unlink()
    (reports.parent / "另一份.txt").write_text(title("文旅"), "utf-8")
    build_index([reports.parent / "另一份.txt"], index)
    engine = open_engine(index)
    engine.verify()
    assert engine.search("“防汛经费”").total == 1


def test_verify_finds_removed_numbers_that_no_report_has(index: Path) -> None:
    commit = open_commit(index)
    (entry,) = commit.manifest.segments
    manifest = replace(commit.manifest, segments=(replace(entry, removed=(-1,)),))
    manifest_path(index, commit.generation).write_bytes(manifest_bytes(manifest))
    with pytest.raises(DamagedIndexError, match="removed"):
        open_engine(index).verify()


def test_an_index_in_format_4_is_refused_and_the_next_run_builds_it_again(
    index: Path, reports: Path
) -> None:
    expected = answers(index)
    index_to_format_4(index)
    with pytest.raises(IndexUnusableError, match="another version"):
        open_engine(index)
    summary = build_index([reports], index)
    assert summary.outdated
    assert len(summary.indexed) == len(TEXTS)
    assert open_commit(index).manifest.format > 4
    assert all(segment.file.format > 4 for segment in open_commit(index).segments)
    totals = [result["total"] for result in map(as_result, answers(index))]
    assert totals == [result["total"] for result in map(as_result, expected)]
    open_engine(index).verify()


def test_an_index_in_the_format_before_is_built_again_though_its_texts_are_folded_alike(
    index: Path, reports: Path
) -> None:
    expected = answers(index)
    index_to_format(index, FORMAT - 1)
    with pytest.raises(IndexUnusableError, match="another version"):
        open_engine(index)
    summary = build_index([reports], index)
    assert summary.outdated
    assert open_commit(index).manifest.format == FORMAT
    totals = [result["total"] for result in map(as_result, answers(index))]
    assert totals == [result["total"] for result in map(as_result, expected)]


def as_result(answer: object) -> dict[str, object]:
    assert isinstance(answer, dict)
    return answer


def test_an_index_of_a_newer_version_is_refused_and_unchanged(index: Path, reports: Path) -> None:
    index_to_format(index, 99)
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    for use in (open_engine, lambda index: build_index([reports], index)):
        with pytest.raises(IndexUnusableError, match="newer version"):
            use(index)
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_an_error_while_writing_leaves_the_index_unchanged(
    index: Path, reports: Path, number: int
) -> None:
    expected = answers(index)
    (reports / "新.txt").write_text(title("文旅"), "utf-8")
    with pytest.raises(IndexUnusableError, match=os.strerror(number)):
        build_index([reports], index, files=FaultyFiles(at=2, error=io_error(number)))
    assert answers(index) == expected


def test_a_disk_that_is_too_full_to_merge_keeps_the_commit(index: Path, reports: Path) -> None:
    class FullWhenMerging(FileSystem):
        """A disk with space for the new segment, but not for a merged one."""

        def __init__(self) -> None:
            self.segments = 0

        def open_new(self, path: Path) -> RawIOBase:
            self.segments += path.name.startswith("MAIN_")
            if self.segments > 1:
                raise io_error(errno.ENOSPC)
            return super().open_new(path)

    # As large as the other segment, so that both are merged.
    text = title("文旅") + "开放。\n" + "活动丰富。\n" * 20
    (reports / "新.txt").write_text(text, "utf-8")
    summary = build_index([reports], index, files=FullWhenMerging())
    assert summary.indexed == ["reports/新.txt"]
    assert summary.unmerged is not None
    assert "No space left" in summary.unmerged.message.en
    assert open_engine(index).search("“开放”").total == 1
    open_engine(index).verify()


def test_a_commit_is_found_even_if_the_clock_was_set_back(
    index: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(index)

    earlier = SimpleNamespace(now=lambda _zone: datetime(1999, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("baocha_indexer.store.write.writer.datetime", earlier)
    (reports / "新.txt").write_text(title("文旅") + "开放。\n", "utf-8")
    build_index([reports], index)
    assert not engine.is_current()
    assert open_engine(index).search("“开放”").total == 1
    assert open_engine(index).status().written.startswith("1999")
