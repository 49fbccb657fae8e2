"""Settings: the table of settings, `baocha.toml` and API tokens."""

from baocha.settings.config import (
    SETTINGS,
    Setting,
    Settings,
    describe_settings,
    exposed_secrets,
    load,
    settings_of,
)
from baocha.settings.tokens import NO_TOKEN, Token, hash_secret, is_token
from baocha.settings.values import origins as origins_of

__all__ = [
    "NO_TOKEN",
    "SETTINGS",
    "Setting",
    "Settings",
    "Token",
    "describe_settings",
    "exposed_secrets",
    "hash_secret",
    "is_token",
    "load",
    "origins_of",
    "settings_of",
]
