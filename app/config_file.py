"""Read `baocha.toml`, and find out who else can read it."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.errors import BaochaError
from indexer.messages import Message

CONFIG_VARIABLE = "BAOCHA_CONFIG"
CONFIG_FILE = "baocha.toml"


class ConfigError(BaochaError):
    """A setting has a value that it cannot have; the message names it."""


def read_config_file(environment: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    """Return the path and the tables of the settings file; a missing default file is empty.

    Raises ConfigError where the file cannot be read or is not TOML, or the environment names
    a file that does not exist.
    """
    named = environment.get(CONFIG_VARIABLE)
    path = Path(named or CONFIG_FILE)
    try:
        return path, tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if named:
            raise _unreadable(path, error) from error
        return path, {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def exposed_tokens(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the settings file where other users can read it and it has tokens that are not hashed.

    Windows has no such permissions: None there.
    """
    path, found = read_config_file(environment)
    if os.name != "posix" or not any("token" in item for item in found.get("tokens", ())):
        return None
    return path if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) else None


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(Message(zh=f"读不了 {path}：{error}", en=f"cannot read {path}: {error}"))
