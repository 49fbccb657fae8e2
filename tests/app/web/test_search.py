import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.web.search import page_numbers
from baocha_indexer.build import build_index
from tests.app.web.pages import (
    counted_links,
    hits,
    links,
    marks,
    page,
    paragraph,
    parse,
    text_of,
    texts,
    total,
)
from tests.conftest import IndexFiles
from tools.make_corpus import LAYOUTS


def test_the_front_page_shows_the_reports_and_years_in_the_index(client: FlaskClient) -> None:
    html = page(client, "/")
    assert f"{len(LAYOUTS) + 1} 份报告" in html  # and a workbook
    assert "2023 · 2022 · 2021" in html


def test_each_hit_shows_its_place_and_marks_the_whole_phrase(client: FlaskClient) -> None:
    html = page(client, "/?q=提质增效")
    assert total(html) == 15
    assert marks(html) == ["提质增效"] * 15
    assert "云溪市青湖区水务局" in html
    assert any("四、下一步改进措施" in where for where in texts(html, "meta"))


def test_the_link_of_each_facet_value_finds_as_many_paragraphs_as_its_count(
    client: FlaskClient,
) -> None:
    facets = counted_links(parse(page(client, "/?q=绩效")))
    assert len(facets) > 10
    for address, value, count in facets:
        assert total(page(client, address)) == count, value


def test_a_filter_can_be_removed_again(client: FlaskClient) -> None:
    everything = total(page(client, "/?q=绩效"))
    narrowed = page(client, "/?q=绩效&department=云溪市青湖区水务局&year=2022")
    assert 0 < total(narrowed) < everything
    (clear,) = links(narrowed, "取消全部筛选")
    assert total(page(client, clear)) == everything


def test_pages_link_to_the_next_and_the_previous_page(client: FlaskClient) -> None:
    first = page(client, "/?q=的")
    (following,) = links(first, "下一页")
    second = page(client, following)
    (pages,) = parse(second).find_class("pages")
    assert pages.xpath("a[@aria-current]/text()") == ["2"]
    assert links(second, "上一页")
    assert not links(first, "上一页")
    one, two = set(hits(first)), set(hits(second))
    assert len(one) == 20
    assert not one & two


def test_a_hit_links_to_its_paragraph_in_the_report(client: FlaskClient) -> None:
    address, _, anchor = hits(page(client, "/?q=数字孪生青湖"))[0].partition("#p")
    report = page(client, address)
    marked = [text_of(mark) for mark in paragraph(report, int(anchor)).iter("mark")]
    assert marked == ["数字孪生青湖"]
    assert links(report, "返回检索结果")


def test_a_report_links_back_to_the_same_results(client: FlaskClient) -> None:
    address = "/?q=绩效&department=云溪市青湖区水务局&year=2023&sort=newest&page=1"
    html = page(client, address)
    (back,) = links(page(client, hits(html)[0].partition("#")[0]), "返回检索结果")
    assert hits(page(client, back)) == hits(html)


def test_a_long_facet_shows_its_first_values_and_a_link_to_the_others(
    index_files: IndexFiles,
) -> None:
    files: dict[str, str | bytes] = {
        f"{n}.txt": f"青湖区第{n}局2022年部门决算\n预算绩效。" for n in range(10, 40)
    }
    client = create_app(index_files(files)).test_client()
    html = page(client, "/?q=绩效")
    (more,) = links(html, "更多（18）")
    assert sum(value.startswith("青湖区第") for value in texts(html, "value")) == 12
    whole = page(client, more)
    assert sum(value.startswith("青湖区第") for value in texts(whole, "value")) == 30
    assert links(whole, "收起")


def test_without_a_hit_the_page_shows_how_many_paragraphs_were_searched(
    client: FlaskClient,
) -> None:
    html = page(client, "/?q=“没有‘这’句话”&year=2022")
    (totals,) = texts(html, "totals")
    assert "未见该表述" in totals
    (proof,) = texts(html, "certificate")
    assert '逐字核对“没有"这"句话”：0 段' in proof
    assert "忽略引号、括号、书名号等核对“没有这句话”：0 段" in proof
    assert re.search(
        r"核对范围：已收录的 \d+ 份报告，\d+ 段核对于 [\d:-]+ [\d:]+ 范围：年度:2022", proof
    )
    assert re.search(r"索引版本 \d+，更新于 [\d-]+ [\d:]+", proof)
    assert len(links(html, "DOCX")) == len(links(html, "JSON")) == 1


