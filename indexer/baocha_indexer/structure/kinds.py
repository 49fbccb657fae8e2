"""Find the kind of a report in its title, by the rules in `report_kinds.csv`.

Columns: `priority` (the matching rule with the smallest number is used), `kind`, `group`, `pattern`
(a regular expression that is searched in the title) and `reason`. The group is "report" if the
report is about a year and its department, "document" if it is an official document, whose last
word is its kind (文种): 关于印发《…办法》的通知 is a 通知. Source of the official kinds:
《党政机关公文处理工作条例》 (2012), article 8.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

OTHER_KIND = "其他"

# What may follow the last word: （试行）, （财预〔2023〕12号）, 》.
_TAIL = re.compile(
    r"(?:[（(【〔\[](?:[^（(【〔\[）)】〕\]]|[（(〔\[][^（(〔\[）)〕\]]*[）)〕\]])*[）)】〕\]]|[》〉”\"])+$"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    priority: int
    kind: str
    group: str
    pattern: re.Pattern[str]


def _read_rules() -> list[_Rule]:
    with Path(__file__).with_name("report_kinds.csv").open(encoding="utf-8", newline="") as file:
        rules = [
            _Rule(int(row["priority"]), row["kind"], row["group"], re.compile(row["pattern"]))
            for row in csv.DictReader(file)
        ]
    return sorted(rules, key=lambda rule: rule.priority)


_RULES = _read_rules()
KINDS = tuple(dict.fromkeys(rule.kind for rule in _RULES))
"""All kinds that a title can give, without OTHER_KIND."""

_DOCUMENTS = frozenset(rule.kind for rule in _RULES if rule.group == "document")


def kind_of(title: str) -> str | None:
    """Return the kind in a title, or None. The title is in simplified characters, without spaces."""
    text = _TAIL.sub("", title) or title
    return next((rule.kind for rule in _RULES if rule.pattern.search(text)), None)


def is_document(kind: str | None) -> bool:
    """Whether reports of this kind are official documents, not reports about a year."""
    return kind in _DOCUMENTS
