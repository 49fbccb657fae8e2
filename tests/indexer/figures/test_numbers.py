from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.figures.numbers import (
    MAX_DIGITS,
    arabic,
    decimals_of,
    han,
    is_well_formed,
    normalise,
)

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
        ("零点五", Decimal("0.5")),
        ("二亿零三万", 200_030_000),
        ("伍佰万", 5_000_000),
        ("壹拾贰万叁仟肆佰", 123_400),
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
        ("１，２３４．５６", "1234.56"),
        ("5'000", "5000"),
        ("1, 234.56", "1234.56"),
        ("1,234, 567.8", "1234567.8"),
        ("1 234 567.89", "1234567.89"),
        ("25.70", "25.70"),
        (".976", "0.976"),
        ("69,420,92", "69420.92"),
        ("0.00", "0.00"),
        ("7,42.8", "742.8"),
        ("17,0073.50", "170073.50"),
    ],
)
def test_an_arabic_number_has_its_value(text: str, value: str) -> None:
    assert str(arabic(normalise(text))) == value


@pytest.mark.parametrize(
    "text",
    [
        "1,2345", "12,34", "12,34,567", "1,234.567,89", "1.234.567,89", "1,234'567", "1.2.3",
        "100, 200, 300", "100 200 300", "1 234.5", "100，200，300",
    ],
)  # fmt: skip
def test_digits_with_doubtful_separators_have_no_value(text: str) -> None:
    assert arabic(normalise(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.56", True),
        ("１，２３４．５６", True),
        ("1, 234.56", True),
        ("1 234 567.89", True),
        ("5'000", True),
        ("-1,234", True),
        ("3亿5,000", True),
        ("1.2E+07", True),
        ("三点五", True),
        ("69,420,92", False),
        ("7,42.8", False),
        ("-17,0073.50", False),
    ],
)
def test_commas_stand_between_groups_of_three_digits(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_well_formed(text) == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("25.70", 2),
        ("1,234", 0),
        ("１，２３４．５６", 2),
        ("69,420,92", 2),
        ("△5.2", 1),
        ("3亿5000", 0),
        ("3亿5000.5", 1),
        ("三点五", 1),
        ("五百", 0),
        ("四分之一", 0),
        ("1.2E+07", -6),
    ],
)
def test_the_decimal_places_of_a_figure_are_counted_as_written(text: str, places: int) -> None:
    assert decimals_of(text) == places


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
