import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.structure.document_numbers import (
    document_number_in,
    document_number_of_line,
    without_document_number,
)


@pytest.mark.parametrize(
    ("text", "number", "year", "issuer"),
    [
        ("国发〔2019〕5号", "国发〔2019〕5号", 2019, "国务院"),
        ("国办发[2018]128号", "国办发〔2018〕128号", 2018, "国务院办公厅"),
        ("国办函【2004】 71 号", "国办函〔2004〕71号", 2004, "国务院办公厅"),
        ("国 函 （2006） 第38号", "国函〔2006〕38号", 2006, "国务院"),
        ("国令第706号", "国令第706号", None, "国务院"),
        ("中华人民共和国国务院令（第706号）", "中华人民共和国国务院令第706号", None, "国务院"),
        ("财预〔2023〕12号", "财预〔2023〕12号", 2023, "财政部"),
        ("京财预〔2023〕12号", "京财预〔2023〕12号", 2023, "北京市财政局"),
        ("粤府办〔2021〕3号", "粤府办〔2021〕3号", 2021, "广东省人民政府办公厅"),
        ("苏政发〔2021〕3号", "苏政发〔2021〕3号", 2021, "江苏省人民政府"),
        ("青湖财发〔2022〕3号", "青湖财发〔2022〕3号", 2022, None),
        ("国家税务总局公告2023年第12号", "国家税务总局公告2023年第12号", 2023, "国家税务总局"),
        ("第706号", None, None, None),
        ("2023年12号楼", None, None, None),
    ],
)
def test_finds_the_number_its_year_and_its_issuer(
    text: str, number: str | None, year: int | None, issuer: str | None
) -> None:
    found = document_number_in(text)
    assert (found and found.text, found and found.year, found and found.issuer) == (
        number,
        year,
        issuer,
    )


@given(
    st.sampled_from(["国发", "财预", "京财预", "云政办发", "某某函"]),
    st.integers(1949, 2099),
    st.integers(1, 99999),
    st.sampled_from(["〔〕", "[]", "【】", "（）", "()", "［］"]),
    st.text(" \u3000", max_size=2),
)
def test_brackets_and_spaces_do_not_matter(
    code: str, year: int, serial: int, brackets: str, space: str
) -> None:
    text = f"{code}{space}{brackets[0]}{year}{space}{brackets[1]}{space}{serial}{space}号"
    found = document_number_of_line(text)
    assert found
    assert (found.text, found.year) == (f"{code}〔{year}〕{serial}号", year)


def test_a_line_with_other_text_is_no_document_number() -> None:
    assert document_number_of_line("青财预〔2023〕7号 签发人：张三")
    assert document_number_of_line("发文字号：青财预〔2023〕7号")
    assert document_number_of_line("根据青财预〔2023〕7号，现批复如下。") is None
    assert document_number_of_line("青财预〔2023〕7号文件下达的资金") is None


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("云政发〔2023〕7号 云溪市人民政府关于节水的意见", "云溪市人民政府关于节水的意见"),
        ("云溪市人民政府关于节水的意见 云政发〔2023〕7号", "云溪市人民政府关于节水的意见"),
        ("云溪市节水办公会议纪要[2023]7号", "云溪市节水办公会议纪要"),
        ("关于编制预算的通知（云财〔2023〕7号）", "关于编制预算的通知（云财〔2023〕7号）"),
    ],
)
def test_a_title_is_analysed_without_its_document_number(title: str, rest: str) -> None:
    assert without_document_number(title) == rest
