"""Check the elements in Chromium, Firefox and WebKit, on pages of their own and in React and Vue.

    python -m tools.browsers [chromium] [firefox] [webkit]

It skips a browser that is not installed, and React and Vue without Node.js: npx and npm download
esbuild, React and Vue the first time. It ends with 1 if a check fails, or if nothing was checked.
"""

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from baocha import create_app
from baocha_indexer.build import build_index
from tools import webdriver
from tools.make_component import ESBUILD
from tools.make_corpus import CORPUS, scan_path
from tools.webdriver import CONTROL, ENTER, Session, WebDriverError

BROWSERS = {
    "chromium": webdriver.chromium,
    "firefox": webdriver.firefox,
    "webkit": webdriver.webkit,
}
PACKAGES = {"react": ("react@19.3.1", "react-dom@19.3.1"), "vue": ("vue@3.5.45",)}
"""The frameworks, and the npm packages of each."""

HOSTS = Path(__file__).parent / "hosts"

POLICY = (
    "default-src 'none'; script-src 'nonce-n'; connect-src {allowing}; "
    "frame-src {allowing} {refusing}; style-src 'nonce-n'; img-src data:; require-trusted-types-for 'script'"
)
WATCH = """<link rel="icon" href="data:,"><script nonce=n>
  window.seen = { warnings: [], violations: [], events: [], heights: [] };
  console.warn = (text) => seen.warnings.push(String(text));
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    seen.violations.push(`${effectiveDirective} ${blockedURI}`));
  for (const name of ["report-search", "baocha-search"])
    addEventListener(`${name}:results`, ({ type }) => seen.events.push(type));
  addEventListener("message", ({ data }) => seen.heights.push(data.height));
  // Return an element by its selector: of the page, then of a shadow root.
  window.at = (host, part) => document.querySelector(host)?.shadowRoot?.querySelector(part);
  window.all = (host, part) =>
    [...(document.querySelector(host)?.shadowRoot?.querySelectorAll(part) ?? [])];
  window.text = (host, part) => at(host, part)?.textContent ?? "";
</script>"""


class Host:
    """A site whose pages embed the search. Its script is a host of a framework, or empty."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.body = ""
        self.script = b""
        self.policy = ""
        self.allowing = ""
        self.refusing = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_script = self.path == "/host.js"
                self.send_response(200)
                kind = "text/javascript" if is_script else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", host.policy)
                self.end_headers()
                self.wfile.write(host.script if is_script else host.page())

            def log_message(self, *_: object) -> None:
                """Write no log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def page(self) -> bytes:
        """Return the page."""
        script = '<script type="module" nonce=n src="/host.js"></script>' if self.script else ""
        return (
            f"<!doctype html><html lang=zh><title>host</title>{WATCH}"
            f'<script type="module" nonce=n src="{self.allowing}/embed/v1.js"></script>'
            f"{self.body}{script}"
        ).encode()

    def show(self, session: Session, body: str, script: bytes = b"") -> None:
        """Open a page with this body in a browser."""
        self.body = body
        self.script = script
        session.open(self.origin)


Check = Callable[[Session, Host], None]


def enforce_the_policy(session: Session, host: Host) -> None:
    """The browser enforces Trusted Types, so that the other checks show that the elements comply."""
    attempt = "document.createElement('p').innerHTML = '<b>'"
    host.show(
        session, f"<script nonce=n>try {{ {attempt} }} catch {{ seen.isBlocked = true }}</script>"
    )
    session.wait("seen.isBlocked && seen.violations.length === 1")
    session.run("seen.violations.length = 0")


def search_by_keyboard(session: Session, host: Host) -> None:
    """A query is typed; its hits are shown, under nonces and Trusted Types."""
    host.show(session, "<baocha-search></baocha-search>")
    session.wait("at('baocha-search', 'input')")
    session.run("at('baocha-search', 'input').focus()")
    session.press(*"VR", ENTER)
    session.wait("text('baocha-search', '.status').includes('段')")
    session.wait("text('baocha-search', 'mark') === 'VR'")
    session.wait("at('baocha-search', '.suggestions').hidden")
    session.wait("seen.events.includes('baocha-search:results')")


def show_rows_as_tables(session: Session, host: Host) -> None:
    """A row of a table has its heads, and the cell of the hit is marked."""
    host.show(session, '<baocha-search query="“97.60%”"></baocha-search>')
    session.wait("all('baocha-search', 'th').some((head) => head.textContent === '执行率')")
    session.wait("text('baocha-search', '.hit-cell mark') === '97.60%'")


