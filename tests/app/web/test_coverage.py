import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

from baocha import create_app
from tests.app.web.pages import page

IndexFiles = Callable[[dict[str, str | bytes]], Path]


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
    # 教育局 reported in 2021 and not in 2022; 审计局 never before 2022, and of the report
    # without a department and a year nothing is said to be missing.
    assert "5 份报告；1 处缺年度" in html
    assert html.count(">缺</td>") == 1
    assert html.count(">–</td>") == 6


def test_a_report_that_lacks_a_usual_section_is_named(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{y}.txt": report("水务局", y) for y in (2020, 2021, 2022)}
    files["b.txt"] = report("教育局", 2022, "甲丙")
    html = page(create_app(index_files(files)).test_client(), "/filed")
    rows = re.findall(r"<tr><td><a.*?</tr>", html, re.DOTALL)
    lacking = ["乙类情况" in row for row in rows]
    assert sum(lacking) == 1
    assert "教育局" in rows[lacking.index(True)]


def test_cells_and_names_lead_to_reports_and_lists(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a1.txt": report("水务局", 2022),
            "a2.txt": report("水务局", 2022, kind="部门预算"),
            "b.txt": report("教育局", 2022),
        }
    )
    client = create_app(index).test_client()
    html = page(client, "/filed")
    cells = re.findall(r'<td><a href="([^"]+)">(\d)</a></td>', html)
    assert [count for _, count in cells] == ["1", "2"]
    assert "<h1>青湖区教育局2022年部门决算" in page(client, cells[0][0])
    both = page(client, unescape(cells[1][0]))
    assert "2 份报告" in both
    assert both.count('<span class="source">') == 2
    budgets = page(client, "/filed?kind=部门预算")
    assert budgets.count('<span class="source">') == 1


def test_long_lists_have_pages_and_no_list_has_words(index_files: IndexFiles) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": report(f"第{n}局", 2022) for n in range(101)}
    client = create_app(index_files(files)).test_client()
    assert page(client, "/filed").count('<span class="source">') == 100
    assert page(client, "/filed?page=2").count('<span class="source">') == 1
    assert "没有第 3 页，共 2 页" in page(client, "/filed?page=3")
    assert "101 份报告" in page(client, "/filed?year=2021-2023")
    assert "没有这样的报告" in page(client, "/filed?year=1999")
