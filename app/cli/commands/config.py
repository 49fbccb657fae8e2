"""`baocha config`."""

from typing import Any

import click

from app.cli.console import FOUND, to_json
from app.cli.options import json_option
from app.cli.usage import LANGUAGE, Command, say
from app.config import SETTINGS, told
from app.tokens import Token


@click.command(
    "config",
    cls=Command,
    help=say(
        "列出全部设置：现在的值、来自哪里、环境变量和含义。",
        "List all settings: the value now, where it is from, its variable and its meaning.",
    ),
)
@json_option
def command(*, as_json: bool) -> int:
    """List all settings."""
    values, sources = told({})
    if as_json:
        shown = {name: _shown(value) for name, value in values.items()}
        click.echo(to_json({name: {"value": shown[name], "from": sources[name]} for name in shown}))
        return FOUND
    for setting in SETTINGS:
        name = click.style(setting.name, bold=True)
        source = sources[setting.name] or say("默认", "default")
        click.echo(f"{name} = {_shown(values[setting.name])!r}  ({source})")
        click.echo(f"    {setting.help.render(LANGUAGE)}")
        if setting.variable:
            click.echo(f"    {setting.variable}")
    return FOUND


def _shown(value: Any) -> Any:
    """Return a value as JSON; of a token its scope, and of its secret nothing."""
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    if isinstance(value, Token):
        scope = value.scope
        return {
            "department": list(scope.department),
            "year": [list(years) for years in scope.year],
            "kind": list(scope.kind),
        }
    return value