def react_to_attributes(session: Session, host: Host) -> None:
    """Attributes change; the typed text and the focus stay."""
    host.show(session, '<baocha-search query="绩效" limit="2"></baocha-search>')
    session.wait("all('baocha-search', '.hit').length === 2")
    session.run("at('baocha-search', 'input').select()")
    session.press(*"abc")
    session.run(
        "const e = document.querySelector('baocha-search');"
        "e.setAttribute('lang', 'en'); e.setAttribute('limit', '3');"
        "e.setAttribute('filters', 'year'); e.setAttribute('theme', 'dark')"
    )
    session.wait("all('baocha-search', '.hit').length === 3")
    session.wait("text('baocha-search', '.button') === 'Search'")
    session.wait("at('baocha-search', 'select').options.length > 2")
    session.wait("at('baocha-search', 'input').value === 'abc'")
    session.wait("document.querySelector('baocha-search').shadowRoot.activeElement.value === 'abc'")
    session.wait("seen.events.length === 2")


def warn_once(session: Session, host: Host) -> None:
    """A bad value gives one warning, and the doctor reports it."""
    host.show(session, '<baocha-search theme="blue" doctor lang="en"></baocha-search>')
    session.wait("text('baocha-search', '.status').includes('theme')")
    session.wait("seen.warnings.length === 1 && seen.warnings[0].includes('auto, light, dark')")
    session.run("seen.warnings.length = 0")


def search_in_a_dialog(session: Session, host: Host) -> None:
    """The key opens the dialog, which has its own search box."""
    host.show(session, '<baocha-search mode="dialog" hotkey></baocha-search>')
    session.wait("at('baocha-search', 'dialog')")
    session.press("k", holding=CONTROL)
    session.wait("at('baocha-search', 'dialog').open")
    session.press(*"VR", ENTER)
    session.wait("text('baocha-search', 'dialog mark') === 'VR'")
    session.wait("at('baocha-search', 'input').value === 'VR'")
    session.run("at('baocha-search', '.close').click()")
    session.wait("!at('baocha-search', 'dialog').open")


def search_from_a_box(session: Session, host: Host) -> None:
    """A box lets another element search, with its filters."""
    host.show(
        session,
        '<baocha-box target="found" year="2022"></baocha-box>'
        '<baocha-search id="found"></baocha-search>',
    )
    session.wait("at('baocha-box', 'input')")
    session.run("const i = at('baocha-box', 'input'); i.value = '提质增效'; i.focus()")
    session.press(ENTER)
    session.wait("all('#found', '.where').length > 0")
    session.wait("all('#found', '.where').every((e) => e.textContent.includes('2022'))")


def keep_the_first_name(session: Session, host: Host) -> None:
    """The first name of the element has its own events."""
    host.show(session, '<report-search query="VR"></report-search>')
    session.wait("text('report-search', 'mark') === 'VR'")
    session.wait("seen.events.join() === 'report-search:results'")


def frame(session: Session, host: Host) -> None:
    """A frame shows results and its height on an allowed site, a sentence on another."""
    host.show(session, f'<iframe src="{host.allowing}/embed?q=VR" height="100"></iframe>')
    session.wait("seen.heights.some((height) => height > 100)")
    session.enter_frame()
    session.wait("document.querySelector('mark').textContent === 'VR'")
    host.show(session, f'<iframe src="{host.refusing}/embed?q=VR"></iframe>')
    session.enter_frame()
    session.wait(f"document.body.textContent.includes('{host.origin} 未获准嵌入')")
    session.wait("!document.querySelector('mark, input')")


CHECKS = (
    enforce_the_policy,
    search_by_keyboard,
    show_rows_as_tables,
    react_to_attributes,
    warn_once,
    search_in_a_dialog,
    search_from_a_box,
    keep_the_first_name,
    frame,
)


