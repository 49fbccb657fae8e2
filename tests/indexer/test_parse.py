from difflib import SequenceMatcher
from pathlib import Path

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.parse import parse
from baocha_indexer.sources.read import read_source
from baocha_indexer.text.fold import fold
from tools.make_corpus import (
    LAYOUTS,
    RENDERED,
    SCANNED,
    SCORED,
    corpus_files,
    rendered_path,
    scan_path,
    workbook_path,
)
from tools.manuscript import MANUSCRIPTS, lay_out, read_manuscript


@pytest.mark.parametrize("name", LAYOUTS)
def test_parses_every_sample_report(name: str) -> None:
    manuscript = read_manuscript(MANUSCRIPTS / f"{name}.txt")
    report = parse(lay_out(manuscript, LAYOUTS[name]), "x")
    metadata = report.metadata
    assert (metadata.department, metadata.year, metadata.kind) == (
        manuscript.department,
        manuscript.year,
        manuscript.kind,
    )
    assert report.warnings == ()
    found = [("".join(p.text.split()), p.section_path) for p in report.paragraphs]
    assert found == [("".join(t.split()), path) for t, path in manuscript.paragraphs()]


def test_the_corpus_folder_is_equal_to_the_output_of_its_script() -> None:
    for path, content in corpus_files().items():
        assert path.read_bytes() == content, f"{path.name}: run python -m tools.make_corpus"


@pytest.mark.parametrize("name", RENDERED)
def test_other_formats_give_the_paragraphs_of_the_manuscript(name: str) -> None:
    manuscript = read_manuscript(MANUSCRIPTS / f"{name}.txt")
    path = rendered_path(name)
    report = parse(path.read_bytes(), path.name)
    metadata = report.metadata
    assert (metadata.department, metadata.year, metadata.kind) == (
        manuscript.department,
        manuscript.year,
        manuscript.kind,
    )
    assert report.warnings == ()
    found = [(fold(p.text), tuple(map(fold, p.section_path))) for p in report.paragraphs]
    written = [(fold(t), tuple(map(fold, path))) for t, path in manuscript.paragraphs()]
    if path.suffix == ".html" and manuscript.front:
        written[:2] = written[1::-1]  # a site puts its title above all of the text
    assert found == written
    has_pages = path.suffix == ".pdf"
    assert all((paragraph.page is not None) == has_pages for paragraph in report.paragraphs)


def test_a_workbook_gives_its_title_and_its_rows() -> None:
    report = parse(workbook_path().read_bytes(), workbook_path().name)
    manuscript = read_manuscript(MANUSCRIPTS / f"{SCORED}.txt")
    rows = [item.text for item in manuscript.items if item.cells]
    assert [p.text for p in report.paragraphs if p.role == "table"] == rows
    assert (report.metadata.department, report.metadata.year) == (
        manuscript.department,
        manuscript.year,
    )


@pytest.mark.skipif(not ocr.is_installed(), reason="the OCR extra is not installed")
def test_ocr_gives_nearly_the_text_of_the_manuscript() -> None:
    report = parse(scan_path().read_bytes(), scan_path().name)
    manuscript = read_manuscript(MANUSCRIPTS / f"{SCANNED}.txt")
    written = "".join(fold(text) for text, _ in manuscript.paragraphs())
    found = "".join(fold(paragraph.text) for paragraph in report.paragraphs)
    assert SequenceMatcher(None, written, found, autojunk=False).ratio() > 0.98
    assert report.metadata.department == manuscript.department
    assert [p.page for p in report.paragraphs] == sorted(p.page or 0 for p in report.paragraphs)
    (warning,) = report.warnings
    assert "扫描" in warning.zh


@pytest.mark.usefixtures("without_ocr")
def test_a_scan_is_refused_without_ocr() -> None:
    with pytest.raises(SourceError, match=r"a scan without a text layer.*docs/formats\.md"):
        parse(scan_path().read_bytes(), scan_path().name)


def test_the_corpus_has_the_difficulties_of_real_reports() -> None:
    assert len(LAYOUTS) >= 12
    assert any(layout.encoding == "gb18030" for layout in LAYOUTS.values())
    for name in LAYOUTS:
        assert "样例" in read_manuscript(MANUSCRIPTS / f"{name}.txt").items[-1].text
    contents = [read_manuscript(MANUSCRIPTS / f"{name}.txt") for name in LAYOUTS]
    assert len({m.department for m in contents}) >= 3
    assert len({m.year for m in contents}) >= 3
    assert any(m.front for m in contents)
    assert any(len(m.title) == 3 for m in contents)
    assert any(item.cells for m in contents for item in m.items)


def test_paragraphs_have_pages_if_the_source_has_them() -> None:
    name = "education-2023"
    report = parse(lay_out(read_manuscript(MANUSCRIPTS / f"{name}.txt"), LAYOUTS[name]), "x")
    pages = [paragraph.page for paragraph in report.paragraphs]
    assert pages[0] == 1
    assert pages[-1] is not None
    assert pages[-1] > 1
    assert pages == sorted(pages, key=lambda page: page or 0)


@pytest.mark.parametrize("content", [b"", b" \n\r\n\t", "\ufeff\n".encode()])
def test_refuses_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"empty|no text"):
        parse(read_source(path), path.stem)


def test_one_sentence_is_a_report_of_one_paragraph() -> None:
    report = parse("全年预算执行率为 97.60%。".encode(), "水务局2022")
    assert [p.text for p in report.paragraphs] == ["全年预算执行率为 97.60%。"]
    assert report.metadata.title == "水务局2022"
    assert report.metadata.department == "水务局"
    assert report.warnings == ()
