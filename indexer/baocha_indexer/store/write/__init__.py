"""Write an index: add and remove reports, commit, merge."""

from baocha_indexer.store.write.writer import IndexWriter

__all__ = ["IndexWriter"]
