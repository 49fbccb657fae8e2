"""A sample of the paragraphs of a cluster as a local index, to find what a user may mean.

Completions and corrections are searched in the sample, by `baocha.search.local.suggest`, and counted in
the whole index. So every count is exact. A text that no sampled paragraph contains is not offered. The
sample of a collection with at most `SAMPLE_SIZE` paragraphs is the whole collection.
"""

import shutil
import weakref
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp

from baocha.search.local import LocalEngine
from baocha.search.opensearch.documents import StoredReport
from baocha_indexer.model import Metadata, Paragraph, Report
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.vocabulary import Vocabulary

SAMPLE_SIZE = 20_000
"""Number of paragraphs in a sample. The first request that needs it reads and indexes them, which takes a
few seconds."""


class Sample:
    """A local index of some paragraphs, in a temporary folder that is deleted with this object."""

    def __init__(
        self, paragraphs: Iterable[tuple[StoredReport, Paragraph]], vocabulary: Vocabulary
    ) -> None:
        """Index the paragraphs. Those of a report are adjacent."""
        folder = Path(mkdtemp(prefix="baocha-sample-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        with IndexWriter(folder) as writer:
            writer.vocabulary = vocabulary
            for stored, members in groupby(paragraphs, key=lambda item: item[0]):
                entry = stored.entry
                metadata = Metadata(entry.title, entry.department, entry.year, entry.kind)
                content = Report(metadata, tuple(one for _, one in members), ())
                writer.add(entry, content)
            writer.commit()
        self.engine = LocalEngine.open(folder)
