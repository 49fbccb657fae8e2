from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.figures.numbers import MAX_DIGITS, arabic, han, normalise

_DIGITS = "零一二三四五六七八九"


def in_han(number: int) -> str:
    """Write a number below 10^12 in Chinese, by the rules taught at school."""
    for scale, mark in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            high, low = divmod(number, scale)
            zero = "零" if low and low < scale // 10 else ""
            return in_han(high) + mark + (zero + in_han(low) if low else "")
    text, gap = "", False
    for scale, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + mark
            gap = False
        else:
            gap = True
    return text


@given(st.integers(1, 10**12 - 1))
def test_a_chinese_number_has_its_value(number: int) -> None:
    assert han(in_han(number)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("两千", 2000),
        ("三点五", Decimal("3.5")),
        ("二亿零三万", 200_030_000),
    ],
)
def test_other_ways_to_write_a_chinese_number_are_read(text: str, value: Decimal | int) -> None:
    assert han(text) == value


@pytest.mark.parametrize(
    "text", ["十二五", "一二三", "一千万亿亿", "万", "百", "", "一十百", "二三"]
)
def test_a_text_that_is_no_chinese_number_has_no_value(text: str) -> None:
    assert han(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,937.4", "2937.4"),
        ("1，234", "1234"),
        ("25.70", "25.70"),
        (".976", "0.976"),
        ("69,420,92", "69420.92"),
        ("0.00", "0.00"),
        ("7,42.8", "742.8"),
        ("17,0073.50", "170073.50"),
    ],
)
def test_an_arabic_number_has_its_value(text: str, value: str) -> None:
    assert str(arabic(text)) == value


@given(st.integers(1, 10**MAX_DIGITS - 1), st.integers(-6, 12))
def test_a_value_is_the_only_one_with_its_float(digits: int, exponent: int) -> None:
    value = Decimal(digits).scaleb(exponent)
    assert Decimal(f"{float(value):.{MAX_DIGITS}g}") == value


@pytest.mark.parametrize("digits", ["9" * 20, "1234567890.123456", "1" + "0" * 40])
def test_a_number_with_too_many_digits_has_no_value(digits: str) -> None:
    assert arabic(digits) is None


@given(st.text())
def test_narrow_keeps_the_length(text: str) -> None:
    assert len(normalise(text)) == len(text)
