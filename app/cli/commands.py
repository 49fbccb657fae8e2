"""The commands: read the command line, call a library function, print, return the exit code.

Exit codes are grep's: 0 found, 1 nothing found, 2 an error.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from app.cli import output
from app.cli.options import filter_options, index_option, json_option
from app.cli.progress import progress_bar
from app.cli.usage import LANGUAGE, Group, examples, say
from app.config import DEFAULT_HOST, DEFAULT_PORT
from app.search import DEFAULT_LIMIT, SORTS, Filters, Sort, open_index
from indexer.build import build_index
from indexer.errors import SourceError
from indexer.messages import Message
from indexer.parse import SUFFIXES, parse, read_source

FOUND, NOTHING, ERROR = 0, 1, 2


def complain(message: Message | str) -> None:
    """Say what is wrong, in one line on stderr."""
    text = message if isinstance(message, str) else message.render(LANGUAGE)
    click.echo(f"baocha: {text}", err=True)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "报查：逐段、逐字检索政府报告。先 baocha index 文件夹，再 baocha search 关键词。",
        "Exact search over Chinese government reports, paragraph by paragraph. "
        "First `baocha index FOLDER`, then `baocha search QUERY`.",
    ),
)
@click.version_option(
    package_name="baocha",
    message="baocha %(version)s",
    help=say("显示版本", "Show the version and exit."),
)
def cli() -> None:
    """Group the commands; the help is given above, in two languages."""


@cli.command(
    help=say(
        f"索引报告：文件或文件夹（能读 {'、'.join(SUFFIXES)}）。再次运行只处理有变化的文件，"
        "文件夹里已删除的报告也从索引移除。",
        f"Index reports: files or folders (reads {', '.join(SUFFIXES)}). Run again, it touches "
        "only what changed, and removes reports whose files are gone.",
    ),
    epilog=examples("baocha index corpus", "baocha index 2022 2023 --index /srv/baocha"),
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@index_option
@click.option(
    "--rebuild",
    is_flag=True,
    help=say("清空后从头建立；索引损坏时用", "Start from nothing; mends a damaged index."),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help=say(
        "用 N 个进程读文件，默认自动", "Read files in N processes; by default as many as pay."
    ),
)
@json_option
def index(
    *, paths: Sequence[Path], folder: Path, rebuild: bool, jobs: int | None, as_json: bool
) -> int:
    """Index files and folders."""
    started = time.perf_counter()
    with progress_bar() as progress:
        summary = build_index(paths, folder, rebuild=rebuild, jobs=jobs, progress=progress)
    seconds = time.perf_counter() - started
    if summary.outdated:
        complain(
            Message(
                zh="索引由另一版本建立，已全部重建",
                en="the index was made by another version and was made anew",
            )
        )
    for problem in summary.failed:
        name, reason = problem.name, problem.reason
        complain(Message(zh=f"未索引 {name}：{reason.zh}", en=f"skipped {name}: {reason.en}"))
    for warning in summary.warnings:
        name, reason = warning.name, warning.reason
        complain(Message(zh=f"注意 {name}：{reason.zh}", en=f"note on {name}: {reason.en}"))
    if as_json:
        click.echo(output.to_json(output.summary_dict(summary, seconds, LANGUAGE)))
    else:
        click.echo(output.summary_line(summary, seconds).render(LANGUAGE))
    if summary.achieved_nothing and not summary.failed:
        kinds = "、".join(SUFFIXES)
        complain(Message(zh=f"没有找到可读的文件（{kinds}）", en=f"no file to read ({kinds})"))
    return ERROR if summary.achieved_nothing else FOUND


@cli.command(
    help=say(
        "检索。空格隔开的关键词都要出现；“引号”里是短语，逐字匹配；还可以用 | - ( ) ~ 和 部门: 年份: 等，"
        "见下面的例子。"
        "以 - 开头的查询写在 -- 之后。退出码：0 有，1 无，2 出错。",
        "Search. Keywords apart by spaces must all occur; a “phrase” matches to the character; "
        "there are also | - ( ) ~ and department: year:, as below. "
        "Put a query that begins with - after --. Exit code: 0 found, 1 nothing, 2 error.",
    ),
    epilog=examples(
        "baocha search 绩效 自评",
        "baocha search '(汽车 | 新能源) 招商 -疫情'",
        "baocha search '\"招商 落地\"~20 部门:投资促进中心 年份:2022..2023'",
        "baocha search '“提质增效”' --department 水务局 --year 2021-2023",
        "baocha search 预算执行率 --csv > 预算执行率.csv",
    ),
)
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@index_option
@click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=say(
        f"最多显示 N 段，默认 {DEFAULT_LIMIT}；--csv 默认全部",
        f"Show at most N paragraphs; {DEFAULT_LIMIT} by default, all with --csv.",
    ),
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help=say("跳过前 N 段", "Skip the first N."),
)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="relevance",
    help=say(
        "排序：相关、新的在前、旧的在前、按文件；默认相关",
        "Order; relevance by default.",
    ),
)
@click.option("--json", "form", flag_value="json", help=say("输出 JSON", "Print JSON."))
@click.option("--csv", "form", flag_value="csv", help=say("输出 CSV", "Print CSV."))
@click.option(
    "--facets",
    is_flag=True,
    help=say("列出各部门、年度、章节、报告类型的段数", "Print facet counts."),
)
def search(
    *,
    query: Sequence[str],
    folder: Path,
    limit: int | None,
    offset: int,
    filters: Filters,
    sort: Sort,
    form: str | None,
    facets: bool,
) -> int:
    """Search the index."""
    engine = open_index(folder)
    if limit is None:
        limit = engine.status().paragraphs if form == "csv" else DEFAULT_LIMIT
    result = engine.search(" ".join(query), filters=filters, limit=limit, offset=offset, sort=sort)
    if form == "json":
        click.echo(output.to_json(result.to_dict(LANGUAGE)))
        return FOUND if result.total else NOTHING
    for warning in result.warnings:
        complain(warning)
    if form == "csv":
        click.echo(output.result_csv(result), nl=False)
    else:
        lines = output.result_lines(result, LANGUAGE, offset=offset, facets=facets)
        click.echo("\n".join(lines))
    return FOUND if result.total else NOTHING


@cli.command(
    "parse",
    help=say(
        "查看一个文件的解析结果，不建索引。", "Show what is understood of a file, before any index."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@json_option
def parse_command(*, file: Path, as_json: bool) -> int:
    """Parse one file."""
    try:
        report = parse(read_source(file), file.name)
    except SourceError as error:
        why = error.message
        complain(Message(zh=f"{file}：{why.zh}", en=f"{file}: {why.en}"))
        return ERROR
    if as_json:
        click.echo(output.to_json(output.report_dict(report, LANGUAGE)))
        return FOUND
    for warning in report.warnings:
        complain(warning)
    click.echo("\n".join(output.report_lines(report, LANGUAGE)))
    return FOUND


@cli.command(help=say("启动网页检索。按 Ctrl+C 停止。", "Serve the search page. Ctrl+C stops it."))
@index_option
@click.option(
    "--host",
    default=DEFAULT_HOST,
    metavar="H",
    help=say(f"监听地址，默认 {DEFAULT_HOST}（仅本机）", f"Address; {DEFAULT_HOST} by default."),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    metavar="N",
    help=say(
        f"端口，默认 {DEFAULT_PORT}；0 表示自动选择", f"Port; {DEFAULT_PORT} by default, 0 for any."
    ),
)
def serve(folder: Path, host: str, port: int) -> int:
    """Serve the search page."""
    # Imported here: no other command needs Flask.
    from app.server import serve as run_server  # noqa: PLC0415

    def announce(url: str) -> None:
        click.echo(say(f"报查：{url}  （按 Ctrl+C 停止）", f"baocha: {url}  (Ctrl+C stops it)"))

    run_server(folder, host, port, announce)
    return FOUND


@cli.command(help=say("查看索引概况。", "Show what the index holds."))
@index_option
@json_option
def status(*, folder: Path, as_json: bool) -> int:
    """Show what the index holds."""
    found = open_index(folder).status()
    if as_json:
        click.echo(output.to_json(output.status_dict(found, folder)))
    else:
        click.echo("\n".join(output.status_lines(found, str(folder), LANGUAGE)))
    return FOUND
