"""Whoosh's side of a commit: its table of contents, and its lock.

Whoosh unpickles its table of contents: an index folder is trusted like a program. Only
open one that you, or someone you trust, wrote.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC

from baocha_indexer.store.codec.schema import new_schema
from baocha_indexer.store.codec.whoosh_codec import ArraySegment
from baocha_indexer.store.storage import LOCK

INDEX_NAME = "MAIN"


def table_of_contents(
    segments: Iterable[tuple[str, int, NDArray[np.int64]]], generation: int
) -> bytes:
    """Return the table of contents that `whoosh.index.open_dir` reads.

    Each segment has its name, its number of documents, and the removed documents.
    """
    listed = [
        ArraySegment(INDEX_NAME, name.removeprefix(f"{INDEX_NAME}_"), documents, removed.tolist())
        for name, documents, removed in segments
    ]
    storage = RamStorage()
    TOC(new_schema(), listed, generation).write(storage, INDEX_NAME)
    (content,) = storage.files.values()
    return bytes(content)


def new_segment_name() -> str:
    """Return a name that no segment has."""
    return str(ArraySegment(INDEX_NAME).segment_id())


def write_lock(folder: Path) -> Any:
    """Return the lock of whoever writes; `acquire()` tells whether it was free."""
    return FileStorage(str(folder)).lock(LOCK)
