from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.text.fold import fold, fold_with_offsets
from baocha_indexer.text.fold_bulk import fold_all
from baocha_indexer.text.words import words_of, words_of_all

# Characters that need the slow method, or whose folding depends on their neighbours.
TRICKY = st.text(
    st.sampled_from(" ,，\u3000012345aéZ国國绩效…①\u0301\0\u200b\u1100\u1161\ufb01—“.%-_/\n")
)
TEXTS = st.lists(st.one_of(TRICKY, st.text()), max_size=6)


@given(TEXTS)
def test_folds_each_text_like_fold_and_returns_the_same_origins(texts: list[str]) -> None:
    folded = fold_all(texts)
    for at, text in enumerate(texts):
        here = slice(folded.starts[at], folded.starts[at + 1])
        alone = fold_with_offsets(text)
        assert folded.codes[here].tobytes().decode("utf-32-le") == fold(text)
        assert folded.origins[here].tolist() == list(alone.starts)
        ends_elsewhere = any(e != s + 1 for s, e in zip(alone.starts, alone.ends, strict=True))
        assert (at in folded.clustered) == ends_elsewhere


@given(TEXTS)
def test_splits_many_texts_into_the_words_of_each(texts: list[str]) -> None:
    folded = fold_all(texts)
    words, places = words_of_all(folded.codes, folded.starts)
    found = sorted(zip(places.tolist(), words, strict=True))
    assert found == sorted(
        (at, word) for at, text in enumerate(texts) for word, _ in words_of(fold(text))
    )


def agrees_with_fold(texts: list[str]) -> None:
    folded = fold_all(texts)
    joined = folded.codes.tobytes().decode("utf-32-le")
    bounds = folded.starts.tolist()
    assert [joined[a:b] for a, b in pairwise(bounds)] == list(map(fold, texts))
    origins = [at for text in texts for at in fold_with_offsets(text).starts]
    assert folded.origins.tolist() == origins


@pytest.mark.parametrize(("alphabet", "longest"), [(" a绩,", 5), ("1,a", 8)])
def test_folds_every_short_text_of_spaces_and_commas_as_fold_does(
    alphabet: str, longest: int
) -> None:
    texts = [
        "".join(text) for size in range(longest + 1) for text in product(alphabet, repeat=size)
    ]
    agrees_with_fold(texts)
    for text in (
        "0 0 9 9 a a z z",
        "à ö ö ø ø ɏ ɏ ḁ ḁ ỿ ỿ",
        "a × a ÷ ǃ ɐ",
        "",
        " ",
        ",",
        "a ",
        " a",
        "1,234",
        "1,2345",
        "2 3",
        "\U0010ffff",
    ):
        agrees_with_fold([text])
        agrees_with_fold([text, "e\u0301", text])


@pytest.mark.parametrize("before", ["e", "가"])
def test_folds_every_character_as_fold_does(before: str) -> None:
    # Without the Han characters and most of the Hangul syllables, for speed.
    codes = [
        *range(0x3400),
        *range(0xAC00, 0xAC20),
        *range(0xD7A0, 0xE000),
        *range(0xF900, 0x11000),
    ]
    agrees_with_fold([before + chr(code) for code in codes])


def test_knows_the_texts_in_which_characters_are_joined() -> None:
    texts = ["绩效", "e\u0301", "㎡", "", "a ßb", "x\u200b", "か\u3099"]
    assert fold_all(texts).clustered.tolist() == [1, 5, 6]
    assert fold_all(["绩效", "a b"]).clustered.tolist() == []
    assert fold_all([]).starts.tolist() == [0]
