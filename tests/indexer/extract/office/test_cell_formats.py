from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH

from baocha_indexer.extract.office.cell_formats import format_value
from baocha_indexer.extract.office.xlsx import extract
from tests.indexer.extract.archives import saved, with_changed_parts

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
ACCOUNTING_YUAN = '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ '
ACCOUNTING_DOLLAR = '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)'
LEVELS = '[<100]"低";[<200]"中";"高"'

CASES = [
    # Digits: 0 is always shown, # never without a digit, ? is a space then.
    (0.976, "0.0%", "97.6%"),
    (97.6, '0.0"%"', "97.6%"),
    (0.5, "0%", "50%"),
    (0.125, "0%", "13%"),
    (0.125, "0.00%", "12.50%"),
    (2.5, "0", "3"),
    (5.25, "0.0", "5.3"),
    (1.005, "0.00", "1.01"),
    (2937.4, "#,##0.00", "2,937.40"),
    (-12, "0", "-12"),
    (-0.001, "0.00", "-0.00"),
    (3200, "¥#,##0.00", "¥3,200.00"),
    (-3200, "¥#,##0.00", "-¥3,200.00"),
    (3200, "[$¥-804]#,##0", "¥3,200"),
    (1234.5, "#,##0.00\\ [$€-407]", "1,234.50 €"),
    (0, "#,###", ""),
    (1234, "#,###", "1,234"),
    (12, "#.##", "12."),
    (0, "#.##", "."),
    (0.5, "#.##", ".5"),
    (12.5, ".00", "12.50"),
    (12.34, "0.##", "12.34"),
    (12, "0.##", "12."),
    (5.25, "???.???", "5.25"),
    (1.5, "0.0??", "1.5"),
    (12, "0000", "0012"),
    (12, "000,000", "000,012"),
    (12.5, 'General"元"', "12.5元"),
    (-12.5, 'G/通用格式"元"', "-12.5元"),
    (12, '0"万元"', "12万元"),
    (5, '0 "m²"', "5 m²"),
    (13812345678, "000-0000-0000", "138-1234-5678"),
    # A comma after the last digit divides by 1000.
    (1234567, "#,##0.00,", "1,234.57"),
    (1234567890, '0.0,,"百万"', "1234.6百万"),
    (123456789, '0!.0,"万"', "12345.7万"),
    (500, '0!.0,"万"', "0.1万"),
    # Sections.
    (0, ACCOUNTING, "-"),
    (1234.5, ACCOUNTING, "1,234.50"),
    (-1234.5, ACCOUNTING, "-1,234.50"),
    ("甲", ACCOUNTING, "甲"),
    (0, ACCOUNTING_YUAN, "¥-"),
    (-3, ACCOUNTING_YUAN, "¥-3.00"),
    (0, ACCOUNTING_DOLLAR, "$-"),
    (-5, ACCOUNTING_DOLLAR, "$(5.00)"),
    (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
    (0, '0;-0;"无"', "无"),
    (0, "0;-0", "0"),
    (-1, "0;;", ""),
    *((value, ";;;", "") for value in (5, -5, 0, "甲")),
    (5, '"合计"', "合计"),
    # Conditions.
    (123456789, '[>=10000]0!.0,"万";0', "12345.7万"),
    (500, '[>=10000]0!.0,"万";0', "500"),
    (-1, '[>=10000]0!.0,"万";0', "-1"),
    (-5, "[<0]0.0;0", "5.0"),
    (1, '[=1]"是";[=0]"否"', "是"),
    (50, LEVELS, "低"),
    (123, LEVELS, "中"),
    (300, LEVELS, "高"),
    # Colours.
    (-5, "[Red]0.00", "-5.00"),
    (-5, "0.00_);[Red](0.00)", "(5.00)"),
    (-5, "[Color10]0;[蓝色]-0.0", "-5.0"),
    # Exponents.
    (12345.678, "0.00E+00", "1.23E+04"),
    (0.00012, "0.00E+00", "1.20E-04"),
    (9.999, "0.00E+00", "1.00E+01"),
    (0, "0.00E+00", "0.00E+00"),
    (12345.678, "##0.0E+0", "12.3E+3"),
    (12345.678, "0.0E-0", "1.2E4"),
    # Fractions.
    (0.5, "# ?/?", "1/2"),
    (1.25, "# ?/?", "1 1/4"),
    (-1.25, "# ??/??", "-1 1/4"),
    (0.999, "# ?/?", "1"),
    (0, "# ?/?", "0"),
    (0.5, "0 ?/?", "0 1/2"),
    (2.5, "?/?", "5/2"),
    (0.3125, '# ?/16"英寸"', "5/16英寸"),
    # Texts.
    ("文字", "@", "文字"),
    ("甲", '"项目："@', "项目：甲"),
    ("甲", '0;0;0;"文："@', "文：甲"),
    ("甲", '0;"文："@', "文：甲"),
    ("甲", "0.00", "甲"),
    (-5, '0;"文："@', "-5"),
    (5, "@", "5"),
    # Without a format.
    (2937.4, "General", "2937.4"),
    (0.1 + 0.2, "General", "0.3"),
    (12, "General", "12"),
    (True, "General", "TRUE"),
    (10**400, "0.00", "1" + "0" * 400),
    # Dates.
    (datetime(2023, 3, 1), "yyyy-mm-dd", "2023-03-01"),  # noqa: DTZ001 — cells have no zone
    (datetime(2024, 3, 8), 'yyyy"年"m"月"d"日";@', "2024年3月8日"),  # noqa: DTZ001
    (datetime(2023, 12, 1), 'yyyy"年"m"月"', "2023年12月"),  # noqa: DTZ001
    (datetime(2024, 3, 8, 9, 5), "yyyy/m/d h:mm", "2024/3/8 9:05"),  # noqa: DTZ001
    (date(2023, 3, 1), "yyyy/m/d", "2023/3/1"),
    (date(2023, 3, 15), "[$-804]aaaa", "星期三"),
    (45000, "[$-804]aaaa", "星期三"),
    (date(2023, 3, 15), '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二三年三月十五日"),
    (date(2023, 3, 15), "[$-F800]dddd, mmmm dd, yyyy", "Wednesday, March 15, 2023"),
    (date(2023, 3, 5), "d-mmm-yy", "5-Mar-23"),
    (date(2023, 3, 5), "[$-804]mmmm", "三月"),
    (time(9, 5), "hh:mm", "09:05"),
    (time(0, 0), "yyyy/m/d", "1900/1/0"),
    (time(18, 0), "h:mm AM/PM", "6:00 PM"),
    (time(18, 0), '上午/下午h"时"mm"分"', "下午6时00分"),
    (time(12, 6, 2, 880_000), "mm:ss.0", "06:02.9"),
    (timedelta(hours=36), "[h]:mm", "36:00"),
    (timedelta(hours=36, seconds=5), "[h]:mm:ss", "36:00:05"),
    (timedelta(hours=18), "[mm]:ss", "1080:00"),
    # A format that is not understood, and a value that the format has no section for.
    (5, "0.00[", "5"),
    (5, '0.00"abc', "5"),
    (5, "[>=abc]0", "5"),
    (5, "1;2;3;4;5", "5"),
    (45.5, "0.0x", "45.5"),
    (5.5, "0.0.0", "5.5"),
    (5.5, "0.0E+0E+0", "5.5"),
    (5, '[=1]"是";[=0]"否"', "5"),
    (12, "[DBNum2]General", "12"),
    (-1, "[$-804]aaaa", "-1"),
    (3_000_000, "[$-804]aaaa", "3000000"),
    (5, "0" * 256, "5"),
    (date(2023, 3, 1), "yyyy[", "2023-03-01"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), CASES)
def test_a_value_is_formatted_as_its_cell_shows_it(
    value: object, number_format: str, text: str
) -> None:
    assert format_value(value, number_format) == text


def lines_of(cells: list[tuple[Any, str]]) -> list[str]:
    """Return the first cells of rows with these values and formats, read from a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for value, number_format in cells:
        sheet.append([value, "甲"])
        sheet.cell(sheet.max_row, 1).number_format = number_format
    return [line.text.rpartition("甲")[0].rstrip(" |") for line in extract(saved(book)).lines]


def test_values_are_shown_the_same_in_a_workbook() -> None:
    # Excel has no integers above 10^308. openpyxl writes no text that ends with a space.
    cells = [case for case in CASES if not (isinstance(case[0], int) and case[0] > 10**300)]
    assert lines_of([case[:2] for case in cells]) == [case[2] for case in cells]


def test_formats_that_a_file_gives_only_by_number_are_known() -> None:
    shown = {
        5: "$1,235", 6: "$1,235", 7: "$1,234.50", 8: "$1,234.50", 11: "1.23E+03", 12: "1234 1/2",
        14: "1903/5/18", 22: "1903/5/18 12:00", 31: "1903年5月18日", 34: "下午12时00分",
        37: "1,235", 38: "1,235", 39: "1,234.50", 40: "1,234.50", 41: "1,235", 42: "$1,235",
        43: "1,234.50", 44: "$1,234.50", 45: "00:00", 46: "29628:00:00", 47: "00:00.0",
        48: "1.2E+3", 49: "1234.5",
    }  # fmt: skip
    zero = {37: "0", 39: "0.00", 41: "-", 42: "$-", 43: "-", 44: "$-"}
    negative = {37: "(1,235)", 40: "(1,234.50)", 41: "(1,235)", 44: "$(1,234.50)"}
    for value, texts in ((1234.5, shown), (0, zero), (-1234.5, negative)):
        for number, text in texts.items():
            assert first_cell_with_format_number(value, number) == text, number


def first_cell_with_format_number(value: float, number: int) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([value, "甲"])
    sheet["A1"].number_format = "0.00"
    attribute = f'numFmtId="{number}"'.encode()
    content = with_changed_parts(
        saved(book), lambda _, part: part.replace(b'numFmtId="2"', attribute)
    )
    return extract(content).lines[0].text.removesuffix(" | 甲")


def test_a_time_without_a_known_format_is_shown_in_hours() -> None:
    assert format_value(timedelta(hours=36), "[h") == "36:00:00"


def test_dates_count_from_1904_if_the_workbook_does() -> None:
    assert format_value(0, "[$-804]yyyy/m/d aaaa", MAC_EPOCH) == "1904/1/1 星期五"


@given(
    st.decimals(-(10**10), 10**10, places=4),
    st.integers(0, 4),
    st.sampled_from(["", ","]),
    st.sampled_from(["", "%", "!元", '"万元"', "_ ", "* "]),
)
def test_digits_are_those_of_python(
    number: Decimal, places: int, separator: str, suffix: str
) -> None:
    pattern = ("#,##0" if separator else "0") + ("." + "0" * places if places else "") + suffix
    scaled = number * 100 if suffix == "%" else number
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    expected = f"{rounded:{separator}f}" + suffix.strip('!"_* ')
    sign = "-" if number < 0 else ""
    assert format_value(float(number), pattern) == sign + expected


@given(st.text('0#?.,%/E+-@;;_*!\\"[]<>=10Redymdhsa 万', max_size=20), st.integers(-(10**6), 10**6))
def test_any_format_is_accepted(number_format: str, value: int) -> None:
    assert isinstance(format_value(value / 8, number_format), str)
    assert isinstance(format_value("甲", number_format), str)
