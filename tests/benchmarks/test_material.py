from pathlib import Path

import pytest

from benchmarks import generate
from benchmarks.contenders import contender
from benchmarks.material import LONGEST, Answer, Material, correct_answers, is_exact, load, queries


@pytest.fixture(scope="module")
def material(sample: Path) -> Material:
    return load(sample)


@pytest.mark.parametrize("name", ["baocha", "SQLite FTS5 trigram"])
def test_answers_of_contenders_are_compared_with_the_correct_ones(
    material: Material, tmp_path: Path, name: str
) -> None:
    asked = queries(material, 60, seed=1)
    correct = correct_answers(material, asked)
    found = contender(name, tmp_path / "index")
    found.build(material)
    found.open(material)
    for search in (found.ids, found.whole):
        exact = [is_exact(found.answer(search(q)), r) for q, r in zip(asked, correct, strict=True)]
        # SQLite finds only phrases of three or more characters.
        long = [all(len(phrase) > 2 for phrase in query.phrases) for query in asked]
        assert exact == ([True] * 60 if name == "baocha" else long)


def test_queries_come_from_the_texts_and_are_the_same_for_a_seed(material: Material) -> None:
    asked = queries(material, 60, seed=1)
    assert asked == queries(material, 60, seed=1) != queries(material, 60, seed=2)
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
