import gzip
import tomllib
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.settings import settings_of
from tests.app.web.pages import page, parse, text_of, texts
from tests.conftest import ORIGIN


def test_only_listed_origins_may_frame_and_only_the_page_for_frames(corpus_index: Path) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    framed = client.get("/embed?q=绩效").headers
    assert framed["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {ORIGIN}")
    assert "X-Frame-Options" not in framed
    whole = client.get("/?q=绩效").headers
    assert whole["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert whole["X-Frame-Options"] == "DENY"


def test_no_origin_is_allowed_by_default(client: FlaskClient) -> None:
    for address in ("/embed", "/embed/setup", "/api/v1/status"):
        with client.get(address, headers={"Origin": ORIGIN}) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
    policy = client.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")


def test_every_origin_may_load_the_script(client: FlaskClient) -> None:
    # The script shows a message if the origin may not search.
    with client.get("/embed/v1.js", headers={"Origin": ORIGIN}) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_addresses_begin_with_the_public_address(corpus_index: Path) -> None:
    client = create_app(corpus_index, address="https://search.example/").test_client()
    html = page(client, "/embed/setup")
    assert "https://search.example/embed/v1.js" in html
    assert "http://localhost" not in html
    assert b"https://search.example/?q=" in client.get("/opensearch.xml").get_data()


def test_the_component_is_small_and_never_parses_html(client: FlaskClient) -> None:
    with client.get("/embed/v1.js") as response:
        script = response.get_data(as_text=True)
    assert len(gzip.compress(script.encode())) <= 30_000
    for word in (
        "innerHTML",
        "DOMParser",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "document.write",
        "import(",
    ):
        assert word not in script


def test_the_frame_has_results_and_pages(client: FlaskClient) -> None:
    html = page(client, "/embed?q=绩效&year=2022")
    assert len(texts(html, "hit")) == 10
    assert "下一页" in html
    assert parse(html).xpath("//input[@name='year']/@value") == ["2022"]


@pytest.mark.parametrize("given", ["mode=x&theme=y", 'department="><script>', "year=abc"])
def test_the_setup_page_ignores_or_escapes_invalid_choices(client: FlaskClient, given: str) -> None:
    root = parse(page(client, f"/embed/setup?{given}"))
    (component,) = root.iter("baocha-search")
    assert component.get("theme") == "auto"
    assert all(script.get("src") for script in root.iter("script"))
    assert "<baocha-search" in text_of(root)


def lines_of(html: str) -> list[str]:
    """Return the code that the setup page offers."""
    return [text_of(code) for code in parse(html).xpath("//pre/code")]


def test_the_setup_page_says_which_line_allows_a_site(corpus_index: Path) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    html = page(client, "/embed/setup?origin=https://New.example.gov.cn:443/oa/index.html")
    assert "https://new.example.gov.cn 未获准嵌入" in html
    toml, variable, *_ = lines_of(html)
    allowed = tomllib.loads(toml)["origins"]
    assert allowed == [ORIGIN, "https://new.example.gov.cn"]
    assert settings_of(
        {"origins": variable.removeprefix("BAOCHA_ORIGINS=").strip('"')}
    ).origins == (
        ORIGIN,
        "https://new.example.gov.cn",
    )
    again = create_app(corpus_index, origins=allowed).test_client()
    assert "https://new.example.gov.cn 已获准嵌入" in page(
        again, "/embed/setup?origin=https://new.example.gov.cn/oa/"
    )


def test_the_setup_page_judges_the_site_from_which_it_is_opened(client: FlaskClient) -> None:
    for header in ({"Origin": ORIGIN}, {"Referer": f"{ORIGIN}/oa/"}):
        assert f"{ORIGIN} 未获准嵌入" in client.get("/embed/setup", headers=header).text


@pytest.mark.parametrize(
    "given", ["oa.example.gov.cn", "ftp://a.example", "https://[", "https://", '"><script>', "a b"]
)
def test_the_setup_page_says_what_is_wrong_with_an_address(client: FlaskClient, given: str) -> None:
    root = parse(page(client, f"/embed/setup?{urlencode({'origin': given})}"))
    assert "不是网页地址" in text_of(root)
    assert "获准嵌入。" not in text_of(root)
    assert all(script.get("src") for script in root.iter("script"))


def test_a_page_with_https_cannot_load_from_a_server_with_http(corpus_index: Path) -> None:
    for scheme, is_warned in (("http", True), ("https", False)):
        address = f"{scheme}://search.example"
        client = create_app(corpus_index, address=address).test_client()
        html = page(client, f"/embed/setup?origin={ORIGIN}")
        assert (f"本服务的地址是 {address}：" in html) is is_warned


@pytest.mark.parametrize("prefix", ["", "/baocha"])
def test_behind_a_proxy_all_code_has_the_public_address(corpus_index: Path, prefix: str) -> None:
    app = create_app(corpus_index, trusted_proxy=1, hosts=("search.example.gov.cn",))
    headers = {
        "Host": "10.0.0.7:8000",
        "X-Forwarded-For": "10.1.1.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "search.example.gov.cn",
        "X-Forwarded-Prefix": prefix,
    }
    address = f"/embed/setup?origin={ORIGIN}&year=2022"
    response = app.test_client().get(address, headers=headers)
    assert response.status_code == 200
    server = "https://search.example.gov.cn"
    code = "\n".join(lines_of(response.text))
    for line in (
        f'src="{server}{prefix}/embed/v1.js"',
        f'<iframe id="baocha-frame" src="{server}{prefix}/embed?year=2022"',
        f'<form action="{server}{prefix}/"',
        f'event.origin !== "{server}"',
        f"script-src {server}; connect-src {server}",
        f"frame-src {server}",
        f"form-action {server}",
    ):
        assert line in code
    assert "http://" not in code
    assert "10.0.0.7" not in response.text
    inside = {
        parts.path
        for _, _, link, _ in parse(response.text).iterlinks()
        if (parts := urlsplit(link)).path
    }
    assert all(path.startswith(f"{prefix}/") for path in inside)
    assert "浏览器不在" not in response.text  # the server has https
    # The site of the server itself may frame the page.
    framed = {**headers, "Referer": f"{server}/portal", "Sec-Fetch-Dest": "iframe"}
    assert app.test_client().get("/embed", headers=framed).status_code == 200


FRAMED = {"Referer": f"{ORIGIN}/", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


def test_a_frame_on_a_site_that_is_not_allowed_shows_a_sentence_and_nothing_else(
    client: FlaskClient,
) -> None:
    response = client.get("/embed?q=绩效", headers=FRAMED)
    assert response.status_code == 403
    assert f"{ORIGIN} 未获准嵌入" in response.text
    root = parse(response.text)
    assert not root.xpath("//form | //input | //script | //mark")
    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors *")
    assert "script-src" not in policy
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert {"referer", "sec-fetch-dest"} <= set(response.vary.as_set())
    english = client.get("/embed?lang=en", headers=FRAMED).text
    assert f"{ORIGIN} is not allowed" in english


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"},
        {**FRAMED, "Sec-Fetch-Dest": "document"},
        {**FRAMED, "Sec-Fetch-Site": "same-origin"},
        {**FRAMED, "Referer": "http://localhost/portal"},
        {**FRAMED, "Referer": "about:blank"},
        {**FRAMED, "Referer": "https://allowed.example/"},
    ],
)
def test_no_header_opens_the_results_to_a_site_that_is_not_allowed(
    corpus_index: Path, headers: dict[str, str]
) -> None:
    client = create_app(corpus_index, origins=("https://allowed.example",)).test_client()
    response = client.get("/embed?q=绩效", headers=headers)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://allowed.example")


def test_for_a_search_box_alone_the_setup_page_gives_a_box(client: FlaskClient) -> None:
    html = page(client, "/embed/setup?mode=box&limit=20&theme=dark&target=_blank")
    (box,) = parse(html).iter("baocha-box")
    assert dict(box.attrib) == {"target": "_blank", "lang": "zh-CN", "theme": "dark"}
    # The other example has results, so it is not a box.
    code = "\n".join(lines_of(html))
    assert '<baocha-search id="reports"' in code
    assert "mode=" not in code
