import docx
import openpyxl

from baocha import create_app
from tests.app.web.pages import download, page, parse, text_of, texts
from tests.conftest import IndexFiles


def report(department: str, year: int, sections: str = "甲乙丙", kind: str = "部门决算") -> bytes:
    numbers = "一二三四"
    body = "".join(f"{numbers[at]}、{name}类情况\n收支平衡。\n" for at, name in enumerate(sections))
    return f"青湖区{department}{year}年{kind}\n{body}".encode()


def test_inferred_gaps_are_shown_as_inferred_and_counted(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a1.txt": report("水务局", 2021),
            "a2.txt": report("水务局", 2022),
            "b.txt": report("教育局", 2021),
            "c.txt": report("审计局", 2022),
            "d.txt": "收支平衡，略有结余。\n",
        }
    )
    html = page(create_app(index).test_client(), "/filed")
    # 教育局 has a report of 2021 and none of 2022: a gap. 审计局 has none before 2022, which is not a
    # gap. The report without department and year has no gap.
    assert "已收录 5 份报告。缺报 0 份，推断缺报 1 份，逾期 0 份。" in html
    assert texts(html, "inferred") == ["推断缺报"]
    assert "缺报均为推断" in html
    assert [text_of(head) for head in parse(html).xpath("//th[@scope='rowgroup']")] == [
        "青湖区县",
        "地区未知",
    ]


def test_expected_reports_are_missing_late_or_not_due(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {
        "a1.txt": report("水务局", 2021),
        "a2.txt": report("水务局", 2022),
        "b.txt": report("教育局", 2021),
        "metadata.csv": "文件,公开日期\na1.txt,2022-09-22\na2.txt,2023-08-20\n",
        "expected.csv": "部门,年度,报告类型,批复日期,截止日期\n"
        "青湖区水务局,2021,部门决算,2022-09-01,\n"
        "青湖区水务局,2022,部门决算,,2023-08-20\n"
        "青湖区教育局,2022,部门决算,,\n"
        "青湖区审计局,2022,部门决算,,\n"
        "青湖区审计局,2098,部门决算,,2099-08-20\n",
        "broken.pdf": b"%PDF-1.4 broken",
    }
    client = create_app(index_files(files)).test_client()
    html = page(client, "/filed")
    assert "缺报 2 份，推断缺报 0 份，逾期 1 份" in html
    assert texts(html, "missing") == ["缺报", "缺报"]
    assert texts(html, "late") == ["1 逾期"]
    assert texts(html, "not_due") == ["未到期"]
    (unread,) = parse(html).xpath(
        "//h2[contains(., '未能读取的文件')]/following::table[1]//tbody/tr"
    )
    assert text_of(unread).startswith("reports/broken.pdfPDF 已损坏")
    assert departments(page(client, "/filed?only=missing")) == ["青湖区审计局", "青湖区教育局"]
    assert departments(page(client, "/filed?only=late")) == ["青湖区水务局"]
    assert departments(page(client, "/filed?order=missing&department=水务局")) == ["青湖区水务局"]
    assert "缺报 2 份" in page(client, "/filed?year=2022")
    assert "缺报 0 份" in page(client, "/filed?year=2021&region=青湖区&level=县")
    assert "缺报 0 份" in page(client, "/filed?kind=部门预算")

    book = openpyxl.load_workbook(download(client, "/filed.xlsx"))
    assert book.sheetnames == ["报告一览", "报告", "未能读取的文件", "说明"]
    english = openpyxl.load_workbook(download(client, "/filed.xlsx?lang=en")).sheetnames
    assert len({name.casefold() for name in english}) == len(book.sheetnames)
    head, *rows = book["报告一览"].iter_rows(values_only=True)
    assert head[4:] == ("2021", "2022", "2098", "缺报份数", "逾期份数")
    by_name = {row[2]: row[4:] for row in rows}
    assert by_name["青湖区水务局"] == ("1（逾期）", 1, None, 0, 1)
    assert by_name["青湖区审计局"] == (None, "缺报", "未到期", 1, 0)
    days = {row[10]: row[7] for row in book["报告"].iter_rows(min_row=2, values_only=True)}
    assert days == {
        "reports/a1.txt": "2022-09-22",
        "reports/a2.txt": "2023-08-20",
        "reports/b.txt": "未知",
    }
    assert docx.Document(download(client, "/filed.docx?only=late")).tables


def departments(html: str) -> list[str]:
    (table,) = parse(html).find_class("filings")
    return [text_of(cell) for cell in table.xpath(".//th[@scope='row']")]


def test_the_list_shows_which_usual_section_a_report_lacks(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{y}.txt": report("水务局", y) for y in (2020, 2021, 2022)}
    files["b.txt"] = report("教育局", 2022, "甲丙")
    html = page(create_app(index_files(files)).test_client(), "/filed")
    (table,) = parse(html).find_class("list")
    rows = [[text_of(cell) for cell in row] for row in table.iterfind("tbody/tr")]
    assert len(rows) == 4
    assert [(row[1], row[7]) for row in rows if row[7]] == [("青湖区教育局", "乙类情况")]


def test_a_cell_links_to_its_report_or_to_a_list_of_its_reports(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a1.txt": report("水务局", 2022),
            "a2.txt": report("水务局", 2022, "甲乙"),
            "a3.txt": report("水务局", 2022, kind="部门预算"),
            "b.txt": report("教育局", 2022),
        }
    )
    client = create_app(index).test_client()
    html = page(client, "/filed")
    (table,) = parse(html).find_class("matrix")
    one, two, _ = table.xpath(".//td/a")
    assert (text_of(one), text_of(two)) == ("1", "2")
    report_page = parse(page(client, one.get("href")))
    assert text_of(report_page.find(".//h1")) == "青湖区教育局2022年部门决算"
    both = page(client, two.get("href"))
    assert "2 份报告" in both
    assert texts(both, "source") == ["reports/a1.txt", "reports/a2.txt"]
    assert texts(page(client, "/filed?kind=部门预算"), "source") == ["reports/a3.txt"]


def test_a_long_list_has_pages_and_an_empty_one_has_a_message(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": report(f"第{n}局", 2022) for n in range(101)}
    client = create_app(index_files(files)).test_client()
    assert len(texts(page(client, "/filed"), "source")) == 100
    assert len(texts(page(client, "/filed?page=2"), "source")) == 1
    assert "没有第 3 页，共 2 页" in page(client, "/filed?page=3")
    assert "101 份报告" in page(client, "/filed?year=2021-2023")
    assert "没有符合条件的报告" in page(client, "/filed?year=1999")
