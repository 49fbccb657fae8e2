"""Recognise the text of one image: remove seals, find the direction and the skew of the page."""

import math
import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.extract.page import Fragment, Page, Skew
from baocha_indexer.extract.text import printable

_PACKAGE = "rapidocr"
_MIN_CONFIDENCE = 0.5
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
"""The models that are used, in the package. With a path to each, the package never downloads one."""

_UPRIGHT_CONFIDENCE = 0.85
"""A page with a lower mean confidence may be upside down."""

_TALL = 1.5
"""A line is vertical if its box is this many times as high as it is wide."""

_MIN_SKEW = math.radians(0.2)
_MAX_SKEW = math.radians(15)
_LONG_LINE = 5
"""The lines that show the skew are at least this many times as wide as they are high."""

_RED = 50
"""Ink is red if red is brighter than green and blue by this value of 255."""

_SEAL_SIZE = (0.1, 0.4)
"""Smallest and largest diameter of a seal, as a share of the shorter side of the page. A letter of
a red letterhead is smaller."""

_SEAL_RATIO = 1.6
"""Maximum ratio of the sides of a seal. A line of red letters is longer."""


class _Found(NamedTuple):
    """A line of text: four corners in pixels, clockwise from its top left, and its confidence."""

    corners: NDArray[np.float64]
    text: str
    confidence: float


def is_installed() -> bool:
    """Whether the OCR package is installed."""
    return find_spec(_PACKAGE) is not None


@cache
def load_engine() -> Any:
    """Load the models. This takes some seconds and hundreds of megabytes."""
    # onnxruntime sends usage data to its maker unless this is set before it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Imported for the first scan, for the same reason.
    package = import_module(_PACKAGE)
    models = Path(str(package.__file__)).parent / "models"
    return package.RapidOCR(
        params={
            "Global.log_level": "critical",
            # `recognise` finds the direction of a page. The classifier turns single lines wrongly.
            "Global.use_cls": False,
            # Lines are found in a smaller image, which takes a third of the time, and read in the
            # whole one.
            "Det.limit_type": "max",
            "Det.limit_side_len": 1280,
            # Lines with a low confidence show that a page is upside down.
            "Global.text_score": 0.0,
            # Pages are recognised in parallel, so a page needs only one thread.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            **{f"{name}.model_path": str(models / file) for name, file in _MODELS.items()},
        }
    )


def recognise(image: NDArray[np.uint8], number: int, height: float) -> Page:
    """Return a page with the text of an image (height × width × 3, blue first).

    `height`: the height of the page in points. A page that is turned by 90, 180 or 270 degrees is
    turned back, and a skewed one is straightened. Lines below the minimum confidence are `unsure`.
    """
    scale = height / image.shape[0]
    image = _without_seals(image)
    found = _lines(image)
    turns: tuple[int, ...] = ()
    if sum(_is_vertical(line) for line in found) > 0.5 * len(found):
        turns = (1, 3)
    elif found and _mean(found) < _UPRIGHT_CONFIDENCE:
        turns = (2,)
    best = 0
    if turns == (1, 3):
        found = []
    for turn in turns:
        other = _lines(np.ascontiguousarray(np.rot90(image, turn)))
        if _score(other) > _score(found):
            best, found = turn, other
        if _mean(found) >= _UPRIGHT_CONFIDENCE:
            break
    size = (image.shape[0], image.shape[1])
    rows, columns = size[::-1] if best % 2 else size
    fragments, skew = _straightened(found, columns * scale, rows * scale, scale)
    ordered = tuple(_in_reading_order(fragments))
    return Page(
        number,
        0.0,
        round(rows * scale, 2),
        ordered,
        right=round(columns * scale, 2),
        quarters=-best % 4,  # `rot90` turned the image counter-clockwise
        skew=skew,
        unsure=tuple(
            text
            for line in found
            if line.confidence < _MIN_CONFIDENCE and (text := printable(line.text).strip())
        ),
    )


def _lines(image: NDArray[np.uint8]) -> list[_Found]:
    result = load_engine()(image)
    if not result.txts:
        return []
    return [
        _Found(np.asarray(corners, dtype=np.float64), text, float(score))
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
    ]


def _is_vertical(line: _Found) -> bool:
    width, height = np.ptp(line.corners, axis=0)
    return bool(height > _TALL * width)


def _score(found: Sequence[_Found]) -> float:
    """Return a number that is higher for more text, and for text that is more certain."""
    return sum(len(line.text) * line.confidence**2 for line in found)


def _mean(found: Sequence[_Found]) -> float:
    """Return the mean confidence of the characters."""
    length = sum(len(line.text) for line in found)
    return sum(len(line.text) * line.confidence for line in found) / max(1, length)


def _straightened(
    found: Sequence[_Found], width: float, height: float, scale: float
) -> tuple[list[Fragment], Skew | None]:
    """Return the fragments, in points from the bottom left, and the skew that was removed."""
    angles = []
    for line in found:
        across, down = line.corners[1] - line.corners[0]
        if across > _LONG_LINE * abs(line.corners[3, 1] - line.corners[0, 1]):
            angles.append(math.atan2(-down, across))  # counter-clockwise
    angle = float(np.median(angles)) if angles else 0.0
    is_skewed = _MIN_SKEW <= abs(angle) <= _MAX_SKEW
    skew = Skew(round(angle, 5), round(width / 2, 2), round(height / 2, 2)) if is_skewed else None
    fragments = []
    for line in found:
        text = printable(line.text).strip()
        if line.confidence >= _MIN_CONFIDENCE and text:
            points = [(x * scale, height - y * scale) for x, y in line.corners.tolist()]
            if skew:
                points = [skew.straightened(x, y) for x, y in points]
            xs, ys = zip(*((round(x, 2), round(y, 2)) for x, y in points), strict=True)
            confidence = round(line.confidence, 3)
            fragments.append(Fragment(text, min(xs), min(ys), max(xs), max(ys), confidence))
    return fragments, skew


def _without_seals(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image with the red ink of seals removed, so that the text below can be read.

    The red channel shows red ink as white, and black ink as black. It is used only inside seals:
    a letterhead is red too.
    """
    red = image[..., 2].astype(np.int16) - image[..., :2].max(axis=2) > _RED
    if not red.any():
        return image
    cv2 = import_module("cv2")  # installed together with the OCR package
    # Close small gaps in the ring of the seal.
    gap = np.ones((max(3, min(red.shape) // 200),) * 2, np.uint8)
    joined = cv2.dilate(red.astype(np.uint8), gap)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    smallest, largest = (share * min(red.shape) for share in _SEAL_SIZE)
    cleaned = image
    for left, top, width, height, _ in stats[1:]:
        low, high = sorted((width, height))
        if smallest <= low and high <= min(largest, _SEAL_RATIO * low):
            if cleaned is image:
                cleaned = image.copy()
            part = cleaned[top : top + height, left : left + width]
            part[:] = part[..., 2:]
    return cleaned


def _in_reading_order(pieces: Sequence[Fragment]) -> list[Fragment]:
    """Sort the pieces by line, from the top, and inside a line from the left."""
    lines: list[list[Fragment]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle[1]):
        if lines and lines[-1][0].middle[1] - piece.middle[1] < 0.5 * piece.height:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda piece: piece.left)]
