"""The commands. Each is a module that is loaded when the command is called."""

from baocha.cli.commands.group import cli

__all__ = ["cli"]
