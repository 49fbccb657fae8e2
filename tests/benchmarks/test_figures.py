"""Compare the figures of a report with those that a person read."""

import json
from itertools import pairwise

from baocha_indexer.parse import parse
from benchmarks.figures.__main__ import ANSWERS, compare

TEXT = "青湖区水务局2023年部门决算\n\n收入 25.70 万元，增长 3%；第 12 条。\n"


def test_right_and_wrong_figures_labels_and_traps_are_counted() -> None:
    report = parse(TEXT.encode(), "水务局.txt")
    text = report.paragraphs[1].text
    figures = [
        [text.index("25.70"), text.index("25.70") + 5, "amount", "257000", "收入|总收入"],
        [text.index("3%"), text.index("3%") + 1, "rate", "4", "收入"],
    ]
    traps = [
        [text.index("12"), text.index("12") + 2],
        [text.index("25.70"), text.index("25.70") + 5],
    ]
    answer = {"paragraphs": [{"paragraph": 2, "figures": figures, "traps": traps}]}
    counts, mistakes = compare(answer, report)
    assert counts == {
        "found": 2, "figures": 2, "right": 1, "labels": 1, "traps": 2, "traps taken": 1,
    }  # fmt: skip
    assert len(mistakes) == 2


def test_there_are_more_than_500_answers_and_none_overlap() -> None:
    figures = 0
    for answer in json.loads(ANSWERS.read_text("utf-8")):
        for paragraph in answer["paragraphs"]:
            ends = sorted([*(f[:2] for f in paragraph["figures"]), *paragraph["traps"]])
            assert all(one[1] <= two[0] for one, two in pairwise(ends))
            figures += len(paragraph["figures"])
    assert figures > 500
