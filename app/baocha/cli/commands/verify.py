"""`baocha verify`."""

import click

from baocha.cli.console import FOUND
from baocha.cli.options import index_option, open_index
from baocha.cli.usage import Command, localized


@click.command(
    "verify",
    cls=Command,
    help=localized(
        "逐字节校验索引文件；索引在集群中的，校验全部段落。（平时打开索引仅检查文件是否齐全、大小是否相符，"
        "各部分在首次读取时校验。）",
        "Check every byte of the index files; in a cluster, every paragraph. Opening an index only "
        "checks that no file is missing and that the sizes are right; each part is checked when it "
        "is first read.",
    ),
)
@index_option
def command(*, index: str) -> int:
    """Check the contents of the index."""
    engine = open_index(index)
    engine.verify()
    size = engine.status().size_bytes / 2**20
    click.echo(
        localized(
            f"索引完好，{size:.1f} MB 全部校验无误", f"the index is intact: {size:.1f} MB checked"
        )
    )
    return FOUND
