"""Read OFD, the state format for documents with fixed pages (GB/T 33190-2016)."""

from baocha_indexer.extract.ofd.reader import extract

__all__ = ["extract"]
