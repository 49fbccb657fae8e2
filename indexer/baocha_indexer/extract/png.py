"""The image of a page as PNG. The encoder is small, so a server needs no library of images."""

import struct
import zlib
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.errors import BaochaError

MAX_PIXELS = 3_000_000
"""Maximum number of pixels of an image: an A4 page at 170 dots per inch."""

MAX_SCALE = 2.0
"""Maximum number of pixels per point."""

MAX_SECONDS = 10.0
"""A page that takes longer to render is given up."""


class PageImage(NamedTuple):
    """A page as it is shown, as PNG. `scale`: pixels per point."""

    png: bytes
    scale: float


class RenderTimeoutError(BaochaError):
    """The page takes longer to render than `MAX_SECONDS`."""


def scale_of(width: float, height: float) -> float:
    """Return the scale at which a page of this size, in points, has at most `MAX_PIXELS` pixels."""
    return min(MAX_SCALE, sqrt(MAX_PIXELS / max(1.0, width * height)))


def encoded(pixels: NDArray[Any]) -> bytes:
    """Return pixels (height × width × 3, RGB, u1) as PNG."""
    height, width, _ = pixels.shape
    # Each row begins with its filter: 0, none.
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, 3 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
