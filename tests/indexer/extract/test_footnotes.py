from baocha_indexer.extract.page import Fragment, Page, lines_of_pages

BODY, NOTE = 16.0, 9.0


def page(number: int, texts: list[tuple[str, float]]) -> Page:
    fragments = [
        Fragment(text, 90, 800 - 24 * at, 90 + 20 * len(text), 800 - 24 * at + height)
        for at, (text, height) in enumerate(texts)
    ]
    return Page(number, 0, 842, tuple(fragments))


def lines(*pages: list[tuple[str, float]]) -> list[tuple[str, bool]]:
    found = lines_of_pages([page(at, texts) for at, texts in enumerate(pages, start=1)])
    return [(line.text, line.whole) for line in found]


def body(*texts: str) -> list[tuple[str, float]]:
    return [(text, BODY) for text in texts]


def note(*texts: str) -> list[tuple[str, float]]:
    return [(text, NOTE) for text in texts]


def test_a_footnote_does_not_interrupt_the_sentence_that_continues_on_the_next_page() -> None:
    first = body("一、收入情况", "本年收入增加，主要是") + note(
        "1 含上年结转。", "2 不含", "债券。"
    )
    assert lines(first, body("财政拨款增加。", "二、支出情况")) == [
        ("一、收入情况", False),
        ("本年收入增加，主要是", False),
        ("财政拨款增加。", False),
        ("1 含上年结转。", True),
        ("2 不含债券。", True),
        ("二、支出情况", False),
    ]


def test_a_footnote_comes_behind_a_page_that_ends_with_a_paragraph() -> None:
    first = body("收入增加。") * 3 + note("① 含结转。")
    found = lines(first, body("支出减少。"))
    assert found[3:] == [("① 含结转。", True), ("支出减少。", False)]


def test_small_text_without_a_mark_and_text_of_the_usual_size_are_not_footnotes() -> None:
    small = body("收入增加，", "主要是") + note("注：含结转。", "9.5 万元")
    assert [whole for _, whole in lines(small, body("拨款增加。"))] == [False] * 5
    large = body("收入增加，", "主要是", "1 项收入。")
    assert [whole for _, whole in lines(large, body("拨款增加。"))] == [False] * 4


def test_a_page_with_only_small_text_has_no_footnotes() -> None:
    assert lines(note("1 含结转。", "2 不含。")) == [("1 含结转。", False), ("2 不含。", False)]
