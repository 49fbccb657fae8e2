"""A page of another origin that embeds search, in headless Chromium: allowed, and refused."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from baocha.web.embed import OFFERED_FACETS
from baocha_indexer.build import build_index
from tests.app.test_browser import browser, shot  # noqa: F401 — a fixture
from tests.serving import serving
from tools.make_component import DESTINATION, ESBUILD, SOURCES, STATIC, component, constants
from tools.render import CHROMIUM

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium here: the tests in a browser did not run", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent
COMPONENT = "<baocha-search {attributes}>没有加载</baocha-search>"
HOSTILE_CSS = "mark, li, input, p, form, button { display: none !important; color: red !important }"


def violations(page: Page) -> list[Any]:
    """Return what axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found]


def slow_down(page: Page, addresses: str, *, milliseconds: int) -> None:
    """Have the page wait for what it asks of some addresses."""

    def late(route: Route) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    page.route(addresses, late)


class Host:
    """A server of another origin, whose page is whatever a test says."""

    def __init__(self) -> None:
        self.page = ""
        self.policy = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if host.policy:
                    self.send_header("Content-Security-Policy", host.policy)
                self.end_headers()
                self.wfile.write(host.page.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def embed(self, address: str, body: str, *, strict: bool = True, css: str = "") -> None:
        """Hold a page that loads the component of the server at `address`."""
        origin = address.rstrip("/")
        self.policy = (
            f"default-src 'none'; script-src {origin}; connect-src {origin}; frame-src {origin}; "
            f"form-action {origin}; style-src 'nonce-x'"
            if strict
            else ""
        )
        self.page = (
            f"<!doctype html><html lang=zh><title>内网</title><style nonce=x>{css}</style>"
            f'<script type="module" src="{address}embed/v1.js"></script>{body}'
        )


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    host = Host()
    thread = threading.Thread(target=host.server.serve_forever)
    thread.start()
    yield host
    host.server.shutdown()
    thread.join()
    host.server.server_close()


@pytest.fixture(scope="module")
def allowing(corpus_index: Path, host: Host) -> Iterator[str]:
    """A server that allows the host."""
    with serving(corpus_index, "--origins", host.origin) as address:
        yield address


@pytest.fixture(scope="module")
def refusing(corpus_index: Path) -> Iterator[str]:
    """A server that allows nobody."""
    with serving(corpus_index) as address:
        yield address


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(params=[1440, 390], ids=lambda width: f"{width}px")
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    yield context.new_page()
    context.close()


def test_the_committed_component_has_the_texts_and_limits_of_the_pages() -> None:
    assert constants() in DESTINATION.read_text("utf-8"), "run python -m tools.make_component"


@pytest.mark.parametrize("page", ["embedding.md", "embedding.zh-CN.md"])
def test_every_attribute_part_and_property_is_documented(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    paths = [*SOURCES.glob("*.js"), STATIC / "js/combobox.js"]
    source = "\n".join(path.read_text("utf-8") for path in paths)
    # Expressions in a part are choices between names: `cell${isHit ? " hit-cell" : ""}`.
    given = re.findall(r'part: (?:"([^"]+)"|`([^`]+)`)', source)
    names = set(re.findall(r'button\("(\w+)"', source)) | {"figure"}
    for plain, template in given:
        names |= set(plain.split()) | set(re.findall(r'"\s*([a-z-]+)"', template))
    assert {"hit", "cell", "hit-cell", "more", "dialog", "mark", "suggestion"} <= names
    documented = set(re.findall(r"`([a-z-]+)`", text))
    assert names <= documented, names - documented
    properties = {f"--baocha-{name}" for name in re.findall(r'property\("(\w+)"', source)}
    assert properties <= set(re.findall(r"`(--[a-z-]+)`", text))
    attributes = re.search(r"ATTRIBUTES = \[(.*?)\]", source, re.DOTALL)
    assert attributes is not None
    assert {
        *re.findall(r'"(\w+)"', attributes[1]),
        *OFFERED_FACETS,
        "hotkey",
        "doctor",
    } <= documented


def test_the_committed_component_is_what_its_modules_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_offline", "true")  # tests use no network
    if shutil.which("npx") is None:
        pytest.skip("no Node.js here: whether embed/v1.js is current was not checked")
    if subprocess.run([*ESBUILD, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"run {' '.join(ESBUILD)} --version once, to download esbuild")
    assert component() == DESTINATION.read_text("utf-8"), "run python -m tools.make_component"


def test_the_component_works_under_a_strict_policy_and_hostile_styles(
    page: Page, host: Host, allowing: str
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    host.embed(allowing, COMPONENT.format(attributes='lang="zh-CN"'), css=HOSTILE_CSS)
    page.goto(host.origin)
    box = page.get_by_role("combobox")
    assert box.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    box.press_sequentially("绩效目")
    expect(page.get_by_role("option").first).to_be_visible()
    shot(page, "component-suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段，见于")
    marks = page.locator("baocha-search mark")
    expect(marks.first).to_be_visible()
    assert all(text.startswith("绩效目标") for text in marks.all_inner_texts())
    shot(page, "component")
    before = page.locator("baocha-search .results li").count()
    page.get_by_role("button", name="更多").click()
    expect(page.locator("baocha-search .results li")).not_to_have_count(before)
    link = page.locator("baocha-search .results a").first
    assert (link.get_attribute("href") or "").startswith(allowing + "reports/")
    assert problems == []


def test_filters_are_pinned_and_events_are_told(page: Page, host: Host, allowing: str) -> None:
    attributes = 'department="云溪市青湖区水务局" year="2022|2023" limit="3"'
    host.embed(allowing, COMPONENT.format(attributes=attributes))
    page.goto(host.origin)
    page.evaluate(
        "window.told = [];"
        "addEventListener('baocha-search:results', event => told.push(event.detail.total))"
    )
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    expect(page.locator("baocha-search .results li")).to_have_count(3)
    names = page.locator("baocha-search .results a").all_inner_texts()
    assert all("水务局" in name and ("2022" in name or "2023" in name) for name in names)
    total = int(page.get_by_role("status").inner_text().split(" ")[0])
    assert page.evaluate("told") == [total]
    page.get_by_role("combobox").fill("“没有这句话”")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("未见该表述")


def test_filters_that_are_offered_are_preset_and_the_reader_changes_them(
    page: Page, host: Host, allowing: str
) -> None:
    attributes = 'filters="department year" department="云溪市青湖区水务局" year="2021|2022"'
    host.embed(allowing, COMPONENT.format(attributes=attributes))
    page.goto(host.origin)
    department, year = page.get_by_label("部门"), page.get_by_label("年度")
    expect(department).to_have_value("云溪市青湖区水务局")
    expect(year).to_have_value("2021|2022")
    # There is something to choose from before anything is searched.
    expect(department.locator("option", has_text="教育局").first).to_be_attached()
    page.get_by_role("combobox", name="“短语”").fill("绩效")
    page.keyboard.press("Enter")
    names = page.locator("baocha-search .results a")
    expect(names.first).to_contain_text("水务局")
    preset = page.get_by_role("status").inner_text()
    year.select_option("")
    expect(page.get_by_role("status")).not_to_have_text(preset)
    department.select_option("云溪市青湖区教育局")
    expect(names.first).to_contain_text("教育局")
    chosen = department.locator("option:checked").inner_text()
    total = page.get_by_role("status").inner_text().split(" ")[0]
    assert chosen == f"云溪市青湖区教育局 ({total})"
    shot(page, "component-filters")
    # What is not offered stays as the page has it.
    assert page.get_by_label("类型").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_what_is_embedded(
    page: Page, host: Host, allowing: str, theme: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    attributes = f'theme="{theme}" filters="department year section kind" limit="3"'
    colours = "" if theme == "light" else "body { background: #1e2224; color: #eee }"
    body = "<main><h1>内网</h1>" + COMPONENT.format(attributes=attributes) + "</main>"
    host.embed(allowing, body, css=colours)
    host.policy = ""  # axe is put into the page
    page.goto(host.origin)
    page.get_by_role("combobox", name="“短语”").press_sequentially("绩效")
    expect(page.get_by_role("option").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段，见于")
    assert violations(page) == []
    set_attributes(page, "baocha-search", query="“97.60%”")
    expect(page.locator("baocha-search thead").first).to_be_attached()
    assert violations(page) == []
    for path in ("embed?q=绩效", "embed", "embed/setup?offer=year", "api/v1/"):
        context = page.context.browser
        assert context
        with context.new_context(
            bypass_csp=True,
            color_scheme=theme,  # type: ignore[arg-type]
            viewport=page.viewport_size,
        ) as opened:
            other = opened.new_page()
            other.goto(allowing + path)
            shot(other, f"{path.partition('?')[0].strip('/').replace('/', '-')}-{theme}")
            assert violations(other) == [], path


NONCES = (
    "default-src 'none'; script-src 'nonce-n'; connect-src {server}; style-src 'nonce-n'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The strictest policy under which the elements must work."""

WATCH = """<script nonce=n>
  window.warned = []; window.told = [];
  console.warn = (text) => warned.push(text);
  for (const name of ["report-search", "baocha-search", "baocha-box"])
    for (const event of ["results", "select", "error"])
      addEventListener(`${name}:${event}`, ({ type }) => told.push(type));
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
    told.push(effectiveDirective));
</script>"""


def strict(host: Host, address: str, body: str) -> None:
    """Serve a page that allows only scripts with its nonce, and requires Trusted Types."""
    host.policy = NONCES.format(server=address.rstrip("/"))
    host.page = (
        f"<!doctype html><html lang=zh><title>内网</title>{WATCH}"
        f'<script type="module" nonce=n src="{address}embed/v1.js"></script>{body}'
    )


def set_attributes(page: Page, tag: str, **attributes: str | None) -> None:
    """Change attributes of the first element of a tag. None removes one."""
    page.locator(tag).first.evaluate(
        "(e, given) => { for (const [name, value] of Object.entries(given))"
        " value === null ? e.removeAttribute(name) : e.setAttribute(name, value) }",
        attributes,
    )


def test_changed_attributes_are_shown_and_the_typed_text_and_the_focus_stay(
    wide: Page, host: Host, allowing: str
) -> None:
    strict(host, allowing, COMPONENT.format(attributes='query="绩效" limit="2"'))
    wide.goto(host.origin)
    hits = wide.locator("baocha-search .hit")
    expect(hits).to_have_count(2)
    box = wide.get_by_role("combobox").first
    box.fill("尚未检索")
    set_attributes(wide, "baocha-search", limit="3", lang="en")
    expect(hits).to_have_count(3)
    expect(wide.get_by_role("status")).to_contain_text("paragraphs in")
    expect(wide.get_by_role("button", name="Search")).to_be_visible()
    assert wide.evaluate("told") == ["baocha-search:results"] * 2  # one search for two changes
    set_attributes(wide, "baocha-search", department="云溪市青湖区水务局")
    expect(hits.locator(".where", has_not_text="水务局")).to_have_count(0)
    set_attributes(wide, "baocha-search", filters="year region", placeholder="Find")
    expect(wide.get_by_label("year")).to_contain_text("2022 (")
    expect(wide.get_by_label("region")).to_contain_text("青湖区")
    expect(box).to_have_attribute("placeholder", "Find")
    set_attributes(wide, "baocha-search", year="2022", region=None, department=None)
    expect(wide.get_by_label("year")).to_have_value("2022")
    expect(hits.locator(".where", has_not_text="2022")).to_have_count(0)
    set_attributes(wide, "baocha-search", target="_blank", theme="dark", filters=None)
    expect(hits.first.get_by_role("link")).to_have_attribute("target", "_blank")
    expect(wide.get_by_role("combobox")).to_have_count(1)  # no filters any more
    dark = wide.locator("baocha-search").evaluate("e => getComputedStyle(e).backgroundColor")
    assert dark == "rgb(30, 34, 36)"
    set_attributes(wide, "baocha-search", mode="dialog", hotkey="")
    expect(hits.first).to_be_hidden()
    expect(box).to_have_value("尚未检索")
    expect(box).to_be_focused()
    set_attributes(wide, "baocha-search", mode="results", query="提质增效", year=None)
    expect(wide.get_by_role("status")).to_contain_text("15 paragraphs in 15 reports")
    expect(box).to_have_value("提质增效")
    assert wide.evaluate("warned") == []
    assert set(wide.evaluate("told")) == {"baocha-search:results"}


@pytest.mark.parametrize(
    ("tag", "name", "value", "allowed"),
    [
        ("baocha-search", "lang", "de", "zh-CN, en"),
        ("baocha-search", "theme", "blue", "auto, light, dark"),
        ("baocha-search", "mode", "popup", "results, box, dialog"),
        ("baocha-search", "limit", "0", "1–100"),
        ("baocha-search", "limit", "1e1", "1–100"),
        ("baocha-search", "target", "_new", "_self, _blank, _parent, _top, 或窗口名称"),
        ("baocha-box", "target", "two words", "或 <baocha-search> 的 id"),
        ("baocha-search", "filters", "year author", "department year section kind region level"),
        ("baocha-search", "year", "2022|22", "2022, 2021-2023, unknown"),
        ("baocha-search", "level", "州", "国家, 省, 市, 县, 乡, unknown"),
        ("baocha-search", "department", "局" * 101, "至多 100 个值，每个至多 100 字"),
        ("baocha-search", "query", "字" * 2000, "字"),
        ("baocha-search", "token", "令牌", "不含空格的 ASCII 字符"),
        ("baocha-search", "hotkey", "k", 'hotkey, hotkey="true", hotkey="false"'),
    ],
)
def test_an_invalid_attribute_gives_one_warning_and_the_doctor_reports_it(
    wide: Page, host: Host, allowing: str, tag: str, name: str, value: str, allowed: str
) -> None:
    strict(host, allowing, f'<{tag} {name}="{value}"></{tag}>')
    wide.goto(host.origin)
    expect(wide.get_by_role("button", name="检索")).to_be_visible()
    set_attributes(wide, tag, placeholder="检索")
    expect(wide.get_by_role("combobox").first).to_have_attribute("placeholder", "检索")
    (warning,) = wide.evaluate("warned")
    assert warning.startswith(f"<{tag}> 属性 {name} ")
    assert allowed in warning
    assert value not in warning or name != "token"
    set_attributes(wide, tag, doctor="")
    expect(wide.get_by_role("status")).to_contain_text(f"属性 {name} ")
    set_attributes(wide, tag, **{name: None})
    expect(wide.get_by_role("status")).to_contain_text("一切正常")
    assert len(wide.evaluate("warned")) == 1


def test_the_dialog_has_its_own_search_box(wide: Page, host: Host, allowing: str) -> None:
    strict(host, allowing, COMPONENT.format(attributes='mode="dialog" hotkey lang="en"'))
    wide.goto(host.origin)
    outside = wide.get_by_role("combobox")
    outside.fill("绩效")
    wide.keyboard.press("Control+k")
    inside = wide.get_by_role("dialog").get_by_role("combobox")
    expect(inside).to_be_focused()
    expect(inside).to_have_value("绩效")
    inside.fill("提质增效")
    wide.keyboard.press("Enter")
    expect(wide.get_by_role("dialog").get_by_role("status")).to_contain_text("15 paragraphs")
    shot(wide, "component-dialog")
    set_attributes(wide, "baocha-search", lang="zh-CN")
    expect(wide.get_by_role("dialog").get_by_role("status")).to_contain_text("15 段")
    wide.get_by_role("button", name="关闭").click()
    expect(outside).to_have_value("提质增效")
    set_attributes(wide, "baocha-search", year="2022")  # a page's change opens no dialog
    expect(wide.locator("baocha-search .hit")).not_to_have_count(10)
    expect(wide.get_by_role("dialog")).to_have_count(0)
    assert set(wide.evaluate("told")) == {"baocha-search:results"}


def test_a_box_lets_another_element_search_with_its_filters(
    wide: Page, host: Host, allowing: str
) -> None:
    strict(
        host,
        allowing,
        '<baocha-box target="found" year="2022"></baocha-box>'
        '<baocha-search id="found" filters="year"></baocha-search>',
    )
    wide.goto(host.origin)
    box, found = wide.locator("baocha-box"), wide.locator("baocha-search")
    box.get_by_role("combobox").fill("提质增效")
    wide.keyboard.press("Enter")
    expect(found.locator(".where").first).to_contain_text("2022")
    expect(found.locator(".where", has_not_text="2022")).to_have_count(0)
    expect(found.get_by_label("年度")).to_have_value("2022")
    expect(found.get_by_placeholder("短语")).to_have_value("提质增效")
    found.get_by_label("年度").select_option("")
    expect(found.get_by_role("status")).to_contain_text("15 段")
    assert wide.url == host.origin + "/"
    found.evaluate("e => e.remove()")
    set_attributes(wide, "baocha-box", doctor="")
    expect(box.get_by_role("status")).to_contain_text('id="found"')
    box.get_by_role("combobox").press("Enter")
    wide.wait_for_url(f"{allowing}?q=*year=2022*")


def test_the_first_name_of_the_element_keeps_working(wide: Page, host: Host, allowing: str) -> None:
    css = "report-search { --report-search-mark: rgb(1, 2, 3) }"
    strict(host, allowing, f'<style nonce=n>{css}</style><report-search limit="1"></report-search>')
    wide.goto(host.origin)
    wide.get_by_role("combobox").fill("提质增效")
    wide.keyboard.press("Enter")
    mark = wide.locator("report-search mark").first
    expect(mark).to_have_css("background-color", "rgb(1, 2, 3)")
    assert wide.evaluate("told") == ["report-search:results"]


def test_a_row_of_a_table_is_a_small_table_with_the_cell_of_the_hit_marked(
    page: Page, host: Host, allowing: str
) -> None:
    strict(host, allowing, COMPONENT.format(attributes='query="“97.60%”"'))
    page.goto(host.origin)
    hit = page.locator("baocha-search .hit", has=page.locator("thead")).first
    expect(hit.locator(".number")).to_have_text(re.compile(r"^\d$"))
    expect(hit.get_by_role("link")).to_contain_text("报告")
    expect(hit.locator(".where")).to_contain_text("云溪市青湖区水务局 · 2023 · ")
    row = hit.get_by_role("table")
    heads = row.locator("th").all_inner_texts()
    assert heads[0] == "项目名称"
    marked = row.locator(".hit-cell")
    expect(marked).to_have_text("97.60%")
    expect(marked.locator("mark")).to_have_text("97.60%")
    place = marked.evaluate("e => [...e.parentElement.children].indexOf(e)")
    assert heads[place].startswith("执行率")
    assert row.evaluate("e => e.scrollWidth <= e.closest('li').clientWidth")
    shot(page, "component-row")


def test_an_element_that_is_moved_while_it_searches_shows_the_answer(
    wide: Page, host: Host, allowing: str
) -> None:
    strict(host, allowing, COMPONENT.format(attributes="hotkey") + "<div id=place></div>")
    wide.goto(host.origin)
    slow_down(wide, "**/api/v1/search*", milliseconds=300)
    wide.get_by_role("combobox").fill("提质增效")
    wide.keyboard.press("Enter")
    wide.evaluate("place.append(document.querySelector('baocha-search'))")
    expect(wide.get_by_role("status")).to_contain_text("15 段")
    wide.keyboard.press("Control+k")
    expect(wide.get_by_role("combobox")).to_be_focused()
    wide.get_by_role("button", name="更多").press("Enter")
    expect(wide.locator("baocha-search .hit").nth(10).get_by_role("link")).to_be_focused()


def test_two_on_one_page_and_one_in_a_dialog(page: Page, host: Host, allowing: str) -> None:
    body = COMPONENT.format(attributes='mode="dialog" hotkey') + COMPONENT.format(
        attributes='lang="en"'
    )
    host.embed(allowing, body)
    page.goto(host.origin)
    one, other = page.locator("baocha-search").all()
    expect(one.get_by_role("combobox")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("提质增效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("15 段")
    page.get_by_role("button", name="关闭").click()
    other.get_by_role("combobox").fill("提质增效")
    other.get_by_role("button", name="Search").click()
    expect(other.get_by_role("status")).to_contain_text("15 paragraphs in 15 reports")
    other.get_by_role("combobox").fill("VR 招商")
    other.get_by_role("button", name="Search").click()
    expect(other.get_by_role("status")).to_contain_text("1 paragraph in 1 report")


def test_a_box_alone_leads_to_the_search_page(page: Page, host: Host, allowing: str) -> None:
    host.embed(allowing, COMPONENT.format(attributes='mode="box" year="2022"'))
    page.goto(host.origin)
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{allowing}?q=*")
    assert "year=2022" in page.url


def test_from_an_origin_that_is_not_listed_nothing_is_found_and_it_says_why(
    page: Page, host: Host, refusing: str
) -> None:
    host.embed(refusing, COMPONENT.format(attributes=""), strict=False)
    page.goto(host.origin)
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(f"origins 中加上 {host.origin}")
    expect(page.locator("baocha-search .results li")).to_have_count(0)


def test_where_the_script_is_not_allowed_what_stands_in_its_place_is_shown(
    page: Page, host: Host, allowing: str
) -> None:
    host.embed(allowing, COMPONENT.format(attributes=""))
    host.policy = "default-src 'none'"
    page.goto(host.origin)
    expect(page.get_by_text("没有加载")).to_be_visible()


def test_the_doctor_names_what_is_wrong(
    page: Page, host: Host, allowing: str, refusing: str
) -> None:
    doctor = COMPONENT.format(attributes="doctor")
    host.embed(allowing, doctor)
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text("一切正常")

    host.policy = host.policy.replace("connect-src", "media-src")
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text("connect-src")

    host.embed(refusing, doctor)
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text(f"origins 中加上 {host.origin}")


def test_typing_on_does_not_drop_the_search(page: Page, host: Host, allowing: str) -> None:
    host.embed(allowing, COMPONENT.format(attributes=""))
    page.goto(host.origin)
    slow_down(page, "**/api/v1/search*", milliseconds=800)
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    page.keyboard.type("目")
    expect(page.get_by_role("status")).to_contain_text("段，见于")


def test_a_server_that_went_away_is_said_and_asked_again(
    page: Page, host: Host, allowing: str
) -> None:
    host.embed(allowing, COMPONENT.format(attributes=""))
    page.route("**/api/**", lambda route: route.abort())
    page.route("**/healthz", lambda route: route.abort())
    page.goto(host.origin)
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("无法连接")
    page.unroute("**/api/**")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("status")).to_contain_text("段，见于")


def test_a_frame_is_shown_where_it_is_allowed_and_tells_its_height(
    page: Page, host: Host, allowing: str, refusing: str
) -> None:
    heights = (
        "window.heights = [];addEventListener('message', event => heights.push(event.data.height))"
    )
    host.embed(allowing, f'<iframe src="{allowing}embed?q=提质增效" width="100%" height="400">')
    page.add_init_script(heights)
    page.goto(host.origin)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("status")).to_contain_text("15 段")
    page.wait_for_function("heights.some(height => height > 400)")
    shot(page, "frame")
    host.embed(refusing, f'<iframe src="{refusing}embed?q=提质增效">')
    page.goto(host.origin)
    refused = page.frame_locator("iframe")
    expect(refused.get_by_role("status")).to_contain_text(f"{host.origin} 未获准嵌入")
    expect(refused.get_by_role("searchbox")).to_have_count(0)
    # Without a Referer the server does not know the site, and the policy blocks the page.
    host.embed(refusing, f'<iframe src="{refusing}embed?q=提质增效" referrerpolicy="no-referrer">')
    page.goto(host.origin)
    expect(refused.get_by_text("提质增效")).to_have_count(0)


def test_a_plain_form_works(page: Page, host: Host, refusing: str) -> None:
    host.embed(
        refusing,
        f'<form action="{refusing}" method="get"><input name="q" aria-label="检索">'
        '<input type="hidden" name="year" value="2022"></form>',
    )
    page.goto(host.origin)
    page.get_by_label("检索").fill("提质增效")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text("2022")


def test_a_hostile_report_runs_nothing_in_the_host(
    page: Page, host: Host, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "x.txt").write_text(
        "<img src=x onerror=\"document.title='broken'\">局2022年部门决算\n"
        "预算<script>document.title='broken'</script><mark>假标</mark>绩效𠮷绩效。\n",
        "utf-8",
    )
    build_index([folder], folder / "index")
    with serving(folder / "index", "--origins", host.origin) as address:
        host.embed(address, COMPONENT.format(attributes=""), strict=False)
        page.goto(host.origin)
        page.get_by_role("combobox").fill("“绩效”")
        page.keyboard.press("Enter")
        expect(page.locator("baocha-search .results li")).to_have_count(1)
        assert page.locator("baocha-search mark").all_inner_texts() == ["绩效", "绩效"]
        expect(page.locator("baocha-search .results")).to_contain_text("<mark>假标</mark>")
        assert page.title() == "内网"


def test_the_setup_page_shows_what_it_gives(page: Page, allowing: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(allowing + "embed/setup")
    page.get_by_role("checkbox", name="年度").check()
    page.locator("select[name=department]").select_option("云溪市青湖区水务局")
    page.locator("select[name=mode]").select_option("results")
    page.get_by_role("button", name="应用").click()
    code = page.locator("pre").first.inner_text()
    assert 'filters="year"' in code
    page.get_by_role("button", name="复制").first.click()
    expect(page.get_by_text("已复制").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert 'department="云溪市青湖区水务局"' in code
    assert f'src="{allowing}embed/v1.js"' in code
    live = page.locator("baocha-search")
    live.get_by_role("combobox", name="“短语”").fill("绩效")
    live.get_by_role("button").first.click()
    expect(live.get_by_role("status")).to_contain_text("见于")
    for part in live.locator("mark").first, live.get_by_role("button").first:
        colour = part.evaluate("e => getComputedStyle(e).backgroundColor")
        assert colour not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    shot(page, "setup")


def test_what_is_chosen_after_a_search_narrows_it_and_more_goes_on_with_what_is_shown(
    page: Page, host: Host, allowing: str
) -> None:
    host.embed(allowing, COMPONENT.format(attributes='filters="department year" limit="2"'))
    page.goto(host.origin)
    box = page.get_by_role("combobox", name="“短语”")
    box.fill("绩效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段，见于")
    box.fill("")
    page.get_by_label("部门").select_option("云溪市青湖区教育局")
    names = page.locator("baocha-search .results a")
    expect(names.first).to_contain_text("教育局")
    assert "lang=zh" in (names.first.get_attribute("href") or "")
    total = int(page.get_by_role("status").inner_text().split(" ")[0])
    while (more := page.get_by_role("button", name="更多")).count():
        before = names.count()
        more.click()
        expect(names).not_to_have_count(before)
    assert names.count() == total


def test_a_search_that_is_given_up_says_nothing(page: Page, host: Host, allowing: str) -> None:
    host.embed(allowing, COMPONENT.format(attributes='mode="dialog"'))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(host.origin)
    slow_down(page, "**/api/v1/search*", milliseconds=500)
    page.evaluate("addEventListener('baocha-search:error', () => { throw new Error('told') })")
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    page.locator("baocha-search").evaluate("e => e.remove()")
    page.wait_for_timeout(800)
    assert problems == []


def test_suggestions_do_not_come_after_the_search(page: Page, host: Host, allowing: str) -> None:
    host.embed(allowing, COMPONENT.format(attributes=""))
    page.goto(host.origin)
    slow_down(page, "**/api/v1/suggest*", milliseconds=400)
    page.get_by_role("combobox").fill("绩效")
    page.wait_for_timeout(250)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("段，见于")
    page.wait_for_timeout(700)
    expect(page.get_by_role("option")).to_have_count(0)


def test_zero_is_not_said_to_be_checked_where_a_filter_names_nothing(
    page: Page, host: Host, allowing: str
) -> None:
    host.embed(allowing, COMPONENT.format(attributes='department="没有的局"'))
    page.goto(host.origin)
    page.get_by_role("combobox").fill("绩效")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("没有的局")
    expect(page.get_by_role("status")).not_to_contain_text("未见该表述")
    host.embed(allowing, COMPONENT.format(attributes='department="没有的局" doctor'))
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text("没有的局")


def test_the_doctor_does_not_blame_origins_for_a_token_or_a_policy_that_blocks_nothing(
    page: Page, host: Host, allowing: str
) -> None:
    host.embed(allowing, COMPONENT.format(attributes='doctor token="令牌"'))
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text("token")
    host.embed(allowing, COMPONENT.format(attributes="doctor"))
    page.route("**/api/**", lambda route: route.abort())
    page.goto(host.origin)
    expect(page.get_by_role("status")).to_contain_text("无法连接")
