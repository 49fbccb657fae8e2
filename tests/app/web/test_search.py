import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.web.search import page_numbers
from baocha_indexer.build import build_index
from tests.app.web.pages import hits, links, page, total
from tools.make_corpus import LAYOUTS

IndexFiles = Callable[[dict[str, str | bytes]], Path]


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
        r'(?:<svg.*?</svg>\s*)?<span class="count">([\d,]+)</span>',
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
    assert re.search(r'aria-current="true">2</a>', second)
    assert links(second, "上一页")
    assert not links(first, "上一页")
    one, two = set(hits(first)), set(hits(second))
    assert len(one) == 20
    assert not one & two


def test_a_hit_leads_to_its_paragraph_in_the_report(client: FlaskClient) -> None:
    html = page(client, "/?q=数字孪生青湖")
    address, _, anchor = unescape(re.findall(r'href="(/reports/[^"]+)"', html)[0]).partition("#")
    report = page(client, address)
    paragraph = re.search(rf'<div id="{anchor}".*?</div>', report, re.DOTALL)
    assert paragraph is not None
    assert "<mark>数字孪生青湖</mark>" in paragraph[0]
    assert links(report, "回到检索结果")


def test_the_way_back_from_a_report_leads_to_the_same_list(client: FlaskClient) -> None:
    address = "/?q=绩效&department=云溪市青湖区水务局&year=2023&sort=newest&page=1"
    html = page(client, address)
    report = unescape(re.findall(r'href="(/reports/[^"#]+)', html)[0])
    (back,) = links(page(client, report), "回到检索结果")
    assert hits(page(client, back)) == hits(html)


def test_a_long_facet_shows_its_first_values_and_the_rest_on_asking(
    index_files: IndexFiles,
) -> None:
    files: dict[str, str | bytes] = {
        f"{n}.txt": f"青湖区第{n}局2022年部门决算\n预算绩效。" for n in range(10, 40)
    }
    client = create_app(index_files(files)).test_client()
    html = page(client, "/?q=绩效")
    (more,) = links(html, "更多（18）")
    assert len(re.findall(r'<span class="value">青湖区第', html)) == 12
    whole = page(client, more)
    assert len(re.findall(r'<span class="value">青湖区第', whole)) == 30
    assert links(whole, "收起")


def test_nothing_found_is_said_with_what_was_searched(client: FlaskClient) -> None:
    html = page(client, "/?q=“没有这句话”")
    assert re.search(r"0 条：“没有这句话”。在 [\d,]+ 个段落中逐字核对，未见该表述", html)


def test_one_hit_and_no_report_have_their_words(client: FlaskClient) -> None:
    assert "共 1 段" in page(client, "/?q=“数字孪生青湖平台建设”")
    assert "没有这份报告" in page(client, "/reports/nowhere", 404)
    assert "没有这个页面" in page(client, "/nowhere", 404)


def test_an_index_without_reports_says_how_to_fill_it(tmp_path: Path) -> None:
    build_index([tmp_path], tmp_path / "index")
    assert "尚未收录报告" in page(create_app(tmp_path / "index").test_client(), "/")


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
        allowed = re.sub(r"<mark>绩效</mark>|<script type=\"module\" src=", "", html)
        assert not re.search(r"<(script|mark|img|b|i)\b|href='javascript", allowed)
        assert "onerror=alert(3)&gt;" in html
        assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html
        assert "{{ 7*7 }}" in html


def test_a_hostile_query_is_shown_as_text(client: FlaskClient) -> None:
    html = page(client, "/?q=" + quote('"><script>alert(1)</script>'))
    assert html.count("<script") == 1  # the page's own
    assert "&lt;script&gt;alert(1)" in html


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


def test_the_front_page_offers_queries_that_find_something(client: FlaskClient) -> None:
    examples = re.findall(r'<li><a href="(/\?q=[^"]+)"', page(client, "/"))
    assert len(examples) == 4
    assert all(total(page(client, unescape(address))) for address in examples)


def test_the_paragraphs_around_a_hit_are_shown_in_place_and_folded_again(
    client: FlaskClient,
) -> None:
    html = page(client, "/?q=数字孪生青湖")
    opened = page(client, links(html, "上下文")[0])
    around = re.search(r'<ol class="around">(.*?)</ol>', opened, re.DOTALL)
    assert around is not None
    numbers = [int(n) for n in re.findall(r'<li value="(\d+)"', around[1])]
    (itself,) = (int(n) for n in re.findall(r'<li value="(\d+)" class="itself">', around[1]))
    assert numbers == list(range(itself - 2, itself + 3))
    assert "<mark>数字孪生青湖</mark>" in around[1]
    assert hits(opened) == hits(html)
    assert 'class="around"' not in page(client, links(opened, "收起")[0].split("#")[0])