def framework(script: bytes) -> Check:
    """Return the check of a page that is made with a framework."""

    def check(session: Session, host: Host) -> None:
        host.show(session, "", script)
        session.wait("all('baocha-search', '.hit').length === 2")
        session.wait("document.querySelector('output').textContent === '15'")
        session.run("const i = at('baocha-search', 'input'); i.value = 'abc'; i.focus()")
        session.run("change({ limit: 3, lang: 'en', year: '2022', hotkey: false })")
        session.wait("all('baocha-search', '.hit').length === 3")
        session.wait("text('baocha-search', '.button') === 'Search'")
        session.wait("all('baocha-search', '.where').every((e) => e.textContent.includes('2022'))")
        session.wait("at('baocha-search', 'input').value === 'abc'")
        session.wait("document.querySelector('output').textContent !== '15'")
        session.run("at('baocha-search', 'input').blur()")
        session.press("k", holding=CONTROL)
        session.wait("!document.querySelector('baocha-search').shadowRoot.activeElement")
        session.run("const i = at('baocha-box', 'input'); i.value = '绩效'; i.focus()")
        session.press(ENTER)
        session.wait("text('baocha-search', 'mark').includes('绩效')")

    return check


def bundles(folder: Path) -> dict[str, bytes]:
    """Return the script of each host, bundled with its framework. Empty without Node.js.

    Raises CalledProcessError if npm or esbuild fails.
    """
    if shutil.which("npm") is None:
        return {}
    packages = [package for group in PACKAGES.values() for package in group]
    install = ("npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefer-offline")
    (folder / "package.json").write_text("{}", "utf-8")
    subprocess.run(  # noqa: S603 — fixed arguments
        (*install, *packages), cwd=folder, check=True, capture_output=True
    )
    found = {}
    for name in PACKAGES:
        shutil.copy(HOSTS / f"{name}.js", folder)  # so that esbuild finds the packages
        options = ("--bundle", "--format=esm", "--define:process.env.NODE_ENV='production'")
        done = subprocess.run(  # noqa: S603 — fixed arguments
            (*ESBUILD, f"{name}.js", *options), cwd=folder, check=True, capture_output=True
        )
        found[name] = done.stdout
    return found


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Write no log."""


@contextmanager
def sites(folder: Path) -> Iterator[Host]:
    """Serve a host, a search server that allows it, and one that does not."""
    reports = shutil.copytree(CORPUS, folder / CORPUS.name)
    (reports / scan_path().name).unlink()  # it can be read only with OCR installed
    build_index([reports], folder / "index")
    host = Host()
    with ExitStack() as stack:
        for origins in ((host.origin,), ()):
            app = create_app(folder / "index", origins=origins)
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
            stack.enter_context(_running(server))
            address = f"http://127.0.0.1:{server.server_port}"
            if origins:
                host.allowing = address
            else:
                host.refusing = address
        host.policy = POLICY.format(allowing=host.allowing, refusing=host.refusing)
        stack.enter_context(_running(host.server))
        yield host


@contextmanager
def _running(server: HTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def expect_quiet(session: Session) -> None:
    """Raise WebDriverError if the policy blocked something on the page, or an element warned."""
    if seen := session.run("return [...seen.violations, ...seen.warnings]"):
        raise WebDriverError(f"the page has {seen}")


def run_checks(session: Session, host: Host, scripts: dict[str, bytes]) -> int:
    """Run all checks in a browser, print each result, and return how many failed."""
    checks: dict[str, Check] = {check.__name__: check for check in CHECKS}
    checks |= {f"in_{name}": framework(script) for name, script in scripts.items()}
    failed = 0
    for name, check in checks.items():
        try:
            check(session, host)
            if name != "frame":  # its last page is another one
                expect_quiet(session)
        except WebDriverError as error:
            failed += 1
            print(f"{session.name} {session.version}: {name} FAILED: {error}")
        else:
            print(f"{session.name} {session.version}: {name} passed")
    return failed


def main() -> int:
    """Check the browsers that the command line names, by default all; return the exit code."""
    names = sys.argv[1:] or list(BROWSERS)
    if unknown := sorted(set(names) - set(BROWSERS)):
        print(f"no such browser: {', '.join(unknown)}; choose from {', '.join(BROWSERS)}")
        return 2
    checked = failed = 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        host = stack.enter_context(sites(Path(folder)))
        scripts = bundles(Path(folder))
        if not scripts:
            print("React and Vue were not checked: Node.js is not installed")
        for name in names:
            with ExitStack() as of_browser:
                try:
                    session = of_browser.enter_context(BROWSERS[name]())
                except WebDriverError as error:
                    print(f"{name} was not checked: {error}")
                    continue
                checked += 1
                failed += run_checks(session, host, scripts)
    return 0 if checked and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
