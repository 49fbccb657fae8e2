import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from baocha_indexer.build import Summary, build_index
from baocha_indexer.errors import SourceError
from baocha_indexer.sources import (
    Digests,
    Failure,
    Ignored,
    Source,
    archives,
    find_sources,
    is_deleted,
    open_copy,
    read_source,
)
from baocha_indexer.store import Snapshot
from tests.indexer.extract.archives import archive

REPORT = "青湖区水务局2023年度部门决算\n\n水质合格率为99%。\n"
OTHER = "青湖区教育局2023年度部门决算\n\n新增学位三百个。\n"


def written(path: Path, parts: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(parts))
    return path


def gbk_archive(*names: str) -> bytes:
    """Return an archive as Chinese programs for Windows write it: names in GBK, without a flag."""
    made = {f"{at:08}": name for at, name in enumerate(names)}
    content = archive({"x" * len(name.encode("gbk")): REPORT.encode() for name in made.values()})
    for name in made.values():
        content = content.replace(b"x" * len(name.encode("gbk")), name.encode("gbk"))
    return content


def failures(path: Path) -> dict[str, str]:
    return {f.name: f.message.en for f in find_sources([path]) if isinstance(f, Failure)}


def names(path: Path) -> list[str]:
    return [found.name for found in find_sources([path]) if isinstance(found, Source)]


def build(folder: Path) -> Summary:
    return build_index([folder], folder.parent / "index", jobs=1)


