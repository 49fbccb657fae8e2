"""Paragraphs that were recognised from an image. Their pages are saved, so no engine is needed."""

from io import BytesIO
from pathlib import Path

import pytest

from baocha import create_app
from baocha_indexer.build import build_index
from baocha_indexer.extract import ocr, saved_pages_in
from baocha_indexer.extract.ocr.saved import SavedPages
from baocha_indexer.extract.page import Fragment, Page
from tests.app.web.pages import page, report_of
from tests.conftest import IndexFiles

GOOD, POOR = "农村供水管网改造已经完成。", "资金支付率达到百分之九十。"


@pytest.mark.skipif(not ocr.is_installed(), reason="the OCR extra is not installed")
def test_pages_say_which_text_was_recognised_and_how_surely(
    index_files: IndexFiles, tmp_path: Path
) -> None:
    from PIL import Image

    image = BytesIO()
    Image.new("RGB", (40, 40), "white").save(image, "PNG")
    index = index_files({"a.txt": "供水工作报告\n正文。"})
    lines = (("供水工作总结", 780.0, 0.99), (GOOD, 740.0, 0.98), (POOR, 640.0, 0.71))
    fragments = tuple(Fragment(t, 90, y, 300, y + 14, sure) for t, y, sure in lines)
    SavedPages.open(index, image.getvalue()).add(Page(1, 0.0, 842.0, fragments))
    scan = tmp_path / "reports" / "scan.png"
    scan.write_bytes(image.getvalue())

    summary = build_index([tmp_path / "reports"], index)
    assert summary.indexed == ["reports/scan.png"]
    assert saved_pages_in(index) == []  # not needed any more

    client = create_app(index).test_client()
    found = page(client, "/?q=资金支付率")
    assert "由图像识别，可信度 71%，请核对原件" in found
    assert "由图像识别，可能有错字" in page(client, "/?q=管网改造")
    assert "由图像识别" not in page(client, "/?q=供水工作报告")
    report = page(client, report_of(found))
    assert "由图像识别，可能有错字" in report
    assert "可信度 71%" in report
    hit = client.get("/api/v1/search?q=资金支付率").get_json()["hits"][0]
    assert (hit["ocr"], hit["confidence"]) == (True, 0.71)
