"""PDF to lines, by pypdfium2: the text layer of each page, OCR for a page that has none.

PDFium gives the characters of a page in the order in which they were set, lines parted,
and the box of each. Rulings are the paths that are straight. See `page` for what is made
of both.
"""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.errors import SourceError
from indexer.extract import ocr
from indexer.extract.characters import Character, fragments_of
from indexer.extract.page import Page, lines_of_pages
from indexer.extract.ruled import Ruling, rulings_of_box
from indexer.extract.text import printable
from indexer.messages import Message
from indexer.model import Extract, Properties

MAX_PAGES = 5000
_FEWEST_CHARACTERS = 8
"""A page with fewer, and an image, is a scan with a stamp or a number on it."""

_UNREADABLE = 0.3
"""A text layer with such a share of characters that mean nothing is none."""

_MAX_OBJECTS = 50_000
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def extract(content: bytes) -> Extract:
    """Return the lines of a PDF, each with its page.

    Raises SourceError where it cannot be opened, or is a scan and there is no OCR.
    """
    document = _opened(content)
    try:
        pages = [_page(document, at) for at in range(len(document))]
        scanned = [at for at, page in enumerate(pages) if page is None]
        if scanned and not ocr.is_there():
            if len(scanned) == len(pages):
                raise SourceError(ocr.scan_without_ocr())
            warnings = [ocr.pages_left_out([at + 1 for at in scanned])]
        else:
            for at in scanned:
                pages[at] = _recognised(document, at)
            warnings = [ocr.pages_recognised([at + 1 for at in scanned])] if scanned else []
        title = printable(document.get_metadata_value("Title")).strip()
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()
    lines = lines_of_pages([page for page in pages if page is not None])
    return Extract(tuple(lines), tuple(warnings), Properties(title))


def _page(document: Any, at: int) -> Page | None:
    """Return a page, None where it is an image without text."""
    page = document[at]
    textpage = page.get_textpage()
    try:
        objects = list(_objects(page))
        rulings = tuple(ruling for found in objects for ruling in _rulings(found))
        fragments = tuple(fragments_of(_characters(textpage), rulings))
        _, bottom, _, top = page.get_bbox()
        if _is_scan("".join(fragment.text for fragment in fragments), objects):
            return None
        return Page(at + 1, bottom, top, fragments, rulings)
    finally:
        textpage.close()
        page.close()


def _is_scan(text: str, objects: Sequence[Any]) -> bool:
    unreadable = sum(
        unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd" for char in text
    )
    readable = len(text) - unreadable
    if readable >= _FEWEST_CHARACTERS and unreadable <= _UNREADABLE * len(text):
        return False
    return bool(unreadable) or any(
        pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_IMAGE for found in objects
    )


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
