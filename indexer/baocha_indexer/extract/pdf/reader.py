"""Convert PDF to lines with pypdfium2: the text layer of each page, or OCR if there is none.

PDFium returns the characters of a page in the order of the file, each with its box, and the paths.
Straight paths are rulings. `page` makes lines and tables of both.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.notices import signed
from baocha_indexer.extract.page import Edges, Page, lines_of_pages, text_of_pages
from baocha_indexer.extract.pdf.characters import HYPHENS, Character, fragments_of, inside
from baocha_indexer.extract.pdf.rotation import Rotation, quarter_turns
from baocha_indexer.extract.pdf.streams import MAX_STREAM, has_too_large_stream
from baocha_indexer.extract.rulings import (
    Ruling,
    ruling_between,
    rulings_of_path,
    without_backgrounds,
)
from baocha_indexer.extract.text import printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Extract, Properties
from baocha_indexer.text import fold, share_in_words

MAX_PAGES = 5000
MIN_CHARACTERS = 8
"""A page with fewer characters and an image is a scan, with a stamp or page number on it."""

MAX_SCAN_CHARACTERS = 60
"""A page with at least this many characters has a text layer, even if an image is behind it."""

MIN_IMAGE_SHARE = 0.5
"""An image with at least this share of the area of a page is a scan of the page."""

_MIN_OUTLINES = 50
"""A page with fewer characters than `MIN_CHARACTERS` and this many paths has drawn letters."""

_MIN_HAN = 60
"""Minimum number of Han characters that show whether a text layer is plausible."""

_MIN_COMMON_SHARE = 0.7
"""Minimum share of common characters among them. Real reports have over 0.97, wrong codes 0.2 to
0.55."""

_MIN_SHARE_IN_WORDS = 0.2
"""Minimum share of Han characters in words. Of 14,172 pages of reports and statutes, each has over
0.7, lists of names have 0.3; with characters that stand for others, each has less than 0.13."""

_OCR_RATIO = 2
"""The OCR of a page is used if it has more than this many times as many characters as its text
layer."""

_ANGLE_SAMPLES = 64
_MAX_FORM_DEPTH = 5

_MAX_UNREADABLE_SHARE = 0.3
"""A text layer with a larger share of meaningless characters is ignored."""

_MAX_OBJECTS = 50_000
_RECTANGLE, _MAX_SEGMENTS = 5, 5000
"""A path with more segments than a rectangle, and not more than the maximum, may be a grid."""

_HIGH_SURROGATES, _LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def extract(content: bytes) -> Extract:
    """Return the lines of a PDF, each with its page.

    Raises SourceError if it cannot be opened, or if it is a scan and OCR is not installed.
    """
    document = opened(content)
    try:
        changes = Changes()
        layers = [_text_layer(document, at, changes) for at in range(len(document))]
        pages, warnings = with_ocr(
            content, layers, lambda number: _image(document, number), changes
        )
        if (signatures := pdfium.FPDF_GetSignatureCount(document)) > 0:
            warnings.append(signed(signatures))
        text = plain_text(pages, layers)
        title = printable(document.get_metadata_value("Title")).strip()
    except pypdfium2.PdfiumError as error:
        raise damaged() from error
    finally:
        document.close()
    lines = tuple(lines_of_pages(pages, changes))
    return Extract(lines, tuple(warnings), Properties(title), text, changes)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """A page as its text layer has it, its plain text, and whether OCR must read it.

    OCR must read a scan, and a page with a broken text layer. `is_broken`: the characters of the text
    layer are not those that the page shows.
    """

    page: Page
    text: str
    needs_ocr: bool
    is_broken: bool = False


def plain_text(pages: Sequence[Page], layers: Sequence[TextLayer]) -> str:
    """Return the plain text of pages. The only text of a scan is the one that was recognised."""
    own = {id(layer.page): layer.text for layer in layers}
    return "\n".join(own.get(id(page)) or text_of_pages([page]) for page in pages)


def _length(page: Page) -> int:
    return sum(len(fragment.text) for fragment in page.fragments)


def with_ocr(
    content: bytes, layers: Sequence[TextLayer], render: ocr.Render, changes: Changes
) -> tuple[list[Page], list[Message]]:
    """Return the pages, with the scans recognised if OCR is installed, and warnings.

    `content`: of the file. `changes`: where the text with too low a confidence is recorded.
    """
    scans = [at for at, layer in enumerate(layers) if layer.needs_ocr]
    if not scans:
        return [layer.page for layer in layers], []
    if not ocr.is_installed():
        broken = [at + 1 for at in scans if layers[at].is_broken]
        missing = [at + 1 for at in scans if not layers[at].is_broken]
        changes.unread_pages.extend(missing)
        if len(missing) == len(layers):
            raise ocr.not_installed()
        # Keep the text that a scan has, such as a stamp or the text of a cover.
        pages = [layer.page for layer in layers if not layer.needs_ocr or _length(layer.page)]
        warnings = [ocr.broken_pages(broken)] if broken else []
        return pages, warnings + ([ocr.skipped_pages(missing)] if missing else [])
    pages = [layer.page for layer in layers]
    recognised = []
    numbers = [at + 1 for at in scans]
    for page in ocr.recognise_pages(content, numbers, render):
        layer = layers[page.number - 1]
        # A cover may have a text layer in front of a picture.
        required = 0 if layer.is_broken else _OCR_RATIO * _length(layer.page)
        if _length(page) > required or (page.unsure and not _length(layer.page)):
            pages[page.number - 1] = page
            recognised.append(page)
    if not recognised:
        return pages, []
    warning = ocr.recognised_pages([page.number for page in recognised])
    return pages, [warning, *ocr.low_confidence(recognised, changes)]


def _text_layer(document: Any, at: int, changes: Changes) -> TextLayer:
    page = document[at]
    textpage = page.get_textpage()
    try:
        count = min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)
        objects = [pdfium.FPDFPage_GetObject(page, index) for index in range(count)]
        rotation = Rotation(quarter_turns(_angles(textpage)), page.get_bbox())
        rulings = _rulings(objects)
        characters = inside(_characters(textpage), page.get_bbox(), changes)
        if rotation.quarters:
            rulings, characters = rotation.rulings(rulings), rotation.characters(characters)
        fragments = tuple(fragments_of(characters, rulings, changes))
        left, bottom, right, top = rotation.box(*rotation.page)
        text = "".join(fragment.text for fragment in fragments)
        # The page is shown turned clockwise by its /Rotate.
        quarters = (-page.get_rotation() // 90 - rotation.quarters) % 4
        read = Page(at + 1, bottom, top, fragments, rulings, left, right, quarters)
        is_broken = _is_broken(text) or _is_substituted([f.text for f in fragments])
        plain = textpage.get_text_range().translate(HYPHENS)
        return TextLayer(read, plain, is_broken or _is_scan(text, page, objects), is_broken)
    finally:
        textpage.close()
        page.close()


def _angles(textpage: Any) -> Iterator[float]:
    """Yield the angles of some of the characters."""
    count = textpage.count_chars()
    for at in range(0, count, -(-count // _ANGLE_SAMPLES) or 1):
        yield pdfium.FPDFText_GetCharAngle(textpage.raw, at)


def _is_broken(text: str) -> bool:
    """Whether the characters of a text layer are not those that the page shows.

    Fonts without a table of Unicode characters, or with a wrong one, give characters that are
    private, unassigned or missing, Latin letters with accents, or rare Chinese characters.
    """
    if text.isascii():
        return False
    unreadable = sum(map(_is_unreadable, text))
    readable = len(text) - unreadable
    if unreadable and (readable < MIN_CHARACTERS or unreadable > _MAX_UNREADABLE_SHARE * len(text)):
        return True
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    required = _MIN_COMMON_SHARE * len(han)
    return len(han) >= _MIN_HAN and all(
        sum(char in common for char in han) < required for common in _common_characters()
    )


def _is_substituted(texts: Sequence[str]) -> bool:
    """Whether common Chinese characters stand for others, so that they make no words.

    `texts`: the fragments of a page.
    """
    count, share = share_in_words(texts)
    if count < _MIN_HAN or share >= _MIN_SHARE_IN_WORDS:
        return False
    # The dictionary has few words in traditional characters.
    _, share = share_in_words(map(fold, texts))
    return share < _MIN_SHARE_IN_WORDS


def _is_unreadable(char: str) -> bool:
    if "\u4e00" <= char <= "\u9fff":
        return False
    is_accented = "\u00c0" <= char <= "\u024f" and char.isalpha()
    return is_accented or char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn")


@cache
def _common_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Return the simplified and the traditional characters that are common: those of level 1."""
    levels = (("gb2312", range(0xB0, 0xD8)), ("big5", range(0xA4, 0xC7)))
    simplified, traditional = (
        frozenset(
            char
            for first in leads
            for second in range(0x40, 0xFF)
            for char in bytes((first, second)).decode(encoding, "ignore")
        )
        for encoding, leads in levels
    )
    return simplified, traditional


