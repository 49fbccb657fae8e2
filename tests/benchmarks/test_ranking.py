import json
import math
from pathlib import Path
from typing import Any

import pytest

from baocha.search import open_engine
from baocha_indexer.store.write import IndexWriter
from benchmarks.contenders.bm25 import Bm25, terms
from benchmarks.ranking import DEPTH, Ranked, best_of, measure, rank, read, write_report

PARAGRAPHS = (
    "水务局负责青湖水库的日常巡查和大坝维护。",
    "教育局全年改造农村学校食堂二十三所。",
    "农业农村局推广了水稻新品种，试种面积三百亩。",
    "水务局完成了农村供水管网改造。",
)
QUESTIONS = (
    ("青湖水库由哪个部门负责巡查？", 0),
    ("全年改造了多少所学校食堂？", 1),
    ("水稻新品种的试种面积是多少？", 2),
    ("谁完成了供水管网改造？", 3),
    ("这是什么意思？", 3),
)


def squad(paragraphs: tuple[str, ...]) -> dict[str, Any]:
    asked = [
        {"context": text, "qas": [{"question": q} for q, about in QUESTIONS if about == at]}
        for at, text in enumerate(paragraphs)
    ]
    return {"data": [{"paragraphs": asked[:2]}, {"paragraphs": asked[2:]}]}


@pytest.fixture
def question_file(tmp_path: Path) -> Path:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(squad(PARAGRAPHS)), "utf-8")
    return path


def test_both_forms_are_read_and_equal_paragraphs_are_one(
    question_file: Path, tmp_path: Path
) -> None:
    found = read(question_file)
    assert (found.paragraphs, found.questions) == (PARAGRAPHS, QUESTIONS)
    other = [[text[:5], text[5:]] for text in PARAGRAPHS]
    asked = [[{"question": q} for q, about in QUESTIONS if about == at] for at in range(4)]
    documents = [[lines, a, "id"] for lines, a in zip(other, asked, strict=True)]
    path = tmp_path / "other.json"
    path.write_text(json.dumps([*documents, [other[0], [{"question": "?"}], "id"]]), "utf-8")
    found = read(path)
    assert found.paragraphs == tuple(f"{text[:5]}\n{text[5:]}" for text in PARAGRAPHS)
    assert found.questions == (*QUESTIONS, ("?", 0))


def test_a_question_that_could_be_about_any_paragraph_is_not_specific(question_file: Path) -> None:
    found = read(question_file)
    assert QUESTIONS[-1] in found.questions
    assert found.specific().questions == QUESTIONS[:-1]


def test_the_ranks_of_the_answers_are_those_of_the_results(question_file: Path) -> None:
    found = read(question_file)
    measured = measure(found)
    assert set(measured) == {"baocha", "BM25"}
    for ranked in measured.values():
        assert ranked.ranks[:4] == (1, 1, 1, 1)
        assert len(ranked.seconds) == len(ranked.ranks) == 5


def test_a_question_whose_answer_is_not_among_the_results_counts_as_0() -> None:
    ranked = rank(lambda _: [0, 1, 3], QUESTIONS)
    assert list(ranked.ranks) == [1, 2, math.inf, 3, 3]
    assert Ranked((1, 2, math.inf, 4), (0.001, 0.002, 0.003, 0.006)).cells() == [
        "0.4375", "0.2500", "0.7500", "3.00", "2.50",
    ]  # fmt: skip


def test_the_hits_are_numbered_as_the_paragraphs(tmp_path: Path) -> None:
    with IndexWriter(tmp_path) as writer:
        write_report(writer, PARAGRAPHS)
    engine = open_engine(tmp_path)
    assert [best_of(engine, f"“{text[:9]}”") for text in PARAGRAPHS] == [[0], [1], [2], [3]]


def test_bm25_has_the_scores_of_its_formula() -> None:
    texts = [list(terms(text)) for text in PARAGRAPHS]
    assert texts[0][:3] == ["水务局", "负责", "青湖"]
    assert texts[0][-2:] == ["坝|维", "维|护"]
    mean = sum(map(len, texts)) / len(texts)
    peer = Bm25(PARAGRAPHS)
    for question, _ in QUESTIONS:
        scores = []
        for text in texts:
            score = 0.0
            for term in terms(question):
                holding = sum(term in other for other in texts)
                frequency = text.count(term)
                weight = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
                norm = 1.2 * (1 - 0.75 + 0.75 * len(text) / mean)
                score += weight * frequency * 2.2 / (frequency + norm)
            scores.append(score)
        expected = sorted((at for at in range(4) if scores[at]), key=lambda at: -scores[at])
        assert peer.best(question, DEPTH) == expected
