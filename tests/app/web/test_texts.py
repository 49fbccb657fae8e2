import re

import pytest

from baocha.web.texts import TEXTS, text


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
