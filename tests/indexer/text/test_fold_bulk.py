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
