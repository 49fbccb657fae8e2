from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha_indexer.prepare import prepare
from baocha_indexer.store.segment import Segment
from baocha_indexer.store.write.builder import SegmentBuilder
from baocha_indexer.store.write.merge import merge_segments
from baocha_indexer.store.write.merge_policy import IndexSegment, Size, segments_to_merge
from tests.indexer.store.reports import report

TEXT = st.text(st.sampled_from("绩效管理a1 ,\u0301，\u200b预算万元%.2"), max_size=12)
Texts = list[list[str]]
REPORTS: st.SearchStrategy[Texts] = st.lists(st.lists(TEXT, min_size=1, max_size=5), min_size=1)


def built(path: Path, reports: Sequence[tuple[str, list[str]]]) -> Segment:
    builder = SegmentBuilder()
    for name, texts in reports:
        entry, parsed = report(name, texts, 2000 + len(texts))
        builder.add(entry, prepare(parsed.paragraphs))
    builder.write(path)
    return Segment(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(REPORTS, min_size=1, max_size=4), st.sets(st.integers(0, 12)), st.integers(1, 40))
def test_a_merged_segment_is_equal_to_one_built_from_its_live_reports(
    tmp_path: Path, segments: list[Texts], removed: set[int], at_a_time: int
) -> None:
    named = [
        [(f"{part}-{at}", texts) for at, texts in enumerate(reports)]
        for part, reports in enumerate(segments)
    ]
    sources, live = [], []
    for part, reports in enumerate(named):
        gone = {at for at in removed if at < len(reports) and (at + part) % 2}
        sources.append(IndexSegment(built(tmp_path / f"{part}.arrays", reports), gone))
        live += [report for at, report in enumerate(reports) if at not in gone]
    if not live:
        return
    merge_segments(sources, tmp_path / "merged.arrays", postings_at_a_time=at_a_time)
    merged, direct = Segment(tmp_path / "merged.arrays"), built(tmp_path / "direct.arrays", live)
    assert merged.file.names == direct.file.names
    for name in direct.file.names:
        np.testing.assert_array_equal(merged[name], direct[name], err_msg=name)
        assert merged[name].dtype == direct[name].dtype, name
    merged.file.check_contents()


def sized(live: int, removed: int = 0) -> Size:
    return Size(live + removed, live)


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ([], []),
        ([100], []),
        ([100, 1], []),
        ([100, 10, 1], []),
        ([100, 1, 1], [1, 2]),
        ([2, 100, 3], [0, 2]),
        ([100, 11, 1], []),
        ([100, 12, 2], [0, 1, 2]),
        ([8, 8, 8], [0, 1, 2]),
    ],
)
def test_small_segments_are_merged_and_a_much_larger_one_is_kept(
    sizes: list[int], merged: list[int]
) -> None:
    assert segments_to_merge([sized(size) for size in sizes]) == merged


SIZES = st.one_of(
    st.integers(0, 1000), st.integers(0, 1 << 31), st.sampled_from([1 << 29, 1 << 30])
)


@given(st.lists(SIZES, max_size=12))
def test_merging_ends_with_few_segments_and_makes_none_too_large(sizes: list[int]) -> None:
    while chosen := segments_to_merge([sized(size) for size in sizes]):
        assert len(chosen) > 1
        assert chosen == sorted(set(chosen))
        merged = sum(sizes[at] for at in chosen)
        assert merged <= 1 << 30
        sizes = [size for at, size in enumerate(sizes) if at not in chosen] + [merged]
    sizes.sort(reverse=True)
    for at, size in enumerate(sizes):
        smaller = sum(sizes[at + 1 :])
        assert size >= 8 * smaller or size + smaller > 1 << 30


def test_a_segment_just_eight_times_as_large_as_the_smaller_ones_is_left() -> None:
    assert segments_to_merge([sized(8), sized(1)]) == []
    assert segments_to_merge([sized(7), sized(1)]) == [0, 1]


def test_a_segment_too_large_to_merge_does_not_keep_the_others_from_it() -> None:
    assert segments_to_merge([sized(1 << 30), sized(2), sized(1)]) == [1, 2]
    assert segments_to_merge([sized((1 << 30) - 3), sized(1 << 28)]) == []
    assert segments_to_merge([sized((1 << 30) - (1 << 28)), sized(1 << 28)]) == [0, 1]


def test_a_segment_is_rewritten_if_more_than_a_quarter_is_removed() -> None:
    assert segments_to_merge([sized(75, 25)]) == []
    assert segments_to_merge([sized(74, 26)]) == [0]
    assert segments_to_merge([sized(10_000), sized(74, 26)]) == [1]


def test_the_size_of_a_segment_is_that_of_all_and_of_its_live_reports(tmp_path: Path) -> None:
    segment = built(tmp_path / "x.arrays", [("a", ["绩效", "自"]), ("b", ["预 算绩"])])
    assert IndexSegment(segment, set()).size == Size(6, 6)
    assert IndexSegment(segment, {0}).size == Size(6, 3)
    assert IndexSegment(segment, {0, 1}).size == Size(6, 0)
