"""Options that several commands share."""

from pathlib import Path

import click

from app.cli.usage import say
from app.config import DEFAULT_INDEX, INDEX_VARIABLE

index_option = click.option(
    "--index",
    "folder",
    type=click.Path(path_type=Path),
    envvar=INDEX_VARIABLE,
    default=DEFAULT_INDEX,
    metavar="DIR",
    help=say(
        f"索引文件夹；也可用环境变量 {INDEX_VARIABLE}，默认 {DEFAULT_INDEX}",
        f"Index folder; or {INDEX_VARIABLE}, else {DEFAULT_INDEX}.",
    ),
)
json_option = click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON."))
