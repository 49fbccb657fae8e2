"""`baocha departments`."""

from collections.abc import Iterator, Sequence

import click

from baocha.cli.console import FOUND, to_json
from baocha.cli.options import index_option, json_option, open_index
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.search import Department, Departments, Proposal, proposed_successions
from baocha_indexer.messages import Message, counted


@click.command(
    "departments",
    cls=Command,
    help=localized(
        "列出索引中的部门及其简称、曾用名：departments.csv 中填写的，以及按全称推出的；"
        "并列出可指多个部门的名称，以及可能的沿革（不自动采用）。",
        "List the departments of the index with their short and former names: those declared in "
        "departments.csv, and those derived from the full name. Also list ambiguous names, and successions "
        "that the reports suggest; these are not applied.",
    ),
)
@index_option
@json_option
def command(*, index: str, as_json: bool) -> int:
    """List the departments of the index."""
    engine = open_index(index)
    found, proposals = engine.departments(), proposed_successions(engine)
    if as_json:
        proposed = [proposal.to_dict(LANGUAGE) for proposal in proposals]
        click.echo(to_json({**found.to_dict(), "proposals": proposed}))
    else:
        for line in (*_lines(found), *_proposal_lines(proposals)):
            click.echo(line)
    return FOUND


def _proposal_lines(proposals: Sequence[Proposal]) -> Iterator[str]:
    if proposals:
        yield ""
        yield click.style(
            localized(
                "可能的沿革（未采用；核实后填入 departments.csv 的“止”“后继”两列）",
                "possible successions (not applied; if they are right, fill in the columns 止 and 后继 of "
                "departments.csv)",
            ),
            bold=True,
        )
    for one in proposals:
        yield f"  {one.name}（—{one.last_year}） → {one.successor}（{one.first_year}—）"
        for evidence in one.evidence:
            yield click.style(f"    {evidence.explanation.render(LANGUAGE)}", dim=True)


def _lines(found: Departments) -> Iterator[str]:
    if not found.departments:
        yield localized("索引中没有已识别部门的报告", "no report in the index has a department")
    for department in found.departments:
        yield from _department_lines(department)
    if found.ambiguous:
        yield ""
        yield click.style(
            localized("可指多个部门的名称（不会自动选择其一）", "ambiguous names (not used)"),
            bold=True,
        )
        for ambiguous in found.ambiguous:
            yield f"  {ambiguous.name}  {_joined(ambiguous.departments)}"
    if found.without_reports:
        yield ""
        yield click.style(
            localized(
                "departments.csv 中填写、但索引中没有其报告的部门",
                "declared in departments.csv, but without a report in the index",
            ),
            bold=True,
        )
        yield f"  {_joined(found.without_reports)}"


def _department_lines(department: Department) -> Iterator[str]:
    reports = localized(f"{department.reports:,} 份报告", counted(department.reports, "report"))
    yield f"{click.style(department.name, bold=True)}  {reports}"
    rows = (
        (Message(zh="简称", en="short names"), _joined(department.short_names)),
        (Message(zh="曾用名", en="former names"), _joined(department.former_names)),
        (
            Message(zh="自动识别的简称", en="derived short names"),
            _joined(department.derived_short_names),
        ),
        (
            Message(zh="自动识别的曾用名", en="derived former names"),
            _joined(department.derived_former_names),
        ),
        (Message(zh="层级", en="level"), department.level),
        (Message(zh="地区", en="region"), department.region),
        (Message(zh="上级", en="parent"), department.parent),
        (Message(zh="后继", en="succeeded by"), _joined(department.successors)),
        (
            Message(zh="起止", en="years"),
            f"{department.first_year or ''}—{department.last_year or ''}"
            if department.first_year or department.last_year
            else "",
        ),
    )
    for label, value in rows:
        if value:
            yield f"  {click.style(label.render(LANGUAGE), dim=True)}  {value}"


def _joined(names: Sequence[str]) -> str:
    return localized("、", ", ").join(names)
