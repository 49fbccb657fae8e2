"""`baocha search`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
from click.core import ParameterSource

from baocha import exports
from baocha.cli.console import ERROR, FOUND, NOT_FOUND, print_message, to_json
from baocha.cli.filters import filter_options
from baocha.cli.options import (
    csv_option,
    follows,
    index_option,
    json_option,
    open_index,
    refuse_two_forms,
    setting_option,
)
from baocha.cli.server_search import search_request
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.client import (
    SearchRequest,
    ServerAddress,
    ServerError,
    parse_address,
    print_search,
)
from baocha.search import DEFAULT_LIMIT, FACETS, SORTS, Filters, Mode, Sort
from baocha.search.query import show_years
from baocha.settings import Settings, load


def _checked(
    _context: click.Context, _parameter: click.Parameter, words: Sequence[str]
) -> Sequence[str]:
    """Refuse bytes that are not UTF-8: searching them would give a wrong count of 0."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        raise click.BadParameter(
            localized("不是 UTF-8 编码的文字", "it is not text in UTF-8")
        ) from None
    return words


@click.command(
    "search",
    cls=Command,
    help=localized(
        "检索段落。关键词以空格分隔，须全部出现；“引号”内为短语，逐字匹配；还可使用 | - ( ) ~ 和 "
        "部门: 年度: 章节: 类型: 地区: 层级: 标题:，数字条件如 执行率<80%，见示例。"
        "检索词与原文的引号、括号等可以不同；=“…”则要求标点也相同。"
        "以 - 开头的查询写在 -- 之后。退出码：0 有结果，1 无结果（或仅有部分关键词的段落），2 出错。",
        "Search paragraphs. All keywords must occur; separate them with spaces. A “phrase” must occur "
        "as typed; quotation marks, brackets and the like in the text are ignored, unless it is "
        "written =“…”. The operators are | - ( ) ~ and the fields department: year: section: kind: "
        "region: level: title:. A condition such as 执行率<80% finds figures by label and value; see the "
        "examples. Put a query that begins with - after --. "
        "Exit code: 0 found, 1 nothing found in full, 2 error.",
    ),
    epilog=examples(
        "baocha search 绩效 自评",
        "baocha search '(汽车 | 新能源) 招商 -疫情'",
        "baocha search '\"招商 落地\"~20 部门:投资促进中心 年度:2022..2023'",
        "baocha search '“提质增效”' --department 水务局 --year 2021-2023",
        "baocha search '执行率<80% 年度:2023' --sort lowest",
        "baocha search 预算执行率 --csv > 预算执行率.csv",
        "baocha search 提质增效 --server http://search.example:8000",
    ),
)
@click.argument(
    "query",
    nargs=-1,
    required=True,
    metavar=localized("检索词...", "QUERY..."),
    callback=_checked,
)
@index_option
@setting_option("server", "URL")
@click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=localized(
        f"最多显示 N 段，默认 {DEFAULT_LIMIT}；--csv 默认全部",
        f"Show at most N paragraphs; {DEFAULT_LIMIT} by default, all with --csv.",
    ),
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help=localized("跳过前 N 段", "Skip the first N paragraphs."),
)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="relevance",
    help=localized(
        "排序：relevance 相关度（默认）、newest 年度由近及远、oldest 年度由远及近、document 按文件、"
        "highest 和 lowest 按数字条件的数值由大到小、由小到大",
        "Order: relevance (default), newest or oldest year first, document (by file), highest or lowest "
        "(by the value of the condition on figures).",
    ),
)
@click.option(
    "--exact",
    is_flag=True,
    help=localized(
        "关键词须原样连续出现；默认含各词即可",
        "Keywords must occur as typed; by default, all of their words must occur.",
    ),
)
@click.option(
    "--expand",
    is_flag=True,
    help=localized(
        "一并检索同义词（synonyms.csv 和内置词表中的等同词语）",
        "Search synonyms too: the equal terms of synonyms.csv and the built-in list.",
    ),
)
@json_option
@csv_option
@click.option(
    "--facets",
    is_flag=True,
    help=localized(
        "列出各部门、年度、章节、报告类型、地区、层级的段数；有数字条件的，另列数值分布",
        "List the number of hits for each department, year, section, kind, region and level, and for "
        "ranges of the values of figures if the query has a condition on them.",
    ),
)
def command(
    *,
    query: Sequence[str],
    index: str,
    server: str | None,
    limit: int | None,
    offset: int,
    filters: Filters,
    sort: Sort,
    exact: bool,
    expand: bool,
    as_json: bool,
    as_csv: bool,
    facets: bool,
) -> int:
    """Search the index, or ask a server."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    mode: Mode = "exact" if exact else "words"
    settings = _server_settings(server)
    if address := parse_address(settings.server):
        form = "json" if as_json else "csv" if as_csv else "txt"
        request = search_request(
            query,
            [*_parameters(filters), *([("follow", "1")] if follows() else [])],
            sort=sort,
            mode=mode,
            expand=expand,
            form=form,
            limit=limit,
            offset=offset,
            facets=facets,
            styled=True,  # click removes the styles where they are not shown
        )
        return _search_on_server(address, settings.token, request)
    engine = open_index(index)
    text = " ".join(query)
    # For CSV, the search only gives totals and warnings; the rows are read one by one.
    shown = 0 if as_csv else limit or DEFAULT_LIMIT
    result = engine.search(
        text, filters=filters, limit=shown, offset=offset, sort=sort, mode=mode, expand=expand
    )
    messages = exports.result_messages(result, expand=expand)
    # In JSON the warnings are part of the result.
    for message in messages if not as_json else messages[: len(messages) - len(result.warnings)]:
        print_message(message)
    if as_json:
        click.echo(to_json(result.to_dict(LANGUAGE)))
    elif as_csv:
        for piece in exports.csv_of_search(
            engine,
            result,
            LANGUAGE,
            filters=filters,
            sort=sort,
            expand=expand,
            offset=offset,
            limit=limit,
        ):
            click.echo(piece, nl=False)
    else:
        for line in exports.result_lines(result, LANGUAGE, offset=offset, facets=facets):
            click.echo(line)
    return FOUND if result.is_found else NOT_FOUND


def _server_settings(server: str | None) -> Settings:
    """Return the settings, without a server if the command line names an index."""
    source = click.get_current_context().get_parameter_source("index")
    if source is not ParameterSource.COMMANDLINE:
        if server == "":
            raise click.UsageError(localized("--server 的值为空", "--server is empty"))
        return load({"server": server})
    if server is not None:
        raise click.UsageError(
            localized("--index 和 --server 只能选其一", "use either --index or --server")
        )
    return replace(load({}), server="")


def _parameters(filters: Filters) -> Iterator[tuple[str, str]]:
    """Yield the filters as parameters of the API."""
    for facet in FACETS:
        for value in getattr(filters, facet):
            yield facet, show_years(value) if facet == "year" else value


def _search_on_server(address: ServerAddress, token: str, request: SearchRequest) -> int:
    try:
        is_found = print_search(
            address,
            token,
            request,
            LANGUAGE,
            lambda piece: click.echo(piece, nl=False),
            print_message,
        )
    except ServerError as error:
        print_message(error.message)
        return ERROR
    return FOUND if is_found else NOT_FOUND
