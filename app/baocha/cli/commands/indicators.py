"""`baocha indicators`."""

import click

from baocha.cli.filters import filter_options
from baocha.cli.lists import print_list
from baocha.cli.options import csv_option, index_option, json_option, open_index, refuse_two_forms
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.exports import indicator_table
from baocha.search import Filters, IndicatorFilter, IndicatorRow, indicators_in
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN


@click.command(
    "indicators",
    cls=Command,
    help=localized(
        "列出各报告绩效自评表中的指标。退出码：0 有结果，1 无结果，2 出错。",
        "List the indicators in the self-evaluation tables of the reports. Exit code: 0 found, 1 nothing "
        "found, 2 error.",
    ),
    epilog=examples(
        "baocha indicators --department 水务局 --year 2023",
        "baocha indicators --lost --no-reason",
        "baocha indicators --name 培训 --csv > 培训指标.csv",
    ),
)
@index_option
@filter_options
@click.option(
    "--name",
    default="",
    metavar="TEXT",
    help=localized("仅列名称中有该文字的指标", "Only indicators whose name contains this text."),
)
@click.option(
    "--level1",
    default="",
    metavar="L",
    help=localized("仅列该一级指标，如 产出指标", "Only this indicator of the first level."),
)
@click.option(
    "--grade",
    default="",
    metavar="G",
    help=localized(
        "仅列总分为该等级的表：优 良 中 差", "Only tables with this grade: 优, 良, 中 or 差."
    ),
)
@click.option(
    "--lost", is_flag=True, help=localized("仅列扣分的指标", "Only with deducted points.")
)
@click.option(
    "--no-reason",
    "without_reason",
    is_flag=True,
    help=localized("仅列扣分而未填原因的指标", "Only deducted points without a reason."),
)
@json_option
@csv_option
def command(
    *,
    index: str,
    filters: Filters,
    name: str,
    level1: str,
    grade: str,
    lost: bool,
    without_reason: bool,
    as_json: bool,
    as_csv: bool,
) -> int:
    """List indicators."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    wanted = IndicatorFilter(level1, name, grade, lost, without_reason)
    rows = [row for row in indicators_in(open_index(index), filters) if wanted.passes(row)]
    return print_list(
        "indicators",
        [row.to_dict() for row in rows],
        lambda: indicator_table(rows, LANGUAGE),
        lambda: _lines(rows),
        localized("没有符合条件的指标", "no indicator matches"),
        as_json=as_json,
        as_csv=as_csv,
    )


def _lines(rows: list[IndicatorRow]) -> list[str]:
    lines: list[str] = []
    last: tuple[str, int] | None = None
    for row in rows:
        report, own = row.report, row.indicator
        if (report.id, row.table) != last:
            last = (report.id, row.table)
            about = (
                report.department or UNKNOWN,
                str(report.year or UNKNOWN),
                row.project or report.title,
            )
            grade = Message(zh=f"等级 {row.grade}", en=f"grade {row.grade}").render(LANGUAGE)
            lines += [
                "",
                click.style(" · ".join((*about, *([grade] if row.grade else []))), bold=True),
            ]
        names = " / ".join(name for name in (own.level1, own.level2, own.level3) if name)
        score = f"{own.score}/{own.weight}" if own.weight else own.score
        values = f"{own.target or '—'} → {own.actual or '—'}"
        shown = f"  {names}  {values}  {click.style(score, fg='red') if row.is_lost else score}"
        lines.append(f"{shown}  {own.reason}".rstrip() + f"  {report.id}#{own.paragraph}")
    return lines[1:]
