"""The pages of copied text: pairs of reports, and the paragraphs of a report beside their copies."""

import csv
import io
from pathlib import Path
from urllib.parse import urlsplit

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement

from baocha import create_app
from baocha.search import Engine, open_engine
from tests.app.findings.copied import LEVEE, SCHOOLS, WATER, files, filler, report
from tests.app.web.pages import download, hits, links, marks, page, parse, text_of, texts
from tests.conftest import IndexFiles, index_of

FUNDS = "全年安排资金{}万元用于堤防维修养护，由{}负责组织实施并按季度上报进展情况。"
CIVIL = "云溪市青湖区民政局"
REPORTS = files(
    report(WATER, 2021, f"{LEVEE}。", FUNDS.format("320", WATER)),
    report(SCHOOLS, 2022, FUNDS.format("45.8", SCHOOLS), filler(1), f"（一）{LEVEE}。"),
    report(WATER, 2022, filler(2, 4), f"{LEVEE}。"),
    report(CIVIL, 2022, filler(3)),
)

COPIED = 5
"""Number of paragraphs with shared text."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("copies"), REPORTS)


@pytest.fixture(scope="module")
def engine(index: Path) -> Engine:
    return open_engine(index)


@pytest.fixture(scope="module")
def pages(index: Path) -> FlaskClient:
    return create_app(index).test_client()


@pytest.fixture(scope="module")
def ids(engine: Engine) -> dict[tuple[str | None, int | None], str]:
    reports = (covered.report for covered in engine.coverage())
    return {(one.department, one.year): one.id for one in reports}


def pairs(html: str) -> list[list[str]]:
    """Return the texts of the cells of each pair."""
    rows = parse(html).xpath("//table[contains(@class, 'stacked')]/tbody/tr")
    return [[text_of(cell) for cell in row.iter("td")] for row in rows]


def described(html: str) -> list[tuple[str, str]]:
    """Return department and year of both reports of each pair."""
    about = [
        [text_of(span).split(" · ") for span in row.xpath(".//span[@class='source']")]
        for row in parse(html).xpath("//table[contains(@class, 'stacked')]/tbody/tr")
    ]
    return [(f"{a[0]} {a[1]}", f"{b[0]} {b[1]}") for a, b in about]


def sections(html: str) -> list[HtmlElement]:
    return list(parse(html).xpath("//section[@class='copied']"))


def test_pairs_of_reports_are_listed_with_the_share_of_each(
    pages: FlaskClient, engine: Engine
) -> None:
    html = page(pages, "/copies")
    found = engine.copied_reports()
    assert len(found) == 3
    assert "共 3 对报告有雷同文字" in html
    assert [row[1] for row in pairs(html)] == [f"{pair.first_share:.1%}" for pair in found]
    assert [row[3] for row in pairs(html)] == [f"{pair.second_share:.1%}" for pair in found]
    assert [row[4] for row in pairs(html)] == [str(pair.characters) for pair in found]
    assert described(html)[0] == (f"{WATER} 2021", f"{SCHOOLS} 2022")
    assert CIVIL not in str(pairs(html))


def test_pairs_are_filtered_by_relation_and_department(pages: FlaskClient) -> None:
    assert described(page(pages, "/copies?relation=same")) == [(f"{WATER} 2021", f"{WATER} 2022")]
    between = described(page(pages, "/copies?relation=between"))
    assert len(between) == 2
    assert all(SCHOOLS in str(pair) for pair in between)
    assert len(pairs(page(pages, "/copies?relation=unknown"))) == 3
    assert described(page(pages, f"/copies?department={SCHOOLS}")) == between
    html = page(pages, "/copies?year=2021&relation=same")
    assert len(pairs(html)) == 1
    assert parse(html).xpath("//select[@name='relation']/option[@selected]/@value") == ["same"]


def test_no_pair_is_a_sentence(pages: FlaskClient, index_files: IndexFiles) -> None:
    html = page(pages, f"/copies?department={CIVIL}")
    assert "没有符合条件的雷同文字" in html
    assert not pairs(html)
    alone = create_app(index_files(files(report(WATER, 2021, LEVEE)))).test_client()
    assert "没有符合条件的雷同文字" in page(alone, "/copies")
    assert "No pair of reports matches." in page(alone, "/copies?lang=en")


def test_a_link_of_a_pair_opens_the_copies_of_these_reports(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    html = page(pages, "/copies?relation=same")
    (link,) = links(html, "对照 1 段")
    opened = page(pages, link)
    assert "共 1 段有雷同文字" in opened
    assert parse(opened).xpath("//section//div/@data-report") == [ids[WATER, 2021]]


def test_the_passages_are_exported_as_csv_excel_and_word(
    pages: FlaskClient, engine: Engine
) -> None:
    passages = list(engine.shared_passages())
    text = download(pages, "/copies.csv").read().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == len(passages) == 4
    assert {len(row) for row in rows} == {len(head)}
    assert all(any(one.text in row for row in rows) for one in passages)
    text = download(pages, "/copies.csv?relation=same").read().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 2
    book = openpyxl.load_workbook(download(pages, "/copies.xlsx?relation=between"))
    values = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    assert sum(f"{LEVEE}。" in row for row in values) == 2
    document = docx.Document(download(pages, "/copies.docx"))
    assert LEVEE in "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert pages.get("/copies.pdf").status_code == 404


def test_an_export_without_passages_has_only_its_head(pages: FlaskClient) -> None:
    text = download(pages, f"/copies.csv?department={CIVIL}").read().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 1
    for form in ("xlsx", "docx"):
        assert download(pages, f"/copies.{form}?department={CIVIL}").read().startswith(b"PK")


def test_copied_paragraphs_stand_beside_their_copies_with_marks(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    html = page(pages, f"/reports/{ids[WATER, 2021]}/copies")
    assert "共 2 段有雷同文字" in html
    levee, funds = sections(html)
    assert [text_of(mark) for mark in levee.iter("mark")] == [f"{LEVEE}。"] * 4
    assert len(levee.xpath(".//div[@data-report]")) == 2
    assert [text_of(p) for p in funds.xpath(".//div[@class='aligned']/div/p[not(@class)]")] == [
        FUNDS.format("320", WATER),
        FUNDS.format("45.8", SCHOOLS),
    ]
    differing = [text_of(mark) for mark in funds.xpath(".//mark[@class='differs']")]
    assert differing == ["320", WATER, "45.8", SCHOOLS]
    assert "".join(text_of(mark) for mark in funds.iter("mark")) == (
        FUNDS.format("320", WATER) + FUNDS.format("45.8", SCHOOLS)
    )


def test_text_around_a_passage_is_not_marked(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    html = page(pages, f"/reports/{ids[SCHOOLS, 2022]}/copies?with={ids[WATER, 2021]}&outright=1")
    levee = sections(html)[-1]
    own, other = levee.xpath(".//div[@class='aligned']/div/p[not(@class)]")
    assert text_of(own) == f"（一）{LEVEE}。"
    assert text_of(next(own.iter("mark"))) == f"{LEVEE}。"
    assert text_of(other) == f"{LEVEE}。"


def test_the_report_that_was_filed_first_is_named(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    first, later = ids[WATER, 2021], ids[SCHOOLS, 2022]
    for own, other, place in ((first, later, 0), (later, first, 1)):
        html = page(pages, f"/reports/{own}/copies?with={other}")
        for section in sections(html):
            sides = section.xpath(".//div[@class='aligned']/div")
            assert [len(side.find_class("first")) for side in sides] == [
                int(place == 0),
                int(place == 1),
            ]


def test_copies_are_limited_to_another_report_a_paragraph_or_equal_text(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    address = f"/reports/{ids[WATER, 2021]}/copies"
    html = page(pages, f"{address}?with={ids[WATER, 2022]}")
    (levee,) = sections(html)
    assert levee.xpath(".//div/@data-report") == [ids[WATER, 2022]]
    (difference,) = links(html, "报告对比")
    assert urlsplit(difference).path == f"/reports/{ids[WATER, 2022]}/diff/{ids[WATER, 2021]}"
    (funds,) = sections(page(pages, f"{address}?paragraph=4"))
    assert funds.get("id") == "p4"
    html = page(pages, f"{address}?outright=1")
    assert [section.get("id") for section in sections(html)] == ["p3"]
    assert set(marks(html)) == {f"{LEVEE}。"}
    assert not parse(html).xpath("//mark[@class='differs']")
    for nothing in ("paragraph=1", "paragraph=99", "with=missing", f"with={ids[CIVIL, 2022]}"):
        assert "未发现雷同文字" in page(pages, f"{address}?{nothing}")
    # What is no number is no paragraph.
    assert len(sections(page(pages, f"{address}?paragraph=x"))) == 2


def test_the_links_between_the_views_keep_the_report_and_the_paragraph(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    address = f"/reports/{ids[SCHOOLS, 2022]}/copies?with={ids[WATER, 2021]}&paragraph=5"
    (outright,) = links(page(pages, address), "仅看完全相同的文字")
    html = page(pages, outright)
    assert [section.get("id") for section in sections(html)] == ["p5"]
    (masked,) = links(html, "包括仅数字、名称不同的文字")
    assert [section.get("id") for section in sections(page(pages, masked))] == ["p5"]
    (everything,) = links(html, "本报告的全部雷同文字")
    assert len(sections(page(pages, everything))) == 2


def test_a_report_without_copies_says_so_and_an_unknown_one_is_not_found(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    html = page(pages, f"/reports/{ids[CIVIL, 2022]}/copies")
    assert "未发现雷同文字" in html
    assert pages.get("/reports/missing/copies").status_code == 404


def test_many_copies_of_a_paragraph_are_counted_and_linked(index_files: IndexFiles) -> None:
    # Each report is of another kind: no template text.
    kinds = ("部门决算", "部门预算", "年度工作总结", "项目支出绩效自评报告", "审计报告", "部门整体支出绩效自评报告",
             "专项资金绩效评价报告")  # fmt: skip
    reports = [report(WATER, 2021, f"{LEVEE}。", kind=kind) for kind in kinds]
    index = index_files(files(*reports))
    engine, client = open_engine(index), create_app(index).test_client()
    first = min(covered.report.id for covered in engine.coverage())
    html = page(client, f"/reports/{first}/copies")
    (link,) = links(html, "另有 1 段与之雷同")
    assert len(parse(html).xpath("//section//div[@data-report]")) == 5
    assert len(parse(page(client, link)).xpath("//section//div[@data-report]")) == 6


def test_results_and_reports_have_a_badge_that_opens_the_copies(
    pages: FlaskClient, ids: dict[tuple[str, int], str]
) -> None:
    html = page(pages, "/?q=堤防巡查制度")
    assert sorted(texts(html, "shared")) == ["雷同 2"] * 3
    (link,) = links(page(pages, f"/?q=堤防巡查制度&department={SCHOOLS}"), "雷同 2")
    (section,) = sections(page(pages, link))
    assert section.get("id") == "p5"
    html = page(pages, f"/reports/{ids[WATER, 2021]}")
    assert [text_of(badge) for badge in parse(html).xpath("//article//a[@class='shared']")] == [
        "雷同 2",
        "雷同 1",
    ]
    assert "雷同 " not in str(texts(page(pages, f"/reports/{ids[CIVIL, 2022]}"), "shared"))
    assert texts(page(pages, f"/?q=部门&department={CIVIL}"), "shared") == []


def test_results_are_filtered_by_copied_text(pages: FlaskClient, engine: Engine) -> None:
    assert engine.search("雷同:是").total == COPIED
    assert len(texts(page(pages, "/?q=雷同:是"), "shared")) == COPIED
    assert len(texts(page(pages, "/?q=堤防&copied=yes"), "shared")) == COPIED
    assert hits(page(pages, "/?q=雷同:否&copied=yes")) == []


def test_the_front_page_counts_copied_paragraphs(pages: FlaskClient) -> None:
    (link,) = links(page(pages, "/"), f"雷同文字 {COPIED} 段")
    assert urlsplit(link).path == "/copies"


def test_the_front_page_counts_findings(index_files: IndexFiles) -> None:
    wrong = report(WATER, 2022, "我局较好地完成了2021年各项重点工作任务。")
    client = create_app(index_files(files(wrong))).test_client()
    html = page(client, "/")
    (link,) = links(html, "核对发现 1 条（不含雷同类）")
    assert "共 1 条，涉及 1 份报告" in page(client, link)
    assert not links(html, "雷同文字 ")
    (link,) = links(page(client, "/?lang=en"), "findings without copied text: 1")
    assert "Findings: 1. Reports: 1." in page(client, link)


def test_hostile_text_of_reports_is_escaped(index_files: IndexFiles) -> None:
    hostile = "<script>alert(1)</script>"
    text = f"{hostile}{LEVEE}{hostile}。"
    index = index_files(files(report(WATER, 2021, text), report(SCHOOLS, 2022, f"另见：{text}")))
    client = create_app(index).test_client()
    for covered in open_engine(index).coverage():
        html = page(client, f"/reports/{covered.report.id}/copies")
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert hostile in "".join(marks(html))
    for address in ("/copies", "/copies?relation=<script>alert(1)", "/findings", "/?q=雷同:是"):
        assert "<script>alert" not in page(client, address)
    csv_text = download(client, "/copies.csv").read().decode("utf-8-sig")
    assert hostile in csv_text
