import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.basket import BasketError, load_json, parse_basket, plain_text
from baocha.basket.parse import MAX_TAGS
from baocha.basket.plain import count_tags
from tests.app.basket.baskets import basket_of

ITEM = {"kind": "paragraph", "key": "k1", "report": "0123456789ab", "ordinal": 1, "text": "原文"}
SEARCH = {"kind": "search", "key": "s1", "search": "q=a"}


def test_a_basket_that_was_parsed_is_parsed_to_the_same() -> None:
    item = {**ITEM, "note": "第一行\n第二行", "verdict": "doubtful", "year": 2021, "page": 5}
    basket = parse_basket(basket_of([item, SEARCH], fields={"number": "一"})).basket
    assert parse_basket(basket.to_dict()).basket == basket
    assert basket.fields.number == "一"
    assert basket.paragraphs[0].note == "第一行\n第二行"


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"kind": "page"}, "第 2 条的 kind", "item 2: kind"),
        ({"key": "a b"}, "第 2 条的 key", "item 2: key"),
        ({"report": "../x"}, "第 2 条的 report", "item 2: report"),
        ({"ordinal": 0}, "第 2 条的 ordinal", "item 2: ordinal"),
        ({"ordinal": True}, "第 2 条的 ordinal", "item 2: ordinal"),
        ({"text": " "}, "第 2 条的 text 不能为空", "item 2: text must not be empty"),
        ({"text": "一" * 20_001}, "第 2 条的 text 超过 20,000 个字", "item 2: text"),
        ({"title": "一" * 2_001}, "第 2 条的 title", "item 2: title"),
        ({"note": "一" * 2_001}, "第 2 条的 note", "item 2: note"),
        ({"note": 1}, "第 2 条的 note 应为文字", "item 2: note must be text"),
        ({"verdict": "maybe"}, "第 2 条的 verdict", "item 2: verdict"),
        ({"section_path": "x"}, "第 2 条的 section_path", "item 2: section_path"),
        ({"sha256": "x"}, "第 2 条的 sha256", "item 2: sha256"),
        ({"year": "2021"}, "第 2 条的 year", "item 2: year"),
        ({"search": "q" * 65_537}, "第 2 条的 search", "item 2: search"),
        ({"key": "s1"}, "第 2 条的 key 与第 1 条相同", "item 2: key is the same as in item 1"),
    ],
)
def test_an_error_names_the_item_and_the_field(changes: dict[str, Any], zh: str, en: str) -> None:
    with pytest.raises(BasketError) as refused:
        parse_basket(basket_of([SEARCH, {**ITEM, **changes}]))
    assert zh in refused.value.message.zh
    assert en in refused.value.message.en


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"format": "x"},
        basket_of([], version=2),
        basket_of([], items={}),
        basket_of([], fields=[]),
        basket_of([], name=1),
        basket_of([1]),
        basket_of([ITEM] * 5_001),
    ],
)
def test_what_is_no_basket_is_refused(value: object) -> None:
    with pytest.raises(BasketError):
        parse_basket(value)


@pytest.mark.parametrize(
    "text", [b"\xff", b"{", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e999}', b""]
)
def test_invalid_json_is_refused(text: bytes) -> None:
    with pytest.raises(BasketError):
        load_json(text)


def test_the_same_text_of_a_report_and_the_same_search_are_kept_once() -> None:
    again = {**ITEM, "key": "k2", "ordinal": 9}
    other = {**ITEM, "key": "k3", "report": "other"}
    parsed = parse_basket(basket_of([ITEM, SEARCH, again, other, {**SEARCH, "key": "s2"}]))
    assert [item.key for item in parsed.basket.items] == ["k1", "s1", "k3"]
    assert [line.zh for line in parsed.dropped] == [
        "第 3 条与第 1 条重复，未采用",
        "第 5 条与第 2 条重复，未采用",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>重点</b><script>x()</script>", "重点x()"),
        ("<<b>script>x", "x"),
        ("执行率<80%且>50% & a<b &lt;i&gt;", "执行率<80%且>50% & a<b &lt;i&gt;"),
        ("a\x00\ud800\u202eb\r\nc\x0bd", "ab\nc d"),
        ("=cmd|' /C calc'!A0 ]]>", "=cmd|' /C calc'!A0 ]]>"),
        ("<br>", "br>"),
        ("<!-- <<i>注 -->", "!-- i>注 -->"),
    ],
)
def test_only_plain_text_is_kept(text: str, shown: str) -> None:
    assert plain_text(text) == shown


@given(st.text(alphabet="<>&;/!?ab=\"' 报查\n\x00\u202e\ud800", max_size=60))
def test_plain_text_has_no_element_and_is_stable(text: str) -> None:
    found = plain_text(text)
    assert plain_text(found) == found
    assert not re.search("</?[a-z][^<>]*>", found)
    found.encode()  # no lone surrogate


def test_the_search_of_a_hundred_departments_and_a_paragraph_of_markup_are_kept() -> None:
    departments = [("department", f"云溪市青湖区农业农村局{number}") for number in range(100)]
    search = urlencode([("q", "绩" * 1_000), *departments])
    item = {**ITEM, "text": "<hr>", "search": search}
    (kept,) = parse_basket(basket_of([item])).basket.paragraphs
    assert (kept.text, kept.search) == ("hr>", search)


def test_a_basket_with_too_much_markup_is_refused() -> None:
    assert count_tags("<b><b>") == 2
    with pytest.raises(BasketError, match="HTML"):
        parse_basket(basket_of([{**ITEM, "text": "<b" * 9_000, "title": "<b" * 900}] * 3))
    assert MAX_TAGS == 20_000
