"""Convert PDF to lines with pypdfium2: the text layer of each page, or OCR if there is none.

PDFium returns the characters of a page in the order of the file, each with its box, and the paths.
Straight paths are rulings. `page` makes lines and tables of both.
"""

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.page import Edges, Page, lines_of_pages
from baocha_indexer.extract.pdf.characters import Character, fragments_of
from baocha_indexer.extract.pdf.rotation import Rotation, quarter_turns
from baocha_indexer.extract.pdf.streams import MAX_STREAM, has_too_large_stream
from baocha_indexer.extract.rulings import Ruling, rulings_of_path
from baocha_indexer.extract.text import printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Properties

MAX_PAGES = 5000
_MIN_CHARACTERS = 8
"""A page with fewer characters and an image is a scan, with a stamp or page number on it."""

_MAX_SCAN_CHARACTERS = 60
"""A page with at least this many characters has a text layer, even if an image is behind it."""

_MIN_IMAGE_SHARE = 0.5
"""An image with at least this share of the area of a page is a scan of the page."""

_MIN_OUTLINES = 50
"""A page with fewer characters than `_MIN_CHARACTERS` and this many paths has drawn letters."""

_OCR_RATIO = 2
"""The OCR of a page is used if it has more than this many times as many characters as its text
layer."""

_ANGLE_SAMPLES = 64
_MAX_FORM_DEPTH = 5

_MAX_UNREADABLE_SHARE = 0.3
"""A text layer with a larger share of meaningless characters is ignored."""

_MAX_OBJECTS = 50_000
_MIN_GRID_RULINGS = 2
"""Minimum number of rulings in each direction with which areas of colour do not count as cells."""

_HIGH_SURROGATES, _LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def extract(content: bytes) -> Extract:
    """Return the lines of a PDF, each with its page.

    Raises SourceError if it cannot be opened, or if it is a scan and OCR is not installed.
    """
    document = opened(content)
    try:
        layers = [_text_layer(document, at) for at in range(len(document))]
        pages, warnings = _with_ocr(document, layers)
        title = printable(document.get_metadata_value("Title")).strip()
    except pypdfium2.PdfiumError as error:
        raise damaged() from error
    finally:
        document.close()
    return Extract(tuple(lines_of_pages(pages)), tuple(warnings), Properties(title))


@dataclass(frozen=True, slots=True)
class _TextLayer:
    """A page as its text layer has it, and whether the page looks like a scan."""

    page: Page
    is_scan: bool


def _length(page: Page) -> int:
    return sum(len(fragment.text) for fragment in page.fragments)


def _with_ocr(document: Any, layers: Sequence[_TextLayer]) -> tuple[list[Page], list[Message]]:
    """Return the pages, with the scans recognised if OCR is installed, and warnings."""
    scans = [at for at, layer in enumerate(layers) if layer.is_scan]
    if not scans:
        return [layer.page for layer in layers], []
    if not ocr.is_installed():
        if len(scans) == len(layers):
            raise ocr.not_installed()
        # Keep the text that a scan has, such as a stamp or the text of a cover.
        pages = [layer.page for layer in layers if not layer.is_scan or _length(layer.page)]
        return pages, [ocr.skipped_pages([at + 1 for at in scans])]
    pages = [layer.page for layer in layers]
    recognised = []
    for at in scans:
        page = _recognised(document, at)
        # A cover may have a text layer in front of a picture.
        if _length(page) > _OCR_RATIO * _length(pages[at]):
            pages[at] = page
            recognised.append(at + 1)
    return pages, [ocr.recognised_pages(recognised)] if recognised else []


