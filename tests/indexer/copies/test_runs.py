"""The runs that texts share are those of the quadratic reference, whatever the texts are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocha_indexer.copies import MOST_PLACES, MaskedTexts, Runs, find_runs, masked_texts
from baocha_indexer.copies.fingerprints import LEAST_RUN, MOST_REPEATS, WINDOW, fingerprints
from baocha_indexer.store.write.copies import new_texts
from baocha_indexer.text import tokenise
from tests.indexer.copies.reference import runs_of


def masked(texts: list[str]) -> MaskedTexts:
    tokens = tokenise(texts)
    return masked_texts(tokens.codes, tokens.lengths)


NOTHING = masked([])


def found_in(new: list[str], old: list[str] | None = None) -> set[tuple[str, str, int, int, int]]:
    """Return the runs by the texts that they are in, each pair of texts in the order of their code points."""
    tables = [new_texts([masked(texts)]) for texts in (new, old or [])]
    runs = find_runs(*tables)
    texts = {}
    for text in [*new, *(old or [])]:
        of_text = masked([text])
        if len(of_text.paragraphs):
            texts[int(of_text.digests[0])] = text
    return {
        min((texts[a], texts[b], s, t, n), (texts[b], texts[a], t, s, n))
        for a, b, s, t, n in zip(
            runs.texts.tolist(),
            runs.others.tolist(),
            runs.starts.tolist(),
            runs.other_starts.tolist(),
            runs.lengths.tolist(),
            strict=True,
        )
    }


def expected_in(new: list[str], old: list[str]) -> set[tuple[str, str, int, int, int]]:
    texts = sorted({*new, *old})
    return {
        min((a, b, s, t, n), (b, a, t, s, n))
        for a in texts
        for b in texts
        if a < b and (a in new or b in new)
        for s, t, n in runs_of(a, b)
    }


def letters(alphabet: str) -> st.SearchStrategy[str]:
    """Return texts of pieces that are likely to occur in several texts."""
    pieces = st.text(st.sampled_from(alphabet), min_size=1, max_size=30)
    return st.lists(pieces, max_size=5).map("".join)


@st.composite
def related(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    alphabet = draw(st.sampled_from(["甲乙", "甲乙丙丁戊己庚辛"]))
    pieces = draw(st.lists(letters(alphabet), min_size=2, max_size=4))
    text = st.lists(st.sampled_from(pieces) | letters(alphabet), max_size=4).map("".join)
    return draw(st.lists(text, max_size=5)), draw(st.lists(text, max_size=3))


@given(related())
@settings(max_examples=300)
def test_the_runs_are_those_of_the_quadratic_reference(texts: tuple[list[str], list[str]]) -> None:
    new, old = texts
    repeats = max(
        (text.count(text[at : at + 16]) for text in new + old for at in range(len(text))), default=0
    )
    if repeats > MOST_REPEATS:  # a longer repetition is limited, see below
        return
    assert found_in(new, old) == expected_in(new, old)


@given(letters("甲乙丙"))
def test_each_window_of_a_run_has_a_fingerprint(text: str) -> None:
    of_text = masked([text])
    assert len(of_text.paragraphs) == (len(text) >= LEAST_RUN)
    if len(set(of_text.keys.tolist())) < len(of_text.keys):
        return  # repetitions may be left out
    offsets = set(of_text.offsets.tolist())
    for start in range(len(text) - LEAST_RUN + 1):
        assert offsets & set(range(start, start + WINDOW))


def text_of(seed: int, length: int) -> str:
    """Return a text without repetitions."""
    codes = np.random.default_rng(seed).integers(0x4E00, 0x9000, length)
    return "".join(map(chr, codes.tolist()))


def test_a_run_of_25_characters_is_found_and_one_of_24_is_not() -> None:
    shared = text_of(1, 25)
    first, second = f"{text_of(2, 40)}{shared}{text_of(3, 40)}", f"{text_of(4, 30)}{shared}"
    assert {run[2:] for run in found_in([first, second])} in ({(40, 30, 25)}, {(30, 40, 25)})
    assert not found_in([first.replace(shared[12], "一"), second])
    assert not found_in([first, f"{text_of(4, 30)}{shared[:24]}"])


def test_runs_are_found_in_texts_that_were_there_before() -> None:
    shared = text_of(1, 60)
    assert len(found_in([f"新{shared}"], [f"旧{shared}", text_of(5, 80)])) == 1


def test_a_passage_at_too_many_places_is_not_compared() -> None:
    shared = text_of(1, 40)
    many = [f"{text_of(10 + number, 10)}{shared}" for number in range(MOST_PLACES + 1)]
    # Some are found through a fingerprint at the edge, which not all of the texts have.
    assert len(found_in(many)) < MOST_PLACES * (MOST_PLACES - 1) // 4
    assert len(found_in(many[:-1])) == MOST_PLACES * (MOST_PLACES - 1) // 2


@pytest.mark.parametrize("length", [25, 1_000, 20_000])
def test_a_text_of_one_character_has_few_fingerprints(length: int) -> None:
    codes = np.full(length, ord("甲"), dtype=np.uint32)
    keys, _, _ = fingerprints(codes, np.array([length], dtype=np.uint32))
    assert 1 <= len(keys) <= MOST_REPEATS


def test_texts_of_one_character_share_the_shorter_one() -> None:
    runs = found_in(["甲" * 20_000], ["甲" * 19_000])
    assert max(run[4] for run in runs) == 19_000


def test_no_texts_have_no_runs() -> None:
    assert not found_in([])
    assert len(Runs.joined([]).distinct()) == 0
