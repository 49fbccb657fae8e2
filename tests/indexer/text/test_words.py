import re

import jieba
import pytest

from baocha_indexer.text.fold import fold
from baocha_indexer.text.words import dictionary_digest, segmenter_version, words_of
from tools.manuscript import MANUSCRIPTS


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """jieba with its dictionary in memory. Its cache file is shared by all users."""
    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def test_cuts_every_run_of_han_characters_like_jieba(reference: jieba.Tokenizer) -> None:
    text = fold("".join(path.read_text("utf-8") for path in MANUSCRIPTS.glob("*.txt")))
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    assert len(runs) > 3000
    for run in runs:
        assert [word for word, _ in words_of(run)] == reference.lcut(run)


def test_other_runs_are_words_and_offsets_point_at_them() -> None:
    folded = fold("5G、SQG15-02 地块达到 97.60%")
    words = list(words_of(folded))
    assert [word for word, _ in words] == ["5g", "sqg15-02", "地块", "达到", "97.60"]
    assert all(folded[at : at + len(word)] == word for word, at in words)


def test_the_versions_of_the_segmenter_are_known() -> None:
    assert "jieba 0.42.1" in segmenter_version()
    assert re.fullmatch("[0-9a-f]{64}", dictionary_digest())
