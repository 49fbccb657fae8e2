"""Which language the command line speaks: Chinese, unless the locale or a switch says English."""

import os
from collections.abc import Mapping

from baocha_indexer.messages import Language

VARIABLE = "BAOCHA_LANG"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of an environment; `BAOCHA_LANG` is heard before the locale."""
    if chosen := environment.get(VARIABLE):
        return "en" if chosen.lower().startswith("en") else "zh"
    locale = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"
