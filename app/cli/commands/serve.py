"""`baocha serve`."""

import signal
import sys
from pathlib import Path

import click

from app.cli.console import FOUND, complain
from app.cli.options import index_option, setting_option
from app.cli.usage import Command, say
from app.config import load
from app.server import serve
from indexer.open_files import require_open_files

_LEAST_FILES = 64
"""Files that the server must be allowed to open: each connection is one."""


@click.command(
    "serve",
    cls=Command,
    help=say(
        "启动网页检索。按 Ctrl+C 停止。没写的选项取自环境变量和 baocha.toml，见 baocha config。",
        "Serve the search page. Ctrl+C stops it. What is not said here is taken from the "
        "environment and baocha.toml; see `baocha config`.",
    ),
)
@index_option
@setting_option("host", "H")
@setting_option("port", "N")
@setting_option("prefix", "PATH")
@setting_option("address", "URL")
@setting_option("offer-files")
@setting_option("origins", "ORIGINS")
def command(
    *,
    folder: Path,
    host: str | None,
    port: str | None,
    prefix: str | None,
    address: str | None,
    offer_files: bool | None,
    origins: str | None,
) -> int:
    """Serve the search page."""
    require_open_files(_LEAST_FILES)
    settings = load(
        {
            "index": str(folder),
            "host": host,
            "port": port,
            "prefix": prefix,
            "address": address,
            "offer-files": offer_files or None,
            "origins": origins,
        }
    )

    def announce(url: str) -> None:
        click.echo(say(f"报查：{url}  （按 Ctrl+C 停止）", f"baocha: {url}  (Ctrl+C stops it)"))

    # What asks a service to end does so in good order: files half made are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FOUND))
    serve(settings, announce, complain)
    return FOUND
