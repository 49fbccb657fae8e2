"""`baocha copies`."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain

import click

from baocha.cli.console import FOUND, NOT_FOUND, print_message
from baocha.cli.filters import filter_options
from baocha.cli.options import csv_option, index_option, json_option, open_index, refuse_two_forms
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.exports import (
    TableExport,
    copies_head,
    copies_rows,
    copies_table,
    write_csv_rows,
    write_tables,
)
from baocha.search import (
    CopiedReports,
    CopyFilter,
    Filters,
    ReportSummary,
    SharedPassage,
    compact_json,
)
from baocha_indexer.copies import LEAST_RUN
from baocha_indexer.messages import counted
from baocha_indexer.model import UNKNOWN


@click.command(
    "copies",
    cls=Command,
    help=localized(
        "列出各对报告的雷同文字：连续 25 字以上相同，数字、年度、部门名称和引号、括号的差异不计；模板文字不计入。"
        "默认按报告列出雷同占比；加 --json、--csv 或 --xlsx 列出每处雷同文字，可用 --min-chars、"
        "--outright、--templates。退出码：0 有雷同，1 没有，2 出错。",
        "List text that two reports share: passages of at least 25 equal characters. Numbers, years, names of "
        "departments, quotation marks and brackets may differ; template text does not count. Lists pairs of "
        "reports by the share of copied text; with --json, --csv or --xlsx, each passage. --min-chars, --outright "
        "and --templates need one of these forms. Exit code: 0 found, 1 nothing found, 2 error.",
    ),
    epilog=examples(
        "baocha copies --department 财政局",
        "baocha copies --year 2023 --min-chars 60 --csv > 雷同.csv",
        "baocha copies --outright --json",
    ),
)
@index_option
@filter_options
@click.option(
    "--min-chars",
    type=click.IntRange(min=LEAST_RUN),
    metavar="N",
    help=localized(
        f"仅列出至少 N 字的雷同文字，默认 {LEAST_RUN}；一个数字或名称按一字计",
        f"Only passages of at least N characters, {LEAST_RUN} by default. A number or a name counts as one.",
    ),
)
@click.option(
    "--outright",
    is_flag=True,
    help=localized(
        "仅列出数字、年度和部门名称也相同的文字",
        "Only text whose numbers, years and names are equal too.",
    ),
)
@click.option(
    "--templates",
    is_flag=True,
    help=localized("也列出模板文字", "Template text too."),
)
@json_option
@csv_option
@click.option(
    "--xlsx",
    "as_xlsx",
    is_flag=True,
    help=localized("输出 Excel 工作簿", "Print an Excel workbook."),
)
def command(
    *,
    index: str,
    filters: Filters,
    min_chars: int | None,
    outright: bool,
    templates: bool,
    as_json: bool,
    as_csv: bool,
    as_xlsx: bool,
) -> int:
    """List shared text."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv, as_xlsx=as_xlsx)
    lists_passages = as_json or as_csv or as_xlsx
    if not lists_passages and (min_chars or outright or templates):
        raise click.UsageError(
            localized(
                "--min-chars、--outright、--templates 须与 --json、--csv 或 --xlsx 同用",
                "--min-chars, --outright and --templates need --json, --csv or --xlsx",
            )
        )
    engine = open_index(index)
    if not lists_passages:
        return _print_pairs(engine.copied_reports(filters=filters))
    wanted = CopyFilter(min_chars or LEAST_RUN, outright, templates)
    passages = engine.shared_passages(filters=filters, wanted=wanted)
    first = next(passages, None)
    found = chain([first], passages) if first else iter(())
    if as_json:
        _print_json(found)
    elif as_csv:
        write_csv_rows(copies_head(LANGUAGE), copies_rows(found, LANGUAGE), sys.stdout.buffer)
    else:
        content = TableExport("", (), (copies_table(found, LANGUAGE),))
        write_tables("xlsx", content, LANGUAGE, sys.stdout.buffer)
    return FOUND if first else NOT_FOUND


def _print_json(passages: Iterator[SharedPassage]) -> None:
    """Print a JSON list, one passage on each line. There may be more than fit into memory."""
    click.echo("[", nl=False)
    for number, passage in enumerate(passages):
        click.echo(("," if number else "") + "\n" + compact_json(passage.to_dict()), nl=False)
    click.echo("\n]")


def _print_pairs(pairs: Iterable[CopiedReports]) -> int:
    code = NOT_FOUND
    for pair in pairs:
        code = FOUND
        shares = localized(
            f"雷同占比 {pair.first_share:.1%} / {pair.second_share:.1%}，"
            f"{pair.characters:,} 字，{pair.paragraphs:,} 段",
            f"shared {pair.first_share:.1%} / {pair.second_share:.1%}, "
            f"{counted(pair.characters, 'character')}, {counted(pair.paragraphs, 'paragraph')}",
        )
        click.echo(click.style(shares, bold=True))
        for report in (pair.first, pair.second):
            click.echo(f"  {_about(report)}")
    if code == NOT_FOUND:
        print_message(localized("没有符合条件的雷同文字", "no pair of reports matches"))
    return code


def _about(report: ReportSummary) -> str:
    about = (report.department or UNKNOWN, str(report.year or UNKNOWN), report.title)
    return " · ".join(about) + click.style(f"  {report.source}  {report.id}", dim=True)
