"""The rules about the text of one report: checks that were made when it was indexed."""

from collections.abc import Iterable, Iterator, Sequence

from baocha.findings.finding import Finding
from baocha.findings.rules import make_rules, rule_in
from baocha.search import Engine, Filters, ReportSummary
from baocha_indexer.model import Check

RULES = make_rules(
    ("number-format", "数字格式", "number format", "error"),
    ("execution-rate", "执行率", "execution rate", "error"),
    ("completion-rate", "完成率", "rate of completion", "error"),
    ("formula", "公式", "formula", "error"),
    ("share", "占比", "share", "error"),
    ("change", "增减变动", "change", "error"),
    ("base-year", "对比年度", "year of comparison", "error"),
    ("average", "人均", "average", "error"),
    ("comparison", "预决算比较", "final account and budget", "error"),
    ("sum", "分项合计", "sum of parts", "error"),
    ("balance", "收支平衡", "balance", "error"),
    ("list-sum", "科目合计", "sum of budget items", "error"),
    ("table-sum", "表内合计", "sum in a table", "error"),
    ("table-rate", "表内比率", "rates in a table", "error"),
    ("text-table", "文表核对", "text and table", "error"),
    ("repetition", "前后一致", "figure given twice", "warning"),
    ("unit", "计量单位", "unit", "error"),
    ("weights-sum", "分值合计", "sum of weights", "error"),
    ("scores-sum", "得分合计", "sum of scores", "error"),
    ("score-within-weight", "得分与分值", "score within its weight", "error"),
    ("reason-for-loss", "扣分未填原因", "no reason for deducted points", "warning"),
    ("full-score-met", "满分而未达目标", "full score without the target", "warning"),
    ("target-too-low", "目标值偏低", "target too low", "notice"),
    ("execution-score", "预算执行率得分", "score for the execution rate", "warning"),
    ("grade", "等级", "grade", "error"),
    ("wrong-year", "年度有误", "wrong year", "warning"),
    ("wrong-name", "部门名称有误", "wrong department", "warning"),
)


class Checks:
    """The findings of stored checks that failed."""

    rules = RULES

    def find(self, engine: Engine, filters: Filters) -> Iterator[Finding]:
        """Yield a finding for each rule and explanation of the checks of a report that failed."""
        for report, analysis in engine.analyses(filters=filters):
            yield from findings_of(report, analysis.checks)


def findings_of(report: ReportSummary, checks: Iterable[Check]) -> list[Finding]:
    """Return a finding for each rule and explanation of the checks of a report that failed.

    If a table is repeated, its checks fail with equal explanations: they are one finding with the
    paragraphs of all.
    """
    failed: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.holds is False:
            failed.setdefault((check.rule, check.explanation.zh), []).append(check)
    return [_finding(report, equal) for equal in failed.values()]


def _finding(report: ReportSummary, checks: Sequence[Check]) -> Finding:
    """Return the finding of failed checks with one rule and one explanation."""
    first = checks[0]
    evidence = [place for check in checks for place in check.evidence]
    ordinals = dict.fromkeys(ordinal for check in checks for ordinal in check.paragraphs)
    return Finding.of(
        rule_in(_BY_ID, first.rule),
        report,
        {
            ordinal: tuple(
                dict.fromkeys(span for at, span in evidence if at == ordinal and span != (0, 0))
            )
            for ordinal in ordinals
        },
        first.explanation,
        severity="notice" if first.is_slight else None,
    )


_BY_ID = {rule.id: rule for rule in RULES}
