"""Settings: their table, `baocha.toml`, tokens, and the language of a reader."""

from baocha.settings.config import SETTINGS, Settings, load, settings_of, told
from baocha.settings.file import exposed_tokens
from baocha.settings.tokens import NO_TOKEN, Token, hash_secret, is_token

__all__ = [
    "NO_TOKEN",
    "SETTINGS",
    "Settings",
    "Token",
    "exposed_tokens",
    "hash_secret",
    "is_token",
    "load",
    "settings_of",
    "told",
]
