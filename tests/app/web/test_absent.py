"""The page of absences: it lists what a search does not find, and says what was checked."""

import openpyxl
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import Engine, Filters
from tests.app.web.pages import download, links, page, parse, text_of, texts
from tests.conftest import IndexFiles

QUERY = "“数字孪生青湖”"


def rows_of(html: str, heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading."""
    (table,) = parse(html).xpath(
        f"//h2[starts-with(normalize-space(), '{heading}')]/following::table[1]"
    )
    return [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")]


def test_each_report_is_listed_unless_a_search_finds_it(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    found = {hit.report.id for hit in corpus_engine.hits(QUERY)}
    others = [item.report for item in corpus_engine.coverage() if item.report.id not in found]
    html = page(client, f"/absent?q={QUERY}")
    listed = [row[0] for row in rows_of(html, "未提及的报告")]
    assert found
    assert listed == [report.title for report in others]
    summary = f"{len(found)} 份提及，0 份含各词但未原样出现，{len(listed)} 份未提及"
    assert summary in texts(html, "totals")[0]


def test_the_certificate_says_what_was_checked(client: FlaskClient) -> None:
    html = page(client, f"/absent?q={QUERY}&year=2022")
    (box,) = texts(html, "certificate")
    assert "逐字核对“数字孪生青湖”" in box
    assert "忽略引号、括号、书名号等核对“数字孪生青湖”" in box
    assert "索引版本" in box
    assert "年度:2022" in box
    # A query that is not understood proves nothing.
    (box,) = texts(page(client, "/absent?q=“未闭合"), "certificate")
    assert "不能证明未提及" in box
    (box,) = texts(page(client, f"/absent?q={QUERY}&department=无此局"), "certificate")
    assert "不能证明未提及" in box


def test_words_that_are_apart_and_other_marks_are_no_absence(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a.txt": "青湖区水务局2022年部门决算\n一、概况\n绩效管理的目标明确。\n",
            "b.txt": "青湖区教育局2022年部门决算\n一、概况\n“绩效”目标明确。\n",
            "c.txt": "青湖区审计局2022年部门决算\n一、概况\n收支平衡。\n",
        }
    )
    client = create_app(index).test_client()
    html = page(client, "/absent?q=绩效目标")
    assert [row[1] for row in rows_of(html, "含各词但未原样出现的报告")] == ["青湖区水务局"]
    assert [row[1] for row in rows_of(html, "未提及的报告")] == ["青湖区审计局"]
    assert [(row[0], row[2]) for row in rows_of(html, "未提及的部门")] == [
        ("青湖区审计局", ""),
        ("青湖区水务局", "含各词 1 段"),
    ]
    # The report with other marks mentions it, also if the query asks for the same marks.
    html = page(client, "/absent?q==“绩效目标”")
    assert "教育局" not in "".join(text for row in rows_of(html, "未提及的报告") for text in row)


def test_departments_that_filed_nothing_are_listed_apart(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n",
        "b.txt": "青湖区教育局2021年部门决算\n一、概况\n收支平衡。\n",
    }
    client = create_app(index_files(files)).test_client()
    html = page(client, "/absent?q=绩效&year=2022")
    assert rows_of(html, "未收录") == [["青湖区教育局", "", "推断：已收录该部门其他年度的报告"]]
    assert "未收录" not in page(client, "/absent?q=绩效")
    files["expected.csv"] = (
        "部门,年度,报告类型\n青湖区审计局,2022,部门决算\n青湖区水务局,2022,部门决算\n"
        "青湖区审计局,2021,部门决算\n青湖区水务局,2022,部门预算\n"  # it filed another report
    )
    client = create_app(index_files(files)).test_client()
    html = page(client, "/absent?q=绩效&year=2022")
    # With a list of expected reports, nothing is inferred.
    assert rows_of(html, "未收录") == [["青湖区审计局", "2022 部门决算", "应报清单"]]
    assert rows_of(page(client, "/absent?q=绩效"), "未收录")[0][1] == "2021 部门决算；2022 部门决算"


def test_the_page_links_back_and_needs_a_query(client: FlaskClient) -> None:
    html = page(client, f"/absent?q={QUERY}&year=2022")
    (back,) = links(html, "返回检索结果")
    assert back.startswith("/?q=")
    assert back.endswith("&year=2022")
    assert page(client, "/absent", 400)
    assert "均已提及" in page(client, "/absent?q=“绩效自评”&kind=整体&year=2021")


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_lists_are_exported(client: FlaskClient, corpus_engine: Engine, form: str) -> None:
    file = download(client, f"/absent.{form}?q={QUERY}&year=2022")
    if form == "xlsx":
        book = openpyxl.load_workbook(file)
        assert book.sheetnames == ["未提及的部门", "未提及的报告", "未收录", "说明"]
        searched = corpus_engine.coverage(filters=Filters(year=((2022, 2022),)))
        rows = list(book["未提及的报告"].iter_rows(min_row=2))
        assert len(rows) == len(searched)
        assert all(row[0].hyperlink.target.startswith("http://localhost/reports/") for row in rows)
        lines = [row[1].value for row in book["说明"].iter_rows()]
        assert "逐字核对“数字孪生青湖”" in lines
