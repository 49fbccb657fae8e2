import pytest

from baocha.search.query.years import YearRange, parse_years, show_years
from baocha_indexer.messages import Message


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022", (2022, 2022)),
        ("2022年", (2022, 2022)),
        ("2021-2023", (2021, 2023)),
        ("2023..2021", (2021, 2023)),
        ("2021至2023", (2021, 2023)),
        ("未知", None),
        ("二〇二三", (2023, 2023)),
        ("二零二三年度", (2023, 2023)),
        ("二○二一年至二〇二三年", (2021, 2023)),
        ("2021—二〇二三", (2021, 2023)),
    ],
)
def test_parses_years_as_users_write_them(text: str, years: YearRange) -> None:
    assert parse_years(text) == years
    assert parse_years(show_years(years)) == years


@pytest.mark.parametrize(
    "text", ["", "abc", "22", "2022-", "20222023", "20223", "二〇二", "二〇二三四", "二千二十三"]
)
def test_text_that_is_not_a_year_gives_a_message(text: str) -> None:
    assert isinstance(parse_years(text), Message)


@pytest.mark.parametrize("between", ["-", "–", "—", "~", "～", "至", "到", "..", " - "])
def test_each_mark_between_two_years_makes_a_range(between: str) -> None:
    assert parse_years(f"2021{between}2023") == (2021, 2023)
    assert parse_years(f" 2021年度{between}2023年 ") == (2021, 2023)


@pytest.mark.parametrize("text", ["未知", " 未知 ", "unknown"])
def test_unknown_is_a_year_that_can_be_asked_for(text: str) -> None:
    assert parse_years(text) is None


def test_the_warning_shows_at_most_forty_characters() -> None:
    for size, shown in ((40, "年" * 40), (41, "年" * 40 + "…")):
        warning = parse_years("年" * size)
        assert isinstance(warning, Message)
        assert f"“{shown}”" in warning.zh
        assert f"“{shown}”" in warning.en
