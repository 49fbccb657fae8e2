import pytest

from baocha_indexer.model import Line
from baocha_indexer.structure.headers_footers import (
    PageNumbers,
    without_page_numbers,
    without_running_heads,
)


def kept(*texts: str, cells: tuple[str, ...] = ()) -> list[str]:
    lines, _ = without_page_numbers([Line(text) for text in texts], lambda line: line.text in cells)
    return [line.text for line in lines]


def test_removes_page_numbers_in_every_form() -> None:
    broken = "这一行在页边断开，下一页还接着往下说，中间夹着页码"
    assert kept(broken, "6", "- 7 -", "—8—", "第 9 页", "第 1 页 共 12 页", "下文") == [
        broken,
        "下文",
    ]
    pages = [text for n in range(1, 4) for text in (broken, f"{n} / 3")]
    assert kept(*pages) == [broken] * 3


def test_scores_are_not_page_numbers() -> None:
    for scores in (("10/10", "8/10", "9/10"), ("3/12",), ("2/3", "95/100")):
        assert kept(*scores, "得分情况如上。") == [*scores, "得分情况如上。"]


def test_numbers_that_ascend_page_by_page_are_removed() -> None:
    pages = [[f"第{n}页第{line}行完。" for line in range(30)] + [str(n)] for n in (1, 2, 3)]
    pages[-1] = [*pages[-1][:2], "3"]
    assert kept(*(text for page in pages for text in page)) == [
        text for page in pages for text in page[:-1]
    ]


def test_a_number_alone_that_is_not_a_page_number_is_kept() -> None:
    for lines in (
        ("自评得分：", "96"),
        ("离休人员", "8", "以上为全部，完毕。"),
        ("离休人员", "8", "退休人员", "10", "以上为全部，完毕。"),
    ):
        assert kept(*lines) == list(lines)
    assert heads_gone(Line("96", whole=True)) == ["96"]


def test_keeps_text_that_only_begins_like_a_page_number() -> None:
    lines = ("6 项任务完成。", "2023", "第 9 页的表格见附件。")
    assert kept(*lines) == list(lines)


def test_keeps_a_number_between_cells() -> None:
    assert kept("甲", "6", "乙", cells=("甲", "乙")) == ["甲", "6", "乙"]


def test_returns_the_page_numbers_that_may_be_among_cells() -> None:
    numbers = PageNumbers(((10, 3), (50, 6)))
    assert list(numbers.missing_between(12, 40)) == [4, 5]
    assert list(numbers.missing_between(60, 70)) == [7, 8]
    assert list(numbers.missing_between(0, 5)) == [1, 2]
    assert list(PageNumbers(()).missing_between(0, 5)) == []


def heads_gone(*lines: Line) -> list[str]:
    return [line.text for line in without_running_heads(lines)]


HEAD = "青湖区水务局部门决算"


def test_running_heads_after_form_feeds_are_removed() -> None:
    pages = [(HEAD, f"第{n}页正文说明。") for n in ("一", "二", "三", "四")]
    lines = [Line(text, number) for number, page in enumerate(pages, 1) for text in page]
    assert heads_gone(*lines) == [HEAD, *(page[1] for page in pages)]


def test_running_feet_beside_ascending_page_numbers_are_removed() -> None:
    texts = [[f"第{page}页第{n}行正文。" for n in range(10)] for page in range(3)]
    pages = [Line(line) for n, text in enumerate(texts, 1) for line in (*text, HEAD, str(n))]
    assert heads_gone(*pages) == [*texts[0], HEAD, "1", *texts[1], "2", *texts[2], "3"]
    marked = [Line(text) for n in "123" for text in (f"正文{n}。", f"- {n} -", HEAD)]
    assert heads_gone(*marked).count(HEAD) == 1


def test_text_repeated_between_figures_that_do_not_ascend_is_kept() -> None:
    cells = [Line(text) for n in ("8", "3", "5") for text in (HEAD, n)]
    assert heads_gone(*cells) == [line.text for line in cells]


