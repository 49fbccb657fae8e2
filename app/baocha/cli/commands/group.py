"""The group of commands. Each module is loaded when its command is called, or for `--help`.

A command parses its arguments, calls a library function, prints the result and returns the exit
code.
"""

from importlib import import_module

import click

from baocha.cli.usage import Group, localized

COMMANDS = (
    "index",
    "search",
    "parse",
    "serve",
    "status",
    "departments",
    "verify",
    "config",
)


class LazyGroup(Group):
    """Loads a command from the module with its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"baocha.cli.commands.{cmd_name}").command
        return command


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
