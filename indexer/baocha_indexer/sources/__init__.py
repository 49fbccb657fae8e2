"""Find, read and watch the files to index; read the tables that a user puts beside them."""

from baocha_indexer.sources.csv_table import UnreadableTableError, limited
from baocha_indexer.sources.deleted import deleted_reports, is_deleted, refuse_empty
from baocha_indexer.sources.departments_csv import read_departments
from baocha_indexer.sources.digests import Digests, digest_of
from baocha_indexer.sources.find import (
    DEPARTMENTS,
    METADATA,
    SYNONYMS,
    Failure,
    Found,
    Ignored,
    Note,
    Outside,
    Source,
    Table,
    find_sources,
    report_id,
    unsupported,
)
from baocha_indexer.sources.metadata_csv import (
    NO_DECLARATION,
    Declaration,
    Declarations,
    read_declarations,
)
from baocha_indexer.sources.read import link_outside, open_copy, read_source
from baocha_indexer.sources.synonyms_csv import read_synonyms, starting_groups
from baocha_indexer.sources.watch import changes

__all__ = [
    "DEPARTMENTS",
    "METADATA",
    "NO_DECLARATION",
    "SYNONYMS",
    "Declaration",
    "Declarations",
    "Digests",
    "Failure",
    "Found",
    "Ignored",
    "Note",
    "Outside",
    "Source",
    "Table",
    "UnreadableTableError",
    "changes",
    "deleted_reports",
    "digest_of",
    "find_sources",
    "is_deleted",
    "limited",
    "link_outside",
    "open_copy",
    "read_declarations",
    "read_departments",
    "read_source",
    "read_synonyms",
    "refuse_empty",
    "report_id",
    "starting_groups",
    "unsupported",
]
