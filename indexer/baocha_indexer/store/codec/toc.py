"""Write Whoosh's table of contents of a commit, and lock the index.

Whoosh unpickles its table of contents, which can run any code. Only open an index folder with
Whoosh if you trust the person who wrote it.
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

    `segments`: for each, its name, its number of documents, and the removed documents.
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
    """Return a new, random segment name."""
    return str(ArraySegment(INDEX_NAME).segment_id())


def write_lock(folder: Path) -> Any:
    """Return the lock of the writer. `acquire()` returns whether it was free."""
    return FileStorage(str(folder)).lock(LOCK)
