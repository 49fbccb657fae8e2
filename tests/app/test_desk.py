"""The desk of an officer in headless Chromium: basket, working paper, keys, saved searches."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)

from baocha_indexer.build import build_index
from tests.conftest import IndexFiles
from tests.serving import serving
from tools.render import CHROMIUM, FLAGS

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium here: the tests in a browser did not run", allow_module_level=True)

NO_STORAGE = "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new DOMException('no', 'SecurityError') } } })"
FULL_STORAGE = """
const put = IDBObjectStore.prototype.put;
window.full = false;
IDBObjectStore.prototype.put = function (...values) {
  if (window.full) throw new DOMException("full", "QuotaExceededError");
  return put.apply(this, values);
};
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "CI must test in a browser, and there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(corpus_index: Path) -> Iterator[str]:
    with serving(corpus_index) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A new reader, with an empty basket. Nothing may complain on the console."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser itself reports each answer that refuses something, such as a broken basket.
        if "(Unprocessable" not in message.text:
            problems.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield context
    context.close()
    # An answer that refuses a file is shown on the console; nothing else may be.
    assert [problem for problem in problems if "422 (Unprocessable" not in problem] == []


@contextmanager
def served_page(context: BrowserContext, index: Path, *options: str) -> Iterator[tuple[Page, str]]:
    """A page, and the address of a server of its own, which stops when the page is closed."""
    with serving(index, *options) as address:
        page = context.new_page()
        yield page, address
        page.close()


@contextmanager
def paper_on_server(browser: Browser, corpus_index: Path, tmp_path: Path) -> Iterator[Page]:
    """The page of a working paper with two items, which the server keeps for a user."""
    index = shutil.copytree(corpus_index, tmp_path / "index")
    with serving(index, **WITH_USERS) as address:
        context = browser.new_context(extra_http_headers={"X-User": "first"}, locale="zh-CN")
        page = context.new_page()
        two_items(page, address)
        yield page
        context.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def kept(page: Page) -> list[str]:
    return page.locator("#basket ol li > p:first-child").all_inner_texts()


