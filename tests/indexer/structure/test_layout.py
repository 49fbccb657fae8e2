from baocha_indexer.model import Line
from baocha_indexer.structure.layout import did_not_fit, layout_of, width, wrap_width

FULL = "全面贯彻落实坚持产业第一制造业立市持续提升投资和建设"


def test_rows_of_tables_do_not_show_the_width_of_the_page() -> None:
    text = [Line(FULL)] * 5
    rows = [Line(FULL + " | 20.5" + "0" * n, whole=True, role="table") for n in range(20)]
    assert layout_of([*text, *rows]).page_columns == width(FULL)


def test_a_han_character_has_two_columns_and_a_space_half_a_column() -> None:
    assert width("年度2022") == 8
    assert width("年 2") == 5.5 - 2
    assert width("“”") == 4


def test_finds_the_margin_at_which_many_lines_end() -> None:
    assert wrap_width([FULL] * 5 + [FULL[:-2]] * 3) == width(FULL)


def test_finds_no_margin_if_lines_are_paragraphs() -> None:
    paragraphs = [FULL * n + "。" for n in range(1, 9)]
    assert wrap_width(paragraphs) is None


def test_the_margin_broke_a_line_only_if_the_next_word_did_not_fit() -> None:
    room = width(FULL)
    assert did_not_fit(FULL, "设便利度", room)
    assert not did_not_fit(FULL[:-3], "设便利度", room)
    assert did_not_fit(FULL[:-3], "1025.70 万元", room)


def test_blank_lines_separate_paragraphs_if_no_continued_line_has_one() -> None:
    short = [Line(f"（{n}）收支平衡。", blank_before=True) for n in "一二三四五六七八九十" * 4]
    continued = [Line(FULL)] * 7
    # Nearly every line is a paragraph and follows a blank line.
    assert layout_of([*short, *continued]).blanks_separate
    everywhere = [Line(FULL, blank_before=True)] * 7
    assert not layout_of([*short, *everywhere]).blanks_separate
