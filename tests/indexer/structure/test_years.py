import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.structure.years import Years, date_in, year_of_date, years_in


@pytest.mark.parametrize(
    ("title", "years", "main"),
    [
        ("青湖区水务局2022年部门决算", (2022,), 2022),
        ("二○二二年度青湖区水务局部门决算", (2022,), 2022),
        ("２０２２年部门决算", (2022,), 2022),
        ("云溪市节水三年行动计划（2021—2023年）", (2021, 2022, 2023), 2023),
        ("云溪市节水行动计划（2021至2023年）", (2021, 2022, 2023), 2023),
        ("2021年-2022年农村供水项目绩效评价报告", (2021, 2022), 2022),
        ("2021、2022年度专项资金绩效评价报告", (2021, 2022), 2022),
        ("2021年和2022年专项资金绩效评价报告", (2021, 2022), 2022),
        ("青湖大学2022-2023学年度信息公开年报", (2022, 2023), 2022),
        ("云溪市2023年预算执行情况和2024年预算草案的报告", (2023, 2024), 2024),
        ("云溪市二〇二三年预算执行情况与二〇二四年预算（草案）的报告", (2023, 2024), 2024),
        ("云溪水厂2018年1月至2021年8月财务收支审计报告", (2018, 2019, 2020, 2021), 2021),
        ("青湖区林业局2021年工作总结和2022年工作计划", (2021, 2022), 2022),
        ("关于2023年市级决算和2024年上半年预算执行情况的报告", (2023, 2024), 2024),
        ("关于2023年国民经济和社会发展计划执行情况与2024年计划草案的报告", (2023, 2024), 2024),
        ("2023年度水务发展规划（2021—2025年）中期评估报告", (2023,), 2023),
        ("2024年8月公布的2023年度部门决算", (2023,), 2023),
        ("云溪市第十四个五年规划和二〇三五年远景目标纲要", None, None),
        ("云溪市“十四五”水务发展规划", None, None),
        ("云溪市2030年前碳达峰行动方案", None, None),
        ("关于编制2024年部门预算的通知（青财预〔2023〕7号）", (2024,), 2024),
        ("青湖区水务局审计结果公告（审〔2021〕10号）", None, None),
    ],
)
def test_finds_the_years_of_a_title(
    title: str, years: tuple[int, ...] | None, main: int | None
) -> None:
    found = years_in(title)
    assert (found and found.all, found and found.main) == (years, main)


def test_the_year_of_an_event_is_a_guess_in_an_official_document() -> None:
    title = "关于同意申办2011年第二十六届水上运动会的复函"
    assert years_in(title, is_document=True) == Years((2011,), 2011, "guess")
    assert years_in(title) == Years((2011,), 2011)
    title = "关于做好2012年第二届运动会2011年度筹备工作的通知"
    assert years_in(title, is_document=True) == Years((2011,), 2011)


@given(
    st.integers(1990, 2060),
    st.integers(1, 30),
    st.sampled_from(["—", "-", "至", "年至", "年—", "～"]),
)
def test_a_range_gives_all_its_years(first: int, length: int, to: str) -> None:
    last = first + length
    found = years_in(f"云溪市节水规划（{first}{to}{last}年）")
    assert found == Years(tuple(range(first, last + 1)), last)


@given(st.text("20123456789年度月日至—-、和与〔〕号第届 ", max_size=30))
def test_the_main_year_is_one_of_all_years(title: str) -> None:
    if found := years_in(title, is_document=True):
        assert found.main in found.all
        assert list(found.all) == sorted(set(found.all))
        assert all(1900 <= year <= 2099 for year in found.all)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019年01月27日", 2019),
        ("一九九六年六月二十九日", 1996),
        ("2023-03-01", 2023),
        ("（2001年9月3日通过 2018年11月6日修订）", 2018),
        ("第 12 号", None),
    ],
)
def test_finds_the_year_of_a_date(text: str, year: int | None) -> None:
    assert year_of_date(text) == year


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023-08-30", "2023-08-30"),
        ("2023/8/3 10:22", "2023-08-03"),
        ("2023.8.3", "2023-08-03"),
        ("20230803", "2023-08-03"),
        ("２０２３年８月３日", "2023-08-03"),
        ("发布于 2023 年 8 月 3 日，2024年1月1日修改", "2023-08-03"),
        ("二〇二三年十一月二十一日", "2023-11-21"),
        ("2023-02-30", None),
        ("2023年8月", None),
        ("2023年度", None),
        ("1234567820230803", None),
        ("无", None),
        ("", None),
    ],
)
def test_a_date_is_read_in_each_form(text: str, date: str | None) -> None:
    assert date_in(text) == date
