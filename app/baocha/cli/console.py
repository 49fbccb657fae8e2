"""Output of the commands: exit codes, messages on stderr, JSON."""

import json
from typing import Any

import click

from baocha.cli.entry import ERROR, FOUND, INTERRUPTED, NOT_FOUND
from baocha.cli.usage import LANGUAGE
from baocha_indexer.messages import Message

__all__ = ["ERROR", "FOUND", "INTERRUPTED", "NOT_FOUND", "print_message", "to_json"]


def print_message(message: Message | str) -> None:
    """Print a message as one line on stderr."""
    text = message if isinstance(message, str) else message.render(LANGUAGE)
    click.echo(f"baocha: {text}", err=True)


def to_json(content: Any) -> str:
    """Return indented JSON. Chinese characters are not escaped."""
    return json.dumps(content, ensure_ascii=False, indent=2)
