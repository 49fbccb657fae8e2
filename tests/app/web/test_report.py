import hashlib
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from baocha import create_app
from tests.app.web.pages import (
    TITLE,
    links,
    marks,
    ordinals,
    page,
    paragraph,
    parse,
    report_of,
    text_of,
    texts,
)
from tests.conftest import IndexFiles

TEXT = f"{TITLE}\n一、概况\n预算绩效良好。\n（一）说明\n绩效目标，绩效自评。\n"


def test_a_report_shows_every_paragraph_with_an_anchor_and_its_page_numbers(
    client: FlaskClient,
) -> None:
    html = page(client, "/?q=" + quote("教育局 2023") + "&sort=document")
    report = page(client, report_of(html))
    assert ordinals(report) == list(range(1, len(ordinals(report)) + 1))
    assert "第 2 页" in "".join(texts(report, "page-break"))


def test_links_lead_from_match_to_match_without_scripts(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    html = page(client, report_of(page(client, "/?q=绩效")) + "?q=绩效")
    assert "命中 3 处，见于 2 段" in html
    assert links(html, "到第一处") == ["#p3"]
    for ordinal, label, target in ((3, "下一处", "#p5"), (5, "上一处", "#p3")):
        assert paragraph(html, ordinal).xpath(f".//a[@aria-label='{label}']/@href") == [target]


def test_a_report_without_a_match_has_a_message(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    address = report_of(page(client, "/?q=绩效"))
    assert "本报告中未见检索词" in page(client, f"{address}?q=没有")
    assert "命中" not in page(client, address)


def test_each_paragraph_has_a_page_with_its_citation(index_files: IndexFiles) -> None:
    client = create_app(index_files({"a.txt": TEXT})).test_client()
    address = report_of(page(client, "/?q=绩效"))
    html = page(client, f"{address}/paragraphs/5?q=自评")
    assert texts(html, "citation") == [f"《{TITLE}》，一、概况 / （一）说明，第 5 段"]
    assert marks(html) == ["自评"]
    assert links(html, "上一段") == [f"{address}/paragraphs/4?q={quote('自评')}"]
    assert not links(html, "下一段")
    for wrong in ("0", "6", "99999999999999999999"):
        assert "没有这一段" in page(client, f"{address}/paragraphs/{wrong}", 404)
    assert "没有这份报告" in page(client, "/reports/nowhere/paragraphs/1", 404)
    assert "没有这个页面" in page(client, f"{address}/paragraphs/x", 404)


def test_the_original_file_can_be_downloaded_only_if_the_settings_allow_it(
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


def test_a_report_shows_the_users_own_columns(index_files: IndexFiles) -> None:
    table = "文件,部门,经办人\na.txt,甲局,<b>张某</b>\n"
    client = create_app(index_files({"a.txt": TEXT, "metadata.csv": table})).test_client()
    html = page(client, report_of(page(client, "/?q=绩效")))
    (about,) = parse(html).find_class("about")
    assert "经办人 <b>张某</b>" in text_of(about)
    assert "甲局" in text_of(about)


def test_a_download_has_a_file_name_without_control_characters(
    index_files: IndexFiles,
) -> None:
    client = create_app(index_files({"甲\n乙\x01.txt": TEXT}), offer_files=True).test_client()
    address = report_of(page(client, "/?q=绩效"))
    with client.get(f"{address}/source") as response:
        assert response.status_code == 200
        assert quote("甲 乙.txt") in response.headers["Content-Disposition"]


def test_a_file_that_was_replaced_by_a_symbolic_link_is_not_sent(
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


def test_the_page_of_a_file_with_lost_text_has_a_warning(
    index_files: IndexFiles, docx_with_lost_text: bytes
) -> None:
    client = create_app(index_files({"a.docx": docx_with_lost_text})).test_client()
    address = report_of(page(client, "/?q=节水"))
    assert "10 个未能读入，原因不明，例如：读取时丢失的一句话。" in "".join(
        texts(page(client, address), "warning")
    )
    account = client.get(f"/api/v1{address}").get_json()["metadata"]["account"]
    assert (account["found"], account["unexplained"]) == (25, 10)
