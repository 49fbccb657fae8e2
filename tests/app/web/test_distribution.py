"""The page of plots."""

import io
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from baocha import create_app
from baocha.web.plots import Scale
from tests.app.web.pages import page, parse, text_of
from tests.conftest import IndexFiles

SVG = "{http://www.w3.org/2000/svg}"


def report(department: str, *rates: float) -> str:
    body = "".join(
        f"年初预算为{100 * n}万元，支出决算为{rate * n}万元，完成年初预算的{rate}%。\n"
        for n, rate in enumerate(rates, start=1)
    )
    return f"青湖区{department}2023年部门决算\n一、决算情况\n{body}"


@pytest.fixture
def pages(index_files: IndexFiles) -> FlaskClient:
    files: dict[str, str | bytes] = {
        "a.txt": report("水务局", 80, 90, 99),
        "b.txt": report("教育局", 70),
        "c.txt": "青湖区审计局2023年部门决算\n一、概况\n收支平衡。\n",
    }
    return create_app(index_files(files)).test_client()


def cells(html: str) -> list[list[str]]:
    return [
        [text_of(cell) for cell in row.xpath("th|td")] for row in parse(html).xpath("//tbody/tr")
    ]


def test_each_figure_is_a_dot_and_each_department_a_row(pages: FlaskClient) -> None:
    html = page(pages, "/distribution?q=执行率>=0%25")
    assert "共 4 个数字" in html
    assert len(parse(html).xpath("//circle")) == 4
    assert cells(html) == [
        ["青湖区教育局", "1", "70%", "70%", "70%"],
        ["青湖区水务局", "3", "80%", "90%", "99%"],
    ]
    links = parse(html).xpath("//a[circle]/@href")
    assert all("/reports/" in link for link in links)


def test_the_condition_and_the_filters_choose_the_figures(pages: FlaskClient) -> None:
    assert "共 2 个数字" in page(pages, "/distribution?q=执行率>85%25")
    assert "共 1 个数字" in page(pages, "/distribution?q=执行率>=0%25&department=青湖区教育局")
    assert "没有符合条件的数字" in page(pages, "/distribution?q=执行率>200%25")
    assert "检索词中没有数字条件" in page(pages, "/distribution?q=绩效")


def test_budgets_are_plotted_against_spending(pages: FlaskClient) -> None:
    html = page(pages, "/distribution?plot=budget")
    assert "共 4 对数字" in html
    assert [row[-1] for row in cells(html)] == ["70.00%", "80.00%", "90.00%", "99.00%"]


def test_targets_and_limits_are_not_plotted(index_files: IndexFiles) -> None:
    text = "青湖区水务局2023年制度\n一、执行\n执行率低于60%的项目调减预算。全年执行率为97%，力争不低于98%。\n"
    pages = create_app(index_files({"a.txt": text})).test_client()
    assert cells(page(pages, "/distribution?q=执行率>=0%25")) == [
        ["青湖区水务局", "1", "97%", "97%", "97%"]
    ]


@pytest.mark.parametrize(
    ("sentence", "pair"),
    [
        ("项目预算500万元，执行480万元。", ["500万元", "480万元"]),
        (
            "年初预算数50万元，全年预算数80万元，全年执行数60万元，执行率75%。",
            ["80万元", "60万元"],
        ),
        ("年初预算数50万元，支出决算数60万元，支出决算数80万元。", None),
    ],
)
def test_spending_is_compared_with_the_last_budget_of_its_paragraph(
    index_files: IndexFiles, sentence: str, pair: list[str] | None
) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": f"青湖区水务局2023年部门决算\n一、决算情况\n{sentence}\n"
    }
    html = page(create_app(index_files(files)).test_client(), "/distribution?plot=budget")
    assert [row[1:3] for row in cells(html)] == ([] if pair is None else [pair])


@pytest.mark.parametrize("parameters", ["q=执行率>=0%25", "plot=budget", "q=金额>0元&lang=en"])
def test_a_plot_is_saved_as_svg(pages: FlaskClient, parameters: str) -> None:
    response = pages.get(f"/distribution.svg?{parameters}")
    assert response.mimetype == "image/svg+xml"
    root = etree.parse(io.BytesIO(response.data)).getroot()
    assert root.tag == f"{SVG}svg"
    assert root.findall(f"{SVG}circle")
    assert not root.findall(f".//{SVG}a")


def test_without_figures_there_is_no_svg(pages: FlaskClient) -> None:
    assert pages.get("/distribution.svg?q=执行率>200%25").status_code == 404


def test_a_hostile_title_is_escaped_in_a_plot(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": report("<script>局", 80),
        "metadata.csv": "文件,部门\na.txt,<b>局\n",
    }
    client = create_app(index_files(files)).test_client()
    for address in ("/distribution", "/distribution.svg"):
        html = client.get(address).text
        assert "<b>局" not in html
        assert "&lt;b&gt;局" in html


def test_a_control_character_in_a_name_is_left_out_of_a_plot(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": report("水务局", 80),
        "metadata.csv": "文件,部门\na.txt,水\x0b务局\n",
    }
    client = create_app(index_files(files)).test_client()
    for address in ("/distribution.svg", "/distribution.svg?plot=budget"):
        etree.parse(io.BytesIO(client.get(address).data))


@pytest.mark.parametrize("query", ["支出 | 水务", "(支出) | 水务", ") | 支出", "支出 " * 199])
def test_a_query_narrows_the_budgets(pages: FlaskClient, query: str) -> None:
    html = page(pages, "/distribution?plot=budget&q=" + quote(query))
    assert "共 4 对数字" in html


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=5))
def test_ticks_are_within_the_scale(values: list) -> None:  # type: ignore[type-arg]  # of decimals
    scale = Scale(values, 100, 700)
    places = [scale(value) for value in values]
    assert all(100 <= place <= 700 for place in places)
    assert all(99 <= scale(tick) <= 701 for tick in scale.ticks())
    assert len(scale.ticks()) <= 12


def test_a_logarithmic_scale_has_powers_of_ten() -> None:
    assert Scale([5, 20_000], 0, 100, is_log=True).ticks() == [10, 100, 1000, 10_000]  # type: ignore[list-item]  # as decimals
