"""A Whoosh codec: `whoosh.index.open_dir` can open the index. Only this package uses Whoosh."""

from baocha_indexer.store.codec.toc import new_segment_name, table_of_contents, write_lock

__all__ = ["new_segment_name", "table_of_contents", "write_lock"]
