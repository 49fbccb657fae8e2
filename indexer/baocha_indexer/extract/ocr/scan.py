"""Convert images of pages to lines with OCR."""

from io import BytesIO

import numpy as np

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.ocr import engine as ocr
from baocha_indexer.extract.page import Page, lines_of_pages
from baocha_indexer.extract.zipped import broken
from baocha_indexer.model import Extract

_MAX_PAGES = 500
_MAX_PIXELS = 100_000_000


def extract(content: bytes) -> Extract:
    """Return the lines of an image, or of every page of a TIFF file.

    Raises SourceError if there is no OCR, or it is no image.
    """
    if not ocr.is_there():
        raise SourceError(ocr.scan_without_ocr())
    # It comes with the OCR.
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    pages = []
    try:
        with Image.open(BytesIO(content)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                if number > _MAX_PAGES:
                    break
                pixels = np.asarray(frame.convert("RGB"))
                height = pixels.shape[0] / ocr.DOTS_PER_INCH * 72
                pages.append(Page(number, 0.0, height, ocr.fragments(pixels, height)))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise broken() from error
    lines = lines_of_pages(pages)
    if len(pages) == 1:
        return Extract(tuple(lines), (ocr.recognised_whole(),))
    return Extract(tuple(lines), (ocr.pages_recognised(range(1, len(pages) + 1)),))
