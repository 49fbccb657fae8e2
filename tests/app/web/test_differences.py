"""The page that compares two reports paragraph by paragraph, and its Word document."""

from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import docx
import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement

from baocha import create_app
from baocha.search import open_engine
from tests.app.findings.copied import LEVEE, SCHOOLS, WATER, files, report
from tests.app.web.pages import download, links, page, parse, text_of
from tests.conftest import IndexFiles, index_of

YEAR = "{}年，各项工作任务全部按期完成。"
RATE = "全年预算数为500万元，全年执行数为{}万元，执行率为{}%。"
CHECKED = "{}检查堤防险工险段，落实值守责任，及时处置隐患。"
GONE = "组织义务教育学校开展校舍安全排查，逐一建立台账。"
NEW = "引入数字孪生平台，实现泵站远程调度。"
MOVED = "推进老旧水表更换，完善计量设施。"
REPORTS = files(
    report(WATER, 2021, MOVED, f"{LEVEE}。", YEAR.format(2021), RATE.format(400, "80"),
           CHECKED.format("全面"), GONE),
    report(WATER, 2022, f"{LEVEE}。", YEAR.format(2022), RATE.format(450, "90"),
           CHECKED.format("重点"), NEW, MOVED),
    report(SCHOOLS, 2022, "组织校园招聘。"),
)  # fmt: skip
KINDS = ["仅年度不同", "仅数字、名称不同", "修改", "新增", "删除", "移动"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("differences"), REPORTS)


@pytest.fixture(scope="module")
def pages(index: Path) -> FlaskClient:
    return create_app(index).test_client()


@pytest.fixture(scope="module")
def first(index: Path) -> str:
    return report_id(index, WATER, 2021)


@pytest.fixture(scope="module")
def second(index: Path) -> str:
    return report_id(index, WATER, 2022)


def report_id(index: Path, department: str, year: int) -> str:
    (found,) = (
        covered.report.id
        for covered in open_engine(index).coverage()
        if (covered.report.department, covered.report.year) == (department, year)
    )
    return found


def sections(html: str) -> dict[str, HtmlElement]:
    """Return the differences by the first paragraph text; each must have another kind."""
    found = {}
    for section in parse(html).xpath("//section[@class='copied']"):
        sides = [text_of(p) for p in section.xpath(".//div/p[not(@class='meta')]")]
        found["|".join(sides)] = section
    return found


def changes(html: str) -> list[str]:
    return [text_of(head) for head in parse(html).xpath("//section[@class='copied']/h2")]


def marked(html: str, tag: str) -> list[str]:
    return [text_of(mark) for mark in parse(html).iter(tag)]


def changed_rows(file: BinaryIO) -> list[list[str]]:
    """Return the rows of the table of changes in a Word document."""
    for table in docx.Document(file).tables:
        head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        if head == ["变化", "原报告", "现报告", "数字变化"]:
            return rows
    raise AssertionError


def test_a_comparison_has_a_summary_and_a_link_for_each_kind_of_change(
    pages: FlaskClient, first: str, second: str
) -> None:
    html = page(pages, f"/reports/{first}/diff/{second}")
    # The title has another year too.
    assert "共 7 段有变化" in html
    assert "未变 3 段" in html  # one of them moved
    kinds = {"仅年度不同": 2, "仅数字、名称不同": 1, "修改": 1, "新增": 1, "删除": 1, "移动": 1}
    for kind, count in kinds.items():
        (link,) = links(html, f"{kind} {count}")
        filtered = page(pages, f"/reports/{first}/diff/{second}{link}")
        assert f"共 {count} 段有变化" in filtered
        assert set(changes(filtered)) == {kind}
    assert sorted(changes(html)) == sorted(k for k, count in kinds.items() for _ in range(count))


def test_changed_words_are_marked_on_both_sides(
    pages: FlaskClient, first: str, second: str
) -> None:
    address = f"/reports/{first}/diff/{second}"
    html = page(pages, f"{address}?change=changed")
    assert (marked(html, "del"), marked(html, "ins")) == (["全面"], ["重点"])
    assert f"{CHECKED.format('全面')}|{CHECKED.format('重点')}" in sections(html)
    html = page(pages, f"{address}?change=year")
    assert (set(marked(html, "del")), set(marked(html, "ins"))) == ({"2021"}, {"2022"})
    html = page(pages, f"{address}?change=figures")
    assert (marked(html, "del"), marked(html, "ins")) == (["400", "80"], ["450", "90"])
    figures = [text_of(line) for line in parse(html).xpath("//ul[@class='figure-changes']/li")]
    assert "执行率 80% → 90%" in figures


def test_a_new_and_a_gone_paragraph_are_marked_as_a_whole(
    pages: FlaskClient, first: str, second: str
) -> None:
    address = f"/reports/{first}/diff/{second}"
    html = page(pages, f"{address}?change=new")
    assert (marked(html, "del"), marked(html, "ins")) == ([], [NEW])
    assert list(sections(html)) == [f"无此段|{NEW}"]
    html = page(pages, f"{address}?change=gone")
    assert (marked(html, "del"), marked(html, "ins")) == ([GONE], [])
    assert list(sections(html)) == [f"{GONE}|无此段"]
    html = page(pages, f"{address}?change=moved")
    assert (marked(html, "del"), marked(html, "ins")) == ([], [])
    assert list(sections(html)) == [f"{MOVED}|{MOVED}"]


