import pytest

from baocha_indexer.numbering import decimal_number, enumerator, han_number, is_item


@pytest.mark.parametrize(
    ("text", "level", "value", "length"),
    [
        ("一、基本情况", 1, 1, 2),
        ("十二、附则", 1, 12, 3),
        ("（三）部门职能", 2, 3, 3),
        ("(一) 部门职能", 2, 1, 3),
        ("1.抓机制", 3, 1, 2),
        ("2. 平台扩容", 3, 2, 2),
        ("7、引领科技自立自强", 3, 7, 2),
        ("（1）产业扶持", 4, 1, 3),
        ("(10)其他", 4, 10, 4),
    ],
)
def test_returns_level_value_and_length(text: str, level: int, value: int, length: int) -> None:
    found = enumerator(text)
    assert found is not None
    assert (found.level, found.value, found.length) == (level, value, length)


@pytest.mark.parametrize("text", ["4.5 亿元", "2022 年", "一是加强", "（北亭广场）", "", "100%。"])
def test_figures_and_words_are_not_numbers_of_headings(text: str) -> None:
    assert enumerator(text) is None


def test_a_number_alone_is_not_an_item() -> None:
    assert not is_item("一、")
    assert is_item("一、情况")


@pytest.mark.parametrize(
    ("text", "value"), [("十", 10), ("二十一", 21), ("一百零三", 103), ("二○二二", 2022)]
)
def test_reads_chinese_numbers(text: str, value: int) -> None:
    assert han_number(text) == value


@pytest.mark.parametrize(
    ("text", "level", "value"), [("①基础设施", 6, 1), ("⑫其他", 6, 12), ("B.产出指标", 7, 2)]
)
def test_circled_numbers_and_letters_are_the_lowest_levels(
    text: str, level: int, value: int
) -> None:
    found = enumerator(text)
    assert found is not None
    assert (found.level, found.value) == (level, value)


@pytest.mark.parametrize("text", ["A.", "A. Smith", "GDP增长", "9.5 亿元", "5.20 万元"])
def test_latin_words_and_amounts_have_no_number(text: str) -> None:
    assert enumerator(text) is None


@pytest.mark.parametrize(
    ("text", "number", "delimiter"),
    [
        ("1 总则", (1,), " "),
        ("1. 总则", (1,), "."),
        ("1.1目的", (1, 1), ""),
        ("2.10.3 职责", (2, 10, 3), " "),
    ],
)
def test_reads_decimal_numbers(text: str, number: tuple[int, ...], delimiter: str) -> None:
    found = decimal_number(text)
    assert found is not None
    assert (found.number, found.delimiter) == (number, delimiter)


@pytest.mark.parametrize("text", ["5年规划", "1.1亿元", "2023.1 总则", "3.5%", "1.1", "12 月工作"])
def test_amounts_and_dates_are_not_decimal_numbers(text: str) -> None:
    assert decimal_number(text) is None
