"""Images of the pages of original files, on the pages and in the API."""

import struct
import sys
import zlib
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray

from baocha import create_app
from baocha.search import Filters
from baocha.settings.tokens import Token
from baocha_indexer.build import build_index
from baocha_indexer.extract import ocr, png, renderer_of
from tests.app.web.pages import page
from tests.conftest import IndexFiles

TEXT = "2023年度水务局部门整体支出绩效自评报告\n一、概况\n预算绩效良好。\n"


def pdf(*sizes: str, content: str = "0 0 1 rg 20 30 40 50 re f") -> bytes:
    """Return a PDF with a page of each size, with text and a blue rectangle."""
    text = "BT /F 9 Tf 100 100 Td (Hydrology budget report of the year 2023) Tj ET"
    pages = "".join(
        f"{5 + at} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents 4 0 R"
        "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        for at, size in enumerate(sizes)
    )
    kids = " ".join(f"{5 + at} 0 R" for at in range(len(sizes)))
    stream = f"{content} {text}"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {len(sizes)}>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\n"
        f"{pages}trailer<</Root 1 0 R>>\n"
    ).encode()


def pixels_of(content: bytes) -> NDArray[np.uint8]:
    """Return the pixels of a PNG without filters."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    (size,) = struct.unpack(">I", content[33:37])
    rows = np.frombuffer(zlib.decompress(content[41 : 41 + size]), np.uint8)
    return rows.reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)


FILES = {"a.pdf": pdf("200 300", "400 100"), "b.txt": TEXT.encode()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = tmp_path_factory.mktemp("reports")
    for name, content in FILES.items():
        (reports / name).write_bytes(content)
    build_index([reports], reports / "index")
    return reports / "index"


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_app(folder, offer_files=True).test_client()


def ids(client: FlaskClient) -> dict[str, str]:
    reports = client.get("/api/v1/reports").get_json()["reports"]
    return {report["source"][-5:]: report["id"] for report in reports}


@pytest.mark.parametrize("base", ["/reports", "/api/v1/reports"])
def test_a_page_is_an_image_with_its_scale_and_an_etag(client: FlaskClient, base: str) -> None:
    address = f"{base}/{ids(client)['a.pdf']}/pages"
    response = client.get(f"{address}/1.png")
    assert (response.status_code, response.mimetype) == (200, "image/png")
    scale = float(response.headers["X-Scale"])
    pixels = pixels_of(response.data)
    assert pixels.shape == (600, 400, 3)
    assert scale == 2.0
    assert pixels[int((300 - 55) * scale), int(40 * scale)].tolist() == [0, 0, 255]
    assert pixels[5, 5].tolist() == [255, 255, 255]
    assert pixels_of(client.get(f"{address}/2.png").data).shape == (200, 800, 3)
    tag = response.headers["ETag"]
    assert client.get(f"{address}/1.png", headers={"If-None-Match": tag}).status_code == 304
    assert "private" in response.headers["Cache-Control"]


def test_a_page_is_rendered_once_and_the_file_is_read_only_then(index_files: IndexFiles) -> None:
    folder = index_files({"once.pdf": pdf("220 310", "410 120")})
    (path,) = folder.parent.rglob("once.pdf")
    client = create_app(folder, offer_files=True).test_client()
    (report,) = ids(client).values()
    opened: list[object] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]) == str(path):
            opened.append(path)

    sys.addaudithook(watch)
    images = {client.get(f"/reports/{report}/pages/1.png").data for _ in range(3)}
    assert (len(images), len(opened)) == (1, 1)
    path.write_bytes(path.read_bytes())  # changed on the disk, with equal content
    opened.clear()
    assert client.get(f"/reports/{report}/pages/1.png").data in images
    assert len(opened) == 1


@pytest.mark.parametrize("base", ["/reports", "/api/v1/reports"])
def test_what_has_no_image_is_named(client: FlaskClient, base: str) -> None:
    known = ids(client)
    for address, shown in (
        ("nowhere/pages/1.png", "没有这份报告"),
        (f"{known['a.pdf']}/pages/3.png", "没有这一页"),
        (f"{known['a.pdf']}/pages/0.png", "没有这一页"),
        (f"{known['b.txt']}/pages/1.png", "只有 PDF 和扫描图像可以查看原页"),
    ):
        response = client.get(f"{base}/{address}", headers={"Accept-Language": "zh"})
        assert response.status_code == 404
        assert shown in response.get_data(as_text=True)
    # The path has no form for these.
    for number in ("-1", "x", "..%2f1"):
        assert client.get(f"{base}/{known['a.pdf']}/pages/{number}.png").status_code == 404


def test_a_page_is_not_shown_if_files_are_not_offered_or_have_changed(
    index_files: IndexFiles,
) -> None:
    folder = index_files({**FILES})
    client = create_app(folder, offer_files=True).test_client()
    report = ids(client)["a.pdf"]
    assert client.get(f"/reports/{report}/pages/1.png").status_code == 200
    without = create_app(folder).test_client()
    for base in ("/reports", "/api/v1/reports"):
        assert without.get(f"{base}/{report}/pages/1.png").status_code == 404
    assert "查看原页" not in page(without, f"/reports/{report}")
    assert "查看原页" in page(client, f"/reports/{report}")
    (path,) = folder.parent.rglob("a.pdf")
    path.write_bytes(pdf("200 300"))
    assert client.get(f"/reports/{report}/pages/1.png").status_code == 409
    path.unlink()
    assert client.get(f"/api/v1/reports/{report}/pages/1.png").status_code == 404


def test_a_huge_page_is_scaled_down_and_a_slow_one_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    render = renderer_of(".pdf")
    assert render is not None
    image = render(pdf("14400 14400"), 1)
    assert image is not None
    height, width, _ = pixels_of(image.png).shape
    assert width * height <= png.MAX_PIXELS
    slow = pdf("600 600", content="0 0 m 600 600 l 0 600 l 600 0 l S " * 20_000)
    monkeypatch.setattr("baocha_indexer.extract.pdf.render.MAX_SECONDS", 0.0)
    with pytest.raises(png.RenderTimeoutError, match="too complex"):
        render(slow, 1)


def test_pages_are_rendered_in_several_threads() -> None:
    render = renderer_of(".pdf")
    assert render is not None
    content, images = pdf("200 300", "400 100"), set[bytes]()

    def draw() -> None:
        for _ in range(10):
            image = render(content, 1)
            assert image is not None
            images.add(image.png)

    threads = [Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(images) == 1


def test_a_token_sees_only_the_pages_of_its_scope(folder: Path) -> None:
    report = ids(create_app(folder).test_client())["a.pdf"]
    tokens = [
        Token.of_secret("all", Filters()),
        Token.of_secret("other", Filters(department=("教育局",))),
    ]
    client = create_app(folder, offer_files=True, tokens=tokens).test_client()
    address = f"/api/v1/reports/{report}/pages/1.png"
    assert client.get(address).status_code == 401
    for secret, status in (("all", 200), ("other", 404), ("wrong", 401)):
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get(address, headers=headers).status_code == status


@pytest.mark.skipif(not ocr.is_installed(), reason="pictures are read with the OCR package")
def test_a_picture_is_its_own_page() -> None:
    render = renderer_of(".PNG")
    assert render is not None
    pixels = np.random.default_rng(1).integers(0, 255, (50, 80, 3), dtype=np.uint8)
    image = render(png.encoded(pixels), 1)
    assert image is not None
    assert np.array_equal(pixels_of(image.png), pixels)
    assert render(png.encoded(pixels), 2) is None
    large = render(png.encoded(np.zeros((4000, 3000, 3), np.uint8)), 1)
    assert large is not None
    height, width, _ = pixels_of(large.png).shape
    assert width * height <= png.MAX_PIXELS
