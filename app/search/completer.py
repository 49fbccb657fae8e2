"""Suggestions and example queries, read out of an index."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from app.search.collection import SnapshotCollection
from app.search.evaluate import Evaluation
from app.search.places import Documents
from app.search.query import Phrase
from app.search.suggest import (
    LONGEST,
    Suggestion,
    asks_for,
    continuations,
    named,
    typed_run,
)
from indexer.fold import fold
from indexer.model import UNKNOWN

SAMPLE = 400
"""Occurrences that are read to see what follows them: as many more tell nothing new."""

LONGEST_TYPED = 40
"""Of a run as long as this, or longer, nothing is suggested: it says enough."""

_MOST_DEPARTMENTS = 2
_CLOSING = {"“": "”", '"': '"', "「": "」"}
_EXAMPLE_LENGTHS = range(4, 13)
_MOST_EXAMPLES = 4


class Completer:
    """Completes what is typed with what an index holds."""

    def __init__(self, collection: SnapshotCollection) -> None:
        """Read from `collection`, which does not change."""
        self._collection = collection

    def suggest(
        self, typed: str, limit: int, among: Documents | None = None
    ) -> tuple[Suggestion, ...]:
        """Return at most `limit` completions of the last run typed: departments, then phrases.

        Where some documents are given, only they are read and counted; they are ascending.
        """
        before, run = typed_run(typed)
        wanted = asks_for(before)
        if not fold(run) or len(run) >= LONGEST_TYPED or wanted == "nothing":
            return ()
        label = "" if wanted == "department" else "部门:"
        found = list(self._departments(before + label, run, among))
        if wanted == "anything":
            found += self._phrases(before, run, limit - len(found), among)
        return tuple(found[:limit])

    def _departments(self, before: str, run: str, among: Documents | None) -> Iterator[Suggestion]:
        collection = self._collection
        held = collection.paragraphs_by_department
        if among is not None:
            held = collection.count_by_department(among)
        names = [name for name in held if name != UNKNOWN]
        for name in named(run, names, _MOST_DEPARTMENTS):
            yield Suggestion("department", name, before + name, held[name])

    def _phrases(
        self, before: str, run: str, limit: int, among: Documents | None
    ) -> Iterator[Suggestion]:
        evaluation = Evaluation(self._collection)
        folded = fold(run)
        # As a phrase: so it finds as many as is said.
        opening, closing = ("", _CLOSING[before[-1]]) if before[-1:] in _CLOSING else ("“", "”")
        said = set()
        for end, _ in continuations(self._followings(evaluation, folded, among)):
            text = run + end
            phrase = fold(text)
            if phrase in said:
                continue
            said.add(phrase)
            count = len(evaluation.documents(Phrase(text, phrase), among))
            if count:
                yield Suggestion("phrase", text, before + opening + text + closing, count)
            if len(said) >= limit:
                return

    def _followings(
        self, evaluation: Evaluation, folded: str, among: Documents | None
    ) -> list[str]:
        """Return what follows some of the occurrences, in the original characters."""
        collection = self._collection
        occurrences = evaluation.occurrences(folded)
        positions = occurrences.positions if among is None else occurrences.within(among)[0]
        step = max(1, -(-len(positions) // SAMPLE))
        starts = collection.starts
        # Of another type than the array, what is looked up would have NumPy copy the array.
        chosen = positions[::step].astype(starts.dtype)
        documents = (starts.searchsorted(chosen, side="right") - 1).astype(np.int64)
        ends = collection.origins(chosen + (len(folded) - 1), documents).tolist()
        return [
            collection.text(document)[end + 1 : end + 1 + LONGEST]
            for document, end in zip(documents.tolist(), ends, strict=True)
        ]

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """A few queries of unlike forms; each finds something."""
        phrases = self._frequent_headings()
        if not phrases:
            return ()
        queries = [f"“{phrases[0]}”", *phrases[1:2]]
        departments = self._collection.paragraphs_by_department
        named_ones = [name for name in departments if name != UNKNOWN]
        if named_ones:
            queries.append(f"{phrases[0]} 部门:{max(named_ones, key=departments.__getitem__)}")
        years = self._collection.report_years[self._collection.live_reports]
        if len(years) and int(years.max()):
            queries.append(f"{phrases[-1]} 年份:{int(years.max())}")
        return tuple(queries[:_MOST_EXAMPLES])

    def _frequent_headings(self) -> Sequence[str]:
        """Return the headings of the second level that most reports have."""
        column = self._collection.subsections
        documents = self._collection.live_documents
        reports = self._collection.report_of[documents].astype(np.int64)
        pairs = np.unique(reports * len(column.values) + column.ordinals[documents])
        counts = np.bincount(pairs % len(column.values), minlength=len(column.values))
        order = np.argsort(-counts, kind="stable").tolist()
        names = [column.value(at) for at in order if counts[at]]
        return [name for name in names if len(name) in _EXAMPLE_LENGTHS][:3]
