import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha.search.local.match import Evaluation
from baocha.search.local.suggest.pairs import Pairs
from baocha.search.local.suggest.readings import OTHER, SAME, SIMILAR
from baocha.search.local.suggest.spelling import corrections, one_change_away
from baocha_indexer.text import bare, fold
from tests.app.search.indexes import (
    Indexed,
    collections,
    folded_phrases,
    sentences,
    write_index,
    write_segments,
)
from tests.app.search.reference import Entry, occurrences


def is_one_change(one: str, other: str) -> bool:
    """Return whether one change makes one text of the other, in the plainest way."""
    if len(one) == len(other):
        places = [at for at in range(len(one)) if one[at] != other[at]]
        if len(places) == 2 and places[1] == places[0] + 1:
            first, second = places
            return (one[first], one[second]) == (other[second], other[first])
        return len(places) == 1
    shorter, longer = sorted((one, other), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


def substrings(texts: Sequence[str], lengths: range) -> Iterator[str]:
    for text in texts:
        for start in range(len(text)):
            for length in lengths:
                if start + length <= len(text):
                    yield text[start : start + length]


def indexed(folder: Path, entries: list[Entry], *, segments: bool) -> Indexed:
    return Indexed.of((write_segments if segments else write_index)(folder, entries), entries)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(entries=collections(), typed=st.lists(folded_phrases, max_size=12), segments=st.booleans())
def test_all_texts_that_differ_in_one_change_are_found_and_counted(
    entries: list[Entry], typed: list[str], *, segments: bool
) -> None:
    texts = [bare(fold(entry.text)) for entry in entries]
    with tempfile.TemporaryDirectory() as folder:
        collection = indexed(Path(folder, "index"), entries, segments=segments).collection
        pairs = Pairs(collection)
        for text in map(bare, typed):
            if len(text) < 2 or any(text in other for other in texts):
                continue
            expected = {
                other: sum(len(occurrences(other, inside)) for inside in texts)
                for other in set(substrings(texts, range(len(text) - 1, len(text) + 2)))
                if is_one_change(text, other)
            }
            assert one_change_away(text, Evaluation(collection), pairs) == Counter(expected)


def test_a_large_collection_gives_the_same(large: Indexed) -> None:
    texts = [bare(fold(entry.text)) for _, entry in large.live()]
    for text in ("预绩算", "效效效b", "自评平", "预预算年", "a预", "后后后", "算评后预算"):
        if any(text in other for other in texts):
            continue
        expected = {
            other: sum(len(occurrences(other, inside)) for inside in texts)
            for other in set(substrings(texts, range(len(text) - 1, len(text) + 2)))
            if is_one_change(text, other)
        }
        found = one_change_away(text, large.evaluation(), Pairs(large.collection))
        assert found == Counter(expected)


SENTENCES = (
    "招商引资工作取得成效。",
    "全区招商引资情况。",
    "绩效目标设定合理。",
    "绩效目标设置合理，预算执行率为97.6%。",
    "加强预算执行管理。",
    "森林资源保护，生林业务。",
)


@pytest.fixture
def collection(tmp_path: Path) -> Indexed:
    return indexed(tmp_path / "index", sentences(texts=SENTENCES), segments=False)


@pytest.mark.parametrize(
    ("typed", "wanted", "alike"),
    [
        ("招商引自", "招商引资", SAME),
        ("预蒜执行", "预算执行", SAME),
        ("招桑引资", "招商引资", SIMILAR),
        ("绩效目表", "绩效目标", SAME),
        ("绩效木标", "绩效目标", SAME),
        ("招商资引", "招商引资", OTHER),
        ("招商商引资", "招商引资", OTHER),
        ("招引资", "招商引资", OTHER),
        ("招商办资", "招商引资", OTHER),
    ],
)
def test_a_typing_error_is_corrected(
    collection: Indexed, typed: str, wanted: str, alike: int
) -> None:
    found = dict(corrections(typed, collection.evaluation(), Pairs(collection.collection)))
    assert found[wanted] == alike


def test_corrections_of_the_same_sound_come_first_and_alone(collection: Indexed) -> None:
    pairs = Pairs(collection.collection)
    assert [text for text, _ in corrections("绩效目表", collection.evaluation(), pairs)] == [
        "绩效目标"
    ]


@pytest.mark.parametrize(
    "typed", ["", "绩", "，", "98.6%", "绩" * 1000, "没有这句", "绩效目标甲乙"]
)
def test_figures_and_texts_that_are_too_short_or_too_long_are_not_corrected(
    collection: Indexed, typed: str
) -> None:
    assert not list(corrections(typed, collection.evaluation(), Pairs(collection.collection)))


def test_a_correction_never_cuts_a_word_off(collection: Indexed) -> None:
    pairs = Pairs(collection.collection)
    found = [text for text, _ in corrections("绩效目标设啊", collection.evaluation(), pairs)]
    assert "绩效目标设" not in found
