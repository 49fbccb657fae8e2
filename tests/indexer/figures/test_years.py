"""Figures and those of the year before."""

import pytest

from baocha_indexer.figures import figures_of
from baocha_indexer.model import Column, Paragraph


def pairs(
    text: str, role: str = "body", columns: tuple[Column, ...] = ()
) -> list[tuple[str, str | None]]:
    paragraph = Paragraph(1, text, role, "", (), columns=columns)  # type: ignore[arg-type]  # a literal
    return [
        (
            f"{figure.value.normalize():f}",
            None if figure.before is None else f"{figure.before.normalize():f}",
        )
        for figure in figures_of(paragraph, 2024)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“三公”经费支出120元，上年为100元。", [("120", "100"), ("100", None)]),
        ("2024年三公经费预算数12元，2023年预算数15元。", [("12", "15"), ("15", None)]),
        ("本年收入合计500元，上年收入合计450元，同比增长11.1%。", [("500", "450"), ("450", None), ("11.1", None)]),
        ("支出120元，比上年增加20元。", [("120", None), ("20", None)]),
        ("支出120元，上年收入100元。", [("120", None), ("100", None)]),
        ("支出120元，上年支出5户。", [("120", None), ("5", None)]),
    ],
)  # fmt: skip
def test_a_figure_has_the_value_of_the_year_before(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert pairs(text) == expected


def test_a_row_of_a_table_has_the_year_before_in_another_column() -> None:
    columns = (Column("项目", ""), Column("上年决算数", "元"), Column("本年决算数", "元"))
    assert pairs("办公费 | 5 | 7", "table", columns) == [("5", None), ("7", "5")]


def test_of_several_the_nearest_is_used() -> None:
    text = "上年支出1元。支出2元。支出3元，上年支出4元。"
    assert pairs(text) == [("1", None), ("2", "1"), ("3", "4"), ("4", None)]


def test_a_paragraph_of_thousands_of_years_is_paired_fast() -> None:
    found = pairs("支出2元，上年支出1元。" * 3000)
    assert len(found) == 6000
    assert {before for _, before in found} == {"1", None}
