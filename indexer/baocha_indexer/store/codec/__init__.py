"""Whoosh's view of the index: `whoosh.index.open_dir` opens it. Only this package knows Whoosh."""

from baocha_indexer.store.codec.toc import new_segment_name, table_of_contents, write_lock

__all__ = ["new_segment_name", "table_of_contents", "write_lock"]
