"""`baocha status`."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from baocha.cli.console import FOUND, to_json
from baocha.cli.options import index_option, json_option
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.localtime import local_time
from baocha.search import Status, open_engine
from baocha_indexer.messages import Language, Message


@click.command(
    "status",
    cls=Command,
    short_help=localized("查看索引概况", "Show a summary of the index."),
    help=localized("查看索引概况。", "Show a summary of the index."),
)
@index_option
@json_option
def command(*, folder: Path, as_json: bool) -> int:
    """Show a summary of the index."""
    found = open_engine(folder).status()
    if as_json:
        click.echo(to_json(_status_dict(found, folder)))
    else:
        click.echo("\n".join(_status_lines(found, str(folder), LANGUAGE)))
    return FOUND


def _status_dict(status: Status, folder: Path) -> dict[str, Any]:
    """Return the JSON values of `status --json`."""
    return {"index": str(folder), **asdict(status)}


def _status_lines(status: Status, folder: str, language: Language) -> Iterator[str]:
    """Yield the lines of a summary."""
    years = (", " if language == "en" else "、").join(str(year) for year in status.years)
    rows = (
        (Message(zh="索引", en="index"), folder),
        (Message(zh="报告", en="reports"), f"{status.reports:,}"),
        (Message(zh="段落", en="paragraphs"), f"{status.paragraphs:,}"),
        (Message(zh="部门", en="departments"), f"{len(status.departments):,}"),
        (Message(zh="年度", en="years"), years),
        (
            Message(zh="未识别部门的报告", en="reports without a department"),
            f"{status.unknown_departments:,}",
        ),
        (
            Message(zh="未识别年度的报告", en="reports without a year"),
            f"{status.unknown_years:,}",
        ),
        (Message(zh="更新时间", en="updated"), local_time(status.written)),
        (Message(zh="大小", en="size"), f"{status.size_bytes / 2**20:.1f} MB"),
        (Message(zh="分词", en="segmenter"), status.segmenter),
        (
            Message(zh="字符规则版本", en="character rules version"),
            str(status.fold_version),
        ),
    )
    for label, value in rows:
        yield f"{click.style(label.render(language), bold=True)}  {value or '—'}"
    if status.incomplete:
        label = Message(zh="文字不全的文件", en="files with lost text")
        yield f"{click.style(label.render(language), bold=True)}  {len(status.incomplete):,}"
    for found in status.incomplete:
        if warning := found.account.warning:
            yield f"  {Message(found.source, found.source).render(language)}  {warning.render(language)}"
