"""Render a page of a PDF with PDFium, within limits of pixels and time."""

import time
from threading import Lock
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from baocha_indexer.extract.pdf.reader import damaged, opened
from baocha_indexer.extract.png import (
    MAX_SECONDS,
    PageImage,
    RenderTimeoutError,
    encoded,
    scale_of,
)

_LOCK = Lock()
"""PDFium is not safe to use from several threads."""


def page_image(content: bytes, number: int) -> PageImage | None:
    """Return a page, from 1, as it is shown, or None for a page that does not exist.

    Raises SourceError if the PDF cannot be opened, and RenderTimeoutError.
    """
    with _LOCK:
        document = opened(content)
        try:
            if not 1 <= number <= len(document):
                return None
            return _rendered(document[number - 1])
        except pypdfium2.PdfiumError as error:
            raise damaged() from error
        finally:
            document.close()


def _rendered(page: Any) -> PageImage:
    width, height = page.get_size()
    scale = scale_of(width, height)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    deadline = time.monotonic() + MAX_SECONDS
    pause = pdfium.IFSDK_PAUSE(version=1)
    pypdfium2.internal.set_callback(
        pause, "NeedToPauseNow", lambda _pause: time.monotonic() > deadline
    )
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    try:
        status = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, *size, 0, flags, pause)
        pdfium.FPDF_RenderPage_Close(page)
        if status == pdfium.FPDF_RENDER_TOBECONTINUED:
            raise RenderTimeoutError(
                zh=f"该页过于复杂，{MAX_SECONDS:.0f} 秒内未能显示",
                en=f"the page is too complex to be rendered within {MAX_SECONDS:.0f} s",
            )
        return PageImage(encoded(bitmap.to_numpy()), scale)
    finally:
        bitmap.close()
        page.close()
