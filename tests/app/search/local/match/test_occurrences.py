"""Every occurrence of a phrase is found, compared with a search in each folded text."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baocha.search.local.collection import Collection
from baocha.search.local.match.occurrences import Occurrences
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.text import MARKS, bare, fold
from tests.app.search.indexes import Indexed, few_examples, folded_phrases, write_index
from tests.app.search.reference import Entry, occurrences

sizes = st.sampled_from([0, 1, 5, 300, 1500])
seeds = st.integers(0, 99)

# In more than 1,000 paragraphs, in some, in none; one character and several.
frequent_and_rare = st.one_of(
    folded_phrases,
    st.sampled_from(["预", "预算", "预算预算", "绩效", "㎡", "m2", "后", "后续", "火"]),
)


def expected_spans(indexed: Indexed, folded: str, *, exact: bool) -> list[tuple[int, int, int]]:
    """Return the document, and the first and last offset in the folded text, of each occurrence."""
    sought = folded if exact else bare(folded) or folded
    skipped = set() if exact or not bare(folded) else set(MARKS)
    spans = []
    for document, entry in indexed.live():
        origins = [at for at, char in enumerate(fold_cached(entry)) if char not in skipped]
        searched = "".join(fold_cached(entry)[at] for at in origins)
        if sought in searched:
            spans += [
                (document, origins[at], origins[at + len(sought) - 1])
                for at in occurrences(sought, searched)
            ]
    return spans


def expected_places(indexed: Indexed, folded: str, *, exact: bool = False) -> list[tuple[int, int]]:
    """Return the document and the offset in the folded text of each occurrence."""
    return [
        (document, first) for document, first, _ in expected_spans(indexed, folded, exact=exact)
    ]


_folded: dict[str, str] = {}


def fold_cached(entry: Entry) -> str:
    if entry.text not in _folded:
        _folded[entry.text] = fold(entry.text)
    return _folded[entry.text]


@pytest.mark.parametrize("exact", [False, True])
@few_examples
@given(folded=frequent_and_rare)
@example(folded="预算绩效自评")
@example(folded="预算”绩效")
@example(folded="”")
@example(folded="。”")
def test_every_occurrence_is_found_and_no_other(
    large: Indexed, folded: str, *, exact: bool
) -> None:
    found = Occurrences(folded, large.collection, exact=exact)
    starts = large.collection.starts
    spans = zip(
        (starts.searchsorted(found.positions, "right") - 1).tolist(),
        found.positions.tolist(),
        found.last_positions(found.positions).tolist(),
        strict=True,
    )
    offsets = [
        (document, *(at - int(starts[document]) for at in ends)) for document, *ends in spans
    ]
    assert sorted(offsets) == expected_spans(large, folded, exact=exact)
    if len(found.text) > 1:
        assert offsets == sorted(offsets)


def test_an_occurrence_across_marks_ends_with_its_paragraph(tmp_path: Path) -> None:
    texts = ["预“算”绩", "效自评", "“预算”绩效自评", "预算（绩）", "（）效自评"]
    entries = [Entry("r", n, text, None, None, "", "") for n, text in enumerate(texts, start=1)]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    evaluation = indexed.evaluation()
    assert evaluation.occurrences("预算绩效自评").documents.tolist() == [2]
    assert evaluation.occurrences("预算绩").documents.tolist() == [0, 2, 3]
    assert evaluation.occurrences("预算绩", exact=True).documents.tolist() == []


@few_examples
@given(folded=frequent_and_rare)
def test_each_document_is_counted_with_its_frequency(large: Indexed, folded: str) -> None:
    found = Occurrences(folded, large.collection)
    expected = Counter(document for document, _ in expected_places(large, folded))
    assert found.documents.tolist() == sorted(expected)
    assert found.counts.tolist() == [expected[document] for document in sorted(expected)]


@few_examples
@given(folded=frequent_and_rare, seed=seeds, size=sizes)
@example(folded="预", seed=0, size=5)
@example(folded="预算", seed=0, size=5)
@example(folded="预算", seed=0, size=1500)
def test_frequencies_in_some_documents_are_the_same_before_and_after_counting_all(
    large: Indexed, folded: str, seed: int, size: int
) -> None:
    documents = large.some(seed, size)
    counts = Counter(document for document, _ in expected_places(large, folded))
    expected = [counts[document] for document in documents.tolist()]
    found = Occurrences(folded, large.collection)
    assert found.counts_in(documents).tolist() == expected
    assert found.documents.tolist() == sorted(counts)
    assert found.counts_in(documents).tolist() == expected


@few_examples
@given(folded=frequent_and_rare, asked=st.lists(st.tuples(seeds, sizes), min_size=1, max_size=3))
@example(folded="预", asked=[(0, 5), (1, 5), (2, 5)])
def test_positions_inside_some_documents_are_ascending_and_complete(
    large: Indexed, folded: str, asked: list[tuple[int, int]]
) -> None:
    places = expected_places(large, folded)
    starts = large.collection.starts
    found = Occurrences(folded, large.collection)
    # The positions of a character are sorted for the first documents asked for, then for all.
    for seed, size in asked:
        documents = large.some(seed, size)
        wanted = set(documents.tolist())
        positions, holders = found.inside(documents)
        offsets = positions.astype(np.int64) - starts[holders]
        assert list(zip(holders.tolist(), offsets.tolist(), strict=True)) == [
            place for place in places if place[0] in wanted
        ]


@few_examples
@given(folded=frequent_and_rare)
def test_the_work_is_known_before_and_no_less_than_the_number_of_occurrences(
    large: Indexed, folded: str
) -> None:
    found = Occurrences(folded, large.collection)
    work = found.work
    assert "positions" not in found.__dict__
    assert work >= len(found.positions)


@few_examples
@given(folded=folded_phrases.filter(lambda folded: len(folded) > 1))
def test_the_documents_of_each_pair_are_counted(one_segment: Indexed, folded: str) -> None:
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    found = Occurrences(folded, one_segment.collection, exact=True)
    assert list(found.pair_documents) == [
        len({document for document, _ in expected_places(one_segment, pair, exact=True)})
        for pair in pairs
    ]


@pytest.mark.parametrize("folded", ["预算", "预算绩", "绩效预算", "预算绩效自评", "预算预算预算预"])
def test_the_work_is_that_of_the_rarest_pair_for_every_two_characters(
    one_segment: Indexed, folded: str
) -> None:
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    rarest = min(len(expected_places(one_segment, pair, exact=True)) for pair in pairs)
    assert rarest > 0
    lists = (len(folded) + 1) // 2
    assert Occurrences(folded, one_segment.collection, exact=True).work == rarest * lists
    # Across marks, the search starts with the crossings of each pair.
    crossings = sum(
        len(set(expected_places(one_segment, pair)))
        - len(set(expected_places(one_segment, pair, exact=True)))
        for pair in pairs
    )
    assert Occurrences(folded, one_segment.collection).work == (rarest + crossings) * lists


def test_the_work_for_a_character_is_the_number_of_its_occurrences(one_segment: Indexed) -> None:
    work = Occurrences("预", one_segment.collection).work
    assert work == len(expected_places(one_segment, "预"))


@pytest.mark.parametrize("folded", ["预", "预算", "预算绩效"])
def test_an_empty_index_has_no_occurrences(tmp_path: Path, folded: str) -> None:
    found = Indexed.of(write_index(tmp_path / "index", []), []).evaluation().occurrences(folded)
    assert found.work == 0
    assert found.positions.tolist() == found.documents.tolist() == found.counts.tolist() == []


def test_the_documents_of_a_character_are_at_most_its_occurrences(large: Indexed) -> None:
    for folded in ("预", "火"):
        found = Occurrences(folded, large.collection)
        (bound,) = found.pair_documents
        assert len(found.documents) <= bound <= len(found.positions)


@given(folded=folded_phrases.filter(lambda folded: len(folded) > 1))
def test_the_documents_of_a_pair_in_all_segments_include_removed_ones(
    many_segments: Indexed, folded: str
) -> None:
    counts = Occurrences(folded, many_segments.collection, exact=True).pair_documents
    assert len(counts) == len(folded) - 1
    for at, count in enumerate(counts):
        places = expected_places(many_segments, folded[at : at + 2], exact=True)
        live = {document for document, _ in places}
        # Each report has a removed copy in the same segment.
        assert count >= 2 * len(live)


def test_in_a_restricted_scope_only_the_visible_documents_of_a_pair_are_counted(
    large: Indexed,
) -> None:
    snapshot = Snapshot(large.folder)
    visible = np.arange(snapshot.report_count) % 2 == 0
    found = Occurrences("预算绩效", Collection(snapshot.only(visible)))
    live = {at for at, _ in expected_places(large, "预算绩效")}
    seen = [at for at in sorted(live) if visible[large.collection.report_of[at]]]
    assert 0 < len(seen) < len(live)
    assert found.documents.tolist() == seen
    assert list(found.pair_documents) == [len(seen)] * 3
