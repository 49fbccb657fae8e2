"""`baocha status`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from baocha.cli.console import FOUND, to_json
from baocha.cli.options import index_option, json_option, open_index
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.localtime import local_time
from baocha.search import Duplicates, Status
from baocha_indexer.kernel import IS_COMPILED
from baocha_indexer.messages import Language, Message

_MAX_GROUPS, _MAX_SOURCES = 20, 5
"""Number of groups of equal reports that are listed without `--json`, and of sources in each."""

_COMPILED = Message(zh="已编译", en="compiled")
_NOT_COMPILED = Message(
    zh="未编译，检索较慢（安装时没有 C 编译器）",
    en="not compiled, searches are slower (there was no C compiler at installation)",
)

_EQUAL = {
    "file": Message(zh="文件相同", en="equal files"),
    "text": Message(zh="文字相同", en="equal texts"),
}


@click.command(
    "status",
    cls=Command,
    help=localized("查看索引概况。", "Show a summary of the index."),
)
@index_option
@json_option
def command(*, index: str, as_json: bool) -> int:
    """Show a summary of the index."""
    engine = open_index(index)
    found, duplicates = engine.status(), engine.duplicates()
    if as_json:
        groups = [group.to_dict() for group in duplicates]
        click.echo(to_json({**_status_dict(found, index), "duplicates": groups}))
    else:
        lines = *_status_lines(found, str(index), LANGUAGE), *_duplicate_lines(duplicates)
        click.echo("\n".join(lines))
    return FOUND


def _status_dict(status: Status, index: str) -> dict[str, Any]:
    """Return the JSON values of `status --json`."""
    unread = [
        {"name": file.name, "reason": {"zh": file.reason.zh, "en": file.reason.en}}
        for file in status.unread
    ]
    return {"index": index, **asdict(status), "unread": unread}


def _status_lines(status: Status, index: str, language: Language) -> Iterator[str]:
    """Yield the lines of a summary."""
    years = (", " if language == "en" else "、").join(str(year) for year in status.years)
    rows = (
        (Message(zh="索引", en="index"), index),
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
        (
            Message(zh="内部函数", en="inner functions"),
            (_COMPILED if IS_COMPILED else _NOT_COMPILED).render(language),
        ),
        *_cluster_rows(status),
    )
    for label, value in rows:
        yield f"{click.style(label.render(language), bold=True)}  {value or '—'}"
    if status.incomplete:
        label = Message(zh="文字不全的文件", en="files with lost text")
        yield f"{click.style(label.render(language), bold=True)}  {len(status.incomplete):,}"
    for found in status.incomplete:
        if warning := found.account.warning:
            yield f"  {Message(found.source, found.source).render(language)}  {warning.render(language)}"


def _cluster_rows(status: Status) -> Iterator[tuple[Message, str]]:
    if status.cluster is None:
        return
    yield Message(zh="更新次数", en="generation"), str(status.generation)
    found = status.cluster
    value = Message(
        zh=f"{found.status}，{found.nodes} 个节点，{found.shards} 个分片，缺 {found.missing} 个",
        en=f"{found.status}; nodes: {found.nodes}, shards: {found.shards}, missing: {found.missing}",
    )
    yield Message(zh="集群", en="cluster"), value.render(LANGUAGE)


def _duplicate_lines(groups: Sequence[Duplicates]) -> Iterator[str]:
    """Yield the lines about reports that are in the index more than once."""
    if not groups:
        return
    label = Message(zh="重复的报告", en="duplicate reports")
    number = Message(
        zh=f"{len(groups):,} 组，计数时各自计入", en=f"{len(groups):,} groups; counts include all"
    )
    yield f"{click.style(label.render(LANGUAGE), bold=True)}  {number.render(LANGUAGE)}"
    for group in groups[:_MAX_GROUPS]:
        sources = [report.source for report in group.reports[:_MAX_SOURCES]]
        equal, count = _EQUAL[group.equal], len(group.reports)
        is_more = count > len(sources)
        line = Message(
            zh=f"{equal.zh}：{'、'.join(sources)}{f' 等 {count} 份' if is_more else ''}",
            en=f"{equal.en}: {', '.join(sources)}{f' … ({count} reports)' if is_more else ''}",
        )
        yield f"  {line.render(LANGUAGE)}"
    if (more := len(groups) - _MAX_GROUPS) > 0:
        rest = Message(
            zh=f"另有 {more:,} 组未列出，--json 列出全部",
            en=f"{more:,} more are not listed; --json lists all",
        )
        yield f"  {rest.render(LANGUAGE)}"
