import hashlib
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.text.fold import (
    FOLD_VERSION,
    MARKS,
    _fold_clusters,
    _fold_simple,
    fold,
    fold_character,
    fold_with_offsets,
)
from baocha_indexer.text.simplified import SIMPLIFIED, TRADITIONAL
from tools.make_simplified import simplified_characters

# Characters that are difficult to fold: marks, jamo, kana with separate sound marks, spaces, commas
# and digits, invisible characters, quotation marks, traditional characters.
TRICKY = st.text(alphabet="a1, 2中後“」é\u0301\u0327\u200b\u00ad\u3000\u1100\u1161\u11a8ﾊﾞςßİ㎡½")
ANY = st.one_of(st.text(), TRICKY)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        # 1. NFKC and case
        ("ＡＢＣ１２３％", "abc123%"),
        ("SO₂ 和 13 万 m²", "so2和13万m2"),
        ("㎡", "m2"),
        ("Straße", "strasse"),
        ("e\u0301", "é"),
        # 2. traditional to simplified
        ("預算績效", "预算绩效"),
        ("後", "后"),
        # 3. one form for each family of marks
        ("“提质”‘增效’「一」『二』", '"提质""增效""一""二"'),
        ("50–70—90－10", "50-70-90-10"),
        ("〔2022〕【1】", "[2022][1]"),
        ("大学城・中关村•青创汇", "大学城·中关村·青创汇"),
        ("30〜40～50∼60", "30~40~50~60"),
        # 4. invisible characters
        ("绩\u200b效\u00ad目\u0000标\ufeff", "绩效目标"),
        # 5. white space
        ("2022 年度　预算\n绩效", "2022年度预算绩效"),
        ("GDP  总量 Young   City 5 G", "gdp总量young city 5 g"),
        ("  首尾 ", "首尾"),
        # 6. thousands commas
        ("2,937.4 亿元", "2937.4亿元"),
        ("1,234,567", "1234567"),
        ("69,420,92", "69420,92"),
        ("1,2345", "1,2345"),
        ("1\u200b,2 34", "1,2 34"),
        ("10，200", "10200"),
    ],
)
def test_folds_to_the_characters_that_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.one_of(ANY, st.text(alphabet="预算中後“」 ,，，12aＡ\u3000。")))
def test_the_short_way_to_fold_gives_the_same_spans(text: str) -> None:
    simple = _fold_simple(text)
    assert simple is None or simple == _fold_clusters(text)


def test_usual_text_is_folded_the_short_way() -> None:
    assert _fold_simple("2024 年，“三公”经费 1,234.5 万元。") is not None
    assert _fold_simple("㎡") is None
    assert _fold_simple("e\u0301") is None


def test_lone_surrogates_fold_to_a_character_that_can_be_stored() -> None:
    assert fold("预\ud800算").encode() == "预\ufffd算".encode()


@given(ANY)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_folding_with_offsets_gives_the_same_text(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)


@given(ANY)
def test_offsets_are_in_order_and_within_the_text(text: str) -> None:
    folded = fold_with_offsets(text)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True)
    )


@given(st.text(alphabet="预算绩效2022年,.37万 \n元“”GDP後\u200b", min_size=1), st.data())
def test_a_span_cut_from_the_original_folds_to_the_phrase(text: str, data: st.DataObject) -> None:
    folded = fold_with_offsets(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    phrase = folded.text[start:end]
    original_start, original_end = folded.original_span(start, end)
    cut = fold(text[original_start:original_end])
    # A space or comma at the edge of a phrase was kept because of the characters next to it.
    assert cut == fold(phrase)


def test_the_table_is_equal_to_that_of_opencc() -> None:
    assert dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)) == simplified_characters()


@given(st.lists(st.sampled_from([str.lower, str.upper, str.strip]), max_size=3), st.text())
def test_case_and_outer_space_never_matter(changes: list[Callable[[str], str]], text: str) -> None:
    ascii_text = text.encode("ascii", "ignore").decode()
    changed = ascii_text
    for change in changes:
        changed = change(changed)
    assert fold(changed) == fold(ascii_text)


@pytest.mark.parametrize(
    ("form", "family"),
    [
        ('"', "“”„‟«»‹›「」『』‘’‚‛'〝〞〟"),
        ("-", "‐‑‒–—―−⁃﹘"),
        ("[", "〔【〖［"),
        ("]", "〕】〗］"),
        ("·", "•‧・∙⋅᛫⸱･"),
        ("~", "∼〜∽～"),
    ],
)
def test_all_marks_of_a_family_fold_to_one_form(form: str, family: str) -> None:
    assert fold(family) == form * len(family)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("0 9 a z", "0 9 a z"),
        ("à ö ø ÿ", "à ö ø ÿ"),
        ("ā ɏ ḁ ỿ", "ā ɏ ḁ ỿ"),
        ("2 × 3 ÷ 4", "2×3÷4"),
        ("a / b : c", "a/b:c"),
        ("ɐ ɑ α б", "ɐɑαб"),
    ],
)
def test_a_space_is_kept_only_between_latin_letters_and_digits(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("code", [0x034F, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF])
def test_variation_selectors_and_joiners_do_not_count(code: int) -> None:
    assert fold(f"辻{chr(code)}市") == "辻市"


def test_the_folded_form_of_a_character_changes_only_with_the_version() -> None:
    """An index made with other rules must not be searched with these.

    Characters of Unicode 3.2: the rules for them do not depend on the version of Python.
    """
    known = [
        char
        for char in map(chr, range(0x110000))
        if unicodedata.ucd_3_2_0.category(char) not in ("Cn", "Co")
    ]
    folded = "\0".join([*map(fold_character, known), MARKS])
    digest = hashlib.sha256(folded.encode()).hexdigest()
    assert (FOLD_VERSION, digest[:16]) == (3, "fbfeb1587985398a")


@pytest.mark.parametrize("between", [" ", "\u3000", "\u200b", " \u00ad\n"])
def test_a_mark_joins_its_letter_when_nothing_between_them_counts(between: str) -> None:
    for apart, joined in (
        ("e\u0300", "è"),
        ("e\u0301", "é"),
        ("=\u0338", "≠"),
        ("か\u3099", "が"),
        ("\u1100\u1161", "가"),
        ("가\u11a8", "각"),
    ):
        assert fold(between.join(apart)) == joined
        assert fold_with_offsets(f"预{between.join(apart)}").original_span(1, 2) == (
            1,
            3 + len(between),
        )


@pytest.mark.parametrize(
    "text", ["a  b", "a \u200b b", "1,234,567", "1, 234", " a ,1", "e\u0301  \u0327e", "ß ㎡ ½"]
)
def test_offsets_come_with_the_same_text_for_spaces_and_commas(text: str) -> None:
    assert fold_with_offsets(text).text == fold(text)
    assert fold_with_offsets(f"预{text}算").text == fold(f"预{text}算")


def test_a_letter_with_a_mark_of_its_own_does_not_join_the_letter_before_it() -> None:
    folded = fold_with_offsets("a\ufb2a")
    assert folded.text == "a\u05e9\u05c1"
    assert (folded.starts, folded.ends) == ((0, 1, 1), (1, 2, 2))
