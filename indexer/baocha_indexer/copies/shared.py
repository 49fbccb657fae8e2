"""Which paragraphs of an index share text, from the runs of their masked texts.

A *text* is a distinct masked text here; its members are the paragraphs that have it. A passage is *template text*
if more than the fraction TEMPLATE_SHARE of the reports of one kind contain it, and at least TEMPLATE_REPORTS. A paragraph is a copy
of a paragraph of another report if they share a passage that is no template text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies.fingerprints import FINGERPRINT, NO_DIGEST, WINDOW
from baocha_indexer.copies.runs import Runs

TEMPLATE_SHARE = Fraction(1, 3)
"""A passage in a larger share of the reports of a kind is template text."""

TEMPLATE_REPORTS = 4
"""A passage in fewer reports is no template text, whatever their share."""

COMMON_PLACES = 200
"""A fingerprint at more places is common wording.

Less than MOST_PLACES: a fingerprint may fall below this limit when reports are removed, and its runs must then be
known already.
"""

PAIRED_REPORTS = 200
"""A paragraph whose masked text is in more reports leads to no pair: the number of pairs is the square of theirs."""

_LOW = (1 << 32) - 1

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SharedColumns:
    """What is known of the paragraphs of an index.

    For each document: `digests` (u8) of its masked text, NO_DIGEST if that is too short or the document is
    not live, and `reports` (i8) its report. For each report: `kinds` (i8) the number of its kind, and
    `live_reports`. `texts` (u8): digests of masked texts, ascending, `lengths` (i8) of each. `runs`:
    between any texts, in any order, also twice.

    For each fingerprint: `keys` (u4) the hash, `key_digests` (u8) of its text, `offsets` (i8) in it.
    """

    digests: NDArray[np.uint64]
    reports: Integers
    kinds: Integers
    live_reports: NDArray[np.bool_]
    texts: NDArray[np.uint64]
    lengths: Integers
    runs: Runs
    keys: NDArray[np.uint32]
    key_digests: NDArray[np.uint64]
    offsets: Integers


class SharedRun(NamedTuple):
    """A run in the masked texts of two paragraphs. `is_template`: it is template text."""

    start: int
    other_start: int
    length: int
    is_template: bool


class Partner(NamedTuple):
    """A paragraph that shares text with another one, and the runs, ordered by `start`."""

    document: int
    runs: tuple[SharedRun, ...]

    @property
    def is_copy(self) -> bool:
        """Whether they share more than template text."""
        return not all(run.is_template for run in self.runs)


@dataclass(frozen=True, slots=True)
class ReportPairs:
    """Pairs of reports, sorted. `characters`: how many masked characters of `reports` are in `others` too.

    `documents`: those of `reports` that share a passage with `others`, ascending for each pair; those of a pair
    are from its element of `starts` to the next.
    """

    reports: Integers
    others: Integers
    characters: Integers
    starts: Integers
    documents: Integers


class SharedTexts:
    """The texts that paragraphs share."""

    def __init__(self, columns: SharedColumns, template_share: Fraction = TEMPLATE_SHARE) -> None:
        """Read from `columns`. `template_share`: see TEMPLATE_SHARE."""
        self._columns = columns
        self._share = template_share
        digests = columns.digests
        self._texts, numbers = np.unique(digests[digests != NO_DIGEST], return_inverse=True)
        self._text_of = np.full(len(digests), -1, dtype=np.int64)
        self._text_of[digests != NO_DIGEST] = numbers
        with_text = np.flatnonzero(self._text_of >= 0)
        self._members = with_text[np.argsort(self._text_of[with_text], kind="stable")]
        self._member_starts = np.searchsorted(
            self._text_of[self._members], np.arange(len(self._texts) + 1)
        )
        self._sizes = np.diff(self._member_starts)

    @cached_property
    def _runs(self) -> Integers:
        """The runs in both directions: rows text, other text, start, other start, length.

        Sorted by these, in this order.
        """
        runs = self._columns.runs
        first, second = (self._numbers_of(digests) for digests in (runs.texts, runs.others))
        rows = np.stack([first, second, runs.starts, runs.other_starts, runs.lengths]).astype("i8")
        rows = rows[:, (first >= 0) & (second >= 0)]
        rows = np.concatenate([rows, rows[[1, 0, 3, 2, 4]]], axis=1)
        # Packed, because sorting by five keys takes long. A masked text is shorter than 2**20.
        texts, places = _packed(*rows[:2]), rows[2] << 40 | rows[3] << 20 | rows[4]
        order = np.lexsort((places, texts))
        texts, places = texts[order], places[order]
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (texts[1:] != texts[:-1]) | (places[1:] != places[:-1])
        return self._without_common(rows[:, order[is_new]])

    def _numbers_of(self, digests: NDArray[np.uint64]) -> Integers:
        """Return the numbers of texts by their digests, -1 for those without members."""
        if not len(self._texts):
            return np.full(len(digests), -1, dtype=np.int64)
        at = np.minimum(self._texts.searchsorted(digests), len(self._texts) - 1)
        return np.where(self._texts[at] == digests, at, -1)

    def _without_common(self, rows: Integers) -> Integers:
        """Return the runs without those that are common wording.

        The fingerprints of a run are the lowest ones of the windows inside it: every text with the run has
        them. It is common wording if all of them are at more than COMMON_PLACES places.
        """
        places = self._doubtful_places()
        if places is None:
            return rows
        first = places.at.searchsorted(_packed(rows[0], rows[2]))
        last = places.at.searchsorted(_packed(rows[0], rows[2] + rows[4] - FINGERPRINT + 1))
        before = np.append(0, np.cumsum(places.is_common))
        doubtful = np.flatnonzero(before[last] > before[first])
        of_run, place = _ranges(first[doubtful], last[doubtful])
        inside = _are_lowest(
            of_run,
            places.at[place] & _LOW,
            places.keys[place],
            rows[2, doubtful],
            rows[4, doubtful],
        )
        count = len(doubtful)
        common = np.bincount(of_run[inside & places.is_common[place]], minlength=count)
        others = np.bincount(of_run[inside & ~places.is_common[place]], minlength=count)
        kept = np.ones(rows.shape[1], dtype=np.bool_)
        kept[doubtful] = (common == 0) | (others > 0)
        return rows[:, kept]

    def _doubtful_places(self) -> "_Places | None":
        """Return the fingerprints of the texts with any common wording, None if there is none."""
        columns = self._columns
        keys = np.sort(columns.keys, kind="stable")  # linear: each segment has them sorted
        many = np.unique(keys[COMMON_PLACES:][keys[COMMON_PLACES:] == keys[:-COMMON_PLACES]])
        if not len(many):
            return None
        own = np.flatnonzero(np.isin(columns.keys, many))
        texts = np.unique(columns.key_digests[own])
        own = np.flatnonzero(_are_in(columns.key_digests, texts))
        numbers = self._numbers_of(columns.key_digests[own])
        own, numbers = own[numbers >= 0], numbers[numbers >= 0]
        # A text may be in several segments.
        at, firsts = np.unique(_packed(numbers, columns.offsets[own]), return_index=True)
        own_keys = columns.keys[own[firsts]]
        keys, counts = np.unique(own_keys, return_counts=True)
        return _Places(at, own_keys, np.isin(own_keys, keys[counts > COMMON_PLACES]))

    @cached_property
    def _run_starts(self) -> Integers:
        return np.searchsorted(self._runs[0], np.arange(len(self._texts) + 1))

    @cached_property
    def _lengths(self) -> Integers:
        columns = self._columns
        return columns.lengths[columns.texts.searchsorted(self._texts)]

    @cached_property
    def _bounds(self) -> NDArray[np.float64]:
        """For each kind, a passage in more reports of it is template text."""
        kinds = self._columns.kinds
        counts = np.bincount(
            kinds[self._columns.live_reports], minlength=int(kinds.max(initial=0)) + 1
        )
        return np.maximum(
            counts * self._share.numerator / self._share.denominator, TEMPLATE_REPORTS - 1
        )

    @cached_property
    def _templates(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each text as a whole is template text, and whether each of `_runs` is."""
        of_texts = np.zeros(len(self._texts), dtype=np.bool_)
        of_runs = np.zeros(self._runs.shape[1], dtype=np.bool_)
        for text in self._with_many().tolist():
            begin, end = self._run_starts[text : text + 2].tolist()
            whole, of_runs[begin:end] = self._template_runs(text, begin, end)
            of_texts[text] = whole
        return of_texts, of_runs

    def _with_many(self) -> Integers:
        """Return the texts of which a passage may be in enough reports for template text."""
        columns = self._columns
        bounds = self._bounds[columns.kinds[columns.reports[self._members]]]
        least = (
            np.minimum.reduceat(bounds, self._member_starts[:-1])
            if len(self._texts)
            else np.empty(0)
        )
        text, other = self._runs[:2]
        members = self._sizes + np.bincount(text, self._sizes[other], minlength=len(self._texts))
        np.minimum.at(least, text, least[other])
        return np.flatnonzero(members > least)

    def _template_runs(self, text: int, begin: int, end: int) -> tuple[bool, NDArray[np.bool_]]:
        """Return whether a text as a whole is template text, and for each of its runs, whether it is."""
        columns = self._columns
        others = self._runs[1, begin:end]
        starts = np.append(self._runs[2, begin:end], 0)
        ends = np.append(self._runs[2, begin:end] + self._runs[4, begin:end], self._lengths[text])
        spans, of_run = np.unique(np.stack([starts, ends]), axis=1, return_inverse=True)
        documents = [self._members_of(other) for other in [*others.tolist(), text]]
        sizes = list(map(len, documents))
        reports = columns.reports[np.concatenate(documents)]
        kinds = columns.kinds[reports]
        order = np.lexsort((reports, kinds))
        has_start, has_end = (np.repeat(of, sizes)[order] for of in (starts, ends))
        reports, kinds = reports[order], kinds[order]
        contains = (has_start <= spans[0][:, None]) & (has_end >= spans[1][:, None])
        firsts = _firsts(reports)
        by_report = np.logical_or.reduceat(contains, firsts, axis=1)
        of_kind = kinds[firsts]
        firsts = _firsts(of_kind)
        counts = np.add.reduceat(by_report, firsts, axis=1, dtype=np.int64)
        of_spans: NDArray[np.bool_] = np.any(counts > self._bounds[of_kind[firsts]], axis=1)
        is_template = of_spans[of_run.ravel()]
        return bool(is_template[-1]), is_template[:-1]

    def _members_of(self, text: int) -> Integers:
        begin, end = self._member_starts[text : text + 2].tolist()
        return self._members[begin:end]

    @cached_property
    def counts(self) -> NDArray[np.uint32]:
        """For each document, the number of paragraphs of other reports that it shares a passage with.

        Template text does not count.
        """
        columns = self._columns
        whole, of_runs = self._templates
        same = np.flatnonzero(~whole)
        pairs = np.unique(np.concatenate([_packed(*self._runs[:2, ~of_runs]), _packed(same, same)]))
        text, other = pairs >> 32, pairs & _LOW
        of_text = np.bincount(text, self._sizes[other], minlength=len(self._texts)).astype(np.int64)
        counts = np.zeros(len(columns.digests), dtype=np.int64)
        documents = self._members
        counts[documents] = of_text[self._text_of[documents]]
        # Without those of the same report: for each document and other text, its members in the report.
        texts_in_reports, members_in_report = np.unique(
            _packed(self._text_of[documents], columns.reports[documents]), return_counts=True
        )
        starts = np.searchsorted(text, np.arange(len(self._texts) + 1))
        for chunk in np.array_split(documents, max(1, len(documents) >> 16)):
            of_chunk = self._text_of[chunk]
            of_document, place = _ranges(starts[of_chunk], starts[of_chunk + 1])
            wanted = _packed(other[place], columns.reports[chunk[of_document]])
            at = np.minimum(texts_in_reports.searchsorted(wanted), len(texts_in_reports) - 1)
            inside = np.where(texts_in_reports[at] == wanted, members_in_report[at], 0)
            counts[chunk] -= np.bincount(of_document, inside, minlength=len(chunk)).astype(np.int64)
        return counts.astype(np.uint32)

    def report_pairs(self) -> ReportPairs:
        """Return the pairs of reports that share passages that are no template text, in both directions.

        A paragraph whose masked text is in more than PAIRED_REPORTS reports leads to no pair.
        """
        columns = self._columns
        whole, of_runs = self._templates
        same = np.flatnonzero(~whole & (self._sizes > 1))
        zeros = np.zeros(len(same), dtype=np.int64)
        text, other, start, length = np.concatenate(
            [
                self._runs[[0, 1, 2, 4]][:, ~of_runs],
                np.stack([same, same, zeros, self._lengths[same]]),
            ],
            axis=1,
        )
        # The reports of each text.
        texts_in_reports = np.unique(
            _packed(self._text_of[self._members], columns.reports[self._members])
        )
        report_starts = np.searchsorted(texts_in_reports >> 32, np.arange(len(self._texts) + 1))
        few = np.diff(report_starts) <= PAIRED_REPORTS
        kept = few[text] & few[other]
        text, other, start, length = (of[kept] for of in (text, other, start, length))
        run, member = _ranges(self._member_starts[text], self._member_starts[text + 1])
        of_member, at = _ranges(report_starts[other[run]], report_starts[other[run] + 1])
        run, document = run[of_member], self._members[member[of_member]]
        report = texts_in_reports[at] & _LOW
        apart = columns.reports[document] != report
        run, document, report = run[apart], document[apart], report[apart]
        order = np.lexsort((start[run], report, document))
        run, document, report = run[order], document[order], report[order]
        both = _packed(document, report)
        firsts = _firsts(both)
        group = np.repeat(np.arange(len(firsts)), np.diff(firsts, append=len(both)))
        covered = _covered(group, start[run], start[run] + length[run])
        pairs, of_pair = np.unique(_packed(columns.reports[document], report), return_inverse=True)
        characters = np.bincount(of_pair, covered, minlength=len(pairs)).astype(np.int64)
        order = np.argsort(of_pair[firsts], kind="stable")
        starts = np.searchsorted(of_pair[firsts][order], np.arange(len(pairs) + 1))
        return ReportPairs(pairs >> 32, pairs & _LOW, characters, starts, document[firsts][order])

    def characters(self) -> Integers:
        """Return the number of masked characters of each report, in texts that are long enough."""
        members = self._members
        sizes = self._lengths[self._text_of[members]]
        count = len(self._columns.kinds)
        found: Integers = np.bincount(
            self._columns.reports[members], sizes, minlength=count
        ).astype(np.int64)
        return found

    def partners(self, document: int) -> Iterator[Partner]:
        """Yield the paragraphs of other reports that share a passage with this one, ascending."""
        text = int(self._text_of[document])
        if text < 0:
            return
        begin, end = self._run_starts[text : text + 2].tolist()
        whole, of_runs = self._template_runs(text, begin, end)
        runs: dict[int, list[SharedRun]] = {
            text: [SharedRun(0, 0, int(self._lengths[text]), whole)]
        }
        for at in range(begin, end):
            _, other, start, other_start, length = self._runs[:, at].tolist()
            run = SharedRun(start, other_start, length, bool(of_runs[at - begin]))
            runs.setdefault(other, []).append(run)
        report = self._columns.reports[document]
        found = {
            member: tuple(shared)
            for other, shared in runs.items()
            for member in self._members_of(other).tolist()
            if self._columns.reports[member] != report
        }
        for member in sorted(found):
            yield Partner(member, found[member])


