"""Interpret tables: the rows, the head above each cell, and the unit of each figure."""

from baocha_indexer.structure.tables.columns import with_columns
from baocha_indexer.structure.tables.lists import cell_runs, is_cell, table_blocks

__all__ = ["cell_runs", "is_cell", "table_blocks", "with_columns"]
