"""Load the libraries and the segmenter before workers are forked. The workers then share this memory.

The process from which workers are forked imports this module. Signals to the whole process group must
not end it: it ends with the supervisor. `gc.freeze` keeps the garbage collector from writing to the shared
memory: writing would copy it.
"""

import gc
import signal

# Before the other imports, which take half a second.
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)

from baocha.server import serve  # noqa: E402 — see above
from baocha_indexer.text import load_segmenter  # noqa: E402

__all__ = ["serve"]

load_segmenter()
gc.collect()
gc.freeze()
