import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from baocha import create_app
from tests.app.web.pages import links, page, report_of

IndexFiles = Callable[[dict[str, str | bytes]], Path]

TEXT = "青湖区水务局2022年部门决算\n一、概况\n预算绩效良好。\n（一）说明\n绩效目标，绩效自评。\n"


def test_a_report_shows_every_paragraph_with_an_anchor_and_its_pages(client: FlaskClient) -> None:
    html = page(client, "/?q=" + quote("教育局 2023") + "&sort=document")
    (address, *_) = re.findall(r'href="(/reports/[^"#?]+)', html)
    report = page(client, address)
    anchors = [int(n) for n in re.findall(r'id="p(\d+)"', report)]
    assert anchors == list(range(1, len(anchors) + 1))
    assert "第 2 页" in report


def test_every_match_can_be_stepped_to_without_scripts(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    html = page(client, report_of(page(client, "/?q=绩效")) + "?q=绩效")
    assert "标出 3 处，在 2 段" in html
    assert re.search(r'<a class="to-first" href="#p3">', html)
    assert re.search(r'id="p3".*?href="#p5" aria-label="下一处"', html, re.DOTALL)
    assert re.search(r'id="p5".*?href="#p3" aria-label="上一处"', html, re.DOTALL)


def test_a_report_that_does_not_say_it_says_so(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    address = report_of(page(client, "/?q=绩效"))
    assert "本报告中未见检索词" in page(client, f"{address}?q=没有")
    assert "标出" not in page(client, address)


def test_each_paragraph_has_an_address_with_its_citation(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    address = report_of(page(client, "/?q=绩效"))
    html = page(client, f"{address}/paragraphs/5?q=自评")
    assert "《青湖区水务局2022年部门决算》，一、概况 / （一）说明，第 5 段" in html
    assert "<mark>自评</mark>" in html
    assert links(html, "上一段") == [f"{address}/paragraphs/4?q={quote('自评')}"]
    assert not links(html, "下一段")
    for wrong in ("0", "6", "99999999999999999999"):
        assert "没有这一段" in page(client, f"{address}/paragraphs/{wrong}", 404)
    assert "没有这份报告" in page(client, "/reports/nowhere/paragraphs/1", 404)
    assert "没有这个页面" in page(client, f"{address}/paragraphs/x", 404)


def test_the_file_can_be_downloaded_only_where_the_server_was_told_so(
    index_files: IndexFiles, tmp_path: Path
) -> None:
    index = index_files({"甲 a.txt": TEXT})
    client = create_app(index).test_client()
    address = report_of(page(client, "/?q=绩效"))
    assert "下载原文件" not in page(client, address)
    page(client, f"{address}/source", 404)

    client = create_app(index, offer_files=True).test_client()
    (link,) = links(page(client, address), "下载原文件")
    with client.get(link) as response:
        assert response.status_code == 200
        content = response.get_data()
        assert "attachment" in response.headers["Content-Disposition"]
    assert hashlib.sha256(content).digest() == hashlib.sha256(TEXT.encode()).digest()
    assert "没有这份报告" in page(client, "/reports/nowhere/source", 404)

    file = tmp_path / "reports" / "甲 a.txt"
    file.write_text("变了", "utf-8")
    assert "原文件已变化" in page(client, link, 409)
    file.unlink()
    assert "原文件已不在" in page(client, link, 404)


def test_columns_of_ones_own_are_shown_with_the_report(index_files: IndexFiles) -> None:
    table = "文件,部门,经办人\na.txt,甲局,<b>张某</b>\n"
    client = create_app(index_files({"a.txt": TEXT, "metadata.csv": table})).test_client()
    html = page(client, report_of(page(client, "/?q=绩效")))
    assert "经办人 &lt;b&gt;张某&lt;/b&gt;" in html
    assert "甲局" in html


def test_a_file_of_an_odd_name_is_sent_under_one_that_a_header_can_hold(
    index_files: IndexFiles,
) -> None:
    client = create_app(index_files({"甲\n乙\x01.txt": TEXT}), offer_files=True).test_client()
    address = report_of(page(client, "/?q=绩效"))
    with client.get(f"{address}/source") as response:
        assert response.status_code == 200
        assert quote("甲 乙.txt") in response.headers["Content-Disposition"]


def test_a_file_that_became_a_link_to_another_is_not_sent(
    index_files: IndexFiles, tmp_path: Path
) -> None:
    client = create_app(index_files({"a.txt": TEXT}), offer_files=True).test_client()
    address = report_of(page(client, "/?q=绩效")) + "/source"
    with client.get(address) as response:
        assert response.status_code == 200
    secret = tmp_path / "secret.txt"
    secret.write_text("机密事项。", "utf-8")
    source = tmp_path / "reports" / "a.txt"
    source.unlink()
    source.symlink_to(secret)
    assert "机密" not in page(client, address, 409)
    source.unlink()
    source.symlink_to(source)
    page(client, address, 404)
