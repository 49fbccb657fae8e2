"""Scans to text, by RapidOCR, which is an optional extra: its models come in its package."""

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from numpy.typing import NDArray

from baocha_indexer.extract.page import Fragment
from baocha_indexer.extract.text import printable
from baocha_indexer.messages import Message

DOTS_PER_INCH = 200
_PACKAGE = "rapidocr_onnxruntime"
_LEAST_SURE = 0.5


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec(_PACKAGE) is not None


@cache
def _engine() -> Any:
    # onnxruntime sends figures about its use to its maker unless this is set before its import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Imported when the first scan is met: it takes seconds, and hundreds of megabytes.
    return import_module(_PACKAGE).RapidOCR()


def fragments(image: NDArray[Any], height: float) -> tuple[Fragment, ...]:
    """Return the text of an image (height × width × channels) in the order of reading.

    `height` is that of the page in points; text that the engine is not sure of is left out.
    """
    found, _ = _engine()(image)
    scale = height / image.shape[0]
    pieces = []
    for corners, text, score in found or ():
        if float(score) >= _LEAST_SURE and (text := printable(text).strip()):
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            pieces.append(
                Fragment(
                    text,
                    min(xs) * scale,
                    height - max(ys) * scale,
                    max(xs) * scale,
                    height - min(ys) * scale,
                )
            )
    return tuple(_in_order(pieces))


def _in_order(pieces: Sequence[Fragment]) -> list[Fragment]:
    """Return pieces line by line from the top, those of one line from the left."""
    lines: list[list[Fragment]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle[1]):
        if lines and lines[-1][0].middle[1] - piece.middle[1] < 0.5 * piece.height:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda piece: piece.left)]


def scan_without_ocr() -> Message:
    """Say that a file is a scan, and what would read it."""
    return Message(
        zh="扫描件，没有文字层，未索引；安装 OCR 扩展后再试（做法见 README）",
        en="a scan without a text layer, not indexed; "
        "install the OCR extra, as the README says, and try again",
    )


def pages_left_out(pages: Sequence[int]) -> Message:
    """Say that some pages are scans and were not read."""
    zh, en = _listed(pages)
    return Message(
        zh=f"{zh}是扫描图像，没有文字层，未索引；安装 OCR 扩展后用 --rebuild 重建",
        en=f"{en} scanned, without a text layer, and left out; "
        "install the OCR extra and rebuild with --rebuild",
    )


def pages_recognised(pages: Sequence[int]) -> Message:
    """Say that some pages were read by OCR, which errs."""
    zh, en = _listed(pages)
    return Message(
        zh=f"{zh}由扫描图像识别而来，可能有错字",
        en=f"{en} recognised from scans and may have errors",
    )


def recognised_whole() -> Message:
    """Say that a file was read by OCR, which errs."""
    return Message(
        zh="由图像识别而来，可能有错字", en="recognised from an image and may have errors"
    )


def _listed(pages: Sequence[int]) -> tuple[str, str]:
    shown = [str(page) for page in pages[:10]]
    more = len(pages) > len(shown)
    zh = f"第 {'、'.join(shown)} {'等 ' + str(len(pages)) + ' ' if more else ''}页"
    en = f"{'page' if len(pages) == 1 else 'pages'} {', '.join(shown)}{' and more' if more else ''}"
    return zh, f"{en} {'was' if len(pages) == 1 else 'were'}"