def _text_layer(document: Any, at: int) -> _TextLayer:
    page = document[at]
    textpage = page.get_textpage()
    try:
        count = min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)
        objects = [pdfium.FPDFPage_GetObject(page, number) for number in range(count)]
        rotation = Rotation(quarter_turns(_angles(textpage)), page.get_bbox())
        rulings = _rulings(objects)
        characters = _inside(_characters(textpage), page.get_bbox())
        if rotation.quarters:
            rulings, characters = rotation.rulings(rulings), rotation.characters(characters)
        fragments = tuple(fragments_of(characters, rulings))
        left, bottom, right, top = rotation.box(*rotation.page)
        text = "".join(fragment.text for fragment in fragments)
        # The page is shown turned clockwise by its /Rotate.
        quarters = (-page.get_rotation() // 90 - rotation.quarters) % 4
        read = Page(at + 1, bottom, top, fragments, rulings, left, right, quarters)
        return _TextLayer(read, _is_scan(text, page, objects))
    finally:
        textpage.close()
        page.close()


def _angles(textpage: Any) -> Iterator[float]:
    """Yield the angles of some of the characters."""
    count = textpage.count_chars()
    for at in range(0, count, -(-count // _ANGLE_SAMPLES) or 1):
        yield pdfium.FPDFText_GetCharAngle(textpage.raw, at)


def _is_scan(text: str, page: Any, objects: Sequence[Any]) -> bool:
    """Whether a page is a scan, or has only drawn or unreadable characters."""
    unreadable = 0
    if not text.isprintable() or "\ufffd" in text:  # most texts are printable
        unreadable = sum(
            unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd" for char in text
        )
    readable = len(text) - unreadable
    if unreadable and (
        readable < _MIN_CHARACTERS or unreadable > _MAX_UNREADABLE_SHARE * len(text)
    ):
        return True
    if readable >= _MAX_SCAN_CHARACTERS:
        return False
    images = [box for found in objects if (box := _image_box(found, page))]
    if readable >= _MIN_CHARACTERS:
        # A stamp, or the text of a cover, on a scan.
        required = _MIN_IMAGE_SHARE * _area(*page.get_bbox())
        return any(_area(*box) >= required for box in images)
    # Letters may be drawn as paths instead of text.
    paths = sum(pdfium.FPDFPageObj_GetType(o) == pdfium.FPDF_PAGEOBJ_PATH for o in objects)
    return bool(images) or paths >= _MIN_OUTLINES


def _area(left: float, bottom: float, right: float, top: float) -> float:
    return (right - left) * (top - bottom)


def _image_box(found: Any, page: Any) -> Edges | None:
    """Return the box of an image, or of a form that contains an image, else None."""
    kind = pdfium.FPDFPageObj_GetType(found)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        image = pdfium.FPDF_PAGEOBJ_IMAGE
        images = page.get_objects(filter=(image,), max_depth=_MAX_FORM_DEPTH, form=found)
        if next(iter(images), None) is None:
            return None
    elif kind != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    return _box(found)


def _box(found: Any) -> Edges | None:
    """Return the box of an object of a page, or None if PDFium does not know it."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(found, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _recognised(document: Any, at: int) -> Page:
    page = document[at]
    try:
        width, height = page.get_size()  # as it is shown, like the image
        image = page.render(scale=ocr.DOTS_PER_INCH / 72).to_numpy()
        return Page(at + 1, 0.0, height, ocr.fragments(image, height), right=width)
    finally:
        page.close()


def _characters(textpage: Any) -> Iterator[Character]:
    """Yield the visible characters of a page, in the order of the file."""
    after_space, high = False, 0
    box = pdfium.FS_RECTF()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    handle, box_address = textpage.raw, ctypes.byref(box)  # once, not for each character
    for at in range(textpage.count_chars()):
        code = unicode_of(handle, at)
        if code in _HIGH_SURROGATES:  # above U+FFFF, PDFium returns the two surrogates of UTF-16
            high = code
            continue
        if code in _LOW_SURROGATES and high:
            code = 0x10000 + (high % 0x400 << 10) + code % 0x400
        high = 0
        char = chr(code) if 0 < code < 0x110000 else "\ufffd"
        # The end of a line counts as a space: PDFium also returns one after the raised 2 of m².
        if char.isspace():
            after_space = True
        elif box_of(handle, at, box_address):
            yield Character(char, box.left, box.bottom, box.right, box.top, after_space)
            after_space = False


def _inside(characters: Iterable[Character], page: Edges) -> Iterator[Character]:
    """Yield the characters whose middle is on the page. Others are not shown: it was cropped."""
    left, bottom, right, top = page
    for found in characters:
        if left < (found.left + found.right) / 2 < right and (
            bottom < (found.bottom + found.top) / 2 < top
        ):
            yield found


def _rulings(objects: Sequence[Any]) -> tuple[Ruling, ...]:
    """Return the rulings of a page. The sides of filled areas count if there are no others.

    A filled area is usually the background of a cell, which also has rulings around it.
    """
    drawn: list[Ruling] = []
    filled: list[Ruling] = []
    for found in objects:
        if pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_PATH and (box := _box(found)):
            sides = rulings_of_path(*box)
            (filled if len(sides) > 1 and not _is_stroked(found) else drawn).extend(sides)
    directions = Counter(ruling.is_vertical for ruling in drawn)
    has_grid = min(directions[True], directions[False]) >= _MIN_GRID_RULINGS
    return tuple(drawn if has_grid else drawn + filled)


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or bool(stroke.value)


def opened(content: bytes) -> Any:
    """Return the document; raises SourceError if it cannot be opened or is dangerous to read."""
    if has_too_large_stream(content):
        raise SourceError(
            zh=f"PDF 里有超过 {MAX_STREAM // 2**20} MB 的页面内容，可能是压缩炸弹；未读取",
            en=f"a page of the PDF has an unpacked size of over {MAX_STREAM // 2**20} MB, "
            "maybe on purpose; it was not read",
        )
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise SourceError(
                zh="PDF 有打开密码；请去掉密码后再试",
                en="the PDF has a password; remove it and try again",
            ) from error
        raise damaged() from error
    if len(document) > MAX_PAGES:
        document.close()
        raise SourceError(zh=f"超过 {MAX_PAGES} 页；请拆分", en=f"over {MAX_PAGES} pages; split it")
    return document


def damaged() -> SourceError:
    """Return the error for a PDF that PDFium cannot read."""
    return SourceError(
        zh="PDF 已损坏或不完整，无法打开；请重新下载或导出",
        en="the PDF is damaged or truncated; download or export it again",
    )
