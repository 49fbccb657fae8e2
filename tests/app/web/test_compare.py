from flask.testing import FlaskClient

from baocha.search import Engine
from baocha.web.compare import shade_of
from tests.app.web.pages import links, page, parse, text_of, texts, total


def test_the_link_of_each_cell_finds_as_many_paragraphs_as_its_count(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效目标")
    cells = list(parse(html).xpath("//table//td/a"))
    assert len(cells) > 10
    for cell in cells:
        assert total(page(client, cell.get("href"))) == int(text_of(cell))
    assert f"{total(page(client, '/?q=绩效目标'))} 段" in html


def test_a_cell_without_a_hit_differs_from_a_cell_without_a_report(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    html = page(client, "/compare?q=“数字孪生青湖”")
    matrix = corpus_engine.matrix("“数字孪生青湖”")
    without_report = sum(row.count(0) for row in matrix.reports)
    without_hit = sum(
        count == 0 and reports > 0
        for row in zip(matrix.counts, matrix.reports, strict=True)
        for count, reports in zip(*row, strict=True)
    )
    assert texts(html, "absent") == ["–"] * without_report
    assert texts(html, "shade-0") == ["0"] * without_hit
    assert without_report > 0
    assert without_hit > 0


def test_the_link_back_to_the_results_keeps_the_filters(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效&year=2022&lang=en")
    assert links(html, "Back to the results") == ["/?q=%E7%BB%A9%E6%95%88&year=2022&lang=en"]
    assert parse(html).xpath("//thead//th/text()") == ["Department", "2022", "Total"]


def test_no_query_no_report_and_no_hit_have_messages(client: FlaskClient) -> None:
    assert "输入检索词，比较哪些部门提及" in page(client, "/compare")
    assert "所选范围内没有报告" in page(client, "/compare?q=绩效&year=1999")
    assert "0 段；6 个部门中 0 个提及" in page(client, "/compare?q=“没有这句话”")


def test_a_higher_count_has_a_darker_shade() -> None:
    assert [shade_of(count, 10) for count in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert shade_of(0, 0) == 0
