import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.highlight import snippets
from baocha.search.highlight.snippets import (
    ELLIPSIS,
    MAX_SNIPPET,
    marked_html,
    merged,
    snippet,
    snippet_html,
)

LONG = "部门预算执行情况总体良好。" * 20 + "数字孪生平台投入使用，" + "群众满意度有所提高。" * 20
AT = LONG.index("数字孪生")

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=6).map(
    lambda pairs: merged([(start, start + length) for start, length in pairs])
)


def test_a_short_paragraph_is_shown_whole() -> None:
    assert snippet("预算绩效", [(0, 2)]).text == "预算绩效"


def test_a_window_is_cut_at_punctuation_and_shows_an_ellipsis() -> None:
    shown = snippet(LONG, [(AT, AT + 4)])
    assert shown.text.startswith(ELLIPSIS)
    assert shown.text.endswith(ELLIPSIS)
    assert len(shown.text) <= MAX_SNIPPET + 2
    assert [shown.text[s:e] for s, e in shown.spans] == ["数字孪生"]


def test_the_window_with_most_matches_is_chosen() -> None:
    matches = [(3, 5), (AT, AT + 4), (AT + 6, AT + 8)]
    shown = snippet(LONG, matches)
    assert "数字孪生" in shown.text
    assert len(shown.spans) == 2


def test_the_window_with_most_distinct_matches_is_chosen() -> None:
    text = "绩效绩，" * 30 + "。" * 160 + "绩效与预算并重。"
    matches = [(at, at + 2) for at in range(0, 120, 4)] + [(280, 282), (283, 285)]
    assert "绩效与预算" in snippet(text, matches).text


def test_a_match_longer_than_the_window_is_shown_whole() -> None:
    shown = snippet(LONG, [(10, 300)])
    assert LONG[10:300] in shown.text


def test_a_figure_is_never_cut() -> None:
    text = "其中：" + "基本支出1,081.7万元，" * 40
    for at in range(3, 400, 7):
        shown = snippet(text, [(at, at + 1)], limit=40).text.strip(ELLIPSIS)
        assert (
            text[text.index(shown) - 1 : text.index(shown)] not in set("1,08.7")
            or shown[0] in "万元"
        )
        assert shown in text


def test_a_text_with_very_many_matches_is_cut_in_linear_time() -> None:
    text = "绩，" * 50_000
    assert snippet(text, [(at, at + 1) for at in range(0, len(text), 2)]).spans


def test_a_match_near_the_end_is_shown_with_the_text_before_it() -> None:
    text = "部门预算执行情况总体良好，" * 30 + "绩效好。"
    assert len(snippet(text, [(len(text) - 4, len(text) - 2)]).text) > MAX_SNIPPET * 0.7


@given(st.text(min_size=70, max_size=400), spans)
def test_no_span_is_cut_or_moved(text: str, found: list[tuple[int, int]]) -> None:
    shown = snippet(text, found, limit=50)
    pieces = [shown.text[start:end] for start, end in shown.spans]
    whole = [text[start:end] for start, end in found]
    assert all(piece in whole for piece in pieces)
    assert len(pieces) >= min(1, len(whole))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted).map(tuple)))
def test_merged_spans_are_sorted_and_apart(found: list[tuple[int, int]]) -> None:
    result = merged(found)
    covered = {at for start, end in found for at in range(start, end)}
    assert {at for start, end in result for at in range(start, end)} == covered
    assert all(a_end < b_start for (_, a_end), (b_start, _) in pairwise(result))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<mark>假的</mark>",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp; <!-- -->",
        "<a href='javascript:alert(1)'>点</a>",
        '"><svg/onload=alert(1)>',
    ],
)
def test_markup_in_report_text_is_shown_as_text(hostile: str) -> None:
    html = snippet_html(f"预算{hostile}绩效", [(0, 2)])
    assert html.startswith("<mark>预算</mark>")
    assert html.count("<") == 2
    assert unescape(html.removeprefix("<mark>预算</mark>")) == f"{hostile}绩效"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60), spans)
def test_marked_html_is_the_text_and_its_marks(text: str, found: list[tuple[int, int]]) -> None:
    inside = [(start, end) for start, end in found if end <= len(text)]
    html = marked_html(text, inside)
    assert unescape(html.replace("<mark>", "").replace("</mark>", "")) == text
    assert html.count("<mark>") == len(inside)


@given(st.text(st.sampled_from("绩效<>&\"'amp;lt/mark x#0\n\t\u00a0\u202e"), max_size=60), spans)
def test_bleach_would_not_change_html_that_skips_it(
    text: str, where: list[tuple[int, int]]
) -> None:
    html = marked_html(text, [(s, e) for s, e in where if e <= len(text)])
    assert snippets._cleaner().clean(html) == html


@pytest.mark.parametrize(
    "html", ["<b>绩</b>", "<mark>绩", "<mark><mark>绩</mark></mark>", "a&b", "&nbsp;"]
)
def test_html_with_anything_but_marks_and_escapes_does_not_skip_bleach(html: str) -> None:
    assert not re.fullmatch(snippets._MARKED, html)
