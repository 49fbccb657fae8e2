"""Suggestions and example queries from an index."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, islice

import numpy as np

from baocha.search.local.arrays import Documents, count_pairs
from baocha.search.local.collection import Collection
from baocha.search.local.match import Evaluation, is_over_budget
from baocha.search.local.suggest.complete import (
    MAX_ADDED,
    asks_for,
    complete_from_names,
    continuations,
    typed_run,
)
from baocha.search.query import parse_query
from baocha.search.results import Suggestion, SuggestionKind
from baocha_indexer.text import fold

MAX_SAMPLE = 400
"""Number of occurrences whose following text is read. More would not change the suggestions."""

MAX_TYPED = 40
"""There are no suggestions for text of this length or longer: it is specific enough."""

MAX_DEPARTMENTS = 2
TRIED_PER_WANTED = 3
"""Number of completions tried for each wanted one. Some find nothing."""

_CLOSING = {"“": "”", '"': '"', "「": "」"}
_EXAMPLE_LENGTHS = range(4, 13)
MAX_EXAMPLES = 4


class Completer:
    """Completes unfinished queries from the texts and departments of an index."""

    def __init__(self, collection: Collection) -> None:
        """Read from `collection`, which is immutable."""
        self._collection = collection

    def suggest(
        self, typed: str, limit: int, among: Documents | None = None
    ) -> tuple[Suggestion, ...]:
        """Return at most `limit` completions of the last run: departments, then phrases.

        If `among` is given, only these documents are read and counted; they are ascending. If the
        query is over its budget, there are no suggestions.
        """
        before, run = typed_run(typed)
        wanted = asks_for(before)
        if not fold(run) or len(run) >= MAX_TYPED or wanted == "nothing":
            return ()
        evaluation = Evaluation(self._collection)
        if is_over_budget(parse_query(typed).tree, evaluation):
            return ()
        label = "" if wanted == "department" else "部门:"
        queries = self._departments(before + label, run, among)
        if wanted == "anything":
            queries = chain(queries, self._phrases(evaluation, before, run, among))
        found = []
        for kind, text, query in islice(queries, limit * TRIED_PER_WANTED):
            # Count as a search would: the text before the last run also restricts the matches.
            count = len(evaluation.documents(parse_query(query).tree, among))
            if count:
                found.append(Suggestion(kind, text, query, count))
            if len(found) == limit:
                break
        return tuple(found)

    def _departments(
        self, before: str, run: str, among: Documents | None
    ) -> Iterator[tuple[SuggestionKind, str, str]]:
        collection = self._collection
        counts = collection.paragraphs_by_department
        if among is not None:
            counts = collection.count_by_department(among)
        names = [name for name in counts if name is not None]
        for name in complete_from_names(run, names, MAX_DEPARTMENTS):
            yield "department", name, before + name

    def _phrases(
        self, evaluation: Evaluation, before: str, run: str, among: Documents | None
    ) -> Iterator[tuple[SuggestionKind, str, str]]:
        # Suggest a phrase: it finds exactly this text and is never relaxed.
        opening, closing = ("", _CLOSING[before[-1]]) if before[-1:] in _CLOSING else ("“", "”")
        if before.rstrip("".join(_CLOSING)):
            tree = parse_query(before + opening + run + closing).tree
            among = evaluation.documents(tree, among)
        seen = set()
        for end, _ in continuations(self._followings(evaluation, fold(run), among)):
            text = run + end
            if fold(text) not in seen:
                seen.add(fold(text))
                yield "phrase", text, before + opening + text + closing

    def _followings(
        self, evaluation: Evaluation, folded: str, among: Documents | None
    ) -> list[str]:
        """Return the original text after a sample of the occurrences."""
        collection = self._collection
        occurrences = evaluation.occurrences(folded)
        positions = occurrences.positions if among is None else occurrences.inside(among)[0]
        step = max(1, -(-len(positions) // MAX_SAMPLE))
        starts = collection.starts
        # With another type than that of `starts`, searchsorted would copy the whole array.
        chosen = positions[::step].astype(starts.dtype)
        documents = (starts.searchsorted(chosen, side="right") - 1).astype(np.int64)
        ends = collection.origins(occurrences.last_positions(chosen), documents).tolist()
        return [
            collection.text(document)[end + 1 : end + 1 + MAX_ADDED]
            for document, end in zip(documents.tolist(), ends, strict=True)
        ]

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """A few queries of different forms. Each finds something."""
        phrases = self._frequent_headings()
        if not phrases:
            return ()
        queries = [f"“{phrases[0]}”", *phrases[1:2]]
        departments = self._collection.paragraphs_by_department
        known = [name for name in departments if name is not None]
        if known:
            queries.append(f"{phrases[0]} 部门:{max(known, key=lambda name: departments[name])}")
        years = self._collection.report_years[self._collection.live_reports]
        if len(years) and int(years.max()):
            queries.append(f"{phrases[-1]} 年度:{int(years.max())}")
        return tuple(queries[:MAX_EXAMPLES])

    def _frequent_headings(self) -> Sequence[str]:
        """Return the headings of the second level that most reports have."""
        column = self._collection.subsections
        documents = self._collection.live_documents
        pairs = count_pairs(self._collection.report_of[documents], column.ordinals[documents])
        reports = Counter(heading for _, heading, _ in pairs)
        names = [str(heading.value) for heading in column.by_frequency(reports.items())]
        return [name for name in names if len(name) in _EXAMPLE_LENGTHS][:3]
