"""`baocha findings`."""

from collections.abc import Sequence

import click

from baocha.cli.console import FOUND, print_message
from baocha.cli.filters import filter_options
from baocha.cli.lists import print_list
from baocha.cli.options import csv_option, index_option, json_option, open_index, refuse_two_forms
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.exports import findings_table
from baocha.findings import (
    SEVERITIES,
    SEVERITY_NAMES,
    STATE_NAMES,
    STATES,
    Decisions,
    Finding,
    FindingFilter,
    State,
    findings_in,
    registry,
)
from baocha.search import Filters, hit_id, local_path
from baocha.settings import load
from baocha_indexer.model import UNKNOWN


@click.command(
    "findings",
    cls=Command,
    help=localized(
        "列出核对发现：相互不符的数字、写错的年度和部门、雷同的文字，附依据和段落。是否确有差错，请查看原文。"
        "按章节、段落类型和雷同的筛选不起作用。--confirm、--dismiss 记录处理结果。退出码：0 有发现，1 没有，2 出错。",
        "List the findings: figures that contradict each other, wrong years and departments, copied text, "
        "each with its evidence and paragraphs. Read the text before you treat one as an error. Filters by "
        "section, role and copied text are ignored. --confirm and --dismiss record what you decided. Exit "
        "code: 0 found, 1 nothing found, 2 error.",
    ),
    epilog=examples(
        "baocha findings --department 财政局",
        "baocha findings --rule table-sum --rule text-table --csv > 核对.csv",
        "baocha findings --state open --severity error --json",
        "baocha findings --dismiss 3f0c2a9b1d5e7780 --reason 报告写明口径不同",
    ),
)
@index_option
@filter_options
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="RULE",
    help=localized("仅列该核对事项；可多次使用", "Only this rule; repeatable."),
)
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice(SEVERITIES),
    help=localized(
        "仅列该类：error 明确不符、warning 可能不符、notice 供参考；可多次使用",
        "Only this severity: error is a clear contradiction, warning a probable error, notice a hint; repeatable.",
    ),
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    help=localized(
        "仅列该处理结果：open 未处理、confirmed 属实、dismissed 已排除；可多次使用",
        "Only findings with this decision; repeatable.",
    ),
)
@click.option(
    "--confirm",
    metavar="ID",
    help=localized("记录该发现属实", "Record that a finding is confirmed."),
)
@click.option(
    "--dismiss",
    metavar="ID",
    help=localized("排除该发现，须加 --reason", "Dismiss a finding; needs --reason."),
)
@click.option(
    "--reopen",
    metavar="ID",
    help=localized("撤销该发现的处理结果", "Remove the decision about a finding."),
)
@click.option("--reason", default="", help=localized("理由", "The reason."))
@json_option
@csv_option
def command(
    *,
    index: str,
    filters: Filters,
    rules: Sequence[str],
    severities: Sequence[str],
    states: Sequence[str],
    confirm: str | None,
    dismiss: str | None,
    reopen: str | None,
    reason: str,
    as_json: bool,
    as_csv: bool,
) -> int:
    """List findings, or decide about one."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    known = registry().rules
    if unknown := [name for name in rules if name not in known]:
        raise click.BadParameter(
            localized(
                f"没有“{unknown[0]}”；可用 {'、'.join(known)}",
                f"no rule “{unknown[0]}”; use one of {', '.join(known)}",
            ),
            param_hint="--rule",
        )
    engine, off = open_index(index), load({}).rules_off
    decisions = Decisions(local_path(index))
    decided: dict[State, str | None] = {
        "confirmed": confirm,
        "dismissed": dismiss,
        "open": reopen,
    }
    asked = [(state, name) for state, name in decided.items() if name is not None]
    if len(asked) > 1:
        raise click.UsageError(
            localized("一次只能处理一条发现", "decide about one finding at a time")
        )
    if reason and confirm is None and dismiss is None:
        raise click.UsageError(
            localized(
                "--reason 须与 --confirm 或 --dismiss 同用", "--reason needs --confirm or --dismiss"
            )
        )
    wanted = FindingFilter(tuple(rules), tuple(severities), tuple(states))
    result = findings_in(engine, filters, wanted, decisions.all(), off)
    found = result.found
    if asked:
        ((state, name),) = asked
        if not any(finding.id == name for finding in found):
            raise click.UsageError(
                localized(
                    f"所选范围内没有编号为 {name} 的发现", f"no finding {name} passes the filters"
                )
            )
        decisions.decide(name, state, reason)
        print_message(
            localized(
                f"{name}：{STATE_NAMES[state].zh}，已记录",
                f"{name}: {STATE_NAMES[state].en}, recorded",
            )
        )
        return FOUND
    for problem in result.problems:
        print_message(problem)
    return print_list(
        None,
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
        name = registry().rule(finding.rule).name.render(LANGUAGE)
        lines.append(f"  {severity} {name}  {finding.explanation.render(LANGUAGE)}")
        decision = finding.decision
        state = f"  {STATE_NAMES[decision.state].render(LANGUAGE)} {decision.reason}".rstrip()
        lines.append(click.style(f"    {finding.id}  {places}{state}", dim=True))
    return lines[1:]