def test_the_exchanged_comparison_is_linked(pages: FlaskClient, first: str, second: str) -> None:
    (link,) = links(page(pages, f"/reports/{first}/diff/{second}"), "对调")
    assert urlsplit(link).path == f"/reports/{second}/diff/{first}"
    html = page(pages, f"{link}{'&' if '?' in link else '?'}change=new")
    assert list(sections(html)) == [f"无此段|{GONE}"]


def test_an_unknown_kind_of_change_shows_all(pages: FlaskClient, first: str, second: str) -> None:
    for value in ("unknown", "", "<script>alert"):
        html = page(pages, f"/reports/{first}/diff/{second}?change={value}")
        assert "<script>alert" not in html
        assert len(changes(html)) == 7


def test_a_report_does_not_differ_from_itself(pages: FlaskClient, first: str) -> None:
    html = page(pages, f"/reports/{first}/diff/{first}")
    assert "没有变化" in html
    assert "共 0 段有变化" in html
    assert "未变 8 段" in html
    assert changed_rows(download(pages, f"/reports/{first}/diff/{first}.docx")) == []


def test_an_unknown_report_is_not_found(pages: FlaskClient, first: str) -> None:
    for address in (f"{first}/diff/missing", f"missing/diff/{first}", "missing/diff/missing"):
        assert pages.get(f"/reports/{address}").status_code == 404
        assert pages.get(f"/reports/{address}.docx").status_code == 404
    assert pages.get(f"/reports/{first}/diff/{first}.pdf").status_code == 404


def test_the_word_document_has_the_summary_and_each_change(
    pages: FlaskClient, first: str, second: str
) -> None:
    address = f"/reports/{first}/diff/{second}.docx"
    document = docx.Document(download(pages, address))
    assert [one.text for one in document.paragraphs if one.text] == [
        "报告对比",
        "概要",
        "逐段对比",
        "说明",
    ]
    summary = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert {(name, count) for name, count in summary} == {
        ("未变", "3"), ("仅年度不同", "2"), ("仅数字、名称不同", "1"), ("修改", "1"), ("新增", "1"), ("删除", "1"),
        ("移动", "1"),
    }  # fmt: skip
    rows = changed_rows(download(pages, address))
    assert sorted({row[0] for row in rows}) == sorted(KINDS)
    assert ["新增", "", NEW, ""] in rows
    assert ["删除", GONE, "", ""] in rows
    assert any("执行率 80% → 90%" in row[3] for row in rows)
    english = docx.Document(download(pages, f"/reports/{first}/diff/{second}.docx?lang=en"))
    assert english.paragraphs[0].text == "Comparison of reports"


def test_a_report_links_to_the_comparison_with_the_years_before_and_after(
    pages: FlaskClient, index: Path, first: str, second: str
) -> None:
    for own, text in ((first, "与 2022 年对比"), (second, "与 2021 年对比")):
        (link,) = links(page(pages, f"/reports/{own}"), text)
        assert urlsplit(link).path == f"/reports/{first}/diff/{second}"
    alone = page(pages, f"/reports/{report_id(index, SCHOOLS, 2022)}")
    assert not links(alone, "年对比")


def test_hostile_texts_are_escaped(index_files: IndexFiles) -> None:
    hostile = "<script>alert(1)</script>"
    index = index_files(
        files(
            report(WATER, 2021, f"{hostile}{LEVEE}。", f"{GONE}{hostile}"),
            report(WATER, 2022, f"{LEVEE}{hostile}，全部完成。", f"{hostile}{NEW}"),
        )
    )
    client = create_app(index).test_client()
    one, other = report_id(index, WATER, 2021), report_id(index, WATER, 2022)
    html = page(client, f"/reports/{one}/diff/{other}")
    assert "<script>alert" not in html
    assert html.count("script&gt;") >= 4
    assert hostile in "".join(marked(html, "del"))
    rows = changed_rows(download(client, f"/reports/{one}/diff/{other}.docx"))
    assert f"{hostile}{LEVEE}。" in [row[1] for row in rows]


def test_a_comparison_of_many_changes_has_pages(index_files: IndexFiles) -> None:
    kept = [f"第{at}项任务由第{at}小组完成。" for at in range(1, 3)]
    places = [
        f"{chr(0x4E00 + 7 * at)}{chr(0x5100 + 11 * at)}{chr(0x6200 + 13 * at)}" for at in range(120)
    ]
    index = index_files(
        files(
            report(WATER, 2021, *kept),
            report(WATER, 2022, *kept, *(f"{place * 4}。" for place in places)),
        )
    )
    client = create_app(index).test_client()
    address = f"/reports/{report_id(index, WATER, 2021)}/diff/{report_id(index, WATER, 2022)}"
    html = page(client, f"{address}?change=new")
    assert "共 120 段有变化" in html
    assert len(changes(html)) == 100
    assert len(changes(page(client, f"{address}?change=new&page=2"))) == 20
