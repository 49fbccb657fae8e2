from baocha import create_app
from tests.app.web.pages import page, parse, text_of, texts
from tests.conftest import IndexFiles


def report(department: str, year: int, sections: str = "甲乙丙", kind: str = "部门决算") -> bytes:
    numbers = "一二三四"
    body = "".join(f"{numbers[at]}、{name}类情况\n收支平衡。\n" for at, name in enumerate(sections))
    return f"青湖区{department}{year}年{kind}\n{body}".encode()


def test_gaps_are_shown_and_counted(index_files: IndexFiles) -> None:
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
    assert "5 份报告；1 处缺年度" in html
    assert sorted(texts(html, "absent")) == ["–"] * 6 + ["缺"]


def test_the_list_shows_which_usual_section_a_report_lacks(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{y}.txt": report("水务局", y) for y in (2020, 2021, 2022)}
    files["b.txt"] = report("教育局", 2022, "甲丙")
    html = page(create_app(index_files(files)).test_client(), "/filed")
    (table,) = parse(html).find_class("list")
    rows = [[text_of(cell) for cell in row] for row in table.iterfind("tbody/tr")]
    assert len(rows) == 4
    assert [(row[1], row[5]) for row in rows if row[5]] == [("青湖区教育局", "乙类情况")]


def test_a_cell_links_to_its_report_or_to_a_list_of_its_reports(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a1.txt": report("水务局", 2022),
            "a2.txt": report("水务局", 2022, kind="部门预算"),
            "b.txt": report("教育局", 2022),
        }
    )
    client = create_app(index).test_client()
    html = page(client, "/filed")
    (table,) = parse(html).find_class("matrix")
    one, two = table.xpath(".//td/a")
    assert (text_of(one), text_of(two)) == ("1", "2")
    report_page = parse(page(client, one.get("href")))
    assert text_of(report_page.find(".//h1")) == "青湖区教育局2022年部门决算"
    both = page(client, two.get("href"))
    assert "2 份报告" in both
    assert texts(both, "source") == ["reports/a1.txt", "reports/a2.txt"]
    assert texts(page(client, "/filed?kind=部门预算"), "source") == ["reports/a2.txt"]


def test_a_long_list_has_pages_and_an_empty_one_has_a_message(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": report(f"第{n}局", 2022) for n in range(101)}
    client = create_app(index_files(files)).test_client()
    assert len(texts(page(client, "/filed"), "source")) == 100
    assert len(texts(page(client, "/filed?page=2"), "source")) == 1
    assert "没有第 3 页，共 2 页" in page(client, "/filed?page=3")
    assert "101 份报告" in page(client, "/filed?year=2021-2023")
    assert "没有这样的报告" in page(client, "/filed?year=1999")
