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
    ],
)
def test_parses_years_as_users_write_them(text: str, years: YearRange) -> None:
    assert parse_years(text) == years
    assert parse_years(show_years(years)) == years


@pytest.mark.parametrize("text", ["", "abc", "22", "2022-", "20222023"])
def test_text_that_is_not_a_year_gives_a_message(text: str) -> None:
    assert isinstance(parse_years(text), Message)
