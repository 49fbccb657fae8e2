"""`baocha config`."""

import sys
from fractions import Fraction
from typing import Any

import click

from baocha.cli.console import ERROR, FOUND, print_message, to_json
from baocha.cli.options import json_option
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.settings import (
    NO_TOKEN,
    SETTINGS,
    Setting,
    Token,
    describe_settings,
    hash_secret,
    is_token,
)

HIDDEN = "********"
"""Shown instead of a secret."""


@click.command(
    "config",
    cls=Command,
    help=localized(
        "列出全部设置的当前值、来源、环境变量和含义。",
        "List all settings with their values, sources, environment variables and meanings.",
    ),
)
@json_option
@click.option(
    "--hash-token",
    "wants_hash",
    is_flag=True,
    help=localized(
        "输出令牌的散列值，可写入 baocha.toml，不必保存令牌原文",
        "Read a token and print its hash. With the hash in baocha.toml, the token itself need not "
        "be stored.",
    ),
)
def command(*, as_json: bool, wants_hash: bool) -> int:
    """List all settings."""
    if wants_hash:
        return _hash_token()
    values, sources = describe_settings({})
    if as_json:
        shown = {setting.name: _shown(setting, values[setting.name]) for setting in SETTINGS}
        click.echo(to_json({name: {"value": shown[name], "from": sources[name]} for name in shown}))
        return FOUND
    for setting in SETTINGS:
        name = click.style(setting.name, bold=True)
        source = sources[setting.name] or localized("默认", "default")
        click.echo(f"{name} = {_shown(setting, values[setting.name])!r}  ({source})")
        click.echo(f"    {setting.help.render(LANGUAGE)}")
        if setting.variable:
            click.echo(f"    {setting.variable}")
    return FOUND


def _hash_token() -> int:
    # Read from the keyboard or a pipe: an argument would stay in the history of the shell.
    secret = click.prompt(localized("令牌", "Token"), hide_input=sys.stdin.isatty(), err=True)
    if not is_token(secret):
        print_message(NO_TOKEN)
        return ERROR
    click.echo(f'hash = "{hash_secret(secret)}"')
    return FOUND


def _shown(setting: Setting, value: Any) -> Any:
    """Return a value as JSON, without secrets. A token is shown as its scope."""
    if isinstance(value, str) and setting.is_secret:
        return HIDDEN if value else ""
    if isinstance(value, tuple):
        return [_shown(setting, item) for item in value]
    if isinstance(value, Token):
        scope = value.scope
        return {
            "department": list(scope.department),
            "year": [years and list(years) for years in scope.year],
            "kind": list(scope.kind),
        }
    return str(value) if isinstance(value, Fraction) else value
