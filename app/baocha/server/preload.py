"""Imported once by the process from which workers are forked, so that they share what it loaded.

The libraries and the dictionary of the segmenter take some 70 MB. `gc.freeze` keeps the garbage
collector from writing to the shared memory, which would copy it.
"""

import gc

from baocha.server import worker
from baocha_indexer.text import load_segmenter

__all__ = ["worker"]

load_segmenter()
gc.collect()
gc.freeze()
