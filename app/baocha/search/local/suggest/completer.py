"""Suggestions from an index."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from baocha.search.arrays import Documents
from baocha.search.local.collection import Collection
from baocha.search.local.match import Evaluation, is_over_budget
from baocha.search.local.suggest.complete import (
    MAX_AFTER,
    asks_for,
    complete_from_names,
    continuations,
    typed_run,
)
from baocha.search.local.suggest.pinyin import Pinyin
from baocha.search.local.suggest.samples import begins_word, is_whole_words, samples
from baocha.search.query import parse_query
from baocha.search.results import Suggestion, SuggestionKind
from baocha_indexer.text import fold

MAX_SAMPLE = 400
"""Number of occurrences whose following text is read. More would not change the suggestions."""

MAX_TYPED = 40
"""There are no suggestions for text of this length or longer: it is specific enough."""

SMALL_SAMPLE = 50
"""As `MAX_SAMPLE`, for each of the texts that typed pinyin may stand for."""

MAX_TRIED = 16
MAX_READINGS = 5
"""Number of texts that typed pinyin may stand for: tried, and used."""

MAX_COMPLETIONS = 2
"""Number of completions of each of these."""

MAX_DEPARTMENTS = 2
TRIED_PER_WANTED = 3
"""Number of completions tried for each wanted one. Some find nothing."""

_PINYIN = re.compile(r"[a-zü']+")
_CLOSING = {"“": "”", '"': '"', "「": "」"}


class Completer:
    """Completes unfinished queries from the texts and departments of an index."""

    def __init__(self, collection: Collection, pinyin: Pinyin) -> None:
        """Read from `collection`, which is immutable."""
        self._collection = collection
        self._pinyin = pinyin

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
            if _PINYIN.fullmatch(fold(run)):
                queries = chain(queries, self._from_pinyin(evaluation, before, run, among))
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
        self,
        evaluation: Evaluation,
        before: str,
        run: str,
        among: Documents | None,
        most: int = MAX_SAMPLE,
    ) -> Iterator[tuple[SuggestionKind, str, str]]:
        # Suggest a phrase: it finds exactly this text and is never relaxed.
        opening, closing = ("", _CLOSING[before[-1]]) if before[-1:] in _CLOSING else ("“", "”")
        if before.rstrip("".join(_CLOSING)):
            tree = parse_query(before + opening + run + closing).tree
            among = evaluation.documents(tree, among)
        seen = set()
        folded = fold(run)
        around = samples(folded, evaluation, most, among, MAX_AFTER)
        for end, _ in continuations(folded, around):
            text = run + end
            if fold(text) not in seen:
                seen.add(fold(text))
                yield "phrase", text, before + opening + text + closing

    def _from_pinyin(
        self, evaluation: Evaluation, before: str, run: str, among: Documents | None
    ) -> Iterator[tuple[SuggestionKind, str, str]]:
        """Yield what the letters stand for, and completions of it. The last syllable may be unfinished."""
        opening, closing = ("", _CLOSING[before[-1]]) if before[-1:] in _CLOSING else ("“", "”")
        seen = set()
        found = self._pinyin.from_letters(fold(run), evaluation, "unfinished")
        words = (text for text, _ in islice(found, MAX_TRIED) if begins_word(text, evaluation))
        for text in islice(words, MAX_READINGS):
            if is_whole_words(text, evaluation):
                seen.add(text)
                yield "phrase", text, before + opening + text + closing
            completions = self._phrases(evaluation, before, text, among, SMALL_SAMPLE)
            for kind, longer, query in islice(completions, MAX_COMPLETIONS):
                if longer not in seen:
                    seen.add(longer)
                    yield kind, longer, query
