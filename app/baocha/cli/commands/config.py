"""`baocha config`."""

import sys
from typing import Any

import click

from baocha.cli.console import ERROR, FOUND, print_message, to_json
from baocha.cli.options import json_option
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.settings import NO_TOKEN, SETTINGS, Token, describe_settings, hash_secret, is_token


@click.command(
    "config",
    cls=Command,
    short_help=localized("列出全部设置", "List all settings."),
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
        shown = {name: _shown(value) for name, value in values.items()}
        click.echo(to_json({name: {"value": shown[name], "from": sources[name]} for name in shown}))
        return FOUND
    for setting in SETTINGS:
        name = click.style(setting.name, bold=True)
        source = sources[setting.name] or localized("默认", "default")
        click.echo(f"{name} = {_shown(values[setting.name])!r}  ({source})")
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


def _shown(value: Any) -> Any:
    """Return a value as JSON. A token is shown as its scope, without its hash."""
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    if isinstance(value, Token):
        scope = value.scope
        return {
            "department": list(scope.department),
            "year": [years and list(years) for years in scope.year],
            "kind": list(scope.kind),
        }
    return value