def test_each_kind_of_match_is_counted_and_can_be_chosen(client: FlaskClient) -> None:
    html = page(client, "/?q=支出率")
    words = total(html)
    (counts,) = texts(html, "mode")
    assert counts == f"原样 0 · 含各词 {words}"
    modes = parse(html).xpath("//input[@name='mode']/@value")
    assert modes == ["words", "exact"]
    assert "未见该表述" in page(client, "/?q=支出率&mode=exact")
    mixed = page(client, "/?q=预算执行率")
    first, second = texts(mixed, "group")[:2]
    assert first.startswith("原样出现：")
    assert second.startswith("含各词，但未原样出现：")


def test_marks_that_differ_are_counted_and_can_be_required(
    client: FlaskClient, index_files: IndexFiles
) -> None:
    assert re.search(r"\d+ 段的引号、括号等均与检索词不同", page(client, "/?q=三公经费"))
    text = "某局2022年部门决算\n一、情况\n“三公”经费下降。\n三公经费下降。\n"
    mixed = create_app(index_files({"a.txt": text})).test_client()
    html = page(mixed, "/?q=三公经费")
    assert "其中 1 段的引号、括号等与检索词不同" in html
    (exact,) = links(html, "只看标点也相同的")
    assert total(page(mixed, exact)) == 1


