"""What every command says and returns: exit codes, complaints, JSON."""

import json
from typing import Any

import click

from baocha.cli.usage import LANGUAGE
from baocha_indexer.messages import Message

FOUND, NOTHING, ERROR = 0, 1, 2
"""Exit codes, as grep's: found, nothing found, an error."""


def complain(message: Message | str) -> None:
    """Say what is wrong, in one line on stderr."""
    text = message if isinstance(message, str) else message.render(LANGUAGE)
    click.echo(f"baocha: {text}", err=True)


def to_json(content: Any) -> str:
    """Return JSON for people and programs: indented, Chinese as it is."""
    return json.dumps(content, ensure_ascii=False, indent=2)
