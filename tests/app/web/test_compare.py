from urllib.parse import parse_qsl, quote, urlsplit

import docx
import openpyxl
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import Engine
from baocha.web.compare import shade_of
from tests.app.web.pages import download, links, page, parse, text_of, texts, total
from tests.conftest import IndexFiles

TERMS = "&".join(f"term={quote(term)}" for term in ("绩效目标", "“数字孪生青湖”", "“未闭合"))


def test_the_link_of_each_cell_finds_as_many_paragraphs_as_its_count(client: FlaskClient) -> None:
    for address in ("/compare?q=绩效目标", f"/compare?{TERMS}&columns=year"):
        cells = list(parse(page(client, address)).xpath("//table//td/a"))
        assert len(cells) > 10
        for cell in cells:
            count = int(text_of(cell))
            html = page(client, cell.get("href"))
            if count:
                assert total(html) == count
            else:
                assert "0 份提及" in texts(html, "totals")[0]
    assert f"{total(page(client, '/?q=绩效目标'))} 段" in page(client, "/compare?q=绩效目标")


def test_a_cell_without_a_hit_is_proved_and_differs_from_a_cell_without_a_report(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    html = page(client, "/compare?q=“数字孪生青湖”&merged=1")
    matrix = corpus_engine.matrix("“数字孪生青湖”")
    cells = [cell for row in matrix.cells for cell in row]
    without_report = sum(cell.searched == 0 for cell in cells)
    without_hit = sum(cell.is_absent for cell in cells)
    (table,) = parse(html).find_class("matrix")
    zeros = table.xpath(
        "./tbody//td[contains(@class, 'shade-0') and not(contains(@class, 'sum'))]/a"
    )
    assert [text_of(cell) for cell in zeros] == ["0"] * without_hit
    assert all(cell.get("href").startswith("/absent?") for cell in zeros)
    assert texts(html, "absent") == ["未收录"] * without_report
    assert without_report > 0
    assert without_hit > 0


def test_the_link_back_to_the_results_keeps_the_filters(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效&year=2022&unit=rate&lang=en")
    assert links(html, "Back to the results") == ["/?q=%E7%BB%A9%E6%95%88&year=2022&lang=en"]
    heads = [text_of(head) for head in parse(html).xpath("//thead//th")]
    assert heads == ["Department", "2022", "Total"]


def test_no_query_no_report_and_no_hit_have_messages(client: FlaskClient) -> None:
    html = page(client, "/compare")
    assert "统计哪些部门提及" in html
    assert parse(html).get_element_by_id("terms").tag == "textarea"
    assert "所选范围内没有报告" in page(client, "/compare?q=绩效&year=1999")
    html = page(client, "/compare?q=“没有这句话”")
    assert "0 段；6 个部门中 0 个提及" in html
    assert "另有" not in html


def test_projects_have_rows_of_their_own_until_they_are_merged(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效目标")
    assert "因此分别统计，不相加" in html
    assert set(texts(html, "group")) == {"整体", "项目", "其他"}
    merged = page(client, "/compare?q=绩效目标&merged=1")
    assert "已合并统计" in merged
    assert texts(merged, "group") == []
    # Whole departments alone need no groups.
    assert "分别统计" not in page(client, "/compare?q=绩效目标&kind=整体")


def test_every_unit_axis_and_order_has_an_address(client: FlaskClient) -> None:
    address = "/compare?q=绩效目标&merged=1"
    rows = corpus_rows(client, f"{address}&unit=reports")
    assert rows[-2][-1] == str(rows_with_hits(client))
    assert "." in corpus_rows(client, f"{address}&unit=rate")[0][-1]
    names = [row[0] for row in corpus_rows(client, f"{address}&order=name")[:-2]]
    assert names == sorted(names)
    kinds = corpus_rows(client, "/compare?q=绩效目标&rows=kind&columns=region&merged=1")
    assert {"部门整体支出绩效自评", "项目支出绩效自评"} <= {row[0] for row in kinds}
    assert "行与列不能相同" in page(client, "/compare?q=绩效&rows=year&columns=year")


def corpus_rows(client: FlaskClient, address: str) -> list[list[str]]:
    (table,) = parse(page(client, address)).find_class("matrix")
    return [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr | ./tfoot/tr")]


def rows_with_hits(client: FlaskClient) -> int:
    """Return the number of reports that mention the query as typed."""
    html = page(client, "/absent?q=绩效目标")
    return int(texts(html, "totals")[0].partition("段：")[2].partition(" 份提及")[0])


def test_terms_are_counted_from_lines_and_from_repeated_parameters(client: FlaskClient) -> None:
    lines = page(client, f"/compare?term={quote('绩效目标')}%0D%0A%0A{quote('预算执行率')}")
    repeated = page(client, f"/compare?term={quote('绩效目标')}&term={quote('预算执行率')}")
    assert parse(lines).find_class("matrix")[0].text_content() == (
        parse(repeated).find_class("matrix")[0].text_content()
    )
    assert parse(lines).get_element_by_id("terms").text == "绩效目标\n预算执行率"
    assert "引号不成对" in texts(page(client, f"/compare?{TERMS}"), "row-warning")[0]


def test_a_long_list_is_posted_and_only_200_terms_are_counted(client: FlaskClient) -> None:
    many = "\n".join(f"检索词第{number}号{'长' * 400}" for number in range(201))
    response = client.post("/compare", data={"term": many, "columns": "year", "merged": "1"})
    html = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "共 201 个检索词，仅统计前 200 个" in html
    root = parse(html)
    (form,) = root.xpath("//form[@id='compare']")
    assert form.get("method") == "post"
    assert len(root.xpath("//table//tbody/tr")) == 200
    # The form has all terms, and no link on the page has more than one of them.
    assert len(root.get_element_by_id("terms").text.split()) == 200
    for address in root.xpath("//a/@href"):
        assert len(parse_qsl(urlsplit(address).query)) < 10
    # A short list has an address, and is sent as one.
    (form,) = parse(page(client, f"/compare?{TERMS}")).xpath("//form[@id='compare']")
    assert form.get("method") == "get"


def test_hostile_terms_are_shown_as_text(client: FlaskClient) -> None:
    term = "<script>alert(1)</script>\u202e]]>=cmd|'/c'!A1"
    html = page(client, f"/compare?term={quote(term)}&term=%ED%A0%80")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    for form in ("xlsx", "docx"):
        assert download(client, f"/compare.{form}?term={quote(term)}&term=%ED%A0%80")


def test_a_workbook_has_numbers_links_and_a_sheet_about_the_query(client: FlaskClient) -> None:
    file = download(client, "/compare.xlsx?q=绩效目标&merged=1&year=2021-2022")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["段数", "说明"]
    sheet = book["段数"]
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == ["部门", "2021", "2022", "合计"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:D{len(rows)}")
    shown = corpus_rows(client, "/compare?q=绩效目标&merged=1&year=2021-2022")
    assert [[str(cell.value) for cell in row] for row in rows] == shown[:-1]
    for row in rows[:-1]:
        for cell in row[1:]:
            if isinstance(cell.value, int):
                address = urlsplit(cell.hyperlink.target)
                assert address.netloc == "localhost"
                html = page(client, f"{address.path}?{address.query}")
                assert total(html) == cell.value if cell.value else "0 份提及" in html
    about = dict(book["说明"].iter_rows(values_only=True))
    assert (about["检索词"], about["范围"]) == ("绩效目标", "年度:2021-2022")


def test_a_zero_that_is_no_proof_has_its_star_also_in_a_workbook(index_files: IndexFiles) -> None:
    index = index_files(
        {
            "a.txt": "青湖区水务局2022年部门决算\n一、概况\n“三公”经费下降。\n",
            "b.txt": "青湖区教育局2022年部门决算\n一、概况\n收支平衡。\n",
        }
    )
    client = create_app(index).test_client()
    query = "q=" + quote("=“三公经费”")
    html = page(client, f"/compare?{query}")
    assert "0 段；2 个部门中 0 个提及。 另有 1 段仅引号、括号等不同。" in texts(html, "totals")[0]
    (table,) = parse(html).find_class("matrix")
    shown = {text_of(row[0]): text_of(row[1]) for row in table.xpath("./tbody/tr")}
    assert shown == {"青湖区水务局": "0*", "青湖区教育局": "0"}
    sheet = openpyxl.load_workbook(download(client, f"/compare.xlsx?{query}")).active
    assert sheet is not None
    exported = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert (exported["青湖区水务局"], exported["青湖区教育局"]) == ("0*", 0)


def test_a_document_has_the_same_table_in_landscape(client: FlaskClient) -> None:
    document = docx.Document(download(client, "/compare.docx?q=绩效目标&merged=1"))
    table, about = document.tables
    texts_of = [["".join(p.text for p in c.paragraphs) for c in row.cells] for row in table.rows]
    shown = corpus_rows(client, "/compare?q=绩效目标&merged=1")
    assert texts_of[1:] == shown[:-1]
    assert [cell.text for cell in about.rows[0].cells] == ["检索词", "绩效目标"]
    section = document.sections[0]
    assert section.page_width
    assert section.page_height
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert document.core_properties.title == "对比：绩效目标"
    assert document.core_properties.author == ""


def test_an_unknown_form_or_no_query_has_an_error_page(client: FlaskClient) -> None:
    assert client.get("/compare.pdf?q=绩效").status_code == 404
    assert client.get("/compare.xlsx").status_code == 400
    assert client.get("/absent.xlsx").status_code == 400
    assert client.head("/compare.xlsx?q=绩效").content_type.endswith("sheet")


def test_a_higher_count_has_a_darker_shade() -> None:
    assert [shade_of(count, 10) for count in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert shade_of(0, 0) == 0
