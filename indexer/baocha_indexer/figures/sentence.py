"""Find the figures of running text."""

from baocha_indexer.figures.labels import measures_of
from baocha_indexer.figures.names import period_of, standard_name
from baocha_indexer.figures.quantities import find_quantities
from baocha_indexer.model import Figure


def figures_of_text(
    text: str, plain: str, year: int | None, start: int = 0, heads: str = ""
) -> list[Figure]:
    """Return the figures of a text, in their order.

    `plain`: what `normalise` returns for the text. `start`: where the text begins in its paragraph. `heads`:
    the label of a figure whose own words say nothing.
    """
    quantities = find_quantities(plain)
    found = []
    for quantity, measure in zip(quantities, measures_of(plain, quantities), strict=True):
        label = measure.label or heads
        begin, end = quantity.start, quantity.end
        kind = quantity.unit.kind
        if quantity.unit.is_bare and label.endswith(_COUNTED):
            kind = "count"
        name = standard_name(label, kind)
        found.append(
            Figure(
                kind,
                -quantity.value if measure.is_fall and quantity.value > 0 else quantity.value,
                quantity.unit.text,
                text[begin:end],
                (start + begin, start + end),
                label,
                name,
                period_of(measure.clause, label, name, year),
                "下降" if measure.qualifier == "增长" and quantity.value < 0 else measure.qualifier,
                "later" if quantity.is_shared else "beside",
                quantity.unit.currency,
            )
        )
    return found


_COUNTED = (
    "人数",
    "人口",
    "学生",
    "教师",
    "职工",
    "群众",
    "居民",
    "农民",
    "游客",
    "旅客",
    "人员",
    "数量",
    "次数",
    "流量",
    "人次",
    "户数",
    "用户",
    "粉丝",
    "点击量",
    "浏览量",
    "阅读量",
    "播放量",
)
"""Ends of labels that count things: with them, 120 万 is no amount of money."""
