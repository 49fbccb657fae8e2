"""Read scans with RapidOCR, an optional package that contains its models."""

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import islice
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.page import Fragment, Page, lines_of_pages
from baocha_indexer.extract.png import MAX_PIXELS, PageImage, encoded
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract

DOTS_PER_INCH = 200
_PACKAGE = "rapidocr_onnxruntime"
_MIN_CONFIDENCE = 0.5
_MAX_PAGES = 500
_MAX_PIXELS = 100_000_000
_RENDERING = Lock()


def extract(content: bytes) -> Extract:
    """Return the lines of an image, or of every page of a TIFF file.

    Raises SourceError if OCR is not installed, or if the content is not an image.
    """
    if not is_installed():
        raise not_installed()
    # Pillow is installed together with the OCR package.
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    pages = []
    try:
        with Image.open(BytesIO(content)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                if number > _MAX_PAGES:
                    break
                pixels = np.asarray(frame.convert("RGB"))
                height = pixels.shape[0] / DOTS_PER_INCH * 72
                pages.append(Page(number, 0.0, height, fragments(pixels, height)))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise broken() from error
    warning = (
        Message(zh="由图像识别而来，可能有错字", en="recognised from an image and may have errors")
        if len(pages) == 1
        else recognised_pages(range(1, len(pages) + 1))
    )
    return Extract(tuple(lines_of_pages(pages)), (warning,))


def page_image(content: bytes, number: int) -> PageImage | None:
    """Return an image, or a page of a TIFF file, as PNG; None if there is no such page.

    Raises SourceError if OCR is not installed, or if the content is not an image.
    """
    if not is_installed():
        raise not_installed()
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    try:
        # One at a time: a picture of the maximum size takes some 400 MB.
        with _RENDERING, Image.open(BytesIO(content)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise broken()
            frames = islice(ImageSequence.Iterator(image), number - 1, number)
            frame = next(frames, None) if 1 <= number <= _MAX_PAGES else None
            if frame is None:
                return None
            shown = frame.convert("RGB")
            factor = min(1.0, (MAX_PIXELS / (shown.width * shown.height)) ** 0.5)
            size = max(1, int(shown.width * factor)), max(1, int(shown.height * factor))
            pixels = np.asarray(shown.resize(size))
            return PageImage(encoded(pixels), factor * DOTS_PER_INCH / 72)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise broken() from error


def is_installed() -> bool:
    """Whether the OCR package is installed."""
    return find_spec(_PACKAGE) is not None


@cache
def _engine() -> Any:
    # onnxruntime sends usage data to its maker unless this is set before it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Imported for the first scan: the import takes seconds and hundreds of megabytes.
    return import_module(_PACKAGE).RapidOCR()


def fragments(image: NDArray[Any], height: float) -> tuple[Fragment, ...]:
    """Return the text of an image (height × width × channels) in reading order.

    `height`: the height of the page in points. Text below the minimum confidence is left out.
    """
    found, _ = _engine()(image)
    scale = height / image.shape[0]
    pieces = []
    for corners, text, score in found or ():
        if float(score) >= _MIN_CONFIDENCE and (text := printable(text).strip()):
            xs, ys = zip(*corners, strict=True)
            bottom, top = height - max(ys) * scale, height - min(ys) * scale
            pieces.append(Fragment(text, min(xs) * scale, bottom, max(xs) * scale, top))
    return tuple(_in_reading_order(pieces))


def _in_reading_order(pieces: Sequence[Fragment]) -> list[Fragment]:
    """Sort the pieces by line, from the top, and inside a line from the left."""
    lines: list[list[Fragment]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle[1]):
        if lines and lines[-1][0].middle[1] - piece.middle[1] < 0.5 * piece.height:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda piece: piece.left)]


def not_installed() -> SourceError:
    """Return the error for a scan if OCR is not installed."""
    return SourceError(
        zh="扫描件，没有文字层，未索引；请安装 OCR 扩展后再试（见 docs/formats.zh-CN.md）",
        en="a scan without a text layer, not indexed; "
        "install the OCR extra (see docs/formats.md) and try again",
    )


def skipped_pages(pages: Sequence[int]) -> Message:
    """Return the warning for pages that are scans and were not read."""
    zh, en = _page_list(pages)
    return Message(
        zh=f"{zh}是扫描图像，没有文字层，未索引；"
        "请安装 OCR 扩展（见 docs/formats.zh-CN.md），再用 --rebuild 重建",
        en=f"{en} scanned, without a text layer, and left out; "
        "install the OCR extra (see docs/formats.md) and rebuild with --rebuild",
    )


def recognised_pages(pages: Sequence[int]) -> Message:
    """Return the warning for pages that were read by OCR."""
    zh, en = _page_list(pages)
    return Message(
        zh=f"{zh}由扫描图像识别而来，可能有错字",
        en=f"{en} recognised from scans and may have errors",
    )


def _page_list(pages: Sequence[int]) -> tuple[str, str]:
    """Return up to ten page numbers as the subject of a sentence, in Chinese and in English."""
    listed = [str(page) for page in pages[:10]]
    is_more = len(pages) > len(listed)
    noun, verb = ("page", "was") if len(pages) == 1 else ("pages", "were")
    return (
        f"第 {'、'.join(listed)} {f'等 {len(pages)} ' if is_more else ''}页",
        f"{noun} {', '.join(listed)}{' and more' if is_more else ''} {verb}",
    )