@dataclass(frozen=True, slots=True)
class _Places:
    """Fingerprints: `at` the text and the offset, packed, ascending; `keys`; whether each is common wording."""

    at: Integers
    keys: NDArray[np.uint32]
    is_common: NDArray[np.bool_]


def _are_lowest(
    of_run: Integers,
    offsets: Integers,
    keys: NDArray[np.uint32],
    starts: Integers,
    lengths: Integers,
) -> NDArray[np.bool_]:
    """Return which fingerprints are the lowest, and first, of a window inside their run.

    `of_run`: the run of each, ascending. `starts`, `lengths`: of each run.
    """
    first = starts[of_run]
    # The window begins from `low` to `high`, and has no lower fingerprint.
    low = np.maximum(first, offsets - WINDOW + 1)
    high = np.minimum(offsets, first + lengths[of_run] - FINGERPRINT - WINDOW + 1)
    for step in range(1, WINDOW):
        same = np.flatnonzero(of_run[step:] == of_run[:-step])
        left, right = same, same + step
        beaten = right[keys[left] <= keys[right]]
        low[beaten] = np.maximum(low[beaten], offsets[beaten - step] + 1)
        beaten = left[keys[right] < keys[left]]
        high[beaten] = np.minimum(high[beaten], offsets[beaten + step] - WINDOW)
    lowest: NDArray[np.bool_] = low <= high
    return lowest


