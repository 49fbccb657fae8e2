"""The spans of phrases in the original text, compared with folding each stretch of it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.local.match import spans_of
from baocha.search.local.match.spans import MAX_SPANS
from baocha.search.query import Phrase
from baocha_indexer.text import fold
from tests.app.search.indexes import Indexed, few_examples, phrases, write_index
from tests.app.search.reference import Entry, covered, expected_cover, readings

wanted_phrases = st.lists(
    st.builds(lambda text, exact: Phrase(text, fold(text), exact), phrases, st.booleans()),
    max_size=3,
)


@few_examples
@given(wanted=wanted_phrases, seed=st.integers(0, 99))
def test_spans_cover_every_occurrence_sorted_and_apart(
    large: Indexed, wanted: list[Phrase], seed: int
) -> None:
    documents = large.some(seed, 30)
    spans = spans_of(wanted, documents, large.evaluation())
    assert all(spans.values())
    for document in documents.tolist():
        entry = large.entries[document]
        assert entry is not None
        found = spans.get(document, ())
        assert all(end < start for (_, end), (start, _) in pairwise(found))
        assert expected_cover(entry.text, tuple(wanted)) <= covered(found)
        for start, end in found:
            assert any(
                sought in normal(entry.text[start:end])
                for phrase in wanted
                for normal, sought in readings(phrase)
            )


def test_the_documents_may_be_in_any_order(large: Indexed) -> None:
    phrase = [Phrase("预算", "预算")]
    documents = large.some(1, 200)
    spans = spans_of(phrase, documents, large.evaluation())
    assert spans_of(phrase, documents[::-1], large.evaluation()) == spans


@pytest.mark.parametrize(
    ("text", "phrase", "marked"),
    [
        ("发放小化妆包 20 个。", "小化妆", "小化妆"),
        ("全年预算 2,937.4 万元。", "2937.4", "2,937.4"),
        ("截至 2022 年度，", "2022年度", "2022 年度"),
        ("SO₂ 排放下降。", "so2", "SO₂"),
        ("面积 3㎡。", "3m2", "3㎡"),
        ("cafe\u0301很好。", "café", "cafe\u0301"),
        ("共 12 个。", "个", "个"),
    ],
)
def test_a_span_is_the_whole_phrase_in_the_original_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, phrase: str, marked: str
) -> None:
    entries = [
        Entry("r", n, t, "", 2022, "", "") for n, t in enumerate(["别的话。", text], start=1)
    ]
    indexed = Indexed.of(write_index(tmp_path_factory.mktemp("spans"), entries), entries)
    evaluation = indexed.evaluation()
    (span,) = spans_of([Phrase(phrase, fold(phrase))], indexed.some(0, 2), evaluation)[1]
    assert text[slice(*span)] == marked


@pytest.mark.parametrize("phrase", ["预", "预算"])
def test_only_the_first_occurrences_in_a_very_long_paragraph_are_marked(
    tmp_path: Path, phrase: str
) -> None:
    # Such a paragraph is in an index that was made before long paragraphs were cut.
    texts = ["预算，" * (MAX_SPANS + 3), "有预算。", "预算，" * MAX_SPANS]
    entries = [Entry("r", n, text, "", 2022, "", "") for n, text in enumerate(texts, start=1)]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    documents = np.array([2, 0, 1], dtype=np.int64)
    spans = spans_of([Phrase(phrase, phrase)], documents, indexed.evaluation())
    for long in (0, 2):
        assert len(spans[long]) == MAX_SPANS
        assert spans[long][-1] == (3 * (MAX_SPANS - 1), 3 * (MAX_SPANS - 1) + len(phrase))
    assert spans[1] == ((1, 1 + len(phrase)),)


@pytest.mark.parametrize(
    ("text", "phrase", "marked"),
    [
        ("有cafe\u0301，无cafe\u0301。", "café", ["cafe\u0301", "cafe\u0301"]),
        ("有e\u0301e\u0301e\u0301，e\u0301e。", "éé", ["e\u0301e\u0301e\u0301"]),
        ("有e\u0301，e，ee\u0301。", "é", ["e\u0301", "e\u0301"]),
    ],
)
def test_every_occurrence_is_marked_where_letters_have_marks_of_their_own(
    tmp_path: Path, text: str, phrase: str, marked: list[str]
) -> None:
    entries = [Entry("r", 1, text, "", 2022, "", "")]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    (spans,) = spans_of([Phrase(phrase, phrase)], indexed.some(0, 1), indexed.evaluation()).values()
    assert [text[slice(*span)] for span in spans] == marked
