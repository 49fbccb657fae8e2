"""Find what may have been meant instead of a query: corrections, pinyin, forms of numbers and dates.

Each run of a query is looked at alone. A run is a keyword or a phrase that is not negated.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from baocha.search.arrays import Documents
from baocha.search.local.match import Evaluation, is_over_budget
from baocha.search.local.suggest.pinyin import Pinyin
from baocha.search.local.suggest.readings import SIMILAR
from baocha.search.local.suggest.samples import is_whole_words, samples
from baocha.search.local.suggest.spelling import MAX_LENGTH, corrections
from baocha.search.query import (
    MAX_QUERY_LENGTH,
    OPTIONAL_WORDS,
    And,
    Keyword,
    Mode,
    Near,
    Or,
    ParsedQuery,
    Phrase,
    Query,
    in_mode,
    other_forms,
    parse_query,
    vocabulary_alternatives,
)
from baocha.search.results import (
    MAX_ALTERNATIVES,
    MAX_TERMS_TRIED,
    Alternative,
    AlternativeKind,
)
from baocha_indexer.text import bare, fold, words_of
from baocha_indexer.vocabulary import Vocabulary

Among = Callable[[], Documents | None]
"""Returns the documents that are counted, ascending; None for all. It is called only if needed."""

MAX_RUNS = 4
"""Number of runs of a query that are looked at."""

MAX_FORMS = 16
"""Number of other forms of numbers and dates that are looked up for a run."""

MAX_WHOLE = 60
"""A longer run with one number in another form is not looked up as a whole."""

MAX_FORMS_READ = 32
"""Number of occurrences that are read to find one where a form is a whole number."""

RARE = 3
"""Letters that occur more often are not read as pinyin."""

MAX_WORDS = 6
"""A run of more words is a sentence or a question, and is not corrected."""

MIN_LATIN = 5
"""Shorter words in Latin letters are not corrected: they are abbreviations."""

_LATIN = re.compile(r"[a-zü']+(?: [a-zü']+)*")
_MARKS = re.compile(r"^[\W_]+|(?![%‰])[\W_]+$")
_WINDOW = range(3, 7)
_USUAL = 4
_JOINING = frozenset("的了由")
_FUNCTION_WORDS = frozenset(
    "的地得了着是和与及或而并但在对为于以由从向把被将给所之其也都占约达均各每已未不无有等"
)
"""A correction that only brings in one of these is another sentence, not another spelling."""

MAX_WINDOWS = 4
"""Number of parts of a long run that are corrected, and their lengths."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of a query, from `start` to `end` with its quotation marks.

    `kind`: a keyword, a phrase, or a phrase inside the quotation marks of a distance.
    """

    folded: str
    start: int
    end: int
    kind: type[Query]


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A text for a run, or for the part of a keyword between `before` and `after`."""

    kind: AlternativeKind
    text: str
    before: str = ""
    after: str = ""

    def written(self, run: _Run) -> str:
        """Return what replaces the run in the query."""
        if run.kind is Near:
            return self.text
        return f"{self.before} “{self.text}” {self.after}".strip()


