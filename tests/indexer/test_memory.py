"""Limits of memory change how an index is written, never what a search finds."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from baocha.search import open_engine
from baocha_indexer.build import build_index
from baocha_indexer.memory import (
    DEFAULT_LIMITS,
    DEFAULT_MEGABYTES,
    MAX_MEGABYTES,
    MIN_MEGABYTES,
    MemoryLimits,
    memory_limits,
)
from baocha_indexer.store.write.writer import IndexWriter

QUERIES = (
    "绩效",
    "“执行率”",
    "的",
    "预算 执行",
    "招标投标",
    "“没有这句话”",
    "部门:水务局 绩效 | 自评",
)


def test_the_default_memory_gives_the_default_limits() -> None:
    assert memory_limits(DEFAULT_MEGABYTES) == DEFAULT_LIMITS


def test_less_memory_gives_smaller_limits_and_more_only_larger_segments() -> None:
    least, most = memory_limits(MIN_MEGABYTES), memory_limits(MAX_MEGABYTES)
    for field in fields(MemoryLimits):
        values = [getattr(limits, field.name) for limits in (least, DEFAULT_LIMITS, most)]
        assert 0 < values[0] < values[1] <= values[2]
    # Positions have 32 bits; a segment exceeds its limit by one report.
    assert DEFAULT_LIMITS.segment_characters < most.segment_characters < 1 << 30
    assert replace(most, segment_characters=DEFAULT_LIMITS.segment_characters) == DEFAULT_LIMITS


def answers(index: Path) -> list[object]:
    engine = open_engine(index)
    found: list[object] = []
    for query in QUERIES:
        values = engine.search(query, limit=50, sort="document", expand=True).to_dict("zh")
        found.append(
            {k: v for k, v in values.items() if k not in ("took_ms", "generation", "certificate")}
        )
    return found


@pytest.mark.parametrize("characters", [1, 3_000])
def test_small_segments_are_merged_and_give_the_same_answers(
    sample: Path, corpus_index: Path, tmp_path: Path, characters: int
) -> None:
    limits = MemoryLimits(characters, postings=1_000, queued_bytes=1, queued_per_worker=2)
    build_index([sample], tmp_path / "index", limits=limits, jobs=2)
    assert len(list((tmp_path / "index").glob("MAIN_*.arrays"))) == 1
    assert answers(tmp_path / "index") == answers(corpus_index)


def test_a_segment_is_written_when_it_has_the_characters_of_the_limit(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IndexWriter, "merge", lambda _writer: None)
    counts = []
    for number, characters in enumerate((1, 10_000, DEFAULT_LIMITS.segment_characters)):
        limits = replace(DEFAULT_LIMITS, segment_characters=characters)
        index = tmp_path / str(number)
        summary = build_index([sample], index, limits=limits)
        counts.append(len(list(index.glob("MAIN_*.arrays"))))
        assert answers(index) == answers(tmp_path / "0")
    assert counts[0] == len(summary.indexed)
    assert counts[0] > counts[1] > counts[2] == 1
