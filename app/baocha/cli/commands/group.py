"""The commands, each a module that is loaded when it is called, or when help names them all.

A command reads the command line, calls a library function, prints, returns the exit code.
"""

from importlib import import_module

import click

from baocha.cli.usage import Group, say

COMMANDS = ("index", "search", "parse", "serve", "status", "verify", "config")


class LazyGroup(Group):
    """Finds a command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of the name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"baocha.cli.commands.{cmd_name}").command
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "报查：逐段、逐字检索政府报告。先 baocha index 文件夹，再 baocha search 关键词。",
        "Exact search over Chinese government reports, paragraph by paragraph. "
        "First `baocha index FOLDER`, then `baocha search QUERY`.",
    ),
)
@click.version_option(
    package_name="baocha",
    message="baocha %(version)s",
    help=say("显示版本", "Show the version and exit."),
)
def cli() -> None:
    """Group the commands; the help is given above, in two languages."""
