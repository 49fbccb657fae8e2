"""The pages in headless Chromium; screenshots are kept in artifacts/."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from indexer.build import build_index
from tests.render import CHROMIUM, FLAGS
from tests.serving import serving

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium here: the tests in a browser did not run", allow_module_level=True)

ARTIFACTS = Path(__file__).parent.parent.parent / "artifacts"
WIDTHS = (1440, 390)


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


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript: everything must work so."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    # Nothing is asked of any other server. (A request that fails because the page was left
    # before it was answered is no fault, so failures are not counted.)
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith("http://127.0.0.1:") else problems.append(asked.url)
        ),
    )
    yield page
    context.close()
    # That a page answers 404 is said on the console; nothing else may be.
    assert [problem for problem in problems if "404 (NOT FOUND)" not in problem] == []


def shot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=ARTIFACTS / f"{name}-{width}.png")


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    assert page.viewport_size is not None
    main = page.locator("body").bounding_box()
    return main is not None and main["width"] <= page.viewport_size["width"]


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

    page.locator(".facets").get_by_role("link", name="云溪市青湖区教育局").click()
    page.locator(".facets").get_by_role("link", name="2022").click()
    headings = page.locator(".hit h2").all_inner_texts()
    assert headings
    assert all("云溪市青湖区教育局" in heading and "2022" in heading for heading in headings)
    shot(page, "narrowed")

    page.locator(".hit h2 a").first.click()
    target = page.locator(".paragraph:target")
    expect(target.locator("mark")).to_have_text(["预算执行率"])
    expect(target).to_be_in_viewport()
    shot(page, "report")
    assert fits(page)

    page.get_by_role("link", name="回到检索结果").click()
    expect(page.get_by_role("searchbox")).to_have_value("“预算执行率”")


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
    assert (colour == "rgb(253, 253, 251)") == (scheme == "light")
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


def test_the_page_is_usable_by_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("提质增效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("15 段")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    context.close()
