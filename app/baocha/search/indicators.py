"""The rows of indicators of many reports: choose some, count their values."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from baocha.search.engine import Engine
from baocha.search.results import Filters, ReportSummary
from baocha_indexer.checks import GRADES
from baocha_indexer.figures import Evaluation, Indicator, label_key, points_in
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

FULL_SCORE = 100


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of a table of indicators. `table`: the number of the table in its report, from 1.

    `grade`: of the whole table, empty if it is not known.
    """

    report: ReportSummary
    table: int
    project: str
    grade: str
    indicator: Indicator

    @property
    def weight(self) -> Decimal | None:
        """The points that can be reached; None if the cell has no number."""
        return points_in(self.indicator.weight)

    @property
    def score(self) -> Decimal | None:
        """The points that were given; None if the cell has no number."""
        return points_in(self.indicator.score)

    @property
    def is_lost(self) -> bool:
        """Whether the score is below the weight."""
        weight, score = self.weight, self.score
        return weight is not None and score is not None and score < weight

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {
            "report": self.report.to_dict(),
            "table": self.table,
            "project": self.project,
            "grade": self.grade or None,
            **asdict(self.indicator),
        }


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """A filter for rows. An empty text or False matches every row.

    `name`: a part of the name of the indicator, without marks. `lost`: only rows whose score is below
    the weight. `without_reason`: of these, only rows without a reason.
    """

    level1: str = ""
    name: str = ""
    grade: str = ""
    lost: bool = False
    without_reason: bool = False

    def passes(self, row: IndicatorRow) -> bool:
        """Return whether a row is wanted."""
        own = row.indicator
        return (
            (not self.level1 or self.level1 == (own.level1 or UNKNOWN))
            and (not self.name or label_key(self.name) in label_key(own.level3))
            and (not self.grade or self.grade == (row.grade or UNKNOWN))
            and (not self.lost or row.is_lost)
            and (not self.without_reason or (row.is_lost and not row.indicator.has_reason))
        )


def grade_of(evaluation: Evaluation) -> str:
    """Return the grade for the total score of a table, empty if it has no total out of 100.

    Source of the bands: 《项目支出绩效评价管理办法》(财预〔2020〕10号).
    """
    total = evaluation.total
    score = points_in(total.score) if total else None
    weight = points_in(total.weight) if total else None
    if score is None or weight not in (None, FULL_SCORE) or score > FULL_SCORE:
        return ""
    return next(grade for grade, least in GRADES if score >= least)


def indicator_rows(
    report: ReportSummary, evaluations: Iterable[Evaluation]
) -> Iterator[IndicatorRow]:
    """Yield the rows of the tables of indicators of a report."""
    for evaluation in evaluations:
        grade = grade_of(evaluation)
        for indicator in evaluation.rows:
            yield IndicatorRow(report, evaluation.number, evaluation.project, grade, indicator)


def indicators_in(engine: Engine, filters: Filters) -> list[IndicatorRow]:
    """Return the rows of the reports that pass the filters, ordered by report.

    Filters by section and role are ignored: a table of indicators belongs to its whole report.
    """
    filters = replace(filters, section=(), role=())
    return [
        row
        for report, analysis in engine.analyses(filters=filters)
        for row in indicator_rows(report, analysis.evaluations)
    ]


def count_values(rows: Iterable[IndicatorRow], name: str) -> list[tuple[str, int]]:
    """Return the values of `level1` or `grade` with the number of rows, most frequent first."""
    counts = Counter(
        (row.grade if name == "grade" else row.indicator.level1) or UNKNOWN for row in rows
    )
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


INDICATOR_COLUMNS = {
    "level1": Message(zh="一级指标", en="level 1"),
    "level2": Message(zh="二级指标", en="level 2"),
    "level3": Message(zh="三级指标", en="indicator"),
    "target": Message(zh="目标值", en="target"),
    "actual": Message(zh="完成值", en="result"),
    "rate": Message(zh="完成率", en="rate"),
    "weight": Message(zh="分值", en="weight"),
    "score": Message(zh="得分", en="score"),
    "reason": Message(zh="偏差原因及改进措施", en="reason"),
}
"""The columns of a table of indicators, and their names for display."""
