"""PDF to lines, by pypdfium2: the text layer of each page, OCR for a page that has none.

PDFium gives the characters of a page in the order in which they were set, lines parted,
and the box of each. Rulings are the paths that are straight. See `page` for what is made
of both.
"""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.page import Page, lines_of_pages
from baocha_indexer.extract.pdf.characters import Character, fragments_of
from baocha_indexer.extract.pdf.streams import MAX_STREAM, unpacks_to_too_much
from baocha_indexer.extract.pdf.turned import Turn, quarter_of
from baocha_indexer.extract.ruled import Ruling, rulings_of_box
from baocha_indexer.extract.text import printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Properties

MAX_PAGES = 5000
_FEWEST_CHARACTERS = 8
"""A page with fewer, and an image, is a scan with a stamp or a number on it."""

_MOST_ON_A_SCAN = 60
"""A page with so many has a text layer, whatever is behind it."""

_COVERED = 0.5
"""An image of such a share of the page is an image of the page."""

_OUTLINES = 50
_MUCH_MORE = 2
_SAMPLE = 64
_DEEPEST = 5

_UNREADABLE = 0.3
"""A text layer with at least this share of meaningless characters is ignored."""

_MAX_OBJECTS = 50_000
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def extract(content: bytes) -> Extract:
    """Return the lines of a PDF, each with its page.

    Raises SourceError if it cannot be opened, or is a scan and there is no OCR.
    """
    if unpacks_to_too_much(content):
        raise SourceError(
            Message(
                zh=f"PDF 里有超过 {MAX_STREAM // 2**20} MB 的页面内容，可能是压缩炸弹；未读取",
                en=f"a page of the PDF unpacks to over {MAX_STREAM // 2**20} MB, "
                "maybe on purpose; it was not read",
            )
        )
    document = _opened(content)
    try:
        read = [_read(document, at) for at in range(len(document))]
        pages, warnings = _with_scans(document, read)
        title = printable(document.get_metadata_value("Title")).strip()
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()
    return Extract(tuple(lines_of_pages(pages)), tuple(warnings), Properties(title))


@dataclass(frozen=True, slots=True)
class _Read:
    """A page by its text layer, and whether it looks like a scan, whatever text is on it."""

    page: Page
    is_scan: bool

    @property
    def text_length(self) -> int:
        """How many characters its text layer has."""
        return _length(self.page)


def _length(page: Page) -> int:
    return sum(len(fragment.text) for fragment in page.fragments)


def _with_scans(document: Any, read: Sequence[_Read]) -> tuple[list[Page], list[Message]]:
    """Return the pages, those that are scans recognised where there is OCR, and what to say."""
    scanned = {at for at, found in enumerate(read) if found.is_scan}
    if not scanned:
        return [found.page for found in read], []
    if not ocr.is_there():
        if len(scanned) == len(read):
            raise SourceError(ocr.scan_without_ocr())
        # What text there is on a scan, a stamp or the words of a cover, is better than none.
        pages = [f.page for at, f in enumerate(read) if at not in scanned or f.text_length]
        return pages, [ocr.pages_left_out([at + 1 for at in sorted(scanned)])]
    pages = [found.page for found in read]
    recognised = []
    for at in sorted(scanned):
        page = _recognised(document, at)
        # A cover may have a picture behind all of its text.
        if _length(page) > _MUCH_MORE * read[at].text_length:
            pages[at] = page
            recognised.append(at + 1)
    return pages, [ocr.pages_recognised(recognised)] if recognised else []


def _read(document: Any, at: int) -> _Read:
    page = document[at]
    textpage = page.get_textpage()
    try:
        objects = list(_objects(page))
        turn = Turn(quarter_of(_angles(textpage)), page.get_bbox())
        rulings = tuple(ruling for found in objects for ruling in _rulings(found))
        characters = _characters(textpage)
        if turn.quarter:
            rulings, characters = turn.rulings(rulings), turn.characters(characters)
        fragments = tuple(fragments_of(characters, rulings))
        _, bottom, _, top = turn.box(*turn.page)
        text = "".join(fragment.text for fragment in fragments)
        return _Read(Page(at + 1, bottom, top, fragments, rulings), _is_scan(text, page, objects))
    finally:
        textpage.close()
        page.close()


