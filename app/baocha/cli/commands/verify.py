"""`baocha verify`."""

from pathlib import Path

import click

from baocha.cli.console import FOUND
from baocha.cli.options import index_option
from baocha.cli.usage import Command, localized
from baocha.search import open_engine


@click.command(
    "verify",
    cls=Command,
    help=localized(
        "逐字节核对索引文件：是否与写入时一样。打开索引时只核对大小和目录。",
        "Check every byte of the index against its checksums. "
        "Opening an index checks only sizes and directories.",
    ),
)
@index_option
def command(*, folder: Path) -> int:
    """Check the contents of the index."""
    engine = open_engine(folder)
    engine.verify()
    size = engine.status().size_bytes / 2**20
    click.echo(
        localized(
            f"索引完好，{size:.1f} MB 逐字节核对无误", f"the index is intact: {size:.1f} MB checked"
        )
    )
    return FOUND
