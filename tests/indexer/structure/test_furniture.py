from indexer.model import Line
from indexer.structure.furniture import PageNumbers, without_page_numbers


def kept(*texts: str, cells: tuple[str, ...] = ()) -> list[str]:
    lines, _ = without_page_numbers([Line(text) for text in texts], lambda line: line.text in cells)
    return [line.text for line in lines]


def test_drops_page_numbers_in_every_dress() -> None:
    assert kept("上文", "6", "- 7 -", "—8—", "第 9 页", "第 1 页 共 12 页", "3/12", "下文") == [
        "上文",
        "下文",
    ]


def test_keeps_text_that_only_begins_like_a_page_number() -> None:
    lines = ("6 项任务完成。", "2023", "第 9 页的表格见附件。")
    assert kept(*lines) == list(lines)


def test_keeps_a_number_between_cells() -> None:
    assert kept("甲", "6", "乙", cells=("甲", "乙")) == ["甲", "6", "乙"]


def test_tells_which_page_numbers_may_hide_among_cells() -> None:
    numbers = PageNumbers(((10, 3), (50, 6)))
    assert list(numbers.missing_between(12, 40)) == [4, 5]
    assert list(numbers.missing_between(60, 70)) == [7, 8]
    assert list(numbers.missing_between(0, 5)) == [1, 2]
    assert list(PageNumbers(()).missing_between(0, 5)) == []
