"""Options used by several commands, and options made from settings."""

from collections.abc import Callable
from typing import Any

import click

from baocha.cli.usage import localized
from baocha.search import Engine, open_engine
from baocha.settings import SETTINGS, load

FOLLOWS = "baocha.follow"
"""The key in the context of click that tells whether `--follow` was given."""

_SETTINGS = {setting.name: setting for setting in SETTINGS}


def setting_option(name: str, metavar: str | None = None) -> Callable[[Any], Any]:
    """Return the option for a setting. Its value is None if it is not on the command line."""
    setting = _SETTINGS[name]
    is_flag = isinstance(setting.default, bool)
    return click.option(
        f"--{name}",
        default=None,
        is_flag=is_flag,
        metavar=None if is_flag else metavar,
        help=localized(setting.help.zh, setting.help.en + "."),
    )


class _Index(click.ParamType[str]):
    """A folder, or the address of an index in a cluster. It is not empty."""

    name = "index"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the folder or address. Raises BadParameter if it is empty."""
        if not value:
            self.fail(localized("索引为空", "the index is empty"), param, ctx)
        return str(value)


index_option = click.option(
    "--index",
    "--engine",
    "index",
    type=_Index(),
    # Evaluated when needed: the environment or the file may set it.
    default=lambda: load({}).index,
    metavar="INDEX",
    help=localized(
        f"{_SETTINGS['index'].help.zh}。依次取自本选项、{_SETTINGS['index'].variable}、baocha.toml；"
        f"都没有时为 {_SETTINGS['index'].default}",
        f"{_SETTINGS['index'].help.en}; otherwise from {_SETTINGS['index'].variable}, baocha.toml, "
        f"or {_SETTINGS['index'].default}.",
    ),
)


def open_index(index: str) -> Engine:
    """Return the engine for the option `--index`, and `--follow` if it is given. Raises IndexUnusableError."""
    engine = open_engine(index, load({}).credentials)
    return engine.following() if follows() else engine


def follows() -> bool:
    """Return whether the option `--follow` was given."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(FOLLOWS))


json_option = click.option(
    "--json", "as_json", is_flag=True, help=localized("输出 JSON", "Print JSON.")
)

csv_option = click.option("--csv", "as_csv", is_flag=True, help=localized("输出 CSV", "Print CSV."))


def refuse_two_forms(*, as_json: bool, as_csv: bool, as_xlsx: bool = False) -> None:
    """Raise UsageError if several forms of output were asked for."""
    forms = {"--json": as_json, "--csv": as_csv, "--xlsx": as_xlsx}
    asked = [name for name, is_asked in forms.items() if is_asked]
    if len(asked) > 1:
        raise click.UsageError(
            localized(f"{' 和 '.join(asked)} 只能选其一", f"use only one of {', '.join(asked)}")
        )