def test_by_report_each_is_shown_once_with_how_many_it_has(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效目标")
    grouped = page(client, links(html, "按报告")[0])
    counts = [int(n) for n in re.findall(r"本报告 (\d+) 段", grouped)]
    assert sum(counts) == total(grouped) == total(html)
    assert len({hit.partition("?")[0] for hit in hits(grouped)}) == len(counts) == 16


def test_a_page_holds_as_many_hits_as_asked(client: FlaskClient) -> None:
    html = page(client, "/?q=的&size=50")
    assert len(hits(html)) == 50
    assert "每页不能是“7”段" in page(client, "/?q=的&size=7")


def test_a_filter_that_nothing_matches_is_still_shown_and_can_be_taken_off(
    client: FlaskClient,
) -> None:
    address = "/?q=“数字孪生青湖平台建设”&year=2019&department=云溪市青湖区教育局&kind=审计报告"
    html = page(client, address)
    assert "所选范围内 0 条" in html
    for value in ("2019", "云溪市青湖区教育局", "审计报告"):
        chosen = re.search(
            rf'class="none"><a[^>]*class="chosen"[^>]*>\s*<span class="value">{value}<', html
        )
        assert chosen, value


def test_every_page_can_be_jumped_to_from_near(client: FlaskClient) -> None:
    assert page_numbers(1, 1) == [1]
    assert page_numbers(1, 30) == [1, 2, 3, None, 30]
    assert page_numbers(15, 30) == [1, None, 13, 14, 15, 16, 17, None, 30]
    assert page_numbers(4, 6) == [1, 2, 3, 4, 5, 6]
    html = page(client, "/?q=的&page=3")
    assert links(html, "5")


def test_a_hit_tells_how_to_cite_it(client: FlaskClient) -> None:
    html = page(client, "/?q=数字孪生青湖")
    cited = re.findall(r'<span class="citation">([^<]+)</span>', html)
    assert len(cited) == total(html) == 5
    assert all(re.fullmatch(r"《[^》]+》，[一二三四]、[^，]+，第 \d+ 段", text) for text in cited)


@pytest.mark.parametrize(
    ("query", "taken"),
    [
        ("績效目標", "绩效目标"),
        ("２０２２年", "2022年"),
        ("2,937.4", ""),
        ("“绩效 目标”", ""),
        ("GIS 平台 | 绩效", ""),
        ("提质增效 部门:水务局", ""),
    ],
)
def test_what_a_query_is_taken_for_is_said_where_it_differs(
    client: FlaskClient, query: str, taken: str
) -> None:
    html = page(client, "/?q=" + quote(query))
    found = re.search(r"按“(.*?)”逐字核对", html)
    assert (found[1] if found else "") == taken


@pytest.mark.parametrize(
    "query",
    ["“提质增效” 部门:没有这个局", "“提质增效” 年份:1999", "提质增效 -提质", "-的 年份:1999"],
)
def test_it_is_not_said_that_nobody_says_what_was_not_looked_for_everywhere(
    client: FlaskClient, query: str
) -> None:
    html = page(client, "/?q=" + quote(query))
    assert "所选范围内 0 条" in html
    assert "未见该表述" not in html


def test_relaxed_results_are_headed_as_such_and_exports_say_so(client: FlaskClient) -> None:
    address = "q=" + quote("绩效 䶮䶮 图书馆 目标")
    assert "未找到同时包含全部关键词的段落；最接近的" in page(client, f"/?{address}")
    with client.get(f"/export.csv?{address}&year=2022") as response:
        header, first, *_ = response.get_data().decode("utf-8-sig").splitlines()
    assert header.endswith("检索,范围,注意,索引版本,索引更新于")
    assert "年份:2022" in first
    assert "䶮䶮" in first.split(",年份:2022,")[1]


def test_wide_spaces_of_headings_stay_in_citations(index_files: IndexFiles) -> None:
    text = "青湖区供水条例\n第一章　总　　则\n第一条　为了规范供水，制定本条例。\n"
    html = page(create_app(index_files({"a.txt": text})).test_client(), "/?q=规范供水")
    assert "第一章　总　　则" in html
    assert "\ufffd" not in html


def test_what_is_long_is_not_carried_by_every_link(client: FlaskClient) -> None:
    long = "局" * 5000
    for address in (
        f"/?q=绩效&department={long}",
        f"/?q=绩效&sort={long}",
        f"/?q=绩效&page={long}",
        f"/?q=绩效&year={long}",
        f"/?q=绩效&size={long}",
        f"/filed?section={long}",
    ):
        html = page(client, address)
        assert len(html) < 60_000, address
        assert "局" * 200 not in html
    assert "超过 100 个字，未采用" in page(client, f"/?q=绩效&department={long}")
