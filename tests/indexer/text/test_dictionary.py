"""Cutting with the dictionary file, compared with rjieba."""

import re
import subprocess
import sys

import rjieba
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.text.dictionary import TOTAL, cut_without_model, dictionary_path
from baocha_indexer.text.fold import fold
from tools.manuscript import MANUSCRIPTS

LINES = dictionary_path().read_text("utf-8").splitlines()
WORDS = [line.split(" ")[0] for line in LINES]
HAN_WORDS = [word for word in WORDS if re.fullmatch("[\u3400-\u9fff]+", word)]


def by_rjieba(run: str) -> list[str]:
    with_model = True
    return rjieba.cut(run, with_model)


def test_the_total_is_the_sum_of_all_frequencies() -> None:
    assert sum(int(line.split(" ")[1]) for line in LINES) == TOTAL


def test_the_lines_are_sorted_by_their_first_character_after_those_with_latin_letters() -> None:
    start = WORDS.index("一")
    assert not set(WORDS[:start]) & set(HAN_WORDS)
    firsts = [word[0] for word in WORDS[start:]]
    assert firsts == sorted(firsts)
    assert len(set(HAN_WORDS)) == len(HAN_WORDS)


def assert_equal_to_rjieba(run: str) -> bool:
    """Check a run. Return whether it was cut without the model."""
    words = cut_without_model(run)
    assert words is None or words == by_rjieba(run)
    return words is not None


def test_the_runs_of_real_sentences_are_cut_like_rjieba_does() -> None:
    text = fold("".join(path.read_text("utf-8") for path in MANUSCRIPTS.glob("*.txt")))
    runs = sorted(set(re.findall("[\u4e00-\u9fff]+", text)))
    cut = [assert_equal_to_rjieba(run) for run in runs]
    assert sum(cut) > 0.7 * len(runs)


@given(st.lists(st.sampled_from(HAN_WORDS), min_size=1, max_size=6).map("".join))
def test_words_of_the_dictionary_in_any_order_are_cut_like_rjieba_does(run: str) -> None:
    assert_equal_to_rjieba(run)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_any_han_characters_are_cut_like_rjieba_does(run: str) -> None:
    assert_equal_to_rjieba(run)


def test_every_beginning_of_a_long_run_is_cut_like_rjieba_does() -> None:
    run = "关于加强重点项目绩效目标管理和预算执行监督工作的通知"
    assert sum(assert_equal_to_rjieba(run[:end]) for end in range(1, len(run) + 1)) > 20


def test_a_word_that_only_the_model_knows_is_left_to_rjieba() -> None:
    assert cut_without_model("王晗睿") is None
    code = (
        "import sys; from baocha_indexer.text import words_of; "
        "print([w for w, _ in words_of('预算执行率')], 'rjieba' in sys.modules); "
        "print([w for w, _ in words_of('王晗睿')], 'rjieba' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = shown.stdout.splitlines()
    assert first == f"{by_rjieba('预算执行率')} False"
    assert second == f"{by_rjieba('王晗睿')} True"
