import re
from pathlib import Path

import pytest

import baocha
from baocha.web.embed import OPTIONS
from baocha.web.texts import SCRIPT_TEXTS, TEXTS, text

ROOT = Path(baocha.__file__).parent
MADE_FROM_PARTS = re.compile(r"""["'`](\w+_)(?:["']\s*~|\$\{|\{|["'])""")
"""The beginning of a key to which a value is added: t('mode_' ~ mode), t(`item_${state}`)."""


def sources(*patterns: str) -> str:
    """Return the content of all files that may use a text."""
    files = [path for pattern in patterns for path in sorted(ROOT.rglob(pattern))]
    return "\n".join(path.read_text() for path in files if path.name not in ("texts.py", "v1.js"))


def test_every_text_is_used() -> None:
    everything = sources("*.html", "*.py", "static/**/*.js")
    quoted = set(re.findall(r"""["'`](\w+)["'`]""", everything))
    # The set-up page makes keys from the names of its options.
    beginnings = (*set(MADE_FROM_PARTS.findall(everything)), *(f"{name}_" for name in OPTIONS))
    assert 5 < len(beginnings) < 40
    # The page of a message shows its title and its reason.
    titles = {key.removesuffix("_why") for key in TEXTS}
    used = [key for key in TEXTS if key in quoted or key.startswith(beginnings)]
    unused = TEXTS.keys() - set(used) - {f"{title}_why" for title in titles & quoted}
    assert sorted(unused) == []


def test_no_two_texts_have_the_same_key() -> None:
    keys = re.findall(
        r"""^    "(\w+)": Message""", (ROOT / "web/texts.py").read_text(), re.MULTILINE
    )
    assert len(keys) == len(TEXTS)


def test_no_text_is_missing() -> None:
    asked = re.findall(r"""\bt\(["'](\w+)["']""", sources("templates/**/*.html"))
    assert len(asked) > 100
    assert [key for key in asked if key not in TEXTS and not key.endswith("_")] == []
    by_scripts = re.findall(r"""\bt\(["'](\w+)["']""", sources("static/js/**/*.js"))
    assert len(by_scripts) > 20
    assert [key for key in by_scripts if key not in SCRIPT_TEXTS] == []


@pytest.mark.parametrize(
    ("total", "reports", "shown"),
    [
        ("1", "1", "1 paragraph in 1 report"),
        ("2", "1", "2 paragraphs in 1 report"),
        ("0", "21", "0 paragraphs in 21 reports"),
        ("1,001", "11", "1,001 paragraphs in 11 reports"),
    ],
)
def test_an_english_noun_after_1_is_singular(total: str, reports: str, shown: str) -> None:
    assert text("en", "total", total=total, reports=reports) == shown


def test_a_query_is_shown_as_it_is() -> None:
    assert text("en", "no_match_filtered", query="1 reports").endswith(": 1 reports")


def test_no_english_text_says_1_with_a_plural() -> None:
    for key, message in TEXTS.items():
        fields = dict.fromkeys(re.findall(r"{(\w+)}", message.en), "1")
        shown = text("en", key, **fields)
        assert not re.search(r"\b1 (\w+[^s]s|are|have|differ)\b", shown), shown
