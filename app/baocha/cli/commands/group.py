"""The group of commands. Each module is loaded when its command is called.

A command parses its arguments, calls a library function, prints the result and returns the exit
code.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from baocha.cli.usage import Group, localized

COMMANDS = {
    "index": localized("建立或更新索引", "Index reports: files or folders."),
    "search": localized("检索段落", "Search paragraphs."),
    "indicators": localized("列出绩效指标", "List the indicators of self-evaluations."),
    "findings": localized(
        "列出核对发现：数字不符、年度或部门有误、雷同文字等",
        "List what checks found in reports, and decide about it.",
    ),
    "copies": localized("列出雷同文字", "List text that reports share."),
    "diff": localized("对比两份报告", "Compare two reports."),
    "parse": localized("查看一个文件的解析结果", "Show how a file is parsed."),
    "serve": localized("启动网页检索", "Serve the search page."),
    "status": localized("查看索引概况", "Show a summary of the index."),
    "departments": localized("列出部门及其简称、曾用名", "List the departments and their names."),
    "verify": localized("校验索引", "Check the index."),
    "config": localized("列出全部设置", "List all settings."),
}
"""The commands and what they do, in the order of `--help`."""


class LazyGroup(Group):
    """Loads a command from the module with its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        with _no_garbage_collection():
            command: click.Command = import_module(f"baocha.cli.commands.{cmd_name}").command
        command.short_help = COMMANDS[cmd_name]  # the completion of shells shows it
        return command

    def summary_of(self, name: str) -> str:
        """Return what a command does, without loading it."""
        return COMMANDS[name]


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Turn off the garbage collector during an import: an import makes no garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=localized(
        "报查：按段落逐字检索政府报告。先 baocha index 文件夹，再 baocha search 关键词。",
        "Exact search over Chinese government reports, paragraph by paragraph. "
        "First `baocha index FOLDER`, then `baocha search QUERY`.",
    ),
)
@click.version_option(
    package_name="baocha",
    message="baocha %(version)s",
    help=localized("显示版本", "Show the version and exit."),
)
def cli() -> None:
    """The group of commands. Its help text is above, in two languages."""
