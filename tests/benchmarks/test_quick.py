"""The comparison of two versions, on a few reports and queries."""

import numpy as np
from click.testing import CliRunner

from benchmarks import quick
from benchmarks.kinds import Query, QueryMaker

TEXTS = [
    "本年度部门预算执行率为97.6%，重点项目均已完成，绩效目标基本实现。",
    "“三公”经费支出同比下降，主要原因是压减一般性支出。",
    "下一步将加强预算绩效管理，完善内部控制制度，提高资金使用效益。",
] * 20


def test_the_same_seed_makes_the_same_queries_of_every_kind() -> None:
    made, again = (QueryMaker(TEXTS, ["水务局"] * 60, 1).queries(3) for _ in "12")
    assert [(q.kind, q.typed) for q in made] == [(q.kind, q.typed) for q in again]
    kinds = {query.kind for query in made}
    assert {"one character", "common phrase", "near", "relaxed", "filter", "export"} <= kinds
    assert len(made) == 3 * len(kinds)
    assert all(len(query.typed) == 3 for query in made if query.kind == "one character")


def test_a_slower_version_has_an_interval_above_one() -> None:
    asked = [Query("keyword", str(number)) for number in range(30)]
    other = np.random.default_rng(1).uniform(1, 2, (1, 3, 30, 2))
    rows = list(quick._table(asked, np.concatenate([other * 1.5, other])))
    assert rows[2].startswith("| keyword | 1.50 | 1.50–1.50 | 1.50 | 1.50–1.50 |")


def test_two_versions_are_compared_and_different_answers_counted() -> None:
    arguments = ["--paragraphs", "200", "--each", "1", "--rounds", "1"]
    result = CliRunner().invoke(quick.main, arguments)
    assert "| all |" in result.output, result.output
    # A change that is not committed may change answers.
    assert ("0 answers differ" in result.output.splitlines()) == (result.exit_code == 0)
