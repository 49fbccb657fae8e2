"""`baocha serve`."""

import signal
import sys

import click

from baocha.cli.console import FOUND, print_message
from baocha.cli.options import index_option, setting_option
from baocha.cli.usage import Command, localized
from baocha.server import serve
from baocha.settings import load
from baocha_indexer.open_files import require_open_files

_MIN_OPEN_FILES = 64
"""Minimum limit of open files. Each connection is one."""


@click.command(
    "serve",
    cls=Command,
    help=localized(
        "启动网页检索。按 Ctrl+C 停止。未指定的选项取自环境变量和 baocha.toml，见 baocha config。",
        "Serve the search page. Ctrl+C stops it. Options not given are taken from the "
        "environment and baocha.toml; see `baocha config`.",
    ),
)
@index_option
@setting_option("host", "H")
@setting_option("port", "N")
@setting_option("workers", "N")
@setting_option("prefix", "PATH")
@setting_option("address", "URL")
@setting_option("hosts", "NAMES")
@setting_option("offer-files")
@setting_option("origins", "ORIGINS")
@setting_option("access-log", "off|text|json")
@setting_option("log-level", "LEVEL")
def command(*, index: str, **given: str | bool | None) -> int:
    """Serve the search page."""
    require_open_files(_MIN_OPEN_FILES)
    # A switch that is not given must be None, so that the file can turn it on.
    chosen = {name.replace("_", "-"): value or None for name, value in given.items()}
    settings = load({"index": str(index), **chosen})

    def announce(url: str) -> None:
        click.echo(
            localized(f"报查：{url}  （按 Ctrl+C 停止）", f"baocha: {url}  (Ctrl+C stops it)")
        )

    # A service manager may send SIGTERM before the server has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FOUND))
    serve(settings, announce, print_message)
    return FOUND
