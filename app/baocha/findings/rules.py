"""The rules, each with its name, its severity and what must hold. `docs/figures.md` describes them."""

from dataclasses import dataclass
from typing import Literal

from baocha_indexer.messages import Message

Severity = Literal["error", "warning", "notice"]
"""How serious a finding is, by how sure it is: a clear contradiction, probably an error, or only a hint."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

SEVERITY_NAMES: dict[Severity, Message] = {
    "error": Message(zh="明确不符", en="clear"),
    "warning": Message(zh="可能不符", en="probable"),
    "notice": Message(zh="供参考", en="hint"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `id` is stable."""

    id: str
    name: Message
    severity: Severity


def _rules(*rules: tuple[str, str, str, Severity]) -> dict[str, Rule]:
    return {name: Rule(name, Message(zh=zh, en=en), severity) for name, zh, en, severity in rules}


RULES = _rules(
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
)
"""The rules by their id, in the order in which they are listed."""


def rule_of(name: str) -> Rule:
    """Return the rule with an id. An index of a later version may have others."""
    return RULES.get(name) or Rule(name, Message(zh=name, en=name), "notice")