def _packed(high: Integers, low: Integers) -> Integers:
    """Return pairs of numbers below 2**31 as one number each."""
    return high << 32 | low


def _ranges(begins: Integers, ends: Integers) -> tuple[Integers, Integers]:
    """Return the elements of ranges, joined: the number of the range of each, and the elements."""
    sizes = ends - begins
    of_range = np.repeat(np.arange(len(sizes)), sizes)
    return of_range, np.arange(len(of_range)) - np.repeat(np.cumsum(sizes) - sizes - begins, sizes)


def _are_in(values: NDArray[np.uint64], chosen: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which values are among the chosen ones, which ascend and are not empty."""
    found: NDArray[np.bool_] = (
        chosen[np.minimum(chosen.searchsorted(values), len(chosen) - 1)] == values
    )
    return found


def _covered(groups: Integers, starts: Integers, ends: Integers) -> Integers:
    """Return how many characters each range has that no range before it in its group has.

    The ranges are sorted by group, then by start.
    """
    # The end of the ranges before, of the same group: the groups are set apart from each other.
    base = groups * (1 << 21)
    before = np.empty_like(ends)
    before[:1] = 0
    before[1:] = np.maximum.accumulate(base + ends)[:-1]
    covered: Integers = np.maximum(0, base + ends - np.maximum(base + starts, before))
    return covered


def _firsts(values: Integers) -> Integers:
    """Return the indices of the first element of each run of equal values."""
    is_first = np.ones(len(values), dtype=np.bool_)
    is_first[1:] = values[1:] != values[:-1]
    return np.flatnonzero(is_first)
