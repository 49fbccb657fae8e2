"""The rules, each with its name, its severity and what must hold. `docs/figures.md` describes them."""

from dataclasses import dataclass
from typing import Literal

from baocha_indexer.messages import Message

Severity = Literal["error", "warning", "notice"]
"""How sure a finding is: the arithmetic is wrong as written; it is probably wrong; it should be looked at."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

SEVERITY_NAMES: dict[Severity, Message] = {
    "error": Message(zh="不符", en="error"),
    "warning": Message(zh="存疑", en="warning"),
    "notice": Message(zh="提示", en="notice"),
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
    ("number-format", "数字写法", "number format", "error"),
    ("execution-rate", "执行率", "rate of execution", "error"),
    ("completion-rate", "完成率", "rate of completion", "error"),
    ("formula", "算式", "formula in the text", "error"),
    ("share", "占比", "share", "error"),
    ("change", "增减幅度", "change from the year before", "error"),
    ("base-year", "对比年度", "year of comparison", "error"),
    ("average", "人均", "average", "error"),
    ("comparison", "大小关系", "comparison in words", "error"),
    ("sum", "其中各项之和", "sum of parts", "error"),
    ("balance", "收支平衡", "balance", "error"),
    ("list-sum", "科目之和", "sum of a list", "error"),
    ("table-sum", "表内合计", "sum in a table", "error"),
    ("table-rate", "表内比率", "rates in a table", "error"),
    ("text-table", "文字与表格", "text and table", "error"),
    ("unit", "单位", "unit", "error"),
    ("weights-sum", "分值之和", "sum of weights", "error"),
    ("scores-sum", "得分之和", "sum of scores", "error"),
    ("score-within-weight", "得分与分值", "score within its weight", "error"),
    ("reason-for-loss", "扣分原因", "reason for a lost score", "warning"),
    ("full-score-met", "满分与目标", "full score and target", "warning"),
    ("target-too-low", "目标值偏低", "target too low", "notice"),
    ("execution-score", "执行率得分", "score of the rate of execution", "warning"),
    ("grade", "等级", "grade", "error"),
)
"""The rules by their id, in the order in which they are listed."""


def rule_of(name: str) -> Rule:
    """Return the rule with an id. An index of a later version may have others."""
    return RULES.get(name) or Rule(name, Message(zh=name, en=name), "notice")