def test_headings_show_the_text_below_and_most_come_last(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效&size=100")
    assert texts(html, "group") == ["其余标题和表头"]
    assert texts(html, "lead")


def test_a_filter_by_part_shows_the_name_of_the_part(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效&role=heading")
    assert "段落类型：标题" in "".join(texts(html, "chip"))
    assert total(html) == total(page(client, "/?q=绩效&role=标题")) > 0


def test_one_hit_a_missing_report_and_a_missing_page_have_messages(client: FlaskClient) -> None:
    assert "共 1 段" in page(client, "/?q=“数字孪生青湖平台建设”")
    assert "没有这份报告" in page(client, "/reports/nowhere", 404)
    assert "没有这个页面" in page(client, "/nowhere", 404)


def test_the_page_of_an_empty_index_explains_how_to_add_reports(tmp_path: Path) -> None:
    build_index([tmp_path], tmp_path / "index")
    assert "尚未收录报告" in page(create_app(tmp_path / "index").test_client(), "/")


def test_the_pages_show_a_report_that_is_added_later(
    index_files: IndexFiles, tmp_path: Path
) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n预算绩效。"})
    client = create_app(index).test_client()
    assert total(page(client, "/?q=预算绩效")) == 1
    (tmp_path / "reports" / "b.txt").write_text("乙局2023年部门决算\n预算绩效。", "utf-8")
    build_index([tmp_path / "reports"], index)
    assert total(page(client, "/?q=预算绩效")) == 2


@pytest.mark.parametrize(
    "address",
    [
        "/?",
        "/?q=绩效&",
        "/compare?q=绩效&",
        "/filed?",
        "/advanced?",
        "/indicators?",
        "/findings?",
        "/distribution?",
        "/help?",
        "/embed/setup?",
        "/api/v1/?",
    ],
)
def test_each_page_warns_of_an_invalid_year(client: FlaskClient, address: str) -> None:
    (warning,) = texts(page(client, f"{address}year=abc"), "warning")
    assert warning == "年度“abc”无效：应写四位阿拉伯数字，如 2022 或 2021-2023；该筛选未采用"


@pytest.mark.parametrize(
    ("years", "warned", "query"),
    [
        ("from=abc", ["起始年度“abc”"], "供水"),
        ("from=abc&to=2023", ["起始年度“abc”"], "供水 年度:1900-2023"),
        ("from=2021&to=20223", ["最后年度“20223”"], "供水 年度:2021-2099"),
        ("from=未知&to=2021-2022", ["起始年度“未知”", "最后年度“2021-2022”"], "供水"),
        ("from=二〇二一&to=2022", [], "供水 年度:2021-2022"),
    ],
)
def test_the_advanced_form_names_an_invalid_year_and_keeps_the_rest(
    client: FlaskClient, years: str, warned: list[str], query: str
) -> None:
    body = page(client, f"/advanced?words=供水&{years}")
    assert texts(body, "warning") == [
        f"{shown}无效：应写四位数字，如 2022；未采用" for shown in warned
    ]
    assert f"<code>{query}</code>" in body
    ran = client.get(f"/advanced?words=供水&run=1&{years}")
    assert ran.status_code == (200 if warned else 302)


def test_the_pages_of_a_report_warn_of_an_invalid_year(client: FlaskClient) -> None:
    report = links(page(client, "/?q=提质增效"), "查看原文")[0].partition("?")[0]
    for address in (report, f"{report}/paragraphs/1"):
        (warning,) = texts(page(client, f"{address}?year=abc"), "warning")
        assert "年度“abc”无效" in warning


def test_a_year_in_chinese_numerals_is_a_year(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效 年度:二〇二二")
    assert texts(html, "warning") == []
    assert total(html) == total(page(client, "/?q=绩效 年度:2022")) > 0


def test_a_value_that_is_not_a_year_is_explained(client: FlaskClient) -> None:
    warnings = texts(page(client, "/?q=绩效 年度:20223"), "warning")
    assert warnings[-1] == (
        "年度“20223”无效：应写四位阿拉伯数字，如 2022 或 2021-2023；已按文字检索"
    )


def test_links_keep_the_language(client: FlaskClient) -> None:
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
def test_invalid_parameters_get_a_page_and_no_error(client: FlaskClient, parameters: str) -> None:
    page(client, f"/?q=绩效&{parameters}" if not parameters.startswith("q=") else f"/?{parameters}")


def test_a_warning_names_each_invalid_parameter(client: FlaskClient) -> None:
    warnings = "".join(texts(page(client, "/?q=绩效&year=去年&page=末页&sort=好的"), "warning"))
    for warning in ("年度“去年”无效", "没有第“末页”页", "没有“好的”这种排序"):
        assert warning in warnings
    assert "没有第 9999 页" in page(client, "/?q=绩效&page=9999")


SCRIPTS = ["/static/settings.js", "/static/js/baocha.js"]
"""The only script that a page loads."""

HOSTILE = (
    "<script>alert(1)</script>局2022年部门决算\n一、<b onclick=x>情况</b>\n"
    "预算<mark>假标</mark><script>alert(2)</script>绩效，<img src=x onerror=alert(3)>。"
    "<a href='javascript:alert(4)'>链接</a>{{ 7*7 }}${7*7}\n"
)


def test_hostile_report_text_is_shown_as_text(index_files: IndexFiles) -> None:
    client = create_app(index_files({"<i>x.txt": HOSTILE})).test_client()
    results = page(client, "/?q=" + quote("绩效"))
    for html in (results, page(client, hits(results)[0].partition("#")[0])):
        root = parse(html)
        assert set(marks(html)) == {"绩效"}
        assert [script.get("src") for script in root.iter("script")] == SCRIPTS
        assert not list(root.iter("img", "b", "i"))
        assert not root.xpath("//@onclick | //@onerror | //@href[starts-with(., 'javascript')]")
        text = text_of(root)
        assert "<script>alert(2)</script>绩效，<img src=x onerror=alert(3)>" in text
        assert "<a href='javascript:alert(4)'>" in text
        assert "{{ 7*7 }}" in text


def test_a_hostile_query_is_shown_as_text(client: FlaskClient) -> None:
    query = '"><script>alert(1)</script>'
    root = parse(page(client, "/?q=" + quote(query)))
    assert [script.get("src") for script in root.iter("script")] == SCRIPTS
    assert root.get_element_by_id("q").get("value") == query


def test_a_chosen_section_shows_the_headings_below_it(client: FlaskClient) -> None:
    (below,) = parse(page(client, "/?q=的&section=绩效自评")).find_class("below")
    found = counted_links(below)
    assert len(found) > 5
    for address, heading, count in found:
        narrowed = page(client, address)
        assert total(narrowed) == count, heading
        # The filter for the heading replaces the filter for the section.
        assert [chip for chip in texts(narrowed, "chip") if f"绩效自评/{heading}" in chip]
        assert len(texts(narrowed, "chip")) == 1


def test_the_front_page_offers_queries_that_find_something(client: FlaskClient) -> None:
    (examples,) = parse(page(client, "/")).find_class("examples")
    found = [total(page(client, link.get("href"))) for link in examples.iter("a")]
    assert len(found) == 4  # three phrases, and a condition on figures
    assert all(found)


def test_a_condition_in_words_is_offered_where_it_is_easy_to_see(client: FlaskClient) -> None:
    html = page(client, "/?q=" + quote("执行率低于95%"))
    (offered,) = parse(html).find_class("prominent")
    assert "按数值检索" in offered.text_content()
    assert [link.text for link in offered.iter("a")] == ["执行率<95%"]


def test_the_paragraphs_around_a_hit_can_be_shown_and_hidden(client: FlaskClient) -> None:
    html = page(client, "/?q=数字孪生青湖")
    opened = page(client, links(html, "上下文")[0])
    (around,) = parse(opened).find_class("around")
    (itself,) = around.find_class("itself")
    hit = int(hits(html)[0].rpartition("#p")[2])
    assert itself.get("value") == str(hit)
    assert [int(item.get("value")) for item in around] == list(range(hit - 2, hit + 3))
    assert [text_of(mark) for mark in itself.iter("mark")] == ["数字孪生青湖"]
    assert hits(opened) == hits(html)
    assert not texts(page(client, links(opened, "收起")[0].split("#")[0]), "around")


def test_results_by_report_show_each_report_once_with_its_count(client: FlaskClient) -> None:
    html = page(client, "/?q=绩效目标")
    grouped = page(client, links(html, "按报告")[0])
    counts = [int(text.split()[1]) for text in texts(grouped, "in-report")]
    assert sum(counts) == total(grouped) == total(html)
    assert len({hit.partition("?")[0] for hit in hits(grouped)}) == len(counts) == 16


def test_a_page_has_the_chosen_number_of_hits(client: FlaskClient) -> None:
    html = page(client, "/?q=的&size=50")
    assert len(hits(html)) == 50
    assert "每页不能是“7”段" in page(client, "/?q=的&size=7")


def test_a_filter_without_a_hit_is_still_shown_and_can_be_removed(
    client: FlaskClient,
) -> None:
    address = "/?q=“数字孪生青湖平台建设”&year=2019&department=云溪市青湖区教育局&kind=审计报告"
    html = page(client, address)
    assert "未找到符合条件的段落" in html
    chosen = parse(html).find_class("chosen")
    assert {link.getparent().get("class") for link in chosen} == {"none"}
    values = [text_of(value) for link in chosen for value in link.find_class("value")]
    assert sorted(values) == ["2019", "云溪市青湖区教育局", "审计报告"]
    for link in chosen:
        assert len(parse(page(client, link.get("href"))).find_class("chosen")) == 2


def test_the_first_the_last_and_the_nearest_pages_have_links(client: FlaskClient) -> None:
    assert page_numbers(1, 1) == [1]
    assert page_numbers(1, 30) == [1, 2, 3, None, 30]
    assert page_numbers(15, 30) == [1, None, 13, 14, 15, 16, 17, None, 30]
    assert page_numbers(4, 6) == [1, 2, 3, 4, 5, 6]
    html = page(client, "/?q=的&page=3")
    assert links(html, "5")


def test_each_hit_has_a_citation(client: FlaskClient) -> None:
    html = page(client, "/?q=数字孪生青湖")
    cited = [hit.get("data-head") + hit.get("data-where") for hit in parse(html).find_class("hit")]
    assert len(cited) == total(html) == 5
    # A Word document has numbered paragraphs, but no pages.
    form = r"《[^》]+》，[^，]+，\d{4}年(，原文件第 \d+ 段)?，[一二三四]、[^，]+"
    assert all(re.fullmatch(form, text) for text in cited)


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("績效目標", "绩效目标"),
        ("２０２２年", "2022年"),
        ("2,937.4", ""),
        ("“绩效 目标”", ""),
        ("GIS 平台 | 绩效", ""),
        ("提质增效 部门:水务局", ""),
    ],
)
def test_the_folded_query_is_shown_if_it_differs(
    client: FlaskClient, query: str, folded: str
) -> None:
    shown = "".join(texts(page(client, "/?q=" + quote(query)), "folded"))
    assert f"按“{folded}”逐字核对" in shown if folded else not shown


@pytest.mark.parametrize(
    "query",
    ["“提质增效” 部门:没有这个局", "“提质增效” 年份:1999", "提质增效 -提质", "-的 年份:1999"],
)
def test_a_search_in_part_of_the_index_never_claims_that_no_paragraph_contains_the_phrase(
    client: FlaskClient, query: str
) -> None:
    html = page(client, "/?q=" + quote(query))
    assert "未找到符合条件的段落" in html
    assert "未见该表述" not in html


def test_pages_and_exports_mark_relaxed_results(client: FlaskClient) -> None:
    address = "q=" + quote("绩效 䶮䶮 图书馆 目标")
    html = page(client, f"/?{address}")
    assert "最接近的" in texts(html, "totals")[0]
    assert html.count("未找到同时包含全部关键词的段落") == 1
    with client.get(f"/export.csv?{address}&year=2022") as response:
        header, first, *_ = response.get_data().decode("utf-8-sig").splitlines()
    assert header.endswith(
        "检索词,范围,注意,索引版本,索引更新时间,匹配方式,各类段数,核查,单元格,命中的数字,数值（元、百分数、分、个数）"
    )
    assert "年度:2022" in first
    assert "䶮䶮" in first.split(",年度:2022,")[1]


def test_wide_spaces_in_headings_stay_in_citations(index_files: IndexFiles) -> None:
    text = "青湖区供水条例\n第一章　总　　则\n第一条　为了规范供水，制定本条例。\n"
    html = page(create_app(index_files({"a.txt": text})).test_client(), "/?q=规范供水")
    assert "第一章　总　　则" in html
    assert "\ufffd" not in html


def test_links_do_not_repeat_a_value_that_is_too_long(client: FlaskClient) -> None:
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


def test_the_advanced_form_writes_a_condition_on_figures(client: FlaskClient) -> None:
    body = page(client, "/advanced?words=支出&label=执行率&operator=<=&value=95%25")
    assert "支出 执行率&lt;=95%" in body
    ran = client.get("/advanced?label=执行率&operator=<&value=95%25&run=1")
    assert ran.status_code == 302
    assert total(page(client, ran.location)) > 0


@pytest.mark.parametrize(
    "fields", ["label=执行率", "value=5%25", "label=执行率&value=很低", "label=A B&value=5%25"]
)
def test_the_advanced_form_names_a_condition_that_is_none(client: FlaskClient, fields: str) -> None:
    body = page(client, f"/advanced?words=支出&{fields}")
    assert "数字条件" in body
    assert "无效" in body
    assert client.get(f"/advanced?words=支出&run=1&{fields}").status_code == 200


def test_a_histogram_links_to_each_range(client: FlaskClient) -> None:
    html = page(client, "/?q=执行率<95%25")
    links = parse(html).xpath("//section[contains(@class, 'histogram')]//li/a")
    counts = [int(text_of(link.xpath("span[@class='count']")[0])) for link in links]
    assert sum(counts) > 0
    for link, count in zip(links, counts, strict=True):
        assert total(page(client, link.get("href"))) == count


def test_hits_can_be_sorted_by_value_only_with_a_condition(client: FlaskClient) -> None:
    assert "数值由大到小" in page(client, "/?q=执行率<95%25")
    assert "数值由大到小" not in page(client, "/?q=绩效")
