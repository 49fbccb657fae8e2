"""Saved pages, limits, and the geometry of recognised pages."""

import math
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import Limits, UnfinishedScanError, ocr, set_limits
from baocha_indexer.extract.ocr import engine, images
from baocha_indexer.extract.ocr.saved import SavedPages
from baocha_indexer.extract.page import Fragment, Page, Skew, lines_of_pages
from baocha_indexer.parse import parse
from tools.make_corpus import scan_path

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the OCR extra is not installed")
PAGES = [
    Page(1, 0.0, 842.0, (Fragment("供水", 90.0, 700.5, 130.0, 714.0, 0.93),)),
    Page(2, 0.0, 842.0, (), right=595.0, quarters=3),
    Page(3, 0.0, 842.0, (Fragment("“管网”\n", 9.0, 7.0, 13.0, 14.0, 0.5),), skew=Skew(0.03, 1, 2)),
    Page(4, 0.0, 842.0, (), unsure=("水质",)),
]


def test_saved_pages_are_read_as_they_were(tmp_path: Path) -> None:
    for page in PAGES:
        SavedPages.open(tmp_path, b"scan").add(page)
    assert list(SavedPages.open(tmp_path, b"scan").pages.values()) == PAGES
    assert SavedPages.open(tmp_path, b"other").pages == {}


@given(st.data())
def test_a_damaged_file_gives_only_pages_that_were_saved(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("scans")
    saved = SavedPages.open(folder, b"scan")
    for page in PAGES:
        saved.add(page)
    assert saved.path is not None
    content = bytearray(saved.path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    saved.path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    found = SavedPages.open(folder, b"scan")
    assert all(PAGES[number - 1] == page for number, page in found.pages.items())
    found.add(PAGES[0])  # after a line without its end
    assert SavedPages.open(folder, b"scan").pages[1] == PAGES[0]


def test_pages_are_not_saved_where_they_cannot_be(tmp_path: Path) -> None:
    saved = SavedPages.open(tmp_path / "missing", b"scan")
    saved.add(PAGES[0])
    assert saved.pages == {1: PAGES[0]}
    assert not saved.is_complete


def test_the_box_of_a_skewed_line_is_on_the_scanned_page() -> None:
    skew = Skew(math.radians(3), 300, 421)
    left, top = skew.straightened(100, 700)
    right, bottom = skew.straightened(400, 690)
    text = Fragment("供水管网", left, bottom, right, top, 0.8)
    (line,) = lines_of_pages([Page(1, 0.0, 842.0, (text,), skew=skew)])
    assert line.confidence == 0.8
    assert line.box is not None
    assert line.box.left <= 100
    assert line.box.right >= 400
    assert line.box.top <= 842 - 700
    assert line.box.bottom >= 842 - 690


@needs_ocr
def test_an_interrupted_scan_continues_after_its_last_page(tmp_path: Path) -> None:
    rendered: list[int] = []

    def render(number: int) -> tuple[np.ndarray, float]:
        rendered.append(number)
        return np.full((60, 60, 3), 255, np.uint8), 842.0

    set_limits(Limits(1, tmp_path, 0.0))
    try:
        with pytest.raises(UnfinishedScanError) as first:
            ocr.recognise_pages(b"scan", [2, 3], render)
        assert first.value.args == (1, 2)
        pages = ocr.recognise_pages(b"scan", [2, 3], render)
    finally:
        set_limits(Limits())
    assert [page.number for page in pages] == [2, 3]
    assert rendered == [2, 3]


@needs_ocr
def test_an_image_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    from PIL import Image

    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    with pytest.raises(SourceError, match=r"20,000 × 20,000 pixels, over 100 million"):
        ocr.extract(file.getvalue())


@needs_ocr
def test_a_page_that_is_turned_skewed_and_has_a_seal_is_read() -> None:
    import pypdfium2
    from PIL import Image, ImageDraw

    document = pypdfium2.PdfDocument(scan_path())
    page = document[0].render(scale=2).to_pil().convert("RGB")
    part = page.crop((0, 0, page.width, page.height // 3))
    draw = ImageDraw.Draw(part, "RGBA")
    draw.ellipse((500, 150, 700, 350), outline=(200, 20, 30, 180), width=12)
    turned = part.rotate(2, fillcolor="white", resample=Image.Resampling.BICUBIC)
    turned = turned.transpose(Image.Transpose.ROTATE_180)
    pixels = np.ascontiguousarray(np.asarray(turned)[..., ::-1])
    found = engine.recognise(pixels, 1, 280.0)
    text = "".join(fragment.text for fragment in found.fragments)
    assert "绩效自评报告" in text
    assert found.quarters == 2
    assert found.skew is not None
    assert math.degrees(found.skew.angle) == pytest.approx(2, abs=0.5)
    assert (found.mean_confidence or 0) > 0.9


@needs_ocr
def test_red_ink_is_removed_in_seals_and_kept_in_a_letterhead() -> None:
    page = np.full((1000, 700, 3), 255, np.uint8)
    red, ring = (30, 20, 210), np.hypot(*np.mgrid[-100:100, -100:100])
    page[600:800, 400:600][(ring < 98) & (ring > 90)] = red  # a seal
    page[100:140, 100:600] = red  # a letterhead
    page[700:710, 450:550] = (20, 20, 20)  # text in the seal
    cleaned = engine._without_seals(page)
    assert cleaned[120, 300].tolist() == list(red)
    assert cleaned[705, 500].tolist() == [20, 20, 20]
    assert (cleaned[602:608, 490:510] >= 200).all()


@needs_ocr
def test_pages_and_lines_that_are_left_out_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2
    from PIL import Image

    monkeypatch.setattr(images, "_MAX_PAGES", 1)
    document = pypdfium2.PdfDocument(scan_path())
    whole = document[0].render(scale=1.5).to_pil().convert("RGB")
    part = whole.crop((0, 0, whole.width, whole.height // 4))
    page = Image.new("RGB", (part.width, 2 * part.height), "white")
    page.paste(part, (0, 0))
    page.paste(part.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, part.height))
    file = BytesIO()
    page.save(file, "TIFF", save_all=True, append_images=[page] * 3, compression="tiff_deflate")
    report = parse(file.getvalue(), "x.tiff")
    shown = [warning.en for warning in report.warnings]
    assert any("only the first 1 of 4 pages were read, and 3 were left out" in w for w in shown)
    (left_out,) = (warning for warning in shown if "too low confidence" in warning)
    count = report.account.dropped["low confidence"]
    assert f"({count:,} characters)" in left_out
    assert left_out.endswith("(page 1); check the original")
    assert report.account.unread_pages == 3
    assert not report.account.unexplained


@needs_ocr
def test_images_off_the_page_or_too_many_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (10, 10), "black").save(file, "PNG")
    black = file.getvalue()
    odd = [(1e300, 0.0, 1e300, 9.0), (math.nan, 0.0, 1.0, 1.0), (-9.0, -9.0, -1.0, -1.0)]
    page, unread = ocr.page_of_images([(black, place) for place in odd], 72.0, 36.0)
    assert (page.shape, page.min(), unread) == ((100, 200, 3), 255, 0)
    monkeypatch.setattr(images, "_MAX_PAGE_PIXELS", 15_000)
    shown = [(black, (0.0, 0.0, 36.0, 36.0)), (black, (-1e6, 0.0, 1e6, 1e6)), (b"", (0, 0, 9, 9))]
    page, unread = ocr.page_of_images(shown, 72.0, 36.0)
    assert (page[:, :100].max(), page[:, 101:].min(), unread) == (0, 255, 2)
