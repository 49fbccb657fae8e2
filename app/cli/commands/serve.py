"""`baocha serve`."""

from pathlib import Path

import click

from app.cli.console import FOUND
from app.cli.options import index_option
from app.cli.usage import Command, say
from app.config import DEFAULT_HOST, DEFAULT_PORT
from app.server import serve


@click.command(
    "serve",
    cls=Command,
    help=say("启动网页检索。按 Ctrl+C 停止。", "Serve the search page. Ctrl+C stops it."),
)
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
@click.option(
    "--offer-files",
    is_flag=True,
    help=say(
        "允许读者下载报告的原文件（只限索引里的文件），默认不允许",
        "Let readers download the files that reports were read from.",
    ),
)
def command(*, folder: Path, host: str, port: int, offer_files: bool) -> int:
    """Serve the search page."""

    def announce(url: str) -> None:
        click.echo(say(f"报查：{url}  （按 Ctrl+C 停止）", f"baocha: {url}  (Ctrl+C stops it)"))

    serve(folder, host, port, announce, offer_files=offer_files)
    return FOUND
