"""Load the libraries and the segmenter before workers are forked. The workers then share this memory.

The process from which workers are forked imports this module. `gc.freeze` keeps the garbage collector
from writing to the shared memory: writing would copy it.
"""

import gc

from baocha.server import worker
from baocha_indexer.text import load_segmenter

__all__ = ["worker"]

load_segmenter()
gc.collect()
gc.freeze()
