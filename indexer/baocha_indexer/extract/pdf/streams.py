"""Measure the unpacked size of the compressed streams of a PDF, before PDFium unpacks them.

PDFium unpacks the whole content of a page into objects that need about ten times as much memory.
A page of dense text has about 100 KB.
"""

import re
import zlib

MAX_STREAM = 32 * 1024 * 1024
"""Largest unpacked size of a stream that is not an image, in bytes."""

_MAX_IMAGE = 512 * 1024 * 1024
"""Largest unpacked size of an image, in bytes: one colour page at 1,200 dots per inch."""

_STREAM = re.compile(rb"stream(?<!endstream)\r?\n")
"""The literal comes first: the search for it is five times as fast as with the condition first."""
_CHUNK_BYTES = 1024 * 1024
_DICTIONARY_SEARCH_BYTES = 1024
"""Bytes before a stream in which its dictionary is searched for the type /Image."""


def has_too_large_stream(content: bytes) -> bool:
    """Whether a stream of a PDF has an unpacked size over its limit."""
    return any(_is_too_large(content, found) for found in _STREAM.finditer(content))


def _is_too_large(content: bytes, found: re.Match[bytes]) -> bool:
    _, _, dictionary = content[
        max(0, found.start() - _DICTIONARY_SEARCH_BYTES) : found.start()
    ].rpartition(b" obj")
    limit = _MAX_IMAGE if b"/Image" in dictionary else MAX_STREAM
    unpacker = zlib.decompressobj()
    length, at = 0, found.end()
    try:
        while not unpacker.eof and at < len(content):
            waiting = content[at : at + _CHUNK_BYTES]
            at += len(waiting)
            while waiting and not unpacker.eof:
                length += len(unpacker.decompress(waiting, _CHUNK_BYTES))
                if length > limit:
                    return True
                waiting = unpacker.unconsumed_tail
    except zlib.error:
        return False  # encrypted, compressed by another method, or damaged at the end
    return False
