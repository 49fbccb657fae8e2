"""Request pages and read their HTML with lxml."""

import re
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient
from lxml.html import HtmlElement, document_fromstring

from baocha_indexer.model import IndexedReport, Metadata, Paragraph, Report
from baocha_indexer.store.write.writer import IndexWriter

TITLE = "青湖区水务局2022年部门决算"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """Return the text of a response, which must have this status."""
    response = client.get(address)
    assert response.status_code == status
    return response.get_data(as_text=True)


def download(client: FlaskClient, address: str) -> BytesIO:
    """Return the content of a file that is sent."""
    with client.get(address) as response:
        assert response.status_code == 200
        return BytesIO(response.data)


def parse(html: str) -> HtmlElement:
    """Return the root element of a page."""
    return document_fromstring(html)


def text_of(element: HtmlElement) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join(element.text_content().split())


def texts(html: str, name: str) -> list[str]:
    """Return the text of each element of a class."""
    return [text_of(element) for element in parse(html).find_class(name)]


def marks(html: str) -> list[str]:
    """Return the text of each mark."""
    return [text_of(mark) for mark in parse(html).iter("mark")]


def links(html: str, text: str) -> list[str]:
    """Return the address of each link whose text contains `text`."""
    return [a.get("href") for a in parse(html).iter("a") if text in a.text_content()]


def addresses(html: str) -> list[str]:
    """Return each path that a page links to, loads, or sends a form or a request to."""
    found = parse(html).xpath("//@href | //@src | //@action | //@data-suggest")
    return [str(address) for address in found if address.startswith("/")]


def counted_links(root: HtmlElement) -> list[tuple[str, str, int]]:
    """Return address, value and count of each value of a facet below an element."""
    return [
        (link.get("href"), text_of(value), int(text_of(count).replace(",", "")))
        for link in root.iter("a")
        for value in link.find_class("value")
        for count in link.find_class("count")
    ]


def total(html: str) -> int:
    """Return the number of paragraphs that a page of results states."""
    (totals,) = texts(html, "totals")
    match = re.search(r"([\d,]+) 段，见于", totals)
    return int(match[1].replace(",", "")) if match else int("共 1 段" in totals)


def hits(html: str) -> list[str]:
    """Return the address of each hit."""
    return [hit.find("div/h2/a").get("href") for hit in parse(html).find_class("hit")]


def report_of(html: str) -> str:
    """Return the address of the report of the first hit, without the query."""
    return hits(html)[0].partition("?")[0]


def ordinals(html: str) -> list[int]:
    """Return the ordinal of each paragraph that a page of a report shows."""
    return [int(p) for p in parse(html).xpath("//article//*[@id]/@data-ordinal")]


def paragraph(html: str, ordinal: int) -> HtmlElement:
    """Return the element of a paragraph in a page of a report."""
    return parse(html).get_element_by_id(f"p{ordinal}")


def old_index(folder: Path, text: str) -> Path:
    """Write an index with a paragraph of any length, as versions before the limit did."""
    metadata = Metadata(TITLE, "青湖区水务局", 2022, "部门决算")
    entry = IndexedReport(
        "0123456789ab", "a.txt", "/a.txt", "", TITLE, "青湖区水务局", 2022, "部门决算", 2
    )
    texts = (TITLE, text)
    paragraphs = tuple(Paragraph(n, t, "body", "", ()) for n, t in enumerate(texts, start=1))
    with IndexWriter(folder) as writer:
        writer.add(entry, Report(metadata, paragraphs, ()))
        writer.commit()
    return folder
