"""`baocha verify`."""

from pathlib import Path

import click

from app.cli.console import FOUND
from app.cli.options import index_option
from app.cli.usage import Command, say
from indexer.store.reader import Snapshot


@click.command(
    "verify",
    cls=Command,
    help=say(
        "逐字节核对索引文件：是否与写入时一样。打开索引时只核对大小和目录。",
        "Check every byte of the index against its checksums. "
        "Opening an index checks sizes and directories only.",
    ),
)
@index_option
def command(*, folder: Path) -> int:
    """Check the contents of the index."""
    snapshot = Snapshot(folder)
    snapshot.check_contents()
    files, size = len(snapshot.parts), sum(part.segment.file.size for part in snapshot.parts)
    click.echo(
        say(
            f"索引完好：{files} 个数据文件，{size / 2**20:.1f} MB",
            f"the index is whole: {files} segment files, {size / 2**20:.1f} MB",
        )
    )
    return FOUND
