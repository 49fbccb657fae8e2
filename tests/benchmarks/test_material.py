from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import generate
from benchmarks.contenders import contender, missing
from benchmarks.kinds import COMPARED, LONGEST, Query, QueryMaker
from benchmarks.material import (
    MIXED,
    Answer,
    Material,
    correct_answers,
    is_exact,
    load,
    matches,
    queries,
)


@pytest.fixture(scope="module")
def material(sample: Path) -> Material:
    return load(sample)


@pytest.mark.parametrize("name", ["baocha", "SQLite FTS5 trigram", "Groonga TokenBigram"])
def test_answers_of_contenders_are_compared_with_the_correct_ones(
    material: Material, tmp_path: Path, name: str
) -> None:
    if lacks := missing(name):
        pytest.skip(lacks)
    found = contender(name, tmp_path / "index")
    maker = QueryMaker(material.texts, material.facets["department"], 1)
    asked = [
        query
        for query in queries(material, 60, seed=1) + maker.queries(3, COMPARED)
        if query.has_parts and query.kind in found.kinds
    ]
    assert len(asked) == 60 + 3 * (len(found.kinds) - 1 - ("relaxed" in found.kinds))
    correct = correct_answers(material, asked)
    found.start()
    try:
        found.build(material)
        found.open(material)
        # SQLite finds only phrases of three or more characters.
        able = [
            all(len(part) > 2 for part in query.phrases + query.alternatives + query.excluded)
            for query in asked
        ]
        for query, right, long in zip(asked, correct, able, strict=True):
            ways = (found.ids, found.whole) if query.kind == MIXED else (found.whole,)
            exact = {is_exact(found.answer(way(query)), right, query.limit) for way in ways}
            if long or name != "SQLite FTS5 trigram":
                assert exact == {True}, query
            elif query.kind == MIXED:
                assert exact == {False}, query
    finally:
        found.close()


def test_a_filter_by_department_does_not_change_the_counts_of_departments(
    material: Material,
) -> None:
    name = next(name for name in material.facets["department"] if name)
    query = Query("filter", "的", phrases=("的",), department=name)
    filtered, every = correct_answers(material, [query, replace(query, department="")])
    assert filtered.facets["department"] == every.facets["department"]
    assert filtered.total == every.facets["department"][name] < every.total
    assert sum(filtered.facets["kind"].values()) == filtered.total


@pytest.mark.parametrize(("between", "near"), [(20, True), (21, False)])
def test_words_are_near_if_at_most_20_characters_are_between_them(
    between: int, *, near: bool
) -> None:
    texts = [f"水库{'甲' * between}巡查", f"巡查{'甲' * between}水库"]
    query = Query("near", "", phrases=("水库", "巡查"), near=True)
    assert [matches(query, text) for text in texts] == [near, near]


def test_queries_come_from_the_texts_and_are_the_same_for_a_seed(material: Material) -> None:
    asked, again, other = (queries(material, 60, seed) for seed in (1, 1, 2))
    typed, typed_again, typed_other = ([q.typed for q in of] for of in (asked, again, other))
    assert typed == typed_again != typed_other
    assert all(answer.total for answer in correct_answers(material, asked))
    assert all(1 <= len("".join(query.phrases)) <= LONGEST for query in asked)
    assert sum(query.typed.startswith('"') for query in asked) == 30


@pytest.mark.parametrize(
    "answer",
    [
        Answer(2, {"kind": {"a": 3}}, [1, 2, 3]),
        Answer(3, {"kind": {"a": 2}}, [1, 2, 3]),
        Answer(3, {"kind": {"a": 3}}, [1, 2, 4]),
        Answer(3, {"kind": {"a": 3}}, [1, 2]),
    ],
)
def test_an_answer_that_differs_in_anything_is_not_exact(answer: Answer) -> None:
    correct = Answer(3, {"kind": {"a": 3}}, [1, 2, 3])
    assert is_exact(correct, correct)
    assert not is_exact(answer, correct)
    assert is_exact(Answer(3, {"kind": {"a": 3}}, []), correct, limit=0)
    assert not is_exact(Answer(3, {"kind": {"a": 3}}, [1, 2]), correct, limit=None)


def test_generated_reports_are_the_same_for_a_seed_and_have_the_given_length_of_paragraphs(
    tmp_path: Path,
) -> None:
    generate.write(tmp_path / "one", 2000, 140, seed=1)
    generate.write(tmp_path / "two", 2000, 140, seed=1)
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "one").iterdir())]
    assert texts == [path.read_text("utf-8") for path in sorted((tmp_path / "two").iterdir())]
    material = load(tmp_path / "one")
    assert len(material.texts) == 2000
    assert 120 < sum(map(len, material.texts)) / 2000 < 160
