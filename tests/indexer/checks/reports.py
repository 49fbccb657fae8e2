"""Check reports that are given as texts and rows."""

from collections.abc import Sequence
from dataclasses import replace

from baocha_indexer.checks import checks_of
from baocha_indexer.figures import evaluations_of, figures_of
from baocha_indexer.model import CELL_SEPARATOR, Check, Column, Paragraph

Outcomes = list[tuple[str, bool | None]]


def checks(*texts: str | tuple[str, Sequence[Column]]) -> list[Check]:
    """Return the checks of a report with these paragraphs; rows of tables have their columns."""
    paragraphs = [
        Paragraph(at, text, "body", "", ())
        if isinstance(text, str)
        else Paragraph(at, text[0], "table", "", (), columns=tuple(text[1]))
        for at, text in enumerate(texts, start=1)
    ]
    paragraphs = [replace(one, figures=figures_of(one, 2023)) for one in paragraphs]
    return list(checks_of(paragraphs, evaluations_of(paragraphs)))


def outcomes(*texts: str | tuple[str, Sequence[Column]]) -> Outcomes:
    return [(check.rule, check.holds) for check in checks(*texts)]


def failed(*texts: str | tuple[str, Sequence[Column]]) -> list[str]:
    """Return the rules that do not hold."""
    return [rule for rule, holds in outcomes(*texts) if holds is False]


FORM = [
    Column(head, "")
    for head in (
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因",
    )
]  # fmt: skip


def form(*rows: str) -> list[tuple[str, list[Column]]]:
    """Return the rows of a self-evaluation, with the row of its heads."""
    head = CELL_SEPARATOR.join(column.head for column in FORM)
    return [(text, FORM if text != head else []) for text in (head, *rows)]
