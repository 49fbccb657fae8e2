"""The pages in headless Chromium, with scripts and without; screenshots are kept in artifacts/."""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from baocha_indexer.build import build_index
from tests.serving import serving
from tools.render import CHROMIUM, FLAGS

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium here: the tests in a browser did not run", allow_module_level=True)

ARTIFACTS = Path(__file__).parent.parent.parent / "artifacts"
WIDTHS = (1440, 390)
CLIPBOARD_HTML = """navigator.clipboard.read().then(([item]) => item.getType("text/html"))
  .then((blob) => blob.text())"""


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


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "x.txt").write_text(
        "<script>document.title='broken'</script>局2022年部门决算\n"
        "预算<mark>假标</mark><img src=x onerror=\"document.title='broken'\">绩效。\n",
        "utf-8",
    )
    build_index([folder], folder / "index")
    with serving(folder / "index") as address:
        yield address


@pytest.fixture(scope="module")
def wide_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Reports of thirty departments."""
    folder = tmp_path_factory.mktemp("wide")
    for number in range(10, 40):
        text = f"青湖区第{number}局2022年部门决算\n预算绩效。\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")
    build_index([folder], folder / "index")
    with serving(folder / "index") as address:
        yield address


@contextmanager
def opened(browser: Browser, width: int, **options: Any) -> Iterator[Page]:
    """A page that asks no other server for anything, and complains of nothing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    # (A request that fails because the page was left before it was answered is no fault, so
    # failures are not counted.)
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith("http://127.0.0.1:") else problems.append(asked.url)
        ),
    )
    yield page
    context.close()
    # That a page answers 404 is said on the console; nothing else may be.
    assert [problem for problem in problems if "404 (Not Found)" not in problem] == []


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript: everything must work so."""
    with opened(browser, request.param, java_script_enabled=False) as page:
        yield page


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def scripted(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page with JavaScript."""
    with opened(browser, request.param, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def shot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=ARTIFACTS / f"{name}-{width}.png")


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    assert page.viewport_size is not None
    main = page.locator("body").bounding_box()
    return main is not None and main["width"] <= page.viewport_size["width"]


def choose_filter(page: Page, name: str) -> None:
    """Follow the link of a filter. In a narrow window, the filters are in a drawer."""
    page.wait_for_load_state()  # without its style sheet, everything is visible
    opener = page.get_by_role("link", name="筛选", exact=True)
    if opener.is_visible():
        opener.click()
    page.locator(".facets").get_by_role("link", name=name).click()


def choose_in_menu(page: Page, menu: str, choice: str) -> None:
    """Follow a link in a menu that opens below its button."""
    page.locator("summary", has_text=menu).click()
    page.locator("details[open]").get_by_role("link", name=choice, exact=True).click()


def test_someone_searches_narrows_and_reads(page: Page, address: str) -> None:
    page.goto(address)
    shot(page, "front")
    assert fits(page)
    page.get_by_role("searchbox").fill("“预算执行率”")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段，见于")
    assert set(page.locator("mark").all_inner_texts()) == {"预算执行率"}
    shot(page, "results")
    assert fits(page)

    choose_filter(page, "云溪市青湖区教育局")
    choose_filter(page, "2022")
    expect(page).to_have_url(re.compile("year=2022"))
    expect(page.locator(".hit .meta").first).to_be_visible()
    headings = page.locator(".hit .meta").all_inner_texts()
    assert all("云溪市青湖区教育局" in heading and "2022" in heading for heading in headings)
    shot(page, "narrowed")

    page.locator(".hit h2 a").first.click()
    target = page.locator(".paragraph:target")
    expect(target.locator("mark")).to_have_text(["预算执行率"])
    expect(target).to_be_in_viewport()
    shot(page, "report")
    assert fits(page)

    page.get_by_role("link", name="返回检索结果").click()
    expect(page.get_by_role("searchbox")).to_have_value("“预算执行率”")


