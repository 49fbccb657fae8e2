"""Compare an index with a plain dict after arbitrary changes to the files and the index."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from baocha.search import open_engine
from baocha_indexer.build import CHECKPOINT_SECONDS, build_index
from baocha_indexer.errors import EmptyFolderError, IndexUnusableError
from baocha_indexer.store.storage import newest_generation
from baocha_indexer.store.write.writer import IndexWriter
from tests.indexer.store.faulty import FaultyFiles, PowerFailureError
from tests.indexer.store.reports import Paragraphs, indexed_texts, parsed_texts

EXAMPLES = int(os.environ.get("BAOCHA_MODEL_EXAMPLES", "40"))
"""Number of histories to try. The campaign in docs/reliability.md tries more."""

CHARACTERS = "绩效管理预算"
TEXTS = st.lists(st.text(CHARACTERS, min_size=2, max_size=8), min_size=1, max_size=4).map(
    lambda sentences: "".join(f"{sentence}。\n" for sentence in sentences)
)
CHECKPOINTS = st.sampled_from([0, CHECKPOINT_SECONDS])
MERGE_ALL = 10**9
"""A size ratio that no segment has, so that all segments are merged."""

NAMES = st.sampled_from([f"{name}.txt" for name in "甲乙丙丁戊己庚辛"])


class IndexMachine(RuleBasedStateMachine):
    """Files in a folder, their index, and the expected content of both."""

    names = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.folder, self.index = self.root / "reports", self.root / "index"
        self.folder.mkdir()
        self.files: dict[str, str] = {}
        self.indexed: dict[str, Paragraphs] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @rule(target=names, name=NAMES, text=TEXTS)
    def add_or_change(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8")
        self.files[name] = text
        return name

    @rule(name=consumes(names))
    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        self.files.pop(name, None)

    @rule(target=names, old=consumes(names), new=NAMES)
    def rename(self, old: str, new: str) -> object:
        if old not in self.files:
            return multiple()
        (self.folder / old).rename(self.folder / new)
        self.files[new] = self.files.pop(old)
        return new

    @rule(rebuild=st.booleans(), checkpoint_seconds=CHECKPOINTS)
    def index_again(self, *, rebuild: bool, checkpoint_seconds: float) -> None:
        if self.indexed and not self.files:  # like a share that is not mounted
            with pytest.raises(EmptyFolderError):
                self._index(rebuild=rebuild, checkpoint_seconds=checkpoint_seconds)
        else:
            self._index(rebuild=rebuild, checkpoint_seconds=checkpoint_seconds)
            self.indexed = parsed_texts(self.files)

    @rule(
        at=st.integers(1, 60),
        error=st.sampled_from([PowerFailureError, KeyboardInterrupt, lambda: OSError(5, "EIO")]),
        is_after=st.booleans(),
        checkpoint_seconds=CHECKPOINTS,
        seed=st.none() | st.integers(0, 9),
    )
    def index_with_a_fault(
        self,
        *,
        at: int,
        error: Callable[[], BaseException],
        is_after: bool,
        checkpoint_seconds: float,
        seed: int | None,
    ) -> None:
        files = FaultyFiles(at=at, error=error(), when="after" if is_after else "before")
        files.remember(self.index)
        with suppress(PowerFailureError, KeyboardInterrupt, IndexUnusableError, EmptyFolderError):
            self._index(files=files, checkpoint_seconds=checkpoint_seconds)
        if isinstance(files.error, PowerFailureError):
            files.lose_power(self.index, None if seed is None else Random(seed))
        found, after = indexed_texts(self.index), parsed_texts(self.files)
        for name in {*found, *self.indexed, *after}:
            assert found.get(name) in (self.indexed.get(name), after.get(name))
        self.indexed = found

    @rule()
    def merge_all_segments(self) -> None:
        if newest_generation(self.index) is not None:
            with IndexWriter(self.index) as writer:
                writer.merge(kept_size_ratio=MERGE_ALL)

    @rule(phrase=st.text(CHARACTERS, min_size=1, max_size=3))
    def search(self, phrase: str) -> None:
        if newest_generation(self.index) is not None:
            texts = [text for paragraphs in self.indexed.values() for text in paragraphs]
            found = open_engine(self.index).search(f"“{phrase}”", limit=len(texts) + 1)
            expected = sorted(text for text in texts if phrase in text)
            assert (found.total, sorted(hit.text for hit in found.hits)) == (
                len(expected),
                expected,
            )

    @invariant()
    def index_is_the_model(self) -> None:
        assert indexed_texts(self.index) == self.indexed

    @invariant()
    def index_is_verified(self) -> None:
        if newest_generation(self.index) is not None:
            engine = open_engine(self.index)
            engine.verify()
            assert engine.status().reports == len(self.indexed)

    def _index(
        self,
        *,
        rebuild: bool = False,
        files: FaultyFiles | None = None,
        checkpoint_seconds: float = CHECKPOINT_SECONDS,
    ) -> None:
        build_index(
            [self.folder],
            self.index,
            rebuild=rebuild,
            files=files or FaultyFiles(),
            checkpoint_seconds=checkpoint_seconds,
        )


TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=40, deadline=None, print_blob=True
)
