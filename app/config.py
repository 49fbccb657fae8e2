"""Settings: one table of their names, environment variables, defaults and meanings.

What the command line says goes before the environment, that before `baocha.toml` in the
current folder (or the file that BAOCHA_CONFIG names), and that before the default.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.tokens import Token, TokenError, read_tokens
from indexer.errors import BaochaError
from indexer.messages import Message

CONFIG_VARIABLE = "BAOCHA_CONFIG"
CONFIG_FILE = "baocha.toml"

_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?")
_OWN_PORTS = (("http://", ":80"), ("https://", ":443"))
_PREFIX = re.compile(r"(?:/[\w.~-]+)*")
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


class ConfigError(BaochaError):
    """A setting has a value that it cannot have; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. `origins` are those whose pages may embed; `prefix` begins every path."""

    index: str = "baocha-index"
    host: str = "127.0.0.1"
    port: int = 8000
    prefix: str = ""
    offer_files: bool = False
    address: str = ""
    origins: tuple[str, ...] = ()
    tokens: tuple[Token, ...] = ()


_DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: `read` makes its value of what a file or the environment says, or raises ValueError.

    A `variable` that is empty says that only the file sets it.
    """

    name: str
    variable: str
    default: Any
    read: Callable[[Any], Any]
    help: Message


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _port(value: Any) -> int:
    number = int(value) if isinstance(value, int | str) and not isinstance(value, bool) else -1
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def _bool(value: Any) -> bool:
    said = str(value).lower()
    if said not in (*_YES, *_NO):
        raise ValueError
    return said in _YES


def _prefix(value: Any) -> str:
    said = _PREFIX.fullmatch(str(value).rstrip("/"))
    if said is None:
        raise ValueError
    return said[0]


def _address(value: Any) -> str:
    address = str(value).lower().rstrip("/")
    if address and not _ORIGIN.fullmatch(address):
        raise ValueError
    return address


def _origins(value: Any) -> tuple[str, ...]:
    items = value.split() if isinstance(value, str) else list(value)
    return tuple(map(_origin, items))


def _origin(value: Any) -> str:
    origin = str(value).lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin) or (urlsplit(origin).port or 0) > 65535:
        raise ValueError
    # A browser does not say the port that goes without saying.
    for scheme, port in _OWN_PORTS:
        if origin.startswith(scheme):
            origin = origin.removesuffix(port)
    return origin


SETTINGS = (
    Setting(
        "index", "BAOCHA_INDEX", _DEFAULTS.index, _text, Message(zh="索引文件夹", en="index folder")
    ),
    Setting(
        "host",
        "BAOCHA_HOST",
        _DEFAULTS.host,
        _text,
        Message(zh="监听地址；默认仅本机", en="address to listen on; this machine alone"),
    ),
    Setting(
        "port",
        "BAOCHA_PORT",
        _DEFAULTS.port,
        _port,
        Message(zh="端口；0 表示自动选择", en="port; 0 for any"),
    ),
    Setting(
        "prefix",
        "BAOCHA_PREFIX",
        _DEFAULTS.prefix,
        _prefix,
        Message(
            zh="反向代理下的路径前缀，如 /baocha",
            en="what every path begins with behind a reverse proxy, as /baocha",
        ),
    ),
    Setting(
        "offer-files",
        "BAOCHA_OFFER_FILES",
        default=_DEFAULTS.offer_files,
        read=_bool,
        help=Message(
            zh="允许读者下载报告的原文件",
            en="whether readers may download the files of reports",
        ),
    ),
    Setting(
        "address",
        "BAOCHA_ADDRESS",
        _DEFAULTS.address,
        _address,
        Message(
            zh="别人访问的地址，如 https://search.example；反向代理下用",
            en="what others call this server, as https://search.example, behind a proxy",
        ),
    ),
    Setting(
        "origins",
        "BAOCHA_ORIGINS",
        _DEFAULTS.origins,
        _origins,
        Message(
            zh="允许嵌入的网站，如 https://oa.example.gov.cn，几个之间用空格；默认没有",
            en="origins whose pages may embed, as https://oa.example.gov.cn, parted by spaces; "
            "none by default",
        ),
    ),
    Setting(
        "tokens",
        "",
        _DEFAULTS.tokens,
        read_tokens,
        Message(
            zh="接口的读取令牌及其范围（部门、年度、报告类型）；有令牌时接口必须出示",
            en="read tokens of the API and what each may see (department, year, kind); "
            "where there are any, the API asks for one",
        ),
    ),
)
"""In the order in which `baocha config` prints them."""


def settings_of(said: Mapping[str, Any]) -> Settings:
    """Return settings of values such as the file has, by the names of the fields.

    Raises TypeError for a setting that does not exist, ConfigError for a value that cannot be.
    """
    by_field = {setting.name.replace("-", "_"): setting for setting in SETTINGS}
    unknown = sorted(set(said) - set(by_field))
    if unknown:
        raise TypeError(f"no such setting: {', '.join(unknown)}")
    return Settings(**{name: _read(by_field[name], raw, name) for name, raw in said.items()})


def load(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; `given` are those of the command line, None where it says nothing.

    Raises ConfigError where a value cannot be understood, or the file cannot be read.
    """
    said, _ = told(given, environment)
    return Settings(**{name.replace("-", "_"): value for name, value in said.items()})


def told(
    given: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the value of each setting, and where it is from: a path, a variable, or nothing."""
    path, held = _file(environment)
    values, sources = {}, {}
    for setting in SETTINGS:
        raw, source = setting.default, ""
        if given.get(setting.name) is not None:
            raw, source = given[setting.name], f"--{setting.name}"
        elif setting.variable and environment.get(setting.variable):
            raw, source = environment[setting.variable], setting.variable
        elif setting.name in held:
            raw, source = held[setting.name], str(path)
        values[setting.name] = _read(setting, raw, source)
        sources[setting.name] = source
    return values, sources


def _read(setting: Setting, raw: Any, source: str) -> Any:
    try:
        return setting.read(raw) if source else raw
    except (ValueError, TypeError, AttributeError) as error:
        # The value of a token is not said: it is a secret.
        shown = "" if setting.name == "tokens" else f" “{raw}”"
        why = error.message if isinstance(error, TokenError) else setting.help
        raise ConfigError(
            Message(
                zh=f"设置 {setting.name} 的值{shown}不对（{source}）：{why.zh}",
                en=f"setting {setting.name}{shown} cannot be that ({source}): {why.en}",
            )
        ) from error


def _file(environment: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    named = environment.get(CONFIG_VARIABLE)
    path = Path(named or CONFIG_FILE)
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if named:
            raise _unreadable(path, error) from error
        return path, {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    unknown = sorted(set(held) - {setting.name for setting in SETTINGS})
    if unknown:
        raise ConfigError(
            Message(
                zh=f"{path} 里没有这个设置：{'、'.join(unknown)}；baocha config 列出全部",
                en=f"{path} has settings that do not exist: {', '.join(unknown)}; "
                "baocha config lists all",
            )
        )
    return path, held


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(Message(zh=f"读不了 {path}：{error}", en=f"cannot read {path}: {error}"))
