"""The cache of frequent phrases: bounded, apart for each scope, and without effect on answers."""

from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Filters
from baocha.search.local import counted
from baocha.search.local.counted import CountedPhrase, CountedPhrases, PhraseCache
from baocha.search.local.engine import LocalEngine
from tests.app.search.indexes import write_index
from tests.app.search.reference import Entry


def phrase(documents: int) -> CountedPhrase:
    numbers = np.arange(documents, dtype=np.uint16)
    return CountedPhrase(numbers, np.ones(documents, dtype=np.uint8), documents)


# Few documents of many, or most of some: the two forms in which they are packed.
@given(
    st.dictionaries(st.integers(0, 200_000), st.integers(1, 70_000), min_size=1)
    | st.dictionaries(st.integers(0, 60), st.integers(1, 300), min_size=9)
)
def test_documents_and_counts_are_read_as_they_were_added(added: dict[int, int]) -> None:
    documents = np.array(sorted(added), dtype=np.int64)
    counts = np.array([added[at] for at in sorted(added)], dtype=np.int64)
    entry = CountedPhrase.of(documents, counts, int(counts.sum()))
    assert entry.documents.tolist() == documents.tolist()
    assert entry.documents.dtype == np.int64
    assert entry.counts.tolist() == counts.tolist()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 300)), max_size=40))
def test_the_cache_never_has_more_bytes_than_its_limit(added: list[tuple[int, int]]) -> None:
    cache = PhraseCache(max_bytes=3000)
    sizes: dict[str, int] = {}
    for number, documents in added:
        text = str(number)
        sizes.setdefault(text, documents)
        cache.add((0, text, True), phrase(sizes[text]))
        kept = [entry for t in sizes if (entry := cache.get((0, t, True)))]
        assert cache.bytes == sum(entry.bytes for entry in kept) <= 3000


def test_the_phrase_that_was_used_least_recently_is_removed() -> None:
    cache = PhraseCache(max_bytes=2000)
    for text in "ab":
        cache.add((0, text, True), phrase(90))
    cache.get((0, "a", True))
    cache.add((0, "c", True), phrase(90))
    assert [text for text in "abc" if cache.get((0, text, True))] == ["a", "c"]


def test_scopes_do_not_see_the_counts_of_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "CACHED_FROM", 1)
    whole = CountedPhrases()
    documents = np.arange(3)
    whole.add("预算", documents, np.ones(3, dtype=np.int64), 3, ignores_marks=True)
    assert whole.get("预算", ignores_marks=True)
    assert not whole.get("预算", ignores_marks=False)
    assert not whole.for_new_scope().get("预算", ignores_marks=True)


def entries(count: int) -> list[Entry]:
    texts = ("预算执行的情况，预算", "预（算）执行", "的的的的", "决算", "预算执行")
    return [
        Entry(f"r{at % 7}", at, texts[at % 5], "水务局" if at % 7 else "教育局", 2022, "一", "决算")
        for at in range(1, count)
    ]


QUERIES = (
    "的",
    "预算",
    "“预算执行”",
    "=“预算”",
    "预算 执行",
    "预算 -的",
    '"预 算"~3',
    "缺",
    "的 情况",
)


@pytest.fixture
def engine(tmp_path: Path) -> LocalEngine:
    return LocalEngine.open(write_index(tmp_path / "index", entries(400)))


def answers(engine: LocalEngine) -> list[dict[str, Any]]:
    found = []
    for query in QUERIES:
        values = engine.search(query).to_dict("zh")
        found.append({k: v for k, v in values.items() if k not in ("took_ms", "certificate")})
    return found


def test_answers_are_the_same_with_a_cache_of_any_size(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = answers(engine)
    monkeypatch.setattr(counted, "CACHED_FROM", 1)
    assert answers(engine) == without  # fills the cache
    assert answers(engine) == without  # reads it
    phrases = engine._collection.phrases
    assert phrases.get("预算", ignores_marks=True)


def test_an_engine_of_a_scope_counts_only_its_reports_when_the_whole_is_cached(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = engine.restricted_to(Filters(department=("教育局",)))
    expected = answers(scope)
    monkeypatch.setattr(counted, "CACHED_FROM", 1)
    answers(engine)
    scope = engine.restricted_to(Filters(department=("教育局",)))
    assert answers(scope) == expected
    assert answers(scope) == expected


def test_threads_that_search_at_the_same_time_get_the_same_answers(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(engine)
    monkeypatch.setattr(counted, "CACHED_FROM", 1)
    # So small that every search removes what another one added.
    monkeypatch.setattr(engine._collection.phrases._cache, "_max_bytes", 1500)
    found: list[list[dict[str, Any]]] = []
    threads = [Thread(target=lambda: found.append(answers(engine))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8
