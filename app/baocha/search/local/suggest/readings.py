"""How characters are read in pinyin. The table is a file of pypinyin, which is not imported:
importing it takes half a second and loads a table of phrases that is not needed.
"""

import importlib.util
import json
import re
import unicodedata
from functools import cache
from pathlib import Path

SAME, SIMILAR, OTHER = 0, 1, 2
"""How alike two characters sound."""

_DIAERESIS = "\u0308"
_RETROFLEX = re.compile(r"^([zcs])h")
_NASAL = re.compile(r"(?<=[aei]n)g$")


@cache
def readings_of(char: str) -> tuple[str, ...]:
    """Return the readings of a character without tones, ü as v; none if it has no pinyin.

    A character with several readings has all of them: 行 is xing, hang and heng.
    """
    toned = _table().get(str(ord(char)), "")
    return tuple(dict.fromkeys(filter(None, map(_without_tone, toned.split(",")))))


@cache
def _table() -> dict[str, str]:
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    table: dict[str, str] = json.loads(
        Path(spec.origin).with_name("pinyin_dict.json").read_text("utf-8")
    )
    return table


@cache
def _without_tone(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading).replace(f"u{_DIAERESIS}", "v")
    return "".join(char for char in letters if "a" <= char <= "z")


@cache
def similar_form(syllable: str) -> str:
    """Return one form for syllables that are often confused.

    These are zh and z, ch and c, sh and s, n and l at the beginning, and ang and an, eng and en,
    ing and in at the end.
    """
    syllable = _NASAL.sub("", _RETROFLEX.sub(r"\1", syllable))
    return f"l{syllable[1:]}" if syllable.startswith("n") else syllable


@cache
def likeness(one: str, other: str) -> int:
    """Return how alike two characters sound: SAME, SIMILAR or OTHER."""
    ours, theirs = readings_of(one), readings_of(other)
    if not set(ours).isdisjoint(theirs):
        return SAME
    alike = not {*map(similar_form, ours)}.isdisjoint(map(similar_form, theirs))
    return SIMILAR if alike else OTHER
