import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import create_app
from indexer.build import build_index
from tests.make_corpus import LAYOUTS

IndexFiles = Callable[[dict[str, str | bytes]], Path]


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.get_data(as_text=True)


def links(html: str, text: str) -> list[str]:
    """The addresses of the links whose text holds `text`."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [unescape(href) for href, inside in found if text in inside]


def total(html: str) -> int:
    match = re.search(r"([\d,]+) 段，见于", html)
    return int(match[1].replace(",", "")) if match else int("仅此 1 段" in html)


def test_the_front_page_says_what_is_here(client: FlaskClient) -> None:
    html = page(client, "/")
    assert f"{len(LAYOUTS) + 1} 份报告" in html  # and a workbook
    assert "2023 · 2022 · 2021" in html


def test_results_show_where_a_phrase_stands_and_light_it_whole(client: FlaskClient) -> None:
    html = page(client, "/?q=提质增效")
    assert total(html) == 15
    assert html.count("<mark>提质增效</mark>") == 15
    assert "云溪市青湖区水务局" in html
    assert "四、下一步改进措施" in html


def test_each_facet_value_is_a_link_that_narrows_to_its_count(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效")
    facets = re.findall(
        r'<li><a rel="nofollow" href="([^"]+)">\s*<span class="value">([^<]+)</span>\s*'
        r'<span class="count">([\d,]+)</span>',
        html,
    )
    assert len(facets) > 10
    for href, value, count in facets:
        assert total(page(client, unescape(href))) == int(count), value


def test_a_chosen_filter_can_be_taken_off_again(client: FlaskClient) -> None:
    everything = total(page(client, "/?q=绩效"))
    narrowed = page(client, "/?q=绩效&department=云溪市青湖区水务局&year=2022")
    assert 0 < total(narrowed) < everything
    (clear,) = links(narrowed, "取消全部筛选")
    assert total(page(client, clear)) == everything


def test_pages_lead_on_and_back(client: FlaskClient) -> None:
    first = page(client, "/?q=的")
    (following,) = links(first, "下一页")
    second = page(client, following)
    assert "第 2 /" in second
    assert links(second, "上一页")
    assert not links(first, "上一页")
    one, two = set(hits(first)), set(hits(second))
    assert len(one) == 20
    assert not one & two


def test_a_hit_leads_to_its_paragraph_in_the_report(client: FlaskClient) -> None:
    html = page(client, "/?q=数字孪生青湖")
    address, _, anchor = unescape(re.findall(r'href="(/reports/[^"]+)"', html)[0]).partition("#")
    report = page(client, address)
    paragraph = re.search(rf'<(?:p|h\d) id="{anchor}".*?</(?:p|h\d)>', report, re.DOTALL)
    assert paragraph is not None
    assert "<mark>数字孪生青湖</mark>" in paragraph[0]
    assert links(report, "回到检索结果")


def test_the_way_back_from_a_report_leads_to_the_same_list(client: FlaskClient) -> None:
    address = "/?q=绩效&department=云溪市青湖区水务局&year=2023&sort=newest&page=1"
    html = page(client, address)
    report = unescape(re.findall(r'href="(/reports/[^"#]+)', html)[0])
    (back,) = links(page(client, report), "回到检索结果")
    assert hits(page(client, back)) == hits(html)


def hits(html: str) -> list[str]:
    return re.findall(r"/reports/\w+\?[^\"]*#p\d+", html)


def test_a_long_facet_shows_its_first_values_and_the_rest_on_asking(
    index_files: IndexFiles,
) -> None:
    files: dict[str, str | bytes] = {
        f"{n}.txt": f"青湖区第{n}局2022年部门决算\n预算绩效。" for n in range(10, 40)
    }
    html = page(create_app(index_files(files)).test_client(), "/?q=绩效")
    assert "更多（18）" in html
    assert len(re.findall(r'<span class="value">青湖区第', html)) == 30


def test_a_report_shows_every_paragraph_with_an_anchor_and_its_pages(client: FlaskClient) -> None:
    html = page(client, "/?q=" + quote("教育局 2023") + "&sort=document")
    (address, *_) = re.findall(r'href="(/reports/[^"#?]+)', html)
    report = page(client, address)
    anchors = [int(n) for n in re.findall(r'id="p(\d+)"', report)]
    assert anchors == list(range(1, len(anchors) + 1))
    assert "第 2 页" in report


def test_nothing_found_is_said_with_what_was_searched(client: FlaskClient) -> None:
    html = page(client, "/?q=“没有这句话”")
    assert "未找到：“没有这句话”" in html
    assert re.search(r"已在 [\d,]+ 个段落中逐字核对", html)


def test_one_hit_and_no_report_have_their_words(client: FlaskClient) -> None:
    assert "仅此 1 段" in page(client, "/?q=“数字孪生青湖平台建设”")
    assert "没有这份报告" in page(client, "/reports/nowhere", 404)
    assert "没有这个页面" in page(client, "/nowhere", 404)


def test_an_index_without_reports_says_how_to_fill_it(tmp_path: Path) -> None:
    build_index([tmp_path], tmp_path / "index")
    assert "索引里还没有报告" in page(create_app(tmp_path / "index").test_client(), "/")


def test_a_missing_index_is_a_page_that_says_so_and_tells_no_path(tmp_path: Path) -> None:
    client = create_app(tmp_path / "nowhere").test_client()
    html = page(client, "/?q=绩效", 503)
    assert "暂时无法检索" in html
    assert str(tmp_path) not in html
    assert client.get("/healthz").status_code == 503


def test_the_pages_follow_the_index(index_files: IndexFiles, tmp_path: Path) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n预算绩效。"})
    client = create_app(index).test_client()
    assert total(page(client, "/?q=预算绩效")) == 1
    (tmp_path / "reports" / "b.txt").write_text("乙局2023年部门决算\n预算绩效。", "utf-8")
    build_index([tmp_path / "reports"], index)
    assert total(page(client, "/?q=预算绩效")) == 2


def test_english_is_a_switch_that_stays(client: FlaskClient) -> None:
    html = page(client, "/?q=提质增效&lang=en")
    assert "15 paragraphs in 15 reports" in html
    assert all("lang=en" in link for link in links(html, "newest"))
    assert "lang=en" not in links(html, "中文")[0]


@pytest.mark.parametrize(
    "parameters",
    [
        "page=10000",
        "page=0",
        "page=-1",
        "page=abc",
        "page=" + "9" * 500,
        "page=²",
        "year=abc",
        "year=2022-",
        "sort=sideways",
        "department=没有这个局",
        "department=" + "局" * 5000,
        "&".join(f"kind={n}" for n in range(500)),
        "section=%00%ff",
        "lang=xx",
        "q=" + "绩" * 10_000,
        "q=%00%ed%a0%80%ff",
        "q=" + quote('"“「(|OR -~:*?[\\'),
    ],
    ids=lambda text: text[:24],
)
def test_odd_parameters_get_a_page_not_an_error(client: FlaskClient, parameters: str) -> None:
    page(client, f"/?q=绩效&{parameters}" if not parameters.startswith("q=") else f"/?{parameters}")


def test_what_was_not_understood_is_said(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效&year=去年&page=末页&sort=好的")
    for said in ("“去年”不是年度", "没有第“末页”页", "没有“好的”这种排序"):
        assert said in html
    assert "没有第 9999 页" in page(client, "/?q=绩效&page=9999")


HOSTILE = (
    "<script>alert(1)</script>局2022年部门决算\n一、<b onclick=x>情况</b>\n"
    "预算<mark>假标</mark><script>alert(2)</script>绩效，<img src=x onerror=alert(3)>。"
    "<a href='javascript:alert(4)'>链接</a>{{ 7*7 }}${7*7}\n"
)


def test_hostile_report_text_is_shown_as_text(index_files: IndexFiles) -> None:
    client = create_app(index_files({"<i>x.txt": HOSTILE})).test_client()
    results = page(client, "/?q=" + quote("绩效"))
    address = unescape(re.findall(r'href="(/reports/[^"]+)"', results)[0]).split("#")[0]
    for html in (results, page(client, address)):
        allowed = re.sub(r"<mark>绩效</mark>", "", html)
        assert not re.search(r"<(script|mark|img|b|i)\b|href='javascript", allowed)
        assert "onerror=alert(3)&gt;" in html
        assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html
        assert "{{ 7*7 }}" in html


def test_a_hostile_query_is_shown_as_text(client: FlaskClient) -> None:
    html = page(client, "/?q=" + quote('"><script>alert(1)</script>'))
    assert "<script" not in html


@pytest.mark.parametrize("address", ["/", "/?q=绩效", "/nowhere", "/static/baocha.css", "/healthz"])
def test_every_response_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    response.close()  # a static file is read from the disk as it is sent
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_has_a_script_or_an_inline_style(client: FlaskClient) -> None:
    for address in ("/", "/?q=绩效", "/nowhere"):
        html = client.get(address).get_data(as_text=True)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize(
    "address", ["/static/../config.py", "/static/%2e%2e/config.py", "/reports/../../etc"]
)
def test_no_path_is_taken_from_a_request(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_only_reading_is_allowed(client: FlaskClient) -> None:
    assert client.post("/", data={"q": "绩效"}).status_code in (404, 405)


def test_health_says_the_index_can_be_searched(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.get_json()["status"] == "ok"


def test_a_section_that_is_chosen_shows_the_headings_below_it(client: FlaskClient) -> None:
    html = page(client, "/?q=的&section=绩效自评")
    below = re.search(r'<ul class="below">(.*?)</ul>', html, re.DOTALL)
    assert below is not None
    found = re.findall(
        r'href="([^"]+)">\s*<span class="value">([^<]+)</span>\s*<span class="count">([\d,]+)<',
        below[1],
    )
    assert len(found) > 5
    for href, heading, count in found:
        narrowed = page(client, unescape(href))
        assert total(narrowed) == int(count), heading
        # The heading takes the place of its section, and gives it back.
        assert f"绩效自评/{heading}" in narrowed
    assert "section=" in unescape(found[0][0])
