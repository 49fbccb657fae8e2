"""What a rule is. `docs/findings.md` describes each rule."""

from collections.abc import Mapping
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
    """A rule. `id` is stable. `severity`: of its findings, unless one says otherwise."""

    id: str
    name: Message
    severity: Severity


def rule_in(rules: Mapping[str, Rule], name: str) -> Rule:
    """Return the rule with an id. An index of a later version may have others."""
    return rules.get(name) or Rule(name, Message(zh=name, en=name), "notice")


def make_rules(*rules: tuple[str, str, str, Severity]) -> tuple[Rule, ...]:
    """Return rules from their ids, Chinese names, English names and severities."""
    return tuple(Rule(name, Message(zh=zh, en=en), severity) for name, zh, en, severity in rules)
