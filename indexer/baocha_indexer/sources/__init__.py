"""Find, read and watch the files to index, and read their declarations (`metadata.csv`)."""

from baocha_indexer.sources.deleted import deleted_reports, is_deleted, refuse_empty
from baocha_indexer.sources.digests import Digests, digest_of
from baocha_indexer.sources.find import (
    METADATA,
    Failure,
    Found,
    Ignored,
    Note,
    Outside,
    Source,
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
from baocha_indexer.sources.watch import changes

__all__ = [
    "METADATA",
    "NO_DECLARATION",
    "Declaration",
    "Declarations",
    "Digests",
    "Failure",
    "Found",
    "Ignored",
    "Note",
    "Outside",
    "Source",
    "changes",
    "deleted_reports",
    "digest_of",
    "find_sources",
    "is_deleted",
    "link_outside",
    "open_copy",
    "read_declarations",
    "read_source",
    "refuse_empty",
    "report_id",
    "unsupported",
]
