"""Print a list as lines, JSON or CSV: what `indicators` and `findings` have in common."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from baocha.cli.console import FOUND, NOT_FOUND, print_message, to_json
from baocha.cli.usage import LANGUAGE
from baocha.exports import ExportTable, TableExport, write_tables


def print_list(
    name: str | None,
    values: Sequence[Any],
    table: Callable[[], ExportTable],
    lines: Callable[[], Iterable[str]],
    nothing: str,
    *,
    as_json: bool,
    as_csv: bool,
) -> int:
    """Print a list and return the exit code.

    `name` and `values`: the key and the values in JSON; without a name, JSON is only the list. `nothing`: the message if the list is empty; it is
    not printed with JSON or CSV.
    """
    if as_json:
        click.echo(to_json({"total": len(values), name: values} if name else values))
    elif as_csv:
        write_tables("csv", TableExport("", (), (table(),)), LANGUAGE, sys.stdout.buffer)
    else:
        for line in lines():
            click.echo(line)
        if not values:
            print_message(nothing)
    return FOUND if values else NOT_FOUND
