"""`baocha findings`."""

from collections.abc import Sequence

import click

from baocha.cli.filters import filter_options
from baocha.cli.lists import print_list
from baocha.cli.options import csv_option, index_option, json_option, open_index, refuse_two_forms
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.exports import findings_table
from baocha.findings import (
    RULES,
    SEVERITIES,
    SEVERITY_NAMES,
    Finding,
    FindingFilter,
    findings_in,
    rule_of,
)
from baocha.search import Filters, hit_id
from baocha_indexer.model import UNKNOWN


@click.command(
    "findings",
    cls=Command,
    help=localized(
        "列出勾稽核对的发现：报告中相互不符的数字，附算式和段落。是否确有差错，请查看原文。"
        "退出码：0 有发现，1 没有，2 出错。",
        "List the findings of the checks: figures that contradict each other, with the arithmetic and the "
        "paragraphs. Read the text before you treat one as an error. Exit code: 0 found, 1 nothing found, "
        "2 error.",
    ),
    epilog=examples(
        "baocha findings --department 财政局",
        "baocha findings --rule table-sum --rule text-table --csv > 核对.csv",
        "baocha findings --severity error --json",
    ),
)
@index_option
@filter_options
@click.option(
    "--rule",
    "rules",
    multiple=True,
    type=click.Choice(tuple(RULES)),
    help=localized("仅列该核对事项；可多次使用", "Only this rule; repeatable."),
)
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice(SEVERITIES),
    help=localized(
        "仅列该类：error 明确不符、warning 可能不符、notice 供参考；可多次使用",
        "Only this severity; repeatable.",
    ),
)
@json_option
@csv_option
def command(
    *,
    index: str,
    filters: Filters,
    rules: Sequence[str],
    severities: Sequence[str],
    as_json: bool,
    as_csv: bool,
) -> int:
    """List findings."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    wanted = FindingFilter(tuple(rules), tuple(severities))
    found = findings_in(open_index(index), filters, wanted)
    return print_list(
        "findings",
        [finding.to_dict(LANGUAGE) for finding in found],
        lambda: findings_table(found, LANGUAGE),
        lambda: _lines(found),
        localized("没有符合条件的核对发现", "no finding matches"),
        as_json=as_json,
        as_csv=as_csv,
    )


def _lines(findings: Sequence[Finding]) -> list[str]:
    lines: list[str] = []
    last = ""
    for finding in findings:
        report = finding.report
        if report.id != last:
            last = report.id
            about = (report.department or UNKNOWN, str(report.year or UNKNOWN), report.title)
            lines += ["", click.style(" · ".join(about), bold=True)]
        severity = SEVERITY_NAMES[finding.severity].render(LANGUAGE)
        places = " ".join(hit_id(report.id, ordinal) for ordinal in finding.paragraphs)
        name = rule_of(finding.rule).name.render(LANGUAGE)
        lines.append(f"  {severity} {name}  {finding.explanation.render(LANGUAGE)}")
        lines.append(click.style(f"    {places}", dim=True))
    return lines[1:]
