"""The commands, each a module that is loaded when it is called."""

from baocha.cli.commands.group import cli

__all__ = ["cli"]