def test_the_key_b_puts_the_current_hit_into_the_basket_and_takes_it_out_again(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    press(page, "n", "b", "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(2)
    shown = page.locator(".hit .snippet").all_inner_texts()[:2]
    assert [text[:20] for text in kept(page)] == [text[:20] for text in shown]
    expect(page.locator(".show-basket .tally")).to_have_text("2")
    expect(page.locator(".hit.current").get_by_role("button", name="已加入底稿")).to_be_visible()
    press(page, "b")
    expect(page.locator("#basket ol li")).to_have_count(1)
    page.reload()
    expect(page.locator("#basket ol li")).to_have_count(1)


PAPER_FIELDS = {
    "编号": "2026-01",
    "被审计（检查）单位": "青湖区各部门",
    "事项": "三公经费",
    "编制人": "甲",
}
WITH_USERS = {"BAOCHA_USER_HEADER": "X-User", "BAOCHA_TRUSTED_PROXY": "1"}
OFFICES = (
    ("水务局", "“三公”经费支出 21.90 万元，比上年下降 10.06%。"),
    ("教育局", "三公经费支出 18.40 万元，比上年下降 3.16%。"),
    ("民政局", "“三公”经费 9.75 万元，与上年持平。"),
    ("财政局", "全年“三公”经费控制在 12.60 万元以内。"),
    ("审计局", "三公经费决算 7.30 万元，未超预算。"),
    ("农业农村局", "压减“三公”经费 2.50 万元。"),
    ("自然资源局", "公务接待和公务用车费用 5.20 万元。"),
    ("卫生健康局", "收支平衡，略有结余。"),
)


@pytest.mark.parametrize("width", [1440, 390])
def test_an_officer_gets_from_a_phrase_to_a_working_paper_in_forty_clicks_and_keys(
    browser: Browser, index_files: IndexFiles, width: int
) -> None:
    """What eight departments write about a phrase, who does not, and the sources, as a document."""
    index = index_files(
        {
            f"{office}.txt": f"青湖区{office}2025年度部门决算\n一、收支\n完成预算。\n{line}\n二、其他\n无。\n"
            for office, line in OFFICES
        }
    )
    actions = 0

    def keys(*names: str) -> None:
        nonlocal actions
        actions += len(names)
        press(page, *names)

    def click(target: Locator, words: str = "") -> None:
        nonlocal actions
        actions += 1
        target.click()
        if words:  # the words of a field count as one action: they are the officer's own
            actions += 1
            target.fill(words)

    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    page = context.new_page()
    with serving(index) as address:
        page.goto(address)
        page.keyboard.insert_text("三公经费")
        actions += 4
        keys("Enter")
        expect(page.locator(".hit")).to_have_count(6)
        page.wait_for_load_state()
        if width == 1440:
            keys(*"nb" * 6)
            expect(page.locator("#basket ol li")).to_have_count(6)
        else:  # a phone has no keys
            for hit in page.locator(".hit").all():
                click(hit.get_by_role("button", name="加入底稿"))
            click(page.locator(".show-basket"))
        click(page.get_by_role("button", name="检索记入底稿"))
        expect(page.locator("#basket ol li")).to_have_count(7)
        click(page.get_by_role("link", name="编制底稿"))
        for label, value in PAPER_FIELDS.items():
            click(page.get_by_label(label, exact=True), value)
        with page.expect_download() as download:
            click(page.get_by_role("button", name="DOCX"))
        document = docx.Document(str(download.value.path()))
    context.close()
    assert actions <= 40
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [texts.count(line) for _, line in OFFICES] == [1] * 6 + [0] * 2
    assert sum(text.startswith("出处：《青湖区") for text in texts) == 6
    head = [cell.text for row in document.tables[0].rows for cell in row.cells]
    today = datetime.now().astimezone().date()  # it is filled in
    assert {*list(PAPER_FIELDS.values())[:3], f"甲 / {today}"} <= set(head)
    who, record = (
        {row.cells[0].text: row.cells[1].text for row in table.rows}
        for table in document.tables[-2:]
    )
    assert record["检索词"] == "三公经费"
    assert who["未提及的部门"] == "2 个：青湖区卫生健康局、青湖区自然资源局"


def test_two_windows_share_a_basket(context: BrowserContext, address: str) -> None:
    one, two = context.new_page(), context.new_page()
    one.goto(address + "?q=三公经费")
    two.goto(address + "?q=绩效目标")
    press(one, "n", "b")
    expect(two.locator("#basket ol li")).to_have_count(1)
    press(two, "n", "b")
    expect(one.locator("#basket ol li")).to_have_count(2)
    assert kept(one) == kept(two)


def test_a_paragraph_is_collected_while_reading(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address + "?q=数字孪生青湖")
    page.locator(".hit h2 a").first.click()
    target = page.locator(".paragraph:target")
    target.get_by_role("button", name="加入底稿").click()
    expect(page.locator(".show-basket .tally")).to_have_text("1")
    page.go_back()
    expect(page.locator(".hit").first.get_by_role("button", name="已加入底稿")).to_be_visible()


def test_notes_verdicts_and_order_are_kept(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    press(page, "n", "b", "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(2)
    page.get_by_role("button", name="检索记入底稿").click()
    page.get_by_role("link", name="编制底稿").click()
    items = page.locator(".paper-item")
    expect(items).to_have_count(3)
    first = items.first.locator("blockquote").inner_text()
    items.first.get_by_label("备注").fill("与附表一致")
    items.first.get_by_label("判断").select_option("支持")
    expect(page.locator(".sum").last).to_contain_text("1 支持")
    items.first.get_by_role("button", name="下移").click()
    expect(items.nth(1).locator("blockquote")).to_have_text(first)
    items.nth(2).locator(".handle").drag_to(items.first, target_position={"x": 5, "y": 2})
    expect(items.first.locator("blockquote")).to_contain_text("检索 三公经费")
    page.get_by_label("被审计（检查）单位").fill("云溪市青湖区水务局")
    page.wait_for_timeout(600)  # a field is saved when the typing has paused
    page.reload()
    expect(items.nth(2).get_by_label("备注")).to_have_value("与附表一致")
    expect(items.nth(2).get_by_label("判断")).to_have_value("supports")
    expect(page.get_by_label("被审计（检查）单位")).to_have_value("云溪市青湖区水务局")


def test_a_changed_paragraph_is_marked_in_the_basket(
    context: BrowserContext, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    report = "青湖区水务局2022年部门决算\n一、情况\n“三公”经费支出 21.90 万元，比上年下降。\n车辆三公经费已公开。\n"
    (reports / "a.txt").write_text(report, "utf-8")
    build_index([reports], tmp_path / "index")
    with served_page(context, tmp_path / "index") as (page, address):
        page.goto(address + "?q=三公经费&sort=document")
        press(page, "n", "b", "n", "b")
        page.get_by_role("button", name="检索记入底稿").click()
        expect(page.locator("#basket ol li")).to_have_count(3)
        changed = report.replace("21.90", "29.10").replace("车辆三公经费已公开。\n", "")
        changed = changed.replace("一、情况\n", "一、情况\n新增的一段在前。\n")
        (reports / "a.txt").write_text(changed, "utf-8")
        build_index([reports], tmp_path / "index")
        page.goto(address + "baskets")
        items = page.locator(".paper-item")
        expect(items.first.locator(".none")).to_contain_text("已变动")
        expect(items.first).to_contain_text("29.10")
        expect(items.first.locator("blockquote").first).to_contain_text("21.90")
        expect(items.nth(1).locator(".none")).to_contain_text("已移除")
        expect(items.nth(2).locator(".none")).to_have_text("已变动：加入时 2 段，现为 1 段")


def test_a_basket_is_exported_and_imported(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    press(page, "n", "b", "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(2)
    page.goto(address + "baskets")
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    basket = json.loads(download.value.path().read_text("utf-8"))
    assert [item["kind"] for item in basket["items"]] == ["paragraph", "paragraph"]

    basket["items"].append(basket["items"][0] | {"key": "again", "note": "重复"})
    basket["items"][1]["note"] = "<b onclick=alert(1)>附注</b>"
    (tmp_path / "basket.json").write_text(json.dumps(basket), "utf-8")
    page.locator(".import input").set_input_files(tmp_path / "basket.json")
    expect(page.locator(".announced")).to_contain_text("已导入 2 条")
    expect(page.locator(".choice option")).to_have_count(2)
    assert "<" not in page.locator(".paper-item textarea").nth(1).input_value()

    (tmp_path / "broken.json").write_text('{"format": "baocha-basket", "items": 7}', "utf-8")
    page.locator(".import input").set_input_files(tmp_path / "broken.json")
    expect(page.locator(".announced.none")).to_be_visible()
    expect(page.locator(".choice option")).to_have_count(2)

    (tmp_path / "large.json").write_text(json.dumps(basket | {"pad": "x" * 33 * 2**20}), "utf-8")
    page.locator(".import input").set_input_files(tmp_path / "large.json")
    expect(page.locator(".announced.none")).to_contain_text("32 MB")


@pytest.mark.parametrize(("script", "said"), [(NO_STORAGE, "不允许保存"), (FULL_STORAGE, "已满")])
def test_a_basket_that_cannot_be_saved_has_a_message_and_nothing_else_breaks(
    browser: Browser, address: str, script: str, said: str
) -> None:
    context = browser.new_context(locale="zh-CN")
    context.add_init_script(script)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + "?q=三公经费")
    page.evaluate("window.full = true")
    press(page, "n", "b")
    expect(page.locator(".announced.none")).to_contain_text(said)
    page.goto(address + "?q=绩效目标")
    assert page.locator(".hit").count() > 0
    page.goto(address + "baskets")
    is_forbidden = script == NO_STORAGE
    expect(page.locator(".paper-page .problem")).to_contain_text(said if is_forbidden else "")
    expect(page.locator(".paper-page .hint")).to_be_visible(visible=not is_forbidden)
    page.evaluate("window.full = true")
    page.get_by_label("事项", exact=True).fill("三公经费")
    expect(page.locator(".announced.none")).to_contain_text(said)
    assert errors == []
    context.close()


def test_a_full_disk_has_a_message_and_the_basket_works_again_when_there_is_room(
    context: BrowserContext, address: str
) -> None:
    # What Chromium does: the transaction is aborted, and later the database is closed.
    context.add_init_script("""
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...values) {
          const asked = put.apply(this, values);
          if (window.full) this.transaction.abort();
          return asked;
        };
        const begin = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...values) {
          if (window.closes) {
            window.closes = false;
            this.close();
          }
          return begin.apply(this, values);
        };
    """)
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    page.evaluate("window.full = true")
    press(page, "n", "b")
    expect(page.locator(".announced.none")).to_contain_text("磁盘已满")
    page.evaluate("window.full = false; window.closes = true")
    press(page, "b")
    expect(page.locator("#basket ol li")).to_have_count(1)


def test_the_original_beside_the_text_shows_the_page_that_is_read(
    context: BrowserContext, corpus_index: Path
) -> None:
    with served_page(context, corpus_index, "--offer-files") as (page, address):
        page.goto(address + "?q=“三公”经费 11.2 万元")
        hit = page.locator(".hit", has=page.get_by_text("第 2 页")).first
        hit.locator("h2 a").click()
        page.wait_for_load_state()
        number = page.locator(".original .page-number")
        press(page, "o")
        expect(number).to_have_text("第 2 / 5 页")
        expect(page.locator(".original svg rect").first).to_be_visible()
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(number).to_have_text("第 5 / 5 页")
        page.evaluate("scrollTo(0, 0)")
        expect(number).to_have_text("第 1 / 5 页")
        page.get_by_role("button", name="下一页").click()
        expect(number).to_have_text("第 2 / 5 页")
        expect(page.locator(".original img")).to_have_attribute("alt", "第 2 / 5 页")
        expect(page.locator(".original svg")).to_be_attached()  # the image is loaded


def test_without_a_server_the_page_stays_and_says_so(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    press(page, "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(1)
    message = page.locator(".announced.none")
    context.set_offline(True)

    page.locator("#q").fill("绩效目标")
    press(page, "Enter")
    expect(message).to_contain_text("无法连接服务器")
    assert page.locator(".hit").count() > 1
    page.locator("summary", has_text="导出").click()
    page.get_by_role("link", name="Excel").click()
    expect(message).to_contain_text("无法连接服务器")
    page.locator(".hit").nth(1).hover()
    page.locator(".hit").nth(1).get_by_role("button", name="加入底稿").click()
    expect(message).to_contain_text("未保存")
    expect(page.locator("#basket ol li")).to_have_count(1)

    context.set_offline(False)
    press(page, "/", "Enter")
    expect(page).to_have_title("绩效目标 · 报查")
    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    download.value.save_as(tmp_path / "hits.xlsx")
    assert "绩效目标" in download.value.suggested_filename
    context.close()


def test_an_export_that_is_refused_has_its_reason_on_the_page(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(address + "compare?term=三公经费")
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.goto(address + "?q=三公经费")
    press(page, "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(1)
    page.goto(address + "baskets")
    (tmp_path / "template.docx").write_bytes(b"no document")
    page.get_by_label("自备 Word 模板").set_input_files(tmp_path / "template.docx")
    page.get_by_role("button", name="DOCX").click()
    expect(page.locator(".announced.none")).to_contain_text("模板")


def test_a_saved_search_says_what_is_new(context: BrowserContext, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text("青湖区水务局2022年部门决算\n三公经费下降。\n", "utf-8")
    build_index([reports], tmp_path / "index")
    with served_page(context, tmp_path / "index") as (page, address):
        page.goto(address + "?q=三公经费")
        page.get_by_role("button", name="保存检索").click()
        expect(page.get_by_role("button", name="已保存检索")).to_be_visible()
        page.goto(address + "searches")
        expect(page.locator(".news")).to_have_text("没有变化")
        (reports / "b.txt").write_text("青湖区教育局2022年部门决算\n三公经费持平。\n", "utf-8")
        build_index([reports], tmp_path / "index")
        page.reload()
        expect(page.locator(".news")).to_contain_text("原 1 段，现 2 段")
        expect(page.locator(".saved")).to_contain_text("青湖区教育局2022年部门决算")
        page.locator(".saved > li > a").click()
        expect(page.get_by_role("button", name="已保存检索")).to_be_visible()
        page.goto(address + "searches")
        expect(page.locator(".news")).to_have_text("没有变化")


def test_the_first_hit_is_reached_after_at_most_twelve_stops(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address + "?q=预算执行率")
    stops: list[str] = []
    while len(stops) < 30:
        press(page, "Tab")
        stops.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        if page.evaluate("Boolean(document.activeElement.closest('.hit'))"):
            break
    skip_links = sum('class="skip"' in stop for stop in stops)
    assert len(stops) - skip_links - 1 <= 12, stops


def test_the_first_hit_is_in_the_first_screen_of_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    box = page.locator(".hit .snippet").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    expect(page.locator(".hit").first.get_by_role("button", name="加入底稿")).to_be_visible()
    context.close()


def test_settings_apply_to_every_page(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    page.locator("summary", has_text="更多").click()
    page.get_by_role("button", name="特大").click()
    page.get_by_role("button", name="深色").click()
    page.goto(address + "help")
    root = "getComputedStyle(document.documentElement)"
    assert page.evaluate(f"{root}.fontSize") == "20px"
    assert page.evaluate(f"{root}.backgroundColor") == "rgb(21, 24, 26)"
    assert page.evaluate(f"{root}.getPropertyValue('--soft')") == "#a9b0b6"
    page.emulate_media(media="print")
    assert page.evaluate(f"{root}.getPropertyValue('--soft')") == "#566068"


def test_where_a_proxy_sends_user_names_the_server_keeps_the_basket(
    browser: Browser, corpus_index: Path, tmp_path: Path
) -> None:
    index = shutil.copytree(corpus_index, tmp_path / "index")
    with serving(index, **WITH_USERS) as address:
        # Two browsers of one user, and one of another.
        contexts = [
            browser.new_context(extra_http_headers={"X-User": user})
            for user in ("first", "first", "second")
        ]
        office, home, other = (context.new_page() for context in contexts)
        office.goto(address + "?q=三公经费")
        press(office, "n", "b", "n", "b")
        expect(office.locator("#basket ol li")).to_have_count(2)
        office.get_by_role("button", name="保存检索").click()
        expect(office.get_by_role("button", name="已保存检索")).to_be_visible()
        home.goto(address + "?q=绩效目标")
        expect(home.locator("#basket ol li")).to_have_count(2)
        assert kept(home) == kept(office)
        other.goto(address + "?q=绩效目标")
        expect(other.locator("#basket ol li")).to_have_count(0)

        # Both change the note of the first item: the second is told, and loses nothing.
        for page in (office, home):
            page.goto(address + "baskets")
            expect(page.locator(".paper-item")).to_have_count(2)
        for page, note in ((office, "先写"), (home, "后写")):
            page.locator(".paper-item textarea").first.fill(note)
            page.wait_for_timeout(800)  # a note is saved when the typing has paused
        expect(home.locator(".announced.none")).to_be_visible()
        expect(home.locator(".paper-item textarea").first).to_have_value("后写")
        office.reload()
        expect(office.locator(".paper-item textarea").first).to_have_value("先写")
        for context in contexts:
            context.close()


def two_items(page: Page, address: str) -> None:
    """Collect two paragraphs and open the page of the working paper."""
    page.goto(address + "?q=三公经费")
    press(page, "n", "b", "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(2)
    page.goto(address + "baskets")
    expect(page.locator(".paper-item mark").first).to_be_visible()


def test_a_note_is_kept_if_the_page_is_left_at_once(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    two_items(page, address)
    note = page.locator(".paper-item textarea").first
    note.fill("刚写完")
    page.reload()
    expect(note).to_have_value("刚写完")
    note.fill("又写完")
    page.get_by_role("link", name="报查").first.click()
    page.go_back()
    expect(note).to_have_value("又写完")


def test_a_note_is_kept_if_the_page_is_left_while_the_server_checks_the_items(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    two_items(page, address)
    page.route("**/baskets/check*", lambda _route: None)  # an answer that does not come
    page.reload()
    page.locator(".paper-item textarea").first.fill("未核对")
    page.goto(address)
    page.unroute_all(behavior="ignoreErrors")
    page.goto(address + "baskets")
    expect(page.locator(".paper-item textarea").first).to_have_value("未核对")


def test_a_note_is_kept_if_the_page_is_left_while_it_reads_the_basket(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    two_items(page, address)
    note = page.locator(".paper-item textarea").first
    note.fill("正在读取")
    page.evaluate("""() => {
      const channel = new BroadcastChannel(`baocha ${document.documentElement.dataset.base}`);
      for (let i = 0; i < 200; i++) channel.postMessage("item"); // as from another window
      setTimeout(() => location.assign("./"), 20);
    }""")
    page.wait_for_url(address)
    page.goto(address + "baskets")
    expect(note).to_have_value("正在读取")


def test_a_note_and_a_verdict_of_two_windows_are_both_kept(
    context: BrowserContext, address: str
) -> None:
    one, two = context.new_page(), context.new_page()
    two_items(one, address)
    two.goto(address + "baskets")
    expect(two.locator(".paper-item mark").first).to_be_visible()
    one.locator(".paper-item textarea").first.fill("一边写")
    two.locator(".paper-item select").first.select_option("supports")
    expect(one.locator(".paper-item select").first).to_have_value("supports")
    one.wait_for_timeout(600)  # a note is saved when the typing has paused
    two.reload()
    expect(two.locator(".paper-item textarea").first).to_have_value("一边写")
    expect(two.locator(".paper-item select").first).to_have_value("supports")


def test_a_field_is_kept_if_another_basket_is_chosen_at_once(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    two_items(page, address)
    page.get_by_role("button", name="新建").click()
    choice, subject = page.locator("select.choice"), page.get_by_label("事项", exact=True)
    expect(choice.locator("option")).to_have_count(2)
    choice.select_option(index=0)
    expect(page.locator(".paper-item")).to_have_count(2)
    subject.fill("三公经费")
    choice.focus()
    choice.select_option(index=1)
    expect(page.locator(".paper-item")).to_have_count(0)
    expect(subject).to_have_value("")
    choice.select_option(index=0)
    expect(subject).to_have_value("三公经费")


def test_a_late_answer_about_another_basket_is_ignored(
    context: BrowserContext, address: str
) -> None:
    context.add_init_script("""
        const fetched = window.fetch;
        window.fetch = async (address, options) => {
          const answer = await fetched(address, options);
          const isLate = String(address).includes("check") && options.body.includes("q=late");
          if (isLate) await new Promise((resolve) => setTimeout(resolve, 1000));
          return answer;
        };
    """)
    page = context.new_page()
    page.goto(address + "?q=late")
    page.get_by_role("button", name="检索记入底稿").click()
    expect(page.locator("#basket ol li")).to_have_count(1)
    page.goto(address + "baskets")
    searches, choice = page.locator(".paper-searches table"), page.locator("select.choice")
    expect(searches).to_have_count(1)
    page.get_by_role("button", name="新建").click()
    expect(choice.locator("option")).to_have_count(2)
    page.goto(address + "?q=三公经费")
    press(page, "n", "b")
    expect(page.locator("#basket ol li")).to_have_count(1)
    page.goto(address + "baskets")
    expect(searches).to_contain_text("三公经费")
    choice.select_option(index=0)
    choice.select_option(index=1)
    expect(searches).to_contain_text("三公经费")
    page.wait_for_timeout(1500)  # the late answer is here
    expect(searches).to_contain_text("三公经费")
    expect(page.locator(".paper-item mark").first).to_be_visible()


def test_a_note_that_the_server_did_not_get_is_sent_again(
    browser: Browser, corpus_index: Path, tmp_path: Path
) -> None:
    with paper_on_server(browser, corpus_index, tmp_path) as page:
        page.context.set_offline(True)
        page.locator(".paper-item textarea").first.fill("断线时写的")
        expect(page.locator(".announced.none")).to_contain_text("无法连接")
        page.context.set_offline(False)
        expect(page.locator(".announced")).to_have_text("已保存", timeout=10_000)
        page.reload()
        expect(page.locator(".paper-item textarea").first).to_have_value("断线时写的")


def test_the_order_is_kept_after_many_moves_to_the_same_place(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address + "?q=三公经费")
    press(page, *"nb" * 3)
    expect(page.locator("#basket ol li")).to_have_count(3)
    page.goto(address + "baskets")
    expect(page.locator(".paper-item mark").first).to_be_visible()
    first, second, third = page.locator(".paper-item blockquote").all_inner_texts()
    # Each move halves the distance between two positions.
    page.evaluate("""async () => {
      for (let moves = 0; moves < 121; moves++) {
        document.querySelector(".paper-item [data-control=down]").click();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }""")
    page.wait_for_timeout(600)
    expect(page.locator(".paper-item blockquote")).to_have_text([second, first, third])
    page.reload()
    expect(page.locator(".paper-item mark").first).to_be_visible()
    expect(page.locator(".paper-item blockquote")).to_have_text([second, first, third])


def test_an_import_that_cannot_be_saved_leaves_nothing(
    browser: Browser, corpus_index: Path, tmp_path: Path
) -> None:
    with paper_on_server(browser, corpus_index, tmp_path) as page:
        with page.expect_download() as download:
            page.get_by_role("button", name="JSON", exact=True).click()
        saved: list[str] = []

        def answer(route: Route) -> None:
            if route.request.method == "PUT":
                saved.append(route.request.url)
            if len(saved) == 2:
                route.fulfill(status=503, json={"error": "磁盘已满"})
            else:
                route.fallback()

        page.route("**/records/item/*", answer)
        page.locator(".import input").set_input_files(download.value.path())
        expect(page.locator(".announced.none")).to_contain_text("磁盘已满")
        expect(page.locator(".choice option")).to_have_count(1)
        expect(page.locator(".paper-item")).to_have_count(2)
        page.unroute_all()
        deleted: list[str] = []
        page.on(
            "request",
            lambda request: deleted.append(request.url) if request.method == "DELETE" else None,
        )
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="删除").first.click()
        expect(page.locator(".paper-item")).to_have_count(0)
        assert len(deleted) == 1


def test_ten_thousand_terms_are_sent_and_the_first_are_counted(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address + "compare")
    terms = "\n".join(f"检索词第{number}号" for number in range(10_000))
    page.locator("#terms").evaluate("(area, terms) => { area.value = terms; }", terms)
    page.locator("#compare button.primary").click()
    expect(page.locator(".warning").first).to_contain_text("共 10,000 个检索词，仅统计前 200 个")
    expect(page.locator(".matrix tbody th")).to_have_count(200)


def test_a_new_index_between_two_pages_of_results_has_a_message(
    context: BrowserContext, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    lines = [f"第{number}项三公经费。\n" for number in range(50)]
    (reports / "a.txt").write_text("青湖区水务局2022年部门决算\n" + "".join(lines), "utf-8")
    build_index([reports], tmp_path / "index")
    with served_page(context, tmp_path / "index") as (page, address):
        page.goto(address + "?q=三公经费")
        page.get_by_role("link", name="2", exact=True).click()
        expect(page).to_have_url(re.compile("page=2"))
        expect(page.locator(".hit .n").first).to_have_text("21")
        expect(page.locator(".announced")).to_have_text("")
        (reports / "b.txt").write_text("青湖区教育局2022年部门决算\n三公经费。\n", "utf-8")
        build_index([reports], tmp_path / "index")
        page.get_by_role("link", name="3", exact=True).click()
        expect(page.locator(".announced.none")).to_contain_text("索引已更新")
        page.close()


def test_long_texts_of_a_working_paper_fit_and_are_printed_whole(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    two_items(page, address)
    subject, note = "一" * 200, "第一行\n" + "二" * 300
    page.get_by_label("底稿夹名称").fill("长" * 100)
    page.get_by_label("事项", exact=True).fill(subject)
    page.locator(".paper-item textarea").first.fill(note)
    page.wait_for_timeout(600)  # they are saved when the typing has paused
    page.reload()
    expect(page.locator(".paper-item mark").first).to_be_visible()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with closing(pypdfium2.PdfDocument(page.pdf())) as document:
        text = "".join(one.get_textpage().get_text_range() for one in document)
    assert (text.count("一"), text.count("二")) >= (200, 300)


def test_a_working_paper_in_the_background_is_checked_when_it_is_seen(
    context: BrowserContext, address: str
) -> None:
    paper, results = context.new_page(), context.new_page()
    two_items(paper, address)
    checked: list[str] = []
    paper.on("request", lambda request: checked.append(request.url))
    away = "Object.defineProperty(document, 'hidden', { get: () => window.away })"
    paper.evaluate(f"{away}; window.away = true;")
    results.goto(address + "?q=绩效目标")
    press(results, *"nb" * 3)
    expect(results.locator("#basket ol li")).to_have_count(5)
    assert [request for request in checked if "check" in request] == []
    with paper.expect_response("**/baskets/check*"):
        paper.evaluate(
            "window.away = false; document.dispatchEvent(new Event('visibilitychange'));"
        )
    expect(paper.locator(".paper-item")).to_have_count(5)


def test_a_plot_is_saved_as_png(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address + "distribution")
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == "baocha.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
