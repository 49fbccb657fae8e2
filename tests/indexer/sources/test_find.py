from pathlib import Path

from baocha_indexer.sources.find import (
    Failure,
    FindResult,
    Ignored,
    Outside,
    Source,
    find_sources,
    report_id,
)


def found(*paths: Path) -> list[FindResult]:
    return list(find_sources(paths))


def names(*paths: Path) -> list[str]:
    return [source.name for source in found(*paths) if isinstance(source, Source)]


def test_finds_files_below_a_folder_in_order(tmp_path: Path) -> None:
    root = tmp_path / "reports"
    for name in (
        "b.txt",
        "a/2.TXT",
        "a/1.txt",
        "a/notes.rar",
        ".hidden.txt",
        "~$b.docx",
        "a/metadata.csv",
        ".git/x.txt",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert names(root) == ["reports/b.txt", "reports/a/1.txt", "reports/a/2.TXT"]
    assert [f.suffix for f in found(root) if isinstance(f, Ignored)] == [".rar"]


def test_a_path_given_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert len(found(tmp_path, tmp_path, tmp_path / "a.txt")) == 1


def test_a_wrong_path_gives_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.rar").touch()
    (missing,) = found(tmp_path / "nowhere")
    (unsupported,) = found(tmp_path / "a.rar")
    assert isinstance(missing, Failure)
    assert isinstance(unsupported, Failure)
    assert "no such" in missing.message.en
    assert ".txt" in unsupported.message.en


def test_a_link_to_a_parent_folder_causes_no_loop(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "broken.txt")
    assert f"{tmp_path.name}/a.txt" in names(tmp_path)


def test_an_id_depends_only_on_the_name() -> None:
    assert report_id("corpus/a.txt") == report_id("corpus/a.txt")
    assert report_id("corpus/a.txt") != report_id("corpus/b.txt")
    assert len(report_id("x")) == 12


def test_a_name_that_is_not_utf8_can_be_shown_and_stored(tmp_path: Path) -> None:
    (tmp_path / "bad\udcff.txt").touch()
    (source,) = found(tmp_path)
    assert isinstance(source, Source)
    assert source.name == f"{tmp_path.name}/bad\ufffd.txt"
    assert source.path.exists()


def test_links_are_followed_only_to_files_in_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "reports"
    (root / "a").mkdir(parents=True)
    (root / "a" / "1.txt").touch()
    (tmp_path / "reports-2").mkdir()
    (tmp_path / "reports-2" / "2.txt").touch()
    (root / "in.txt").symlink_to("a/1.txt")
    (root / "out.txt").symlink_to("../reports-2/2.txt")
    (root / "over.txt").symlink_to(root / "out.txt")
    (root / "a" / "up.txt").symlink_to("../../reports/in.txt")
    assert names(root) == ["reports/in.txt", "reports/a/1.txt", "reports/a/up.txt"]
    outside = [f.name for f in found(root) if isinstance(f, Outside)]
    assert outside == ["reports/out.txt", "reports/over.txt"]
    followed = [f.name for f in find_sources([root], follow_links=True) if isinstance(f, Source)]
    assert sorted(followed) == sorted(names(root) + outside)
    # A link that is given directly is always followed.
    assert names(root / "out.txt") == ["out.txt"]
