"""`baocha diff`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from baocha.cli.console import FOUND, NOT_FOUND, to_json
from baocha.cli.options import index_option, json_option, open_index
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.exports import change_name, figure_changes, summary_lines, write_differences
from baocha.search import Engine, ReadReport
from baocha.search.differences import Difference, Differences, compare_reports
from baocha.search.highlight import Span, split_at


@click.command(
    "diff",
    cls=Command,
    help=localized(
        "对比两份报告：先列概要，再逐段列出新增、删除、修改、仅数字、名称不同、移动的段落。"
        "A、B 为报告编号（检索结果中 # 之前的部分）或来源文件名。退出码：0 有变化，1 没有，2 出错。",
        "Compare two reports: a summary, then the paragraphs that are new, gone, changed, or moved, or whose "
        "figures changed. A and B are ids of reports (what stands before # in results) or names of source "
        "files. Exit code: 0 something differs, 1 nothing, 2 error.",
    ),
    epilog=examples(
        "baocha diff 8ec7408debed 15f608ebfc81",
        "baocha diff 水务局2022.docx 水务局2023.docx --docx 对比.docx",
    ),
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@index_option
@json_option
@click.option(
    "--docx",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help=localized("写入 Word 文件，标出变化", "Write a Word file with the changes marked."),
)
def command(*, first: str, second: str, index: str, as_json: bool, docx: Path | None) -> int:
    """Compare two reports."""
    engine = open_index(index)
    found = compare_reports(_read(engine, first), _read(engine, second))
    if docx:
        with docx.open("wb") as file:
            write_differences(found, (), LANGUAGE, file)
    if as_json:
        click.echo(to_json(found.to_dict()))
    elif not docx:
        for line in _lines(found):
            click.echo(line)
    return FOUND if found.changes else NOT_FOUND


def _read(engine: Engine, name: str) -> ReadReport:
    """Return the report with an id, or the one whose source has a name."""
    read = engine.read(name)
    if read is not None:
        return read
    ids = [
        covered.report.id
        for covered in engine.coverage()
        if covered.report.source == name or covered.report.source.endswith(f"/{name}")
    ]
    if len(ids) == 1 and (read := engine.read(ids[0])):
        return read
    if ids:
        raise click.UsageError(
            localized(
                f"有 {len(ids)} 份报告名为“{name}”，请填写编号：{'、'.join(ids[:10])}",
                f"{len(ids)} reports are named “{name}”; use one of the ids {', '.join(ids[:10])}",
            )
        )
    raise click.UsageError(
        localized(
            f"没有编号或文件名为“{name}”的报告", f"no report has the id or the file name “{name}”"
        )
    )


def _lines(found: Differences) -> Iterator[str]:
    for report in (found.first, found.second):
        yield click.style(report.title, bold=True) + click.style(f"  {report.source}", dim=True)
    yield localized("，", ", ").join(
        f"{name} {count}" for name, count in summary_lines(found, LANGUAGE)
    )
    for one in found.changes:
        yield ""
        yield click.style(change_name(one).render(LANGUAGE), bold=True) + click.style(
            f"  {_place(one)}", dim=True
        )
        edits = one.edits
        if one.first:
            yield "- " + _marked(one.first.text, [edit.first for edit in edits], "red")
        if one.second and one.kind != "unchanged":
            yield "+ " + _marked(one.second.text, [edit.second for edit in edits], "green")
        yield from (f"  {line}" for line in figure_changes(one))


def _place(one: Difference) -> str:
    numbers = [f"#{p.ordinal}" if p else "" for p in (one.first, one.second)]
    return " → ".join(filter(None, numbers))


def _marked(text: str, spans: Sequence[Span], colour: str) -> str:
    parts = (
        click.style(part, fg=colour, bold=True) if is_marked else part
        for part, is_marked in split_at(text, spans)
    )
    return "".join(parts).replace("\n", " ")
