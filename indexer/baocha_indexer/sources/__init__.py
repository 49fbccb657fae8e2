"""Find, read and watch the files to index; read the tables that a user puts beside them."""

from baocha_indexer.sources.deleted import deleted_reports, is_deleted, refuse_empty
from baocha_indexer.sources.digests import Digests, digest_of, settled_state
from baocha_indexer.sources.find import (
    METADATA,
    Failure,
    FindResult,
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
from baocha_indexer.sources.read import (
    SourceCopy,
    link_outside,
    open_copy,
    read_source,
    state_on_disk,
)
from baocha_indexer.sources.vocabulary_files import read_vocabulary
from baocha_indexer.sources.watch import changes

__all__ = [
    "METADATA",
    "NO_DECLARATION",
    "Declaration",
    "Declarations",
    "Digests",
    "Failure",
    "FindResult",
    "Ignored",
    "Note",
    "Outside",
    "Source",
    "SourceCopy",
    "Table",
    "changes",
    "deleted_reports",
    "digest_of",
    "find_sources",
    "is_deleted",
    "link_outside",
    "open_copy",
    "read_declarations",
    "read_source",
    "read_vocabulary",
    "refuse_empty",
    "report_id",
    "settled_state",
    "state_on_disk",
    "unsupported",
]
