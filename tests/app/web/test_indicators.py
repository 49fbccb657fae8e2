"""The pages of indicators and findings."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import open_engine
from tests.app.findings.reports import FILES
from tests.app.web.pages import download, page, parse, text_of
from tests.conftest import IndexFiles


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files(FILES)


@pytest.fixture
def pages(index: Path) -> FlaskClient:
    return create_app(index).test_client()


def cells(html: str, name: str) -> list[str]:
    return [text_of(cell) for cell in parse(html).xpath(f"//td[@data-name='{name}']")]


def test_indicators_of_all_reports_are_listed_by_project(pages: FlaskClient) -> None:
    html = page(pages, "/indicators")
    assert "共 6 项指标，涉及 2 份报告，其中扣分 4 项" in html
    headings = [text_of(head) for head in parse(html).xpath("//th[@scope='rowgroup']")]
    assert len(headings) == 2
    assert all(heading.startswith("供水改造") for heading in headings)
    assert cells(html, "三级指标")[:3] == ["改造管网（公里）", "验收合格率", "群众满意度"]


def test_indicators_are_filtered_and_compared_by_name(pages: FlaskClient) -> None:
    html = page(pages, "/indicators?name=满意度&group=name&lost=1")
    assert cells(html, "部门") == ["青湖区林业局", "青湖区水务局"]
    assert cells(html, "年度") == ["2022", "2023"]
    html = page(pages, "/indicators?year=2023&no_reason=1")
    assert cells(html, "三级指标") == ["验收合格率"]
    assert "没有符合条件的指标" in page(pages, "/indicators?name=没有")


def test_the_page_of_a_report_has_its_indicators_total_and_checks(
    index: Path, pages: FlaskClient
) -> None:
    ids = {report.department: report.id for report, _ in open_engine(index).analyses()}
    html = page(pages, f"/reports/{ids['青湖区水务局']}/indicators")
    assert "供水改造" in html
    assert "等级 优" in html
    assert "97" in html
    html = page(pages, f"/reports/{ids['青湖区教育局']}/indicators")
    assert "未在本报告中找到绩效自评表" in html
    assert "80.0%" in cells(html, "说明")[0]
    assert pages.get("/reports/missing/indicators").status_code == 404
    assert pages.get("/reports/missing/indicators.csv").status_code == 404


def test_findings_are_listed_and_filtered(pages: FlaskClient) -> None:
    html = page(pages, "/findings")
    assert any("80.0%" in cell for cell in cells(html, "说明"))
    html = page(pages, "/findings?rule=execution-rate")
    assert "共 1 条，涉及 1 份报告" in html
    assert "没有符合条件的核对发现" in page(pages, "/findings?rule=execution-rate&year=2022")


def test_a_link_of_a_finding_opens_the_report_with_its_figures_marked(pages: FlaskClient) -> None:
    html = page(pages, "/findings?rule=execution-rate")
    (link,) = parse(html).xpath("//td[@data-name='段落']/a/@href")
    address = link.partition("#")[0]
    report = parse(page(pages, address))
    assert [text_of(mark) for mark in report.xpath("//article//mark")] == ["500", "400", "70"]
    assert "80.0%" in text_of(report.xpath("//p[@class='finding']")[0])
    other = parse(page(pages, address.replace("finding=", "finding=0")))
    assert not other.xpath("//article//mark")


@pytest.mark.parametrize("address", ["/findings", "/indicators", "/distribution"])
def test_lists_have_fields_for_department_and_year(pages: FlaskClient, address: str) -> None:
    html = page(pages, f"{address}?department=青湖区教育局&department=&year=2023")
    form = parse(html).xpath("//form[@class='controls']")[0]
    hidden = form.xpath("input[@type='hidden']")
    assert [field.get("value") for field in hidden] == ["青湖区教育局", "2023"]
    offered = form.xpath(".//datalist[@id='department-values']/option/@value")
    assert "青湖区水务局" in offered
    assert form.xpath(".//input[@name='year' and @list='year-values']")


@pytest.mark.parametrize("name", ["indicators", "findings"])
def test_lists_are_exported_as_csv_excel_and_word(pages: FlaskClient, name: str) -> None:
    text = download(pages, f"/{name}.csv").read().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["部门", "年度", "报告类型", "标题"]
    assert len({len(row) for row in rows}) == 1
    book = openpyxl.load_workbook(download(pages, f"/{name}.xlsx"))
    assert book.worksheets
    assert download(pages, f"/{name}.docx").read().startswith(b"PK")
    assert pages.get(f"/{name}.pdf").status_code == 404


def test_hostile_texts_in_a_table_are_escaped(index_files: IndexFiles) -> None:
    name = "<script>alert(1)</script>"
    escaped = name.replace("<", "&lt;").replace(">", "&gt;")
    files: dict[str, str | bytes] = {"a.html": str(FILES["a.html"]).replace("验收合格率", escaped)}
    client = create_app(index_files(files)).test_client()
    for address in ("/indicators", "/findings"):
        html = page(client, address)
        assert "<script>alert" not in html
        assert escaped in html
