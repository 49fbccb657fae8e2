from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.local.suggest.pairs import Pairs
from baocha.search.local.suggest.pinyin import Pinyin
from baocha.search.local.suggest.readings import readings_of
from baocha_indexer.text import bare, fold
from tests.app.search.indexes import Indexed, sentences, write_index, write_segments
from tests.app.search.reference import occurrences

SENTENCES = (
    "招商引资工作取得成效。",
    "绩效评价结果良好，绩效评价报告已公开。",
    "西安银行的执行率与行政处罚。",
    "旅游局的绿化项目。",
)


@pytest.fixture(scope="module", params=["one segment", "many segments"])
def indexed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    entries = sentences(texts=SENTENCES) + sentences("教育局", SENTENCES[:2])
    write = write_index if request.param == "one segment" else write_segments
    folder: Path = write(tmp_path_factory.mktemp("pinyin") / "index", entries)
    return Indexed.of(folder, entries)


def from_letters(indexed: Indexed, typed: str) -> list[str]:
    pinyin = Pinyin(Pairs(indexed.collection))
    return [text for text, _ in pinyin.from_letters(typed, indexed.evaluation())]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("zhaoshang", "招商"),
        ("zhao shang", "招商"),
        ("zhaoshangyinzi", "招商引资"),
        ("zsyz", "招商引资"),
        ("zhshyz", "招商引资"),
        ("jixiaopingjia", "绩效评价"),
        ("jxpj", "绩效评价"),
        ("xi'an", "西安"),
        ("xian", "西安"),
        ("yinhang", "银行"),
        ("zhixinglv", "执行率"),
        ("zhixinglü", "执行率"),
        ("lvyouju", "旅游局"),
        ("xingzhengchufa", "行政处罚"),
    ],
)
def test_letters_stand_for_what_the_index_has(indexed: Indexed, typed: str, wanted: str) -> None:
    assert from_letters(indexed, typed)[0] == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("绩肖平价", "绩效评价"),
        ("招伤引自", "招商引资"),
        ("西按", "西安"),
        ("星政初法", "行政处罚"),
    ],
)
def test_characters_stand_for_others_of_the_same_sound(
    indexed: Indexed, typed: str, wanted: str
) -> None:
    pinyin = Pinyin(Pairs(indexed.collection))
    assert next(pinyin.from_characters(typed, indexed.evaluation()))[0] == wanted


@given(
    text=st.sampled_from(SENTENCES).flatmap(
        lambda text: st.tuples(st.just(text), st.integers(0, 8), st.integers(2, 6))
    ),
    choices=st.lists(st.integers(0, 5), min_size=6, max_size=6),
)
def test_what_is_found_occurs_as_often_and_is_read_so(
    indexed: Indexed, text: tuple[str, int, int], choices: list[int]
) -> None:
    sentence, start, length = text
    part = sentence[start : start + length]
    if not all(map(readings_of, part)):
        return
    syllables = [
        readings_of(char)[choice % len(readings_of(char))]
        for char, choice in zip(part, choices, strict=False)
    ]
    pinyin = Pinyin(Pairs(indexed.collection))
    texts = [bare(fold(entry.text)) for _, entry in indexed.live()]
    evaluation = indexed.evaluation()
    found = dict(pinyin.from_letters(" ".join(syllables), evaluation, "unfinished"))
    assert part in found
    for other, count in found.items():
        assert count == sum(len(occurrences(other, inside)) for inside in texts)
        for char, syllable in list(zip(other, syllables, strict=True))[:-1]:
            assert syllable in readings_of(char)


@pytest.mark.parametrize(
    "typed", ["", "z", "zs", "'", "zhao" * 250, "zhaobcd", "qqqq", "招商", "12", "uuuvvviii"]
)
def test_other_letters_stand_for_nothing(indexed: Indexed, typed: str) -> None:
    assert from_letters(indexed, typed) == []


def test_a_small_or_empty_index_is_no_problem(tmp_path: Path) -> None:
    for number, texts in enumerate(([], ["a"], ["招"])):
        entries = sentences(texts=texts)
        found = Indexed.of(write_index(tmp_path / str(number), entries), entries)
        pinyin = Pinyin(Pairs(found.collection))
        assert from_letters(found, "zhaoshang") == []
        assert not list(pinyin.from_characters("招商", found.evaluation()))
