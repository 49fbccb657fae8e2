import re
from html import unescape

from flask.testing import FlaskClient

from baocha.search import Engine
from baocha.web.compare import shade_of
from tests.app.web.pages import links, page, total


def test_every_cell_leads_to_as_many_paragraphs_as_it_says(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效目标")
    cells = re.findall(r'<td class="shade-\d"><a rel="nofollow" href="([^"]+)">([\d,]+)</a>', html)
    assert len(cells) > 10
    for address, count in cells:
        assert total(page(client, unescape(address))) == int(count)
    assert f"{total(page(client, '/?q=绩效目标'))} 段" in html


def test_cells_without_a_hit_and_without_a_report_are_told_apart(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    html = page(client, "/compare?q=“数字孪生青湖”")
    matrix = corpus_engine.matrix("“数字孪生青湖”")
    empty = sum(row.count(0) for row in matrix.reports)
    silent = sum(
        count == 0 and held > 0
        for counts, reports in zip(matrix.counts, matrix.reports, strict=True)
        for count, held in zip(counts, reports, strict=True)
    )
    assert html.count('class="absent"') == empty > 0
    assert html.count('class="shade-0"') == silent > 0


def test_filters_and_the_way_back_are_kept(client: FlaskClient) -> None:
    html = page(client, "/compare?q=绩效&year=2022&lang=en")
    assert links(html, "Back to the results") == ["/?q=%E7%BB%A9%E6%95%88&year=2022&lang=en"]
    assert "2021" not in re.findall(r'<th scope="col">([^<]+)</th>', html)


def test_nothing_asked_and_nothing_there_have_their_words(client: FlaskClient) -> None:
    assert "输入检索词，比较哪些部门提及" in page(client, "/compare")
    assert "所选范围内没有报告" in page(client, "/compare?q=绩效&year=1999")
    assert "0 段；6 个部门中 0 个提及" in page(client, "/compare?q=“没有这句话”")


def test_shades_grow_with_the_count() -> None:
    assert [shade_of(count, 10) for count in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert shade_of(0, 0) == 0
