"""Read `baocha.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baocha_indexer.errors import BaochaError

CONFIG_VARIABLE = "BAOCHA_CONFIG"
CONFIG_FILE = "baocha.toml"


class ConfigError(BaochaError):
    """A setting is invalid or unknown, or the settings file cannot be read."""


def read_config_file(environment: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    """Return the path and the tables of the settings file; a missing default file is empty.

    Raises ConfigError if the file cannot be read or is not TOML, or if BAOCHA_CONFIG gives a file
    that does not exist.
    """
    given = environment.get(CONFIG_VARIABLE)
    path = Path(given or CONFIG_FILE)
    try:
        # Notepad begins a file with a byte order mark.
        return path, tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        if given:
            raise _unreadable(path, error) from error
        return path, {}
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            zh=f"{path} 不是 UTF-8 编码；请另存为 UTF-8",
            en=f"{path} is not UTF-8: save it as UTF-8",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            zh=f"{path} 不是有效的 TOML：{error}；文字值须写在引号内",
            en=f"{path} is not valid TOML: {error}; text values need quotes",
        ) from error


def _unreadable(path: Path, error: OSError) -> ConfigError:
    why = error.strerror
    return ConfigError(
        zh=f"无法读取设置文件 {path}：{why}；请检查路径和权限",
        en=f"cannot read the settings file {path}: {why}; check the path and its permissions",
    )