class Alternatives:
    """Finds what may have been meant instead of a query."""

    def __init__(self, pinyin: Pinyin) -> None:
        """Use the readings of the characters of an index."""
        self._pinyin = pinyin

    def find(
        self,
        query: str,
        tree: Query,
        evaluation: Evaluation,
        among: Among,
        mode: Mode = "words",
    ) -> tuple[Alternative, ...]:
        """Return at most `MAX_ALTERNATIVES` queries that match something.

        They are in the order of the runs, best first within a run. `tree` is that of the query,
        and `evaluation` its evaluation. The counts are those of a search in `mode`.
        """
        query = query[:MAX_QUERY_LENGTH]
        found: dict[str, Alternative] = {}
        unknown: list[tuple[_Run, _Replacement]] = []
        for run in islice(_joined(_runs(tree), query), MAX_RUNS):
            replacements = list(islice(self._replacements(run, evaluation), MAX_ALTERNATIVES))
            unknown += [(run, item) for item in replacements[:1] if item.kind in _FOR_UNKNOWN]
            for item in replacements:
                added = self._add(found, query, [(run, item)], evaluation, among, mode)
                if not added and (item.before or item.after):
                    alone = _Replacement(item.kind, item.text)
                    self._add(found, query, [(run, alone)], evaluation, among, mode)
        if len(unknown) > 1 and not found:
            self._add(found, query, unknown, evaluation, among, mode)
        return tuple(found.values())[:MAX_ALTERNATIVES]

    def _add(
        self,
        found: dict[str, Alternative],
        query: str,
        replaced: Sequence[tuple[_Run, _Replacement]],
        evaluation: Evaluation,
        among: Among,
        mode: Mode,
    ) -> bool:
        """Add a query with some runs replaced, if it matches anything; return whether it does."""
        changed = query
        for run, item in reversed(replaced):
            changed = _insert(changed, run, item)
        if changed in found or len(changed) > MAX_QUERY_LENGTH:
            return False
        tree = in_mode(parse_query(changed).tree, mode)
        if is_over_budget(tree, evaluation):
            return False
        count = len(evaluation.documents(tree, among()))
        if count:
            text = " ".join(item.text for _, item in replaced)
            found[changed] = Alternative(replaced[0][1].kind, text, changed, count)
        return count > 0

    def _replacements(self, run: _Run, evaluation: Evaluation) -> Iterator[_Replacement]:
        """Yield what may have been meant by a run, best first."""
        forms = self._forms(run, evaluation)
        if forms:
            yield from forms
            return
        folded = bare(_MARKS.sub("", run.folded))
        if not folded:
            return
        if _LATIN.fullmatch(folded):
            yield from self._from_letters(folded, evaluation)
        elif not _occurs(run.folded, evaluation):
            if _occurs(folded, evaluation):
                yield _Replacement("spelling", folded)
                return
            if _is_sentence([word for word, _ in words_of(folded)]):
                return
            whole = list(self._corrected(folded, evaluation))
            yield from whole
            if not whole and run.kind is Keyword:
                yield from self._parts_corrected(folded, evaluation)

    def _from_letters(self, folded: str, evaluation: Evaluation) -> Iterator[_Replacement]:
        rare = any(evaluation.occurrences(word).size <= RARE for word in folded.split())
        if rare:
            for text, _ in self._pinyin.from_letters(folded, evaluation):
                yield _Replacement("pinyin", text)
        if len(folded) >= MIN_LATIN and not _occurs(folded, evaluation):
            for text, _ in corrections(folded, evaluation, self._pinyin.pairs):
                yield _Replacement("spelling", text)

    def _corrected(self, folded: str, evaluation: Evaluation) -> Iterator[_Replacement]:
        """Yield corrections of a text that does not occur: by sound first, then others."""
        others = []
        by_sound = False
        for text, alike in corrections(folded, evaluation, self._pinyin.pairs):
            if alike <= SIMILAR:
                by_sound = True
                yield _Replacement("spelling", text)
            elif _FUNCTION_WORDS.isdisjoint(set(text) - set(folded)):
                others.append(_Replacement("spelling", text))
        if not by_sound:
            for text, _ in self._pinyin.from_characters(folded, evaluation):
                yield _Replacement("pinyin", text)
        yield from others

    def _parts_corrected(self, folded: str, evaluation: Evaluation) -> Iterator[_Replacement]:
        """Yield what a part of a long keyword sounds like. The rest of it stays as keywords."""
        if len(folded) > MAX_LENGTH:
            return
        for start, end in _windows(folded, evaluation):
            part = folded[start:end]
            text, _ = next(self._pinyin.from_characters(part, evaluation), ("", 0))
            if text and is_whole_words(text, evaluation):
                changes = sum(ours != theirs for ours, theirs in zip(part, text, strict=True))
                kind: AlternativeKind = "spelling" if changes == 1 else "pinyin"
                before, after = _MARKS.sub("", folded[:start]), _MARKS.sub("", folded[end:])
                yield _Replacement(kind, text, before, after)
                return

    def _forms(self, run: _Run, evaluation: Evaluation) -> list[_Replacement]:
        """Return the other forms of the numbers and dates of a run that occur, most frequent first.

        If no form occurs with the text around it, this text is taken as keywords.
        """
        whole: list[tuple[int, _Replacement]] = []
        parts: list[tuple[int, _Replacement]] = []
        for form in islice(other_forms(run.folded), MAX_FORMS):
            before, after = bare(run.folded[: form.start]), bare(run.folded[form.end :])
            text = before + form.text + after
            is_short = len(text) <= MAX_WHOLE
            if count := _count_of_figure(text, evaluation) if is_short else 0:
                whole.append((count, _Replacement(form.kind, text)))
            elif before + after and run.kind is Keyword and not whole:
                count = _count_of_figure(form.text, evaluation)
                changed = _Replacement(
                    form.kind, form.text, _MARKS.sub("", before), _MARKS.sub("", after)
                )
                parts += [(count, changed)] if count else []
        found = whole or parts
        found.sort(key=lambda entry: -entry[0])
        return [changed for _, changed in found]


