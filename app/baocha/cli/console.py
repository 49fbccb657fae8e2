"""Output of the commands: exit codes, messages on stderr, JSON."""

import json
from typing import Any

import click

from baocha.cli.usage import LANGUAGE
from baocha_indexer.messages import Message

FOUND, NOT_FOUND, ERROR = 0, 1, 2
"""Exit codes, the same as those of grep: found, nothing found, error."""


def print_message(message: Message | str) -> None:
    """Print a message as one line on stderr."""
    text = message if isinstance(message, str) else message.render(LANGUAGE)
    click.echo(f"baocha: {text}", err=True)


def to_json(content: Any) -> str:
    """Return indented JSON. Chinese characters are not escaped."""
    return json.dumps(content, ensure_ascii=False, indent=2)
