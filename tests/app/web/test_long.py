"""What is shown of long reports, and of long paragraphs in indexes made before they were cut."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import open_engine
from baocha.search.highlight.snippets import MAX_CONTEXT, MAX_SNIPPET
from baocha.search.local.match.spans import MAX_SPANS
from baocha.search.results import ReportParagraph
from baocha.web.report import MAX_PART, MOST_MARKS, part_of, with_fewer_marks
from baocha_indexer.model import MAX_PARAGRAPH
from tests.app.web.pages import TITLE, hits, links, old_index, page, report_of

IndexFiles = Callable[[dict[str, str | bytes]], Path]

SENTENCE = "水务水务建设项目按计划完成。"


# The second has a letter with an accent, which must be folded to find where a span ends.
@pytest.mark.parametrize("text", ["务" * 300_000, "务" * 300_000 + "cafe\u0301。"])
def test_a_huge_paragraph_of_an_old_index_is_shown_by_its_window(text: str, tmp_path: Path) -> None:
    client = create_app(old_index(tmp_path / "index", "水" + text)).test_client()
    for query in ("务", "“务务”", "水"):
        html = page(client, f"/?q={query}")
        (address,) = set(hits(html)) - {a for a in hits(html) if a.endswith("#p1")}
        assert len(html) < 40_000
        assert html.count("<mark>") <= MAX_SNIPPET
        around = page(client, f"/?q={query}&around=0123456789ab%232")
        assert len(around) < 40_000 + 16 * MAX_CONTEXT
        for whole in (address, f"{report_of(html)}/paragraphs/2?q={query}"):
            assert len(page(client, whole.partition("#")[0])) < 40_000 + 16 * MAX_PARAGRAPH
        assert len(page(client, f"/feed.atom?q={query}")) < 10_000 + MAX_CONTEXT
        (hit,) = [h for h in hits_of(client, query) if h["ordinal"] == 2]
        assert hit["text"] == "水" + text  # as the contract says
        assert all(start < end <= len(hit["text"]) for start, end in hit["spans"])


def hits_of(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page(client, f"/api/v1/search?q={query}"))["hits"]
    return found


def test_the_spans_of_a_huge_paragraph_of_an_old_index_are_the_first(tmp_path: Path) -> None:
    text = "水，" * 200_000
    index = old_index(tmp_path / "index", text)
    hit = open_engine(index).search("水", sort="document").hits[-1]
    assert hit.spans == tuple((2 * n, 2 * n + 1) for n in range(MAX_SPANS))


def test_a_paragraph_of_the_greatest_length_has_every_span(index_files: IndexFiles) -> None:
    text = "水，" * (MAX_PARAGRAPH // 2 - 1) + "水。"
    engine = open_engine(
        index_files({"a.txt": f"{TITLE}\n\n{text}\n", "b.txt": f"{TITLE}\n\n{text}\n"})
    )
    found = [hit for hit in engine.search("水", sort="document").hits if hit.ordinal == 2]
    assert [hit.text for hit in found] == [text] * 2
    assert all(len(hit.spans) == MAX_PARAGRAPH // 2 for hit in found)


def test_a_long_report_is_read_in_parts_and_every_match_can_be_reached(
    index_files: IndexFiles,
) -> None:
    lines = [f"第{n}年，{SENTENCE * 300}" for n in range(1, 301)]
    lines[250] = "只有这里提及数字孪生。"
    client = create_app(index_files({"a.txt": "\n\n".join((TITLE, *lines))})).test_client()
    html = page(client, "/?q=数字孪生")
    (address,) = hits(html)
    path, _, anchor = address.partition("#")
    part = page(client, path)
    assert f'id="{anchor}"' in part
    assert "<mark>数字孪生</mark>" in part
    assert len(re.findall(r"<p>第\d+年", part)) < 301
    # From the first part, too, the match and every other part can be reached.
    seen: list[int] = []
    address = f"{report_of(html)}?q=数字孪生"
    while address:
        part = page(client, address.partition("#")[0])
        seen += [int(n) for n in re.findall(r'id="p(\d+)"', part)]
        if anchor not in part:
            assert f"at={anchor[1:]}#{anchor}" in part
        following = links(part, "后一部分")
        address = report_of(html) + following[0] if following else ""
    assert seen == list(range(1, 302))


def test_a_short_report_is_on_one_page(client: FlaskClient) -> None:
    html = page(client, report_of(page(client, "/?q=预算")))
    assert "前一部分" not in html
    assert "后一部分" not in html
    assert "本页标出" not in html


def paragraph(ordinal: int, length: int, marks: int = 0) -> ReportParagraph:
    spans = tuple((2 * n, 2 * n + 1) for n in range(marks))
    return ReportParagraph(ordinal, "body", None, "水" * length, (), None, spans)


@pytest.mark.parametrize("at", [-1, 0, 1, 2, 3, 4, 5, 99, 10**30])
def test_the_parts_of_a_report_are_the_report(at: int) -> None:
    lengths = [MAX_PARAGRAPH] * (3 * MAX_PART // MAX_PARAGRAPH) + [1]
    whole = [paragraph(n, length) for n, length in enumerate(lengths, start=1)]
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


def test_no_more_than_so_many_matches_are_marked() -> None:
    whole = [paragraph(n, MAX_PARAGRAPH, 9_000) for n in range(1, 5)]
    shown = with_fewer_marks(whole)
    assert [len(p.spans) for p in shown] == [9_000, 9_000, MOST_MARKS - 18_000, 0]
    assert with_fewer_marks(whole[:2]) == whole[:2]
