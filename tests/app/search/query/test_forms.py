import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.query.forms import Form, other_forms
from baocha_indexer.text import fold

SCALES = {
    "": 1,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}


def value_of(text: str) -> tuple[Decimal, str]:
    """Return the value and the unit of a number, and nothing of the code that is tested."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([百千万亿]*)([%‰元]?)", text)
    assert match, text
    return Decimal(match[1]) * SCALES[match[2]], match[3]


def day_of(text: str) -> list[int]:
    """Return the year, the month and, if there is one, the day."""
    numbers = re.findall("[0-9]+", text)
    if len(numbers) == 1:
        numbers = [text[:4], text[4:6], text[6:]]
    return [int(number) for number in numbers]


def written(text: str) -> set[str]:
    folded = fold(text)
    return {folded[: form.start] + form.text + folded[form.end :] for form in other_forms(folded)}


@given(
    digits=st.decimals(0, 10**10, places=3).map(lambda n: f"{n:f}"),
    places=st.integers(0, 3),
    scale=st.sampled_from([*SCALES]),
    unit=st.sampled_from(["", "元", "%", "‰"]),
)
def test_each_form_of_a_number_has_its_value(
    digits: str, places: int, scale: str, unit: str
) -> None:
    number = digits[: len(digits) - 3 + places].rstrip(".")
    typed = number + (scale if unit not in ("%", "‰") else "") + unit
    forms = list(other_forms(typed))
    texts = [form.text for form in forms]
    assert len(set(texts)) == len(texts)
    for form in forms:
        assert form.text != typed
        if form.kind == "number":
            assert (form.start, form.end) == (0, len(typed))
            assert value_of(form.text) == value_of(typed)


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_each_form_of_a_date_is_this_day(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    short = {
        f"{year}年{month}月{number}日",
        *(f"{year}{mark}{month}{mark}{number}" for mark in "-/."),
        f"{year}.{month}.{number}日",
    }
    padded = {
        f"{year}年{month:02}月{number:02}日",
        *(f"{year}{mark}{month:02}{mark}{number:02}" for mark in "-/."),
        f"{year}.{month:02}.{number:02}日",
        f"{year}{month:02}{number:02}",
    }
    for typed in short | padded:
        assert written(typed) - {typed} == (short | padded) - {typed}
        assert {form.kind for form in other_forms(typed)} == {"date"}


@given(text=st.text(alphabet="0123456789.,-/年月日号万亿元%‰预 ", max_size=20))
def test_a_form_replaces_a_part_of_any_text(text: str) -> None:
    folded = fold(text)
    for form in other_forms(folded):
        part = folded[form.start : form.end]
        assert part != form.text
        if form.kind == "number":
            assert value_of(part) == value_of(form.text)
        else:
            assert day_of(part) == day_of(form.text)


@pytest.mark.parametrize(
    "group",
    [
        (
            "25.7万元",
            "25.70万元",
            "257000元",
            "257,000元",
            "２５.７万元",
            "0.00257亿元",
            "257000.00元",
        ),
        ("97.6%", "97.60%", "９７.６％"),
        ("支出25.7万元，增长", "支出25.70万元，增长"),
        ("2022-12-31", "2022年12月31日", "2022/12/31", "2022.12.31", "2022.12.31日", "20221231"),
        ("2022年1月5日", "2022年01月05日", "2022-1-5", "2022-01-05", "2022/1/5"),
        ("2022年3月", "2022-03", "2022年03月", "2022/3", "2022.3"),
        ("截至2022年12月31日止", "截至2022-12-31止"),
        ("1.2万亿元", "12000亿元"),
    ],
)
def test_forms_of_the_same_value_are_found_from_each_other(group: tuple[str, ...]) -> None:
    for typed in group:
        assert {fold(text) for text in group} - {fold(typed)} <= written(typed)


@pytest.mark.parametrize(
    "text",
    ["", "2022", "2022年", "2022年度", "15", "sqg15-02", "2021-2023", "2022-13-01", "2023-02-29",
     "007", "1.2.3", "12:30", "3月", "12月31日", "1" * 1000, "预算"],
)  # fmt: skip
def test_years_codes_and_small_integers_have_no_other_form(text: str) -> None:
    assert list(other_forms(fold(text))) == []


def test_each_number_of_a_text_is_replaced_alone() -> None:
    forms = list(other_forms("25.7万元和97.6%"))
    assert Form("number", 0, 6, "25.70万元") in forms
    assert Form("number", 7, 12, "97.60%") in forms