def _is_scan(text: str, page: Any, objects: Sequence[Any]) -> bool:
    """Whether a page with this text layer is a scan, or has only drawn characters."""
    if len(text) >= MAX_SCAN_CHARACTERS:
        return False
    images = [box for found in objects if (box := _image_box(found, page))]
    if len(text) >= MIN_CHARACTERS:
        # A stamp, or the text of a cover, on a scan.
        required = MIN_IMAGE_SHARE * _area(*page.get_bbox())
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


def _image(document: Any, number: int) -> tuple[NDArray[np.uint8], float]:
    """Return a page as an image, blue first, and its height in points."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = ocr.DOTS_PER_INCH / 72
        scale = min(scale, math.sqrt(ocr.MAX_RENDERED / max(1.0, width * height)))
        # Copied, because the pixels belong to the bitmap of PDFium.
        return page.render(scale=scale, rev_byteorder=False).to_numpy()[..., :3].copy(), height
    finally:
        page.close()


def _characters(textpage: Any) -> Iterator[Character]:
    """Yield the visible characters of a page, in the order of the file."""
    after_space, high = False, 0
    box = pdfium.FS_RECTF()
    box_of = pdfium.FPDFText_GetLooseCharBox
    handle, box_address = textpage.raw, ctypes.byref(box)  # once, not for each character
    for at, unit in enumerate(_codes(textpage)):
        code = unit
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


def _codes(textpage: Any) -> Sequence[int]:
    """Return the UTF-16 code of each character of a page."""
    count = textpage.count_chars()
    codes = (ctypes.c_ushort * (count + 1))()
    # One call for all is four times as fast. Its text has no place for some control characters.
    if pdfium.FPDFText_GetText(textpage.raw, 0, count, codes) == count + 1:
        return list(codes)[:count]
    return [pdfium.FPDFText_GetUnicode(textpage.raw, at) for at in range(count)]


def _rulings(objects: Sequence[Any]) -> tuple[Ruling, ...]:
    """Return the rulings of a page."""
    drawn: list[Ruling] = []
    filled: list[Ruling] = []
    for found in objects:
        if pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_PATH and (box := _box(found)):
            sides = _segments(found) or rulings_of_path(*box)
            (filled if len(sides) > 1 and not _is_stroked(found) else drawn).extend(sides)
    return without_backgrounds(drawn, filled)


def _segments(path: Any) -> list[Ruling]:
    """Return the rulings of a path of straight lines that is more than a rectangle, else none."""
    count = pdfium.FPDFPath_CountSegments(path)
    if not _RECTANGLE < count <= _MAX_SEGMENTS or not _is_stroked(path):
        return []
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(path, matrix):
        return []
    rulings: list[Ruling] = []
    start = last = (0.0, 0.0)
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind not in (pdfium.FPDF_SEGMENT_LINETO, pdfium.FPDF_SEGMENT_MOVETO):
            return []
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        else:
            rulings += ruling_between(last, point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            rulings += ruling_between(point, start)
        last = point
    return rulings


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