def other_words(
    parsed: ParsedQuery,
    vocabulary: Vocabulary,
    evaluation: Evaluation,
    among: Among,
    mode: Mode = "words",
) -> tuple[Alternative, ...]:
    """Return the equal and related terms of the vocabulary that match something, equal ones first.

    Of each grade at most `MAX_TERMS_TRIED` are looked up, and at most `MAX_ALTERNATIVES` returned. `among`
    and `mode` as in `Alternatives.find`.
    """
    found: dict[str, list[Alternative]] = {"equal": [], "related": []}
    tried: Counter[str] = Counter()
    for grade, text, query in vocabulary_alternatives(parsed, vocabulary):
        tried[grade] += 1
        if tried[grade] > MAX_TERMS_TRIED:
            if grade == "related":
                break
            continue
        tree = in_mode(parse_query(query).tree, mode)
        if len(found[grade]) < MAX_ALTERNATIVES and not is_over_budget(tree, evaluation):
            count = len(evaluation.documents(tree, among()))
            if count:
                found[grade].append(Alternative(grade, text, query, count))
    return (*found["equal"], *found["related"])


_FOR_UNKNOWN = ("spelling", "pinyin")


def _runs(query: Query) -> Iterator[_Run]:
    """Yield the runs of a query that are not negated, in order."""
    match query:
        case Keyword() | Phrase():
            yield _Run(query.folded, *query.place, type(query))
        case Near():
            for phrase in query.phrases:
                yield _Run(phrase.folded, *phrase.place, Near)
        case And() | Or():
            for part in query.parts:
                yield from _runs(part)


def _joined(runs: Iterable[_Run], query: str) -> Iterator[_Run]:
    """Yield the runs. Keywords in Latin letters with only spaces between them are one run."""
    chained: list[tuple[int, _Run]] = []
    for run in runs:
        number = len(chained)
        if chained and _is_latin(run) and _is_latin(chained[-1][1]):
            last = chained[-1][1]
            if last.end <= run.start and not query[last.end : run.start].strip():
                number = chained[-1][0]
        chained.append((number, run))
    for _, group in groupby(chained, key=lambda item: item[0]):
        members = [run for _, run in group]
        folded = " ".join(run.folded for run in members)
        yield _Run(folded, members[0].start, members[-1].end, members[0].kind)


def _is_latin(run: _Run) -> bool:
    return run.kind is Keyword and _LATIN.fullmatch(run.folded) is not None


def _insert(query: str, run: _Run, item: _Replacement) -> str:
    """Return the query with a run replaced, with spaces where its neighbours need them."""
    before, after = query[: run.start], query[run.end :]
    text = item.written(run)
    if run.kind is not Near:
        text = " " * (before[-1:] not in _NEEDS_NO_SPACE) + text
        text += " " * (after[:1] not in _NEEDS_NO_SPACE)
    return before + text + after


_NEEDS_NO_SPACE = ("", "=", "＝", " ", "　", "(", "（", ")", "）", "|", "｜")


def _is_sentence(words: Sequence[str]) -> bool:
    """Return whether a run has too many words to be a term, or a word that asks, such as 什么."""
    return len(words) > MAX_WORDS or any(len(word) > 1 and word in OPTIONAL_WORDS for word in words)


def _occurs(folded: str, evaluation: Evaluation) -> bool:
    return evaluation.occurrences(folded).size > 0


def _count_of_figure(folded: str, evaluation: Evaluation) -> int:
    """Return how often a text occurs; 0 if it is always a part of a longer number."""
    number = evaluation.occurrences(folded).size
    if not number:
        return 0
    for sample in samples(folded, evaluation, MAX_FORMS_READ):
        before, after = bare(fold(sample.before)), bare(fold(sample.after))
        longer = folded[0].isdigit() and re.search(r"[0-9][.,]?$", before)
        longer = longer or (folded[-1].isdigit() and re.match(r"[.,]?[0-9]", after))
        if not longer:
            return number
    return 0


def _windows(folded: str, evaluation: Evaluation) -> list[tuple[int, int]]:
    """Return parts of a text that may have a wrong character: words that are nowhere together.

    Most terms have four characters, and a wrong character usually leaves single characters between
    the words. Those are first.
    """
    words = list(words_of(folded))
    found = []
    for first, (_, start) in enumerate(words):
        if folded[start - 1 : start].isdigit():  # a unit
            continue
        for last in range(first + 1, len(words)):
            end = words[last][1] + len(words[last][0])
            part = folded[start:end]
            if len(part) in _WINDOW and len(part) < len(folded) and part.isalpha():
                singles = sum(len(word) == 1 for word, _ in words[first : last + 1])
                if _JOINING.isdisjoint(part) and not _occurs(part, evaluation):
                    found.append((abs(len(part) - _USUAL), -singles, start, end))
    found.sort()
    return [(start, end) for _, _, start, end in found[:MAX_WINDOWS]]
