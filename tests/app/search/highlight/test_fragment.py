"""Text fragments, read back as a browser does."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from baocha.search.highlight import text_fragment


def test_a_short_text_is_given_whole_and_a_row_by_its_first_and_last_cell() -> None:
    assert text_fragment("水质, 2023-4") == ":~:text=%E6%B0%B4%E8%B4%A8%2C%202023%2D4"
    assert unquote(text_fragment("福利费 | 302 |  | 42.77")) == ":~:text=福利费,42.77"


def test_a_long_text_is_cut_at_marks() -> None:
    text = (
        "全年共检测水质样品三百份，" + "其中合格的占绝大多数" * 8 + "，较上年提高百分之二点五。完"
    )
    shown = unquote(text_fragment(text))
    assert shown == ":~:text=全年共检测水质样品三百份,较上年提高百分之二点五。完"


@given(st.text(alphabet="水质合格，。、-&, a%#|", max_size=150))
def test_start_and_end_are_in_the_text_in_order(text: str) -> None:
    directive = text_fragment(text).removeprefix(":~:text=")
    assert not set(directive) & set(" -&#")
    at = 0
    for part in map(unquote, directive.split(",")):
        at = text.index(part, at) + len(part)