def test_a_department_repeated_beside_row_numbers_is_kept() -> None:
    cells = [Line(text) for n in range(1, 9) for text in (str(n), "某某市教育局", f"{n}2.5")]
    assert heads_gone(*cells) == [line.text for line in cells]


def test_sentences_and_short_cells_are_not_running_heads() -> None:
    for text in ("执行情况良好。", "合计", "97.60%"):
        lines = [Line(text, page) for page in (1, 2, 3, 4)]
        assert heads_gone(*lines) == [text] * 4


def paged(*pages: tuple[str, ...]) -> list[Line]:
    return [Line(text, number) for number, page in enumerate(pages, 1) for text in page]


@pytest.mark.parametrize("figures", [("120", "340", "560"), ("2", "3", "5"), ("96", "96", "96")])
@pytest.mark.parametrize("lines", [2, 12])
def test_figures_on_the_last_lines_of_pages_that_do_not_count_the_pages_are_kept(
    figures: tuple[str, ...], lines: int
) -> None:
    pages = paged(*((*["说明完毕。"] * lines, figure) for figure in figures))
    found, _ = without_page_numbers(pages, lambda _: False)
    assert found == pages


@pytest.mark.parametrize("numbers", [("1", "2"), ("2", "4", "6"), ("1", "2", "1", "1", "2")])
def test_numbers_that_count_the_pages_are_removed_from_short_pages(
    numbers: tuple[str, ...],
) -> None:
    found, _ = without_page_numbers(
        paged(*(("说明完毕。", number) for number in numbers)), lambda _: False
    )
    assert [line.text for line in found] == ["说明完毕。"] * len(numbers)


def test_the_figure_at_the_end_of_a_text_that_cannot_be_its_page_is_kept() -> None:
    assert kept("说明完毕。", "560") == ["说明完毕。", "560"]
    assert kept("说明完毕。", "1") == ["说明完毕。"]


def test_text_repeated_beside_figures_that_do_not_count_the_pages_is_kept() -> None:
    texts = [[f"第{page}页第{n}行正文。" for n in range(10)] for page in range(3)]
    figures = ("120", "340", "560")
    pages = [
        Line(line) for text, n in zip(texts, figures, strict=True) for line in (*text, HEAD, n)
    ]
    assert heads_gone(*pages) == [line.text for line in pages]


@pytest.mark.parametrize(
    "page",
    [
        (HEAD,),
        (HEAD, "请各单位按时报送材料"),
        (HEAD, "请报送材料", "联系电话", "青湖区水务局办公室"),
        (HEAD, "收件单位：{}", "请各单位按时报送材料", "青湖区水务局办公室"),
    ],
)
def test_pages_that_are_copies_of_a_form_keep_their_lines(page: tuple[str, ...]) -> None:
    pages = paged(*(tuple(text.format(name) for text in page) for name in "甲乙丙丁"))
    assert heads_gone(*pages) == [line.text for line in pages]


def test_an_amount_that_a_sentence_is_broken_around_is_kept() -> None:
    before = "某局2023年全年完成河道治理的投资总额经审核为"
    assert kept(before, "302", "万元，比上年增长。") == [before, "302", "万元，比上年增长。"]
    assert kept(before, "302", "比上年增长。") == [before, "302", "比上年增长。"]
    assert kept(before, "30", "比上年增长。") == [before, "比上年增长。"]


@pytest.mark.parametrize(
    "title",
    ["{}年度一般公共预算支出情况", "表{}部门收支总体情况", "{}.绩效目标完成情况", "绩效目标申报表"],
)
def test_titles_at_the_top_of_pages_are_no_running_heads(title: str) -> None:
    lines = [
        Line(text, page)
        for page in range(1, 5)
        for text in (title.format(2020 + page if "年" in title else page), f"第{page}页的正文。")
    ]
    assert without_running_heads(lines) == lines
