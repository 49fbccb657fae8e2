"""Read pages as tests do: the links in them, the totals they tell."""

import re
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from baocha_indexer.model import IndexedReport, Metadata, Paragraph, Report
from baocha_indexer.store.write.writer import IndexWriter

TITLE = "青湖区水务局2022年部门决算"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.get_data(as_text=True)


def links(html: str, text: str) -> list[str]:
    """The addresses of the links whose text holds `text`."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [unescape(href) for href, inside in found if text in inside]


def total(html: str) -> int:
    match = re.search(r"([\d,]+) 段，见于", html)
    return int(match[1].replace(",", "")) if match else int("共 1 段" in html)


def hits(html: str) -> list[str]:
    """The addresses of the hits, each once."""
    return list(dict.fromkeys(map(unescape, re.findall(r'"(/reports/\w+\?[^"]*#p\d+)"', html))))


def report_of(html: str) -> str:
    """The address of the report of the first hit, without what is asked of it."""
    found = re.search(r'href="(/reports/\w+)\?', html)
    assert found is not None
    return found[1]


def old_index(folder: Path, text: str) -> Path:
    """Write an index with a paragraph of any length, as there were before."""
    metadata = Metadata(TITLE, "青湖区水务局", 2022, "部门决算")
    entry = IndexedReport(
        "0123456789ab", "a.txt", "/a.txt", "", TITLE, "青湖区水务局", 2022, "部门决算", 2
    )
    texts = (TITLE, text)
    paragraphs = tuple(Paragraph(n, t, "body", "", (), None) for n, t in enumerate(texts, start=1))
    with IndexWriter(folder) as writer:
        writer.add(entry, Report(metadata, paragraphs, ()))
        writer.commit()
    return folder