def test_each_report_in_an_archive_is_indexed_with_its_own_name(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    path = written(
        folder / "2023.zip", {"水务局.txt": REPORT.encode(), "a/教育局.txt": OTHER.encode()}
    )
    summary = build(folder)
    assert summary.indexed == ["reports/2023.zip/a/教育局.txt", "reports/2023.zip/水务局.txt"]
    assert not summary.failed
    # The archive has changed, but only one of its reports.
    written(path, {"水务局.txt": REPORT.encode(), "财政局.txt": OTHER.encode()})
    summary = build(folder)
    assert summary.indexed == ["reports/2023.zip/财政局.txt"]
    assert summary.unchanged == ["reports/2023.zip/水务局.txt"]
    assert summary.removed == ["reports/2023.zip/a/教育局.txt"]
    # A damaged archive may be one that is being copied: its reports are kept.
    path.write_bytes(path.read_bytes()[:-30])
    summary = build(folder)
    assert [failure.name for failure in summary.failed] == ["reports/2023.zip"]
    assert not summary.removed
    assert not is_deleted(path / "a/教育局.txt")
    path.unlink()
    assert is_deleted(path / "a/教育局.txt")


@pytest.mark.parametrize("place", ["metadata.csv", "2023.zip/metadata.csv"])
def test_metadata_is_declared_beside_the_archive_or_in_it(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "reports"
    declared = f"文件,部门\n{'' if '/' in place else '2023.zip/'}水务局.txt,青湖区水利局\n".encode()
    parts = {"水务局.txt": REPORT.encode()}
    written(folder / "2023.zip", parts | ({"metadata.csv": declared} if "/" in place else {}))
    if "/" not in place:
        (folder / place).write_bytes(declared)
    summary = build(folder)
    assert [warning.message.en[:30] for warning in summary.warnings] == [
        "metadata.csv declares the depar"[:30]
    ]
    (report,) = Snapshot(tmp_path / "index").reports()
    assert report.department == "青湖区水利局"


def test_names_in_gbk_and_with_backslashes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(gbk_archive("决算\\水务局.txt"))
    assert names(path) == ["a.zip/决算/水务局.txt"]
    assert read_source(path / "决算" / "水务局.txt").decode() == REPORT


def test_paths_out_of_the_archive_are_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.zip",
        {
            name: REPORT.encode()
            for name in ("../a.txt", "/b.txt", "C:/c.txt", "d/../../d.txt", "e.txt")
        },
    )
    assert names(path) == ["a.zip/e.txt"]
    assert len(failures(path)) == 4
    assert all("leads out of the archive" in why for why in failures(path).values())


def test_nested_archives_encrypted_files_and_other_formats_are_named(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.zip",
        {
            "b.zip": archive({}),
            "c.txt": b"x",
            "d.exe": b"x",
            "__MACOSX/._c.txt": b"x",
            "~$c.docx": b"x",
        },
    )
    content = path.read_bytes()
    # Set the flag of an encrypted file in the directory.
    at = content.rindex(b"c.txt", 0, content.index(b"__MACOSX", content.index(b"PK\1\2")))
    at = content.rindex(b"PK\1\2", 0, at) + 8
    path.write_bytes(content[:at] + bytes([content[at] | 1]) + content[at + 1 :])
    assert names(path) == []
    assert {name: why.split(",")[0] for name, why in failures(path).items()} == {
        "a.zip/b.zip": "an archive inside an archive is not read; unpack it and index the folder",
        "a.zip/c.txt": "the file has a password; remove it and try again",
    }
    assert [f.suffix for f in find_sources([path]) if isinstance(f, Ignored)] == [".exe"]
    with pytest.raises(SourceError, match="password"):
        read_source(path / "c.txt")


def test_archives_that_are_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_MAX_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.zip"
    path.write_bytes(archive({"a.pdf": bytes(2 << 20)}))
    assert "maybe on purpose" in failures(path)["bomb.zip"]
    many = written(tmp_path / "many.zip", {f"{n}.txt": b"" for n in range(5_001)})
    assert "more than 5,000 files" in failures(many)["many.zip"]
    # A file in an archive has the limit of its format.
    monkeypatch.undo()
    large = written(tmp_path / "large.zip", {"a.txt": b"\n" * (33 << 20)})
    with pytest.raises(SourceError, match="limit 32"):
        read_source(large / "a.txt")


def test_a_file_in_an_archive_can_be_sent(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", {"水务局.txt": REPORT.encode()})
    copy = open_copy(path / "水务局.txt", sha256(REPORT.encode()).hexdigest())
    assert copy is not None
    assert b"".join(copy).decode() == REPORT
    copy.close()
    assert open_copy(path / "水务局.txt", "0" * 64) is None
    with pytest.raises(SourceError, match="no such file"):
        open_copy(path / "教育局.txt", "0" * 64)
    with pytest.raises(SourceError, match=r"archive\.zip/file"):
        read_source(path)


def test_a_digest_is_read_again_only_if_the_archive_has_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", {"a.txt": REPORT.encode()})
    digests = Digests()
    assert digests.sha256_of(path / "a.txt") == sha256(REPORT.encode()).hexdigest()
    written(path, {"a.txt": OTHER.encode()})
    assert digests.sha256_of(path / "a.txt") == sha256(OTHER.encode()).hexdigest()
    assert is_deleted(path / "b.txt")
    assert not is_deleted(path / "a.txt")


def test_an_empty_or_foreign_file_is_damaged(tmp_path: Path) -> None:
    for content in (b"", b"PK\3\4", b"Rar!"):
        (tmp_path / "a.zip").write_bytes(content)
        assert "damaged" in failures(tmp_path / "a.zip")["a.zip"]
    empty = BytesIO()
    with zipfile.ZipFile(empty, "w"):
        pass
    (tmp_path / "a.zip").write_bytes(empty.getvalue())
    assert names(tmp_path / "a.zip") == []


def test_a_damaged_file_in_an_archive_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    long = "".join(f"第{at}项资金已按时拨付。" for at in range(200)).encode()
    names = ("a/错.txt", "断.txt", "头.txt", "好.txt")
    path = written(folder / "2023.zip", dict.fromkeys(names, REPORT.encode() + long))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        entries = {entry.filename: entry for entry in packed.infolist()}

    def begin(name: str) -> int:
        at = entries[name].header_offset
        return at + 30 + sum(content[at + 26 : at + 30 : 2])

    # Another checksum in the directory; a stream that ends too early; a header that is not one.
    directory = [at for at in range(len(content)) if content.startswith(b"PK\1\2", at)]
    content[directory[0] + 16] ^= 1
    content[begin("断.txt") + 40 : begin("断.txt") + 60] = bytes(20)
    content[entries["头.txt"].header_offset + 26 : entries["头.txt"].header_offset + 30] = (
        b"\xff" * 4
    )
    path.write_bytes(content)
    summary = build(folder)
    assert summary.indexed == ["reports/2023.zip/好.txt"]
    why = {failure.name: failure.message for failure in summary.failed}
    assert sorted(why) == [f"reports/2023.zip/{name}" for name in ("a/错.txt", "头.txt", "断.txt")]
    for name in ("a/错.txt", "头.txt", "断.txt"):
        message = why[f"reports/2023.zip/{name}"]
        assert f"{name} in the archive is damaged and was not read; create" in message.en
        assert f"“{name}”已损坏" in message.zh