def _angles(textpage: Any) -> Iterator[float]:
    """Yield the angles of some of the characters."""
    count = textpage.count_chars()
    for at in range(0, count, -(-count // _SAMPLE) or 1):
        yield pdfium.FPDFText_GetCharAngle(textpage.raw, at)


def _is_scan(text: str, page: Any, objects: Sequence[Any]) -> bool:
    unreadable = 0
    if not text.isprintable() or "\ufffd" in text:  # most are, and need not be looked through
        unreadable = sum(
            unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd" for char in text
        )
    readable = len(text) - unreadable
    if unreadable and (readable < _FEWEST_CHARACTERS or unreadable > _UNREADABLE * len(text)):
        return True
    if readable >= _MOST_ON_A_SCAN:
        return False
    left, bottom, right, top = page.get_bbox()
    images = [box for found in objects if (box := _image_box(found, page))]
    if readable >= _FEWEST_CHARACTERS:
        # A stamp, or the words of a cover, on an image of the page.
        area = (right - left) * (top - bottom)
        return any((r - le) * (t - b) >= _COVERED * area for le, b, r, t in images)
    # Letters may be drawn as outlines, without being text.
    paths = sum(pdfium.FPDFPageObj_GetType(o) == pdfium.FPDF_PAGEOBJ_PATH for o in objects)
    return bool(images) or paths >= _OUTLINES


def _image_box(found: Any, page: Any) -> tuple[float, float, float, float] | None:
    """Return the box of an image, or of a form that holds one."""
    kind = pdfium.FPDFPageObj_GetType(found)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        image = pdfium.FPDF_PAGEOBJ_IMAGE
        inside = page.get_objects(filter=(image,), max_depth=_DEEPEST, form=found)
        if next(iter(inside), None) is None:
            return None
    elif kind != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(found, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _recognised(document: Any, at: int) -> Page:
    page = document[at]
    try:
        _, bottom, _, top = page.get_bbox()
        image = page.render(scale=ocr.DOTS_PER_INCH / 72).to_numpy()
        return Page(at + 1, bottom, top, ocr.fragments(image, top - bottom))
    finally:
        page.close()


def _characters(textpage: Any) -> Iterator[Character]:
    """Yield what is seen of a page's text, in the order in which it was set."""
    after_space, high = False, 0
    box = pdfium.FS_RECTF()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    handle, found_at = textpage.raw, ctypes.byref(box)  # looked up once, not for each character
    for at in range(textpage.count_chars()):
        code = unicode_of(handle, at)
        if code in _HIGH:  # beyond the first plane PDFium gives the two halves of UTF-16
            high = code
            continue
        if code in _LOW and high:
            code = 0x10000 + ((high - _HIGH.start) << 10) + (code - _LOW.start)
        high = 0
        char = chr(code) if 0 < code < 0x110000 else "\ufffd"
        # The end of a line too is but a space: PDFium sees one after the raised 2 of m².
        if char.isspace():
            after_space = True
        elif box_of(handle, at, found_at):
            yield Character(char, box.left, box.bottom, box.right, box.top, after_space)
            after_space = False


def _objects(page: Any) -> Iterator[Any]:
    for at in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        yield pdfium.FPDFPage_GetObject(page, at)


def _rulings(found: Any) -> list[Ruling]:
    if pdfium.FPDFPageObj_GetType(found) != pdfium.FPDF_PAGEOBJ_PATH:
        return []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(found, left, bottom, right, top):
        return []
    return rulings_of_box(left.value, bottom.value, right.value, top.value)


def _opened(content: bytes) -> Any:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise SourceError(
                Message(
                    zh="PDF 有打开密码；请去掉密码后再试",
                    en="the PDF has a password; remove it and try again",
                )
            ) from error
        raise _damaged() from error
    if len(document) > MAX_PAGES:
        document.close()
        raise SourceError(
            Message(zh=f"超过 {MAX_PAGES} 页；请拆分", en=f"over {MAX_PAGES} pages; split it")
        )
    return document


def _damaged() -> SourceError:
    return SourceError(
        Message(
            zh="PDF 已损坏或不完整，打不开；请重新下载或导出",
            en="the PDF is damaged or cut short; download or export it again",
        )
    )
