from datetime import date, datetime, time

import pytest

from baocha_indexer.extract.office.cell_formats import format_value


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.976, "0.0%", "97.6%"),
        (97.6, '0.0"%"', "97.6%"),
        (0.5, "0%", "50%"),
        (0.125, "0%", "13%"),
        (2.5, "0", "3"),
        (5.25, "0.0", "5.3"),
        (2937.4, "#,##0.00", "2,937.40"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-12, "0", "-12"),
        (0, '0;-0;"无"', "无"),
        (1234567, "#,##0.00,", "1,234.57"),
        (3200, "¥#,##0.00", "¥3,200.00"),
        (3200, "[$¥-804]#,##0", "¥3,200"),
        (12.34, "0.##", "12.34"),
        (12, "0.##", "12"),
        (12, "0000", "0012"),
        (12.5, 'General"元"', "12.5元"),
        (12, '0"万元"', "12万元"),
        (0.5, "# ?/?", "1/2"),
        (1.25, "# ?/?", "1 1/4"),
        (2937.4, "General", "2937.4"),
        (0.1 + 0.2, "General", "0.3"),
        (12, "General", "12"),
        (10**400, "0.00", "1" + "0" * 400),
        (datetime(2023, 3, 1), "yyyy-mm-dd", "2023-03-01"),  # noqa: DTZ001 — cells have no zone
        (datetime(2024, 3, 8), 'yyyy"年"m"月"d"日"', "2024年3月8日"),  # noqa: DTZ001
        (datetime(2023, 12, 1), 'yyyy"年"m"月"', "2023年12月"),  # noqa: DTZ001
        (datetime(2024, 3, 8, 9, 5), "yyyy/m/d h:mm", "2024/3/8 9:05"),  # noqa: DTZ001
        (date(2023, 3, 1), "yyyy/m/d", "2023/3/1"),
        (time(9, 5), "hh:mm", "09:05"),
        (True, "General", "TRUE"),
        ("文字", "@", "文字"),
    ],
)
def test_a_value_is_formatted_as_its_cell_shows_it(
    value: object, number_format: str, text: str
) -> None:
    assert format_value(value, number_format) == text
