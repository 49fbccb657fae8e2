"""Pages of long reports, and of long paragraphs in indexes older than the limit of their length."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import open_engine
from baocha.search.highlight.snippets import MAX_CONTEXT, MAX_SNIPPET
from baocha.search.local.match.spans import MAX_SPANS
from baocha.search.results import ReportParagraph
from baocha.web.reading import MAX_MARKS, MAX_PART, part_of, with_fewer_marks
from baocha_indexer.model import MAX_PARAGRAPH, NO_LOCATION
from tests.app.web.pages import (
    TITLE,
    hits,
    links,
    marks,
    old_index,
    ordinals,
    page,
    paragraph,
    report_of,
    text_of,
)
from tests.conftest import IndexFiles

SENTENCE = "水务水务建设项目按计划完成。"


# The second text has a letter with an accent: the end of a span is then found by folding it.
@pytest.mark.parametrize("text", ["务" * 100_000, "务" * 100_000 + "cafe\u0301。"])
def test_pages_show_a_part_of_a_huge_paragraph_of_an_old_index(text: str, tmp_path: Path) -> None:
    client = create_app(old_index(tmp_path / "index", "水" + text)).test_client()
    for query in ("务", "“务务”", "水"):
        html = page(client, f"/?q={query}")
        (address,) = set(hits(html)) - {a for a in hits(html) if a.endswith("#p1")}
        assert len(html) < 40_000
        assert 0 < len(marks(html)) <= MAX_SNIPPET
        around = page(client, f"/?q={query}&around=0123456789ab%232")
        assert len(around) < 40_000 + 16 * MAX_CONTEXT
        for whole in (address, f"{report_of(html)}/paragraphs/2?q={query}"):
            assert len(page(client, whole.partition("#")[0])) < 40_000 + 16 * MAX_PARAGRAPH
        assert len(page(client, f"/feed.atom?q={query}")) < 10_000 + MAX_CONTEXT
        (hit,) = [h for h in hits_of(client, query) if h["ordinal"] == 2]
        assert hit["text"] == "水" + text  # the API always returns the whole text
        assert all(start < end <= len(hit["text"]) for start, end in hit["spans"])


def hits_of(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page(client, f"/api/v1/search?q={query}"))["hits"]
    return found


def test_a_huge_paragraph_of_an_old_index_has_only_its_first_spans(tmp_path: Path) -> None:
    text = "水，" * 50_000
    index = old_index(tmp_path / "index", text)
    hit = open_engine(index).search("水", sort="document").hits[-1]
    assert hit.spans == tuple((2 * n, 2 * n + 1) for n in range(MAX_SPANS))


def test_a_paragraph_of_the_maximum_length_has_every_span(index_files: IndexFiles) -> None:
    text = "水，" * (MAX_PARAGRAPH // 2 - 1) + "水。"
    engine = open_engine(
        index_files({"a.txt": f"{TITLE}\n\n{text}\n", "b.txt": f"{TITLE}\n\n{text}\n"})
    )
    found = [hit for hit in engine.search("水", sort="document").hits if hit.ordinal == 2]
    assert [hit.text for hit in found] == [text] * 2
    assert all(len(hit.spans) == MAX_PARAGRAPH // 2 for hit in found)


def test_a_long_report_has_parts_and_links_to_every_match(
    index_files: IndexFiles,
) -> None:
    lines = [f"第{n}年，{SENTENCE * 300}" for n in range(1, 151)]
    lines[140] = "只有这里提及数字孪生。"
    client = create_app(index_files({"a.txt": "\n\n".join((TITLE, *lines))})).test_client()
    html = page(client, "/?q=数字孪生")
    (address,) = hits(html)
    path, _, anchor = address.partition("#")
    ordinal = int(anchor.removeprefix("p"))
    part = page(client, path)
    assert [text_of(mark) for mark in paragraph(part, ordinal).iter("mark")] == ["数字孪生"]
    assert len(ordinals(part)) < 151
    # Each part links to the match and to the next part.
    seen: list[int] = []
    address = f"{report_of(html)}?q=数字孪生"
    while address:
        part = page(client, address.partition("#")[0])
        seen += ordinals(part)
        if ordinal not in ordinals(part):
            (to_first,) = links(part, "到第一处")
            assert to_first.endswith(f"at={ordinal}#{anchor}")
        following = links(part, "后一部分")
        address = report_of(html) + following[0] if following else ""
    assert seen == list(range(1, 152))


def test_a_short_report_is_on_one_page(client: FlaskClient) -> None:
    html = page(client, report_of(page(client, "/?q=预算")))
    assert "前一部分" not in html
    assert "后一部分" not in html
    assert "本页标出" not in html


def long_paragraph(ordinal: int, length: int, span_count: int = 0) -> ReportParagraph:
    spans = tuple((2 * n, 2 * n + 1) for n in range(span_count))
    return ReportParagraph(ordinal, "body", None, "水" * length, (), NO_LOCATION, spans)


@pytest.mark.parametrize("at", [-1, 0, 1, 2, 3, 4, 5, 99, 10**30])
def test_the_parts_of_a_report_have_every_paragraph_once(at: int) -> None:
    lengths = [MAX_PARAGRAPH] * (3 * MAX_PART // MAX_PARAGRAPH) + [1]
    whole = [long_paragraph(n, length) for n, length in enumerate(lengths, start=1)]
    shown, earlier, later = part_of(whole, at)
    assert sum(len(p.text) for p in shown) <= MAX_PART
    if 1 <= at <= len(whole):
        assert at in {p.ordinal for p in shown}
    seen: list[ReportParagraph] = []
    first: int | None = 0
    while first is not None:
        part, _, first = part_of(whole, first)
        seen += part
    assert seen == whole
    assert earlier is None or part_of(whole, earlier)[2] == shown[0].ordinal
    assert later is None or part_of(whole, later)[1] == shown[0].ordinal


def test_the_number_of_marks_in_a_page_is_limited() -> None:
    whole = [long_paragraph(n, MAX_PARAGRAPH, 9_000) for n in range(1, 5)]
    shown = with_fewer_marks(whole)
    assert [len(p.spans) for p in shown] == [9_000, 9_000, MAX_MARKS - 18_000, 0]
    assert with_fewer_marks(whole[:2]) == whole[:2]