def test_someone_reads_around_a_hit_compares_and_takes_away(page: Page, address: str) -> None:
    page.goto(address + "?q=绩效目标&year=2022")
    page.get_by_role("link", name="上下文").nth(2).click()
    expect(page.locator(".around .itself mark").first).to_have_text("绩效目标")
    expect(page.locator(".around .itself")).to_be_in_viewport()
    shot(page, "context")
    page.get_by_role("link", name="收起", exact=True).click()
    expect(page.locator(".around")).to_have_count(0)

    choose_in_menu(page, "按段落", "按报告")
    expect(page.locator(".in-report").first).to_contain_text("本报告")
    shot(page, "by-report")

    page.get_by_role("link", name="对比", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("对比")
    assert fits(page)
    shot(page, "compare")
    cell = page.locator(".matrix td a").first
    count = cell.inner_text()
    cell.click()
    expect(page.get_by_role("status")).to_contain_text(f"{count} 段" if count != "1" else "1 段")

    with page.expect_download() as download:
        choose_in_menu(page, "导出", "导出 CSV")
    rows = list(csv.DictReader(StringIO(download.value.path().read_text("utf-8-sig"))))
    assert len(rows) == int(count)


def test_someone_sees_which_reports_exist_and_asks_for_help(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="报告一览").click()
    expect(page.get_by_role("status")).to_contain_text("份报告")
    assert fits(page)
    shot(page, "coverage")
    page.locator(".list a").first.click()
    expect(page.locator("article h1")).to_be_visible()

    choose_in_menu(page, "更多", "帮助")
    assert fits(page)
    shot(page, "help")
    page.locator("td a").nth(1).click()
    expect(page.get_by_role("status")).to_contain_text("段")

    page.locator(".hit h2 a").first.click()
    page.locator(".has-match .ordinal").first.click()
    expect(page.locator(".citation")).to_contain_text("》，")
    shot(page, "paragraph")
    page.get_by_role("link", name="下一段").click()
    expect(page.locator("blockquote")).to_be_visible()


def is_the_same_page(page: Page) -> bool:
    """Whether the page was not loaded anew since it was marked."""
    return bool(page.evaluate("window.marked === true"))


def test_results_refresh_in_place_and_the_back_button_works(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "?q=绩效")
    page.evaluate("window.marked = true")
    before = page.get_by_role("status").inner_text()
    choose_filter(page, "云溪市青湖区水务局")
    expect(page.locator(".chip")).to_have_count(1)
    assert "department=" in page.url
    page.locator("#q").fill("预算")
    page.locator("#q").press("Enter")
    expect(page.locator("mark").first).to_have_text("预算")
    assert "department=" in page.url  # filters stay with the next query
    page.go_back()
    expect(page.locator("mark").first).to_have_text("绩效")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#q")).to_have_value("绩效")
    assert page.get_by_role("status").inner_text().split("段")[0] == before.split("段")[0]
    assert is_the_same_page(page)


def test_context_opens_where_one_reads(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "?q=绩效")
    link = page.get_by_role("link", name="上下文").nth(5)
    link.scroll_into_view_if_needed()
    page.evaluate("window.marked = true")
    top = page.evaluate("scrollY")
    link.click()
    expect(page.locator(".around")).to_be_visible()
    assert page.evaluate("scrollY") == top > 0
    assert is_the_same_page(page)


def test_the_citation_is_copied(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "?q=数字孪生青湖")
    hit = page.locator(".hit").first
    expected = (
        f"“{hit.get_attribute('data-text')}”"
        f"（{hit.get_attribute('data-head')}{hit.get_attribute('data-where')}）"
    )
    hit.get_by_role("button", name="复制引用").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == expected
    assert "<b>数字孪生青湖</b>" in page.evaluate(CLIPBOARD_HTML)
    # Over plain HTTP there is no navigator.clipboard.
    page.evaluate("window.reads = navigator.clipboard; navigator.clipboard.writeText('')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.keyboard.press("n")
    page.keyboard.press("n")
    second = page.locator(".hit.current")
    page.keyboard.press("c")
    expect(page.get_by_text("已复制")).to_be_visible()
    copied = page.evaluate("window.reads.readText()")
    assert copied.startswith(f"“{second.get_attribute('data-text')}”（《")


def test_a_selection_in_a_report_is_copied_with_its_source(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "?q=数字孪生青湖")
    page.locator(".hit h2 a").first.click()
    page.locator(".paragraph:target [data-quote] mark").select_text()
    page.keyboard.press("c")
    expect(page.get_by_text("已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"“数字孪生青湖”（《.+》，云溪市青湖区水务局，\d{4}年.*）", copied)


def test_suggestions_come_while_typing_and_are_chosen_by_keyboard(
    scripted: Page, address: str
) -> None:
    page = scripted
    page.goto(address)
    box = page.locator("#q")
    box.press_sequentially("绩效目")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    shot(page, "suggestions")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert box.input_value() == chosen.get_attribute("data-query")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("绩效目")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    box.press_sequentially("标")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    wanted = box.input_value()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段")
    expect(box).to_have_value(wanted)


def test_a_department_is_suggested_as_a_filter_and_chosen_by_mouse(
    scripted: Page, address: str
) -> None:
    page = scripted
    page.goto(address)
    box = page.locator("#q")
    box.press_sequentially("绩效 教育")
    page.get_by_role("option").filter(has_text="部门").click()
    expect(page.locator(".hit h2").first).to_contain_text("教育局")
    expect(box).to_have_value("绩效 部门:云溪市青湖区教育局")


def test_enter_while_an_input_method_composes_does_not_search(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address)
    page.locator("#q").focus()
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "jixiao", "selectionStart": 6, "selectionEnd": 6}
    )
    session.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    expect(page.get_by_role("option")).to_have_count(0)
    assert "q=" not in page.url
    session.send("Input.insertText", {"text": "绩效"})
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段")


def test_hits_of_a_report_are_stepped_through(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "?q=预算&by=report")
    page.locator(".hit h2 a").first.click()
    count = page.locator(".step-count")
    expect(count).to_be_visible()  # the report is there; counting does not wait for it
    marks = page.locator("article mark").count()
    expect(count).to_have_text(re.compile(rf"\d+ / {marks}"))
    at = int(count.inner_text().split(" ")[0])
    page.keyboard.press("n")
    expect(count).to_have_text(f"{at % marks + 1} / {marks}")
    expect(page.locator("mark.here")).to_be_in_viewport()
    shot(page, "stepping")
    page.keyboard.press("p")
    expect(count).to_have_text(f"{at} / {marks}")
    page.get_by_role("button", name="下一处").click()
    expect(count).to_have_text(f"{at % marks + 1} / {marks}")


def test_the_slash_goes_to_the_box_unless_it_is_turned_off(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address + "help")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    shot(page, "keys")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()


def test_a_long_facet_is_searched_within(scripted: Page, wide_address: str) -> None:
    page = scripted
    page.goto(wide_address + "?q=绩效")
    facet = page.locator(".facet.department")
    expect(facet.locator("li")).to_have_count(12)
    choose_filter(page, "更多")
    opener = page.get_by_role("link", name="筛选", exact=True)
    if opener.is_visible():
        opener.click()
    expect(facet.locator("li")).to_have_count(30)
    facet.get_by_role("searchbox").fill("第3")
    expect(facet.locator("li:visible")).to_have_count(10)
    facet.get_by_role("searchbox").press("Escape")
    expect(facet.locator("li:visible")).to_have_count(30)
    facet.get_by_role("link", name="收起", exact=True).click()
    expect(facet.locator("li")).to_have_count(12)


PAGES = {
    "front": "",
    "results": "?q=绩效&year=2022&section=绩效自评",
    "context": "?q=数字孪生青湖",
    "nothing": "?q=“没有这句话”",
    "table": "?q=福利费&role=table",
    "compare": "compare?q=绩效目标",
    "terms": "compare?term=绩效目标&term=“未闭合&term==“三公经费”&unit=rate&order=name",
    "absent": "absent?q=“数字孪生青湖”&year=2022",
    "coverage": "filed",
    "help": "help",
    "baskets": "baskets",
    "searches": "searches",
    "feed": "feed?q=绩效目标",
    "nowhere": "nowhere",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation(browser: Browser, address: str, scheme: str, width: int) -> None:
    # axe is put into the page by the test, past its policy; the pages are as they are.
    with opened(browser, width, color_scheme=scheme, bypass_csp=True) as page:
        page.goto(address + "?q=预算")
        report = page.locator(".hit h2 a").first.get_attribute("href") or ""
        paragraph = report.partition("?")[0] + "/paragraphs/3"
        for name, path in {**PAGES, "report": report[1:], "paragraph": paragraph[1:]}.items():
            page.goto(address + path)
            if name == "context":
                page.get_by_role("link", name="上下文").first.click()
                expect(page.locator(".around")).to_be_visible()
            shot(page, f"{name}-{scheme}")
            found = Axe().run(page).response["violations"]
            assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == [], (
                name
            )


def test_nothing_found_and_nowhere_have_pages(page: Page, address: str) -> None:
    page.goto(address + "?q=“没有这句话”")
    expect(page.get_by_role("status")).to_contain_text("逐字核对")
    shot(page, "nothing")
    page.goto(address + "reports/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这份报告")
    expect(page.get_by_role("searchbox")).to_be_visible()
    shot(page, "nowhere")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + "?q=绩效目标")
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (colour == "rgb(252, 251, 248)") == (scheme == "light")
    shot(page, f"results-{scheme}")
    context.close()


def test_hostile_report_text_runs_nothing(browser: Browser, hostile_address: str) -> None:
    context = browser.new_context()  # with JavaScript: it must have nothing to run
    page = context.new_page()
    for path in ("?q=绩效", "?q=局", "?q=mark"):
        page.goto(hostile_address + path)
        assert "broken" not in page.title()
        page.locator(".hit h2 a").first.click()
        assert not page.title().startswith("broken")
        assert page.locator("article script, article img").count() == 0
    page.goto(hostile_address + "?q=绩效")
    assert page.locator("mark").all_inner_texts() == ["绩效"]
    expect(page.locator(".snippet")).to_contain_text("<mark>假标</mark><img src=x")
    context.close()


def test_the_page_is_usable_by_keyboard(scripted: Page, address: str) -> None:
    page = scripted
    page.goto(address)
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("提质增效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("15 段")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        if reached[-1] == "上下文":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".around")).to_be_visible()
