from hypothesis import example, given
from hypothesis import strategies as st

from baocha_indexer.model import MAX_PARAGRAPH
from baocha_indexer.parse import parse
from baocha_indexer.structure.long_paragraphs import pieces
from baocha_indexer.text.fold import fold

TITLE = "某市水务局2023年度绩效自评报告"


def parsed_texts(text: str) -> list[str]:
    return [p.text for p in parse(f"{TITLE}\n\n{text}\n".encode(), "x.txt").paragraphs]


@given(st.text(alphabet="水务a1,，。；”) \u0301\u3000x", max_size=400), st.integers(2, 60))
@example("水" * 100, 7)
@example("。" * 100, 7)
@example(" " * 100, 7)
def test_joined_pieces_give_the_text_and_no_piece_is_too_long(text: str, size: int) -> None:
    found = pieces(text, size)
    assert "".join(found) == text
    assert all(len(piece) <= size for piece in found)
    assert all(found) or text == ""
    assert len(found) <= 2 * (len(text) // size + 1)


@given(
    st.lists(st.sampled_from(("水务", "提质增效", "，", "a b", "2,396.6")), max_size=9), st.data()
)
def test_a_phrase_inside_a_short_sentence_is_never_cut(
    words: list[str], data: st.DataObject
) -> None:
    sentence = "".join(words) + "。"
    text = sentence * 40
    found = pieces(text, 2 * len(sentence))
    phrase = "".join(words[data.draw(st.integers(0, len(words))) :])
    assert any(fold(phrase) in fold(piece) for piece in found)
    assert sum(fold(piece).count(fold(sentence)) for piece in found) == 40


def test_cuts_after_the_quotation_mark_that_closes_a_sentence() -> None:
    assert pieces("他说：“好。”" * 3, 10) == ["他说：“好。”"] * 3


def test_cuts_after_another_mark_if_no_sentence_ends_but_not_inside_a_number() -> None:
    assert pieces("全年共支出二百，其中2,396.6万元", 15) == ["全年共支出二百，", "其中2,396.6万元"]


def test_cuts_between_chinese_characters_if_there_is_no_mark() -> None:
    assert pieces("水务建设水务abcdefg", 10) == ["水务建设水", "务abcdefg"]


def test_a_report_of_one_huge_paragraph_keeps_every_character_and_gives_a_warning() -> None:
    text = ("提质增效" + "一" * 60 + "。") * 2_000
    report = parse(f"{TITLE}\n\n{text}\n".encode(), "x.txt")
    texts = [p.text for p in report.paragraphs]
    assert "".join(texts[1:]) == text
    assert max(map(len, texts)) <= MAX_PARAGRAPH
    assert sum(t.count("提质增效") for t in texts) == 2_000
    assert [p.ordinal for p in report.paragraphs] == list(range(1, len(texts) + 1))
    (warning,) = [w for w in report.warnings if f"{MAX_PARAGRAPH:,}" in w.zh]
    assert f"{len(texts) - 1}" in warning.zh
    assert f"{len(texts) - 1}" in warning.en


def test_a_paragraph_of_the_maximum_length_is_not_cut() -> None:
    text = "水" * (MAX_PARAGRAPH - 1) + "。"
    assert parsed_texts(text) == [TITLE, text]
    assert len(parsed_texts(text + "水。")) == 3


def test_a_piece_that_begins_with_a_number_begins_no_section() -> None:
    text = (
        "一、基本情况。" + "水务建设，" * 3_000 + "。二、存在的问题。" + "水务建设，" * 3_000 + "。"
    )
    report = parse(f"{TITLE}\n\n{text}\n".encode(), "x.txt")
    assert {p.section for p in report.paragraphs[1:]} == {"基本情况"}
    assert "".join(p.text for p in report.paragraphs[1:]) == text


def test_spaces_in_a_huge_paragraph_give_no_empty_paragraph() -> None:
    texts = parsed_texts("水务" + " " * 70_000 + "建设。")
    assert all(text.strip() for text in texts)
    assert fold("".join(texts[1:])) == "水务建设。"
