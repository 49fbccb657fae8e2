"""Convert images to lines by OCR: pictures, and TIFF files with several pages."""

import math
from collections.abc import Iterable
from io import BytesIO
from itertools import islice
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.ocr.engine import is_installed
from baocha_indexer.extract.ocr.messages import (
    low_confidence,
    not_installed,
    recognised_pages,
    too_many_pages,
)
from baocha_indexer.extract.ocr.run import recognise_pages
from baocha_indexer.extract.page import Edges, lines_of_pages, text_of_pages
from baocha_indexer.extract.png import PageImage, encoded, scale_of
from baocha_indexer.extract.zip_check import broken
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Extract

DOTS_PER_INCH = 200
"""The assumed resolution of an image. PDF pages are rendered with it."""

MAX_PIXELS = 100_000_000
MAX_RENDERED = 40_000_000
"""Maximum number of pixels of a rendered page. A4 has 4 million."""

_MAX_PAGE_PIXELS = 2 * MAX_PIXELS
"""Maximum number of pixels of all images of a page, in the file and on the page together."""

_MAX_PAGES = 500
_RENDERING = Lock()


def extract(content: bytes) -> Extract:
    """Return the lines of an image, or of every page of a TIFF file.

    Raises SourceError if OCR is not installed, or if the content is not an image or is too large.
    """
    if not is_installed():
        raise not_installed()
    # Pillow is installed together with the OCR package.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # `_frame` has the limit, for each page of a file
    try:
        with Image.open(BytesIO(content)) as image:
            frames = getattr(image, "n_frames", 1)
            count = min(frames, _MAX_PAGES)
            pages = recognise_pages(
                content, range(1, count + 1), lambda number: _frame(image, number)
            )
    except (UnidentifiedImageError, OSError, EOFError, ValueError) as error:
        raise broken() from error
    warning = (
        Message(zh="由图像识别而来，可能有错字", en="recognised from an image and may have errors")
        if len(pages) == 1
        else recognised_pages([page.number for page in pages])
    )
    changes = Changes(unread_pages=list(range(count + 1, frames + 1)))
    lines = tuple(lines_of_pages(pages, changes))
    warnings = [warning, *low_confidence(pages, changes)]
    if frames > count:
        warnings.append(too_many_pages(count, frames))
    return Extract(lines, tuple(warnings), text=text_of_pages(pages), changes=changes)


def page_image(content: bytes, number: int) -> PageImage | None:
    """Return an image, or a page of a TIFF file, as PNG, or None for a page that does not exist.

    Raises SourceError if OCR is not installed, or if the content is not an image.
    """
    if not is_installed():
        raise not_installed()
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # checked for each page
    try:
        # One at a time: a picture of the maximum size takes some 400 MB.
        with _RENDERING, Image.open(BytesIO(content)) as image:
            frames = islice(ImageSequence.Iterator(image), number - 1, number)
            frame = next(frames, None) if 1 <= number <= _MAX_PAGES else None
            if frame is None:
                return None
            _check_size(*frame.size)
            shown = frame.convert("RGB")
            factor = min(1.0, scale_of(*shown.size))
            size = max(1, int(shown.width * factor)), max(1, int(shown.height * factor))
            pixels = np.asarray(shown.resize(size))
            return PageImage(encoded(pixels), factor * DOTS_PER_INCH / 72)
    except (UnidentifiedImageError, OSError, EOFError, ValueError) as error:
        raise broken() from error


def page_of_images(
    images: Iterable[tuple[bytes, Edges]], width: float, height: float
) -> tuple[NDArray[np.uint8], int]:
    """Return a page of images, blue first, and how many of them cannot be read.

    Each image has its place on the page: left, top, right, bottom in points from its top left corner.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # checked for each image
    scale = min(DOTS_PER_INCH / 72, math.sqrt(MAX_RENDERED / max(1.0, width * height)))
    page = Image.new("RGB", (math.ceil(width * scale), math.ceil(height * scale)), "white")
    unread = pixels = 0
    for content, place in images:
        if not all(map(math.isfinite, place)):
            continue
        left, top, right, bottom = (round(value * scale) for value in place)
        if right <= 0 or bottom <= 0 or left >= page.width or top >= page.height:
            continue
        size = max(1, right - left), max(1, bottom - top)
        try:
            with Image.open(BytesIO(content)) as image:
                _check_size(*image.size)
                pixels += image.width * image.height + size[0] * size[1]
                if pixels > _MAX_PAGE_PIXELS:
                    unread += 1
                    continue
                shown = image.convert("RGBA").resize(size)
            page.paste(shown, (left, top), shown)
        except (UnidentifiedImageError, OSError, EOFError, ValueError):
            unread += 1
    return np.ascontiguousarray(np.asarray(page)[..., ::-1]), unread


def _frame(image: Any, number: int) -> tuple[NDArray[np.uint8], float]:
    """Return the pixels of a page, blue first, and its height in points."""
    image.seek(number - 1)
    width, height = image.size
    _check_size(width, height)
    pixels = np.asarray(image.convert("RGB"))[..., ::-1]
    return np.ascontiguousarray(pixels), height / DOTS_PER_INCH * 72


def _check_size(width: int, height: int) -> None:
    """Raise SourceError if an image is too large, before its pixels are unpacked."""
    if width * height > MAX_PIXELS:
        raise SourceError(
            zh=f"图像有 {width:,} × {height:,} 像素，超过 {MAX_PIXELS // 10_000:,} 万，未读取；请缩小后再试",
            en=f"the image has {width:,} × {height:,} pixels, over {MAX_PIXELS // 1_000_000} million, "
            "and was not read; make it smaller and try again",
        )
