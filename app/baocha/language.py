"""Choose the language of the command line: Chinese, unless BAOCHA_LANG or the locale is English."""

import os
from collections.abc import Mapping

from baocha_indexer.messages import Language

VARIABLE = "BAOCHA_LANG"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of an environment. `BAOCHA_LANG` has priority over the locale."""
    if chosen := environment.get(VARIABLE):
        return "en" if chosen.lower().startswith("en") else "zh"
    locale = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"
