"""The page of terms over time and place: its counts are those of searches."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from baocha import create_app
from baocha.search import open_engine
from baocha.web.plots import apart
from tests.app.web.pages import download, page, parse, text_of


@pytest.fixture
def pages(corpus_index: Path) -> FlaskClient:
    return create_app(corpus_index).test_client()


def address(**parameters: object) -> str:
    return f"/trends?{urlencode(parameters, doseq=True)}"


def rows(html: str) -> dict[str, list[str]]:
    found = parse(html).xpath("//table[contains(@class, 'trends')]//tr")
    return {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in found}


def test_without_terms_the_page_asks_for_them(pages: FlaskClient) -> None:
    html = page(pages, "/trends")
    assert "用语走势" in html
    assert "<svg" not in parse(html).xpath("string(//main)")
    assert pages.get("/trends.svg").status_code == 404


@pytest.mark.parametrize("axis", ["year", "department", "region"])
def test_counts_agree_with_a_plain_reading_and_link_to_their_hits(
    pages: FlaskClient, corpus_index: Path, axis: str
) -> None:
    terms = ["提质增效", "预算执行率"]
    html = page(pages, address(term=terms, axis=axis))
    engine = open_engine(corpus_index)
    found = rows(html)
    for at, term in enumerate(terms):
        counts: Counter[str] = Counter()
        for one in engine.coverage():
            read = engine.read(one.report.id)
            assert read is not None
            values = {
                "year": one.report.year,
                "department": one.report.department,
                "region": one.region,
            }
            name = str(values[axis] or "未知")
            counts[name] += sum(term in paragraph.text for paragraph in read.paragraphs)
        shown = {
            name: int(cells[at].replace(",", "")) for name, cells in found.items() if name in counts
        }
        assert shown == counts
    links = parse(html).xpath("//table[contains(@class, 'trends')]//tbody//a")
    for link in links[:4]:
        assert f"{text_of(link)} 段" in page(pages, link.get("href"))


def test_the_marks_of_the_plot_link_to_the_same_paragraphs_and_differ_in_shape(
    pages: FlaskClient,
) -> None:
    html = page(pages, address(term=["提质增效", "预算执行率", "绩效目标"]))
    svg = parse(html).xpath("//svg")[0]
    assert len(svg.xpath(".//polyline")) == 3
    shapes = {mark[0].tag for mark in svg.xpath(".//a")}
    assert shapes == {"circle", "polygon"}
    for link in svg.xpath(".//a/@href")[:3]:
        assert "段" in page(pages, link)
    dashes = [line.get("stroke-dasharray") for line in svg.xpath(".//polyline")]
    assert len(set(dashes)) == 3


def test_the_first_and_last_mention_are_shown(pages: FlaskClient) -> None:
    found = rows(page(pages, address(term="提质增效")))
    assert found["最早提及"][0].startswith("2021")
    assert found["最近提及"][0].startswith("2023")
    assert rows(page(pages, address(term="䶮䶮")))["最早提及"] == ["—"]


def test_the_plot_is_saved_as_an_svg_file(pages: FlaskClient) -> None:
    for axis in ("year", "department"):
        content = download(pages, f"/trends.svg?{urlencode({'term': '绩效', 'axis': axis})}")
        root = etree.parse(content).getroot()
        assert root.tag.endswith("svg")
        assert "绩效" in "".join(root.itertext())


def test_a_term_that_cannot_be_counted_and_hostile_terms_are_shown_as_text(
    pages: FlaskClient,
) -> None:
    html = page(pages, address(term=["<script>alert(1)</script>", "绩效"], unit="rate"))
    assert "<script>alert" not in html
    assert page(pages, address(term=["\x00\x08绩效"]))


def test_words_near_a_single_term_are_listed_with_links(pages: FlaskClient) -> None:
    html = page(pages, address(term="绩效"))
    assert "“绩效”的常见搭配" in html
    link = parse(html).xpath("//caption[contains(., '常见搭配')]/following-sibling::tbody//a")[0]
    assert "段" in page(pages, link.get("href"))
    assert "常见搭配" not in page(pages, address(term=["绩效", "预算"]))


@given(st.lists(st.floats(0, 300), max_size=8))
def test_texts_keep_their_order_and_do_not_overlap(places: list[float]) -> None:
    found = apart(places, 16)
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = [found[at] for at in order]
    assert all(after - before >= 16 - 1e-9 for before, after in pairwise(moved))
    assert all(at >= place for at, place in zip(found, places, strict=True))
