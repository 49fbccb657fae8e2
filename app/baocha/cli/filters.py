"""The filter options of a search."""

import functools
from collections.abc import Callable
from typing import Any

import click

from baocha.cli.options import FOLLOWS
from baocha.cli.usage import LANGUAGE, localized
from baocha.search import COPIED_NAMES, ROLE_NAMES, Filters
from baocha.search.query import YearRange, parse_years
from baocha_indexer.messages import Message


class Years(click.ParamType[YearRange]):
    """Parameter type for years: 2022, 2021-2023 or 未知, converted to a YearRange."""

    name = "years"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the range of years, or fail with a message."""
        if isinstance(value, tuple):
            return value
        years = parse_years(str(value))
        if isinstance(years, Message):
            self.fail(years.render(LANGUAGE), param, ctx)
        return years


def filter_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add an option for each facet. The command gets all of them as the argument `filters`."""

    @functools.wraps(command)
    def filtered(
        *,
        department: tuple[str, ...],
        year: tuple[YearRange, ...],
        section: tuple[str, ...],
        kind: tuple[str, ...],
        role: tuple[str, ...],
        region: tuple[str, ...],
        level: tuple[str, ...],
        copied: tuple[str, ...],
        follow: bool,
        **others: Any,
    ) -> int:
        click.get_current_context().meta[FOLLOWS] = follow
        filters = Filters(department, year, section, kind, role, region, level, copied)
        return command(filters=filters, **others)

    helps = {
        "--copied": (
            "YES",
            localized(
                "仅检索与其他报告雷同（yes）或不雷同（no）的段落",
                "Search only paragraphs that share text with other reports: yes or no.",
            ),
        ),
        "--level": (
            "L",
            localized(
                "仅检索该层级（国家、省、市、县、乡）的报告；可多次使用",
                "Search only reports of this level: 国家, 省, 市, 县 or 乡; repeatable.",
            ),
        ),
        "--region": (
            "P",
            localized(
                "仅检索该地区的报告；可多次使用", "Search only reports of this region; repeatable."
            ),
        ),
        "--role": (
            "R",
            localized(
                "仅检索该类段落：body 正文、table 表格、heading 标题；可多次使用",
                "Search only body, table or heading paragraphs; repeatable.",
            ),
        ),
        "--kind": (
            "K",
            localized(
                "仅检索该类型的报告；可多次使用", "Search only this kind of report; repeatable."
            ),
        ),
        "--section": (
            "S",
            localized(
                "仅检索该章节；下级标题写作 章节/标题，如 存在的主要问题/绩效意识不强；可多次使用",
                "Search only this section, or the heading below it with SECTION/HEADING; repeatable.",
            ),
        ),
        "--year": (
            "Y",
            localized(
                "仅检索该年度，如 2022 或 2021-2023；可多次使用",
                "Search only these years, such as 2022 or 2021-2023; repeatable.",
            ),
        ),
        "--department": (
            "D",
            localized("仅检索该部门；可多次使用", "Search only this department; repeatable."),
        ),
    }
    for name, (metavar, text) in helps.items():
        types = {
            "--year": Years(),
            "--role": click.Choice(tuple(ROLE_NAMES)),
            "--copied": click.Choice(tuple(COPIED_NAMES)),
        }
        kind_of_value = types.get(name, click.STRING)
        option = click.option(name, multiple=True, metavar=metavar, help=text, type=kind_of_value)
        filtered = option(filtered)
    return click.option(
        "--follow",
        is_flag=True,
        help=localized(
            "有沿革关系的部门合并为一个（见 departments.csv）",
            "Departments that succeeded each other are one, as departments.csv declares.",
        ),
    )(filtered)
