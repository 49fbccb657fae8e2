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
    "status", cls=Command, help=localized("查看索引概况。", "Show a summary of the index.")
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
            Message(zh="部门未知", en="department unknown"),
            f"{status.unknown_departments:,}",
        ),
        (Message(zh="年度未知", en="year unknown"), f"{status.unknown_years:,}"),
        (Message(zh="更新时间", en="written"), local_time(status.written)),
        (Message(zh="大小", en="size"), f"{status.size_bytes / 2**20:.1f} MB"),
        (Message(zh="分词", en="segmenter"), status.segmenter),
        (Message(zh="字符归一规则", en="fold version"), str(status.fold_version)),
    )
    for label, value in rows:
        yield f"{click.style(label.render(language), bold=True)}  {value or '—'}"
