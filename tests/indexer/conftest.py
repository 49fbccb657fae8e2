"""Fixtures for the tests of the indexer."""

import pytest

from baocha_indexer.extract import ocr


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """The OCR package looks as if it were not installed."""
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
