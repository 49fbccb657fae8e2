"""The index on disk. All code that uses Whoosh is in this package."""

from baocha_indexer.store.arrayfile import DamagedFileError
from baocha_indexer.store.faults import damaged
from baocha_indexer.store.io import LOCAL, FileSystem
from baocha_indexer.store.reader import Part, Snapshot, Values
from baocha_indexer.store.segment import CODE_BITS, ROLES

__all__ = [
    "CODE_BITS",
    "LOCAL",
    "ROLES",
    "DamagedFileError",
    "FileSystem",
    "Part",
    "Snapshot",
    "Values",
    "damaged",
]
