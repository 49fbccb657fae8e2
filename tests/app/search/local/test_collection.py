"""The columns of a collection, compared with the entries, in one segment and in several."""

from collections import Counter

import numpy as np
import pytest

from baocha.search import Sort
from baocha_indexer.text import fold, words_of
from tests.app.search.indexes import Indexed


def test_only_documents_that_are_not_removed_are_live(large: Indexed) -> None:
    live = [at for at, _ in large.live()]
    collection = large.collection
    assert collection.live_documents.tolist() == live
    assert collection.live_count == len(live)
    assert np.flatnonzero(collection.live).tolist() == live


def test_a_report_has_its_documents_in_their_order(large: Indexed) -> None:
    for report in ("r0", "r14"):
        documents = large.collection.documents_of_report(report).tolist()
        assert documents == [at for at, entry in large.live() if entry.report == report]
        assert large.collection.path_of_report(report) == f"/{report}.txt"


@pytest.mark.parametrize("report", ["before r0", "nowhere"])
def test_a_report_that_is_removed_or_unknown_has_no_documents(large: Indexed, report: str) -> None:
    assert not len(large.collection.documents_of_report(report))
    with pytest.raises(KeyError):
        large.collection.path_of_report(report)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "document"])
def test_reports_are_ordered_by_year_then_by_source(large: Indexed, sort: Sort) -> None:
    sign = {"relevance": -1, "newest": -1, "oldest": 1, "document": 0}[sort]
    years = {entry.report: entry.year for _, entry in large.live()}

    def key(name: str) -> tuple[bool, int, str]:
        year = years[name]
        return bool(sign) and year is None, sign * (year or 0), f"{name}.txt"

    expected = sorted(years, key=key)
    order = large.collection.report_order(sort)
    numbers = sorted(large.collection.live_reports.tolist(), key=order.__getitem__)
    assert [large.collection.summary(number).id for number in numbers] == expected


def test_a_word_has_its_documents_with_its_frequency(large: Indexed) -> None:
    for word in ("预算", "绩效", "后续", "没有"):
        counts = {
            at: Counter(found for found, _ in words_of(fold(entry.text)))[word]
            for at, entry in large.live()
        }
        found = large.collection.word(word)
        holding = {at: count for at, count in counts.items() if count}
        assert found.document_count == len(holding)
        # All of them are read, or a few are searched for.
        for some in (sorted(counts), sorted(counts)[:3], sorted(holding)[-1:]):
            documents, frequencies = found.counts_among(np.array(some, dtype=np.int64))
            read = dict(zip(documents.tolist(), frequencies.tolist(), strict=True))
            assert {at: read[at] for at in some if at in read} == {
                at: count for at, count in holding.items() if at in some
            }


def test_documents_are_read_as_paragraphs(large: Indexed) -> None:
    documents = large.some(0, 40)
    paragraphs = large.collection.paragraphs(documents)
    for document, paragraph in zip(documents.tolist(), paragraphs, strict=True):
        entry = large.entries[document]
        assert entry is not None
        assert (paragraph.text, paragraph.ordinal) == (entry.text, entry.ordinal)
        assert paragraph.section == entry.section
        assert large.collection.text(document) == entry.text


def test_the_paragraphs_of_each_department_are_counted(large: Indexed) -> None:
    expected = Counter(entry.department for _, entry in large.live())
    assert large.collection.paragraphs_by_department == expected
