"""Make the pictures of the READMEs from the sample corpus: python -m tools.make_images. Needs Chromium."""

import shutil
import tempfile
from pathlib import Path
from threading import Thread
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import sync_playwright

from baocha import create_app
from baocha_indexer.build import build_index
from tools.make_corpus import CORPUS

IMAGES = Path(__file__).parent.parent / "docs/images"
WIDTH, HEIGHT = 1280, 800
PICTURES = {
    "results": f"?q={quote('“执行率”')}",
    "matrix": f"compare?q={quote('“招商”')}",
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name is wsgiref's
        """Write no log."""


def main() -> None:
    """Index the corpus, serve it on the loopback, and take a picture of each page."""
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder:
        build_index([CORPUS], Path(folder, "index"))
        app = create_app(Path(folder, "index"))
        with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
                for name, address in PICTURES.items():
                    page.goto(f"http://127.0.0.1:{server.server_port}/{address}")
                    page.wait_for_load_state("networkidle")
                    if name == "results":
                        for key in "nbnb":  # put the first two hits into the basket
                            page.keyboard.press(key)
                        page.locator("#basket li").nth(1).wait_for()
                    page.screenshot(path=IMAGES / f"{name}.png")
                browser.close()
            server.shutdown()


if __name__ == "__main__":
    main()
