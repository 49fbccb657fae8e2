import ctypes
from random import Random
from time import process_time
from typing import Any

import pypdfium2
import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.page import Fragment, Page, lines_of_pages
from baocha_indexer.extract.pdf.characters import Character, fragments_of
from baocha_indexer.extract.pdf.reader import _is_broken, _is_substituted, extract
from baocha_indexer.extract.rulings import Ruling, find_tables, rulings_of_path
from baocha_indexer.text import fold
from tests.indexer.extract.archives import saved
from tools.make_corpus import SCANNED, rendered_path, scan_path


def characters(
    text: str, left: float = 100.0, bottom: float = 700.0, gap: float = 0.0
) -> list[Character]:
    """Return characters of 10 points side by side. A space gives a gap, and no character."""
    found = []
    at, after_space = left, False
    for char in text:
        if char == " ":
            after_space, at = True, at + 5
            continue
        found.append(Character(char, at, bottom, at + 10, bottom + 10, after_space))
        after_space, at = False, at + 10 + gap
    return found


def texts(*runs: list[Character]) -> list[str]:
    return [fragment.text for fragment in fragments_of([c for run in runs for c in run])]


def test_a_new_line_and_a_wide_gap_separate_fragments() -> None:
    assert texts(characters("甲乙"), characters("丙丁", bottom=680)) == ["甲乙", "丙丁"]
    assert texts(characters("甲乙"), characters("丙丁", left=140)) == ["甲乙", "丙丁"]
    assert texts(characters("甲乙", gap=4)) == ["甲乙"]


def test_spaces_are_kept_beside_latin_and_removed_between_chinese() -> None:
    assert texts(characters("元 ，全年 GIS 平 台")) == ["元，全年 GIS 平台"]


def test_a_space_separates_the_number_of_a_chapter_from_its_title() -> None:
    assert texts(characters("第一章 总则")) == ["第一章 总则"]
    assert texts(characters("第十二条"), characters("为了规范管理", left=152)) == [
        "第十二条 为了规范管理"
    ]
    # A wide gap separates cells.
    assert texts(characters("第一章"), characters("金额", left=200)) == ["第一章", "金额"]
    assert texts(characters("项目"), characters("金额", left=132)) == ["项目", "金额"]


def test_a_raised_figure_is_kept_and_the_mark_of_a_footnote_is_removed() -> None:
    line = characters("共3m")
    raised = Character("2", 130, 705, 135, 711, after_space=False)
    rest = characters("，绩效", left=135)
    assert texts(line, [raised], rest) == ["共3m2，绩效"]
    mark = Character("1", 120, 705, 124, 711, after_space=False)
    assert texts(characters("绩效"), [mark], characters("目标", left=124)) == ["绩效目标"]


def test_a_small_figure_in_the_next_cell_is_not_the_mark_of_a_footnote() -> None:
    raised = [
        Character(char, 122 + 4 * n, 705, 126 + 4 * n, 711, after_space=False)
        for n, char in enumerate("42")
    ]
    wall = [Ruling(121, 690, 121, 720)]
    found = fragments_of([*characters("费用"), *raised], wall)
    assert [fragment.text for fragment in found] == ["费用", "42"]


def test_a_low_box_does_not_break_a_line() -> None:
    low = Character("一", 110, 704, 120, 706, after_space=False)
    assert texts(characters("“"), [low], characters("户一表", left=120)) == ["“一户一表"]


def test_a_low_mark_belongs_to_the_line_with_higher_figures() -> None:
    low = Character("、", 110, 700, 120, 704, after_space=False)
    figures = [c._replace(bottom=703, top=715) for c in characters("2.5", left=300)]
    assert texts(figures, characters("一"), [low], characters("般公共", left=120)) == [
        "一、般公共",
        "2.5",
    ]


def test_a_wide_gap_after_the_number_of_a_part_separates_no_cells() -> None:
    assert texts(characters("第一部分"), characters("部门概况", left=170)) == ["第一部分 部门概况"]


def fragment(text: str, left: float, bottom: float, width: float | None = None) -> Fragment:
    return Fragment(text, left, bottom, left + (width or 10 * len(text)), bottom + 10)


def page(number: int, *fragments: Fragment, rulings: tuple[Ruling, ...] = ()) -> Page:
    return Page(number, 0, 842, fragments, rulings)


def test_lines_that_begin_farther_to_the_right_are_indented() -> None:
    lines = lines_of_pages(
        [page(1, fragment("甲", 120, 600), fragment("乙", 100, 580), fragment("丙", 100, 560))]
    )
    assert [line.indented for line in lines] == [True, False, False]


def test_indents_are_ignored_if_most_lines_have_one() -> None:
    fragments = [fragment(str(n), 120, 600 - 20 * n) for n in range(8)]
    lines = lines_of_pages(
        [page(1, fragment("甲", 100, 640), fragment("乙", 100, 620), *fragments)]
    )
    assert {line.indented for line in lines} == {None}


def test_text_repeated_in_the_margins_of_many_pages_is_removed() -> None:
    pages = [
        page(
            n,
            fragment("水务局决算", 100, 800),
            fragment(f"正文{n}", 100, 500),
            fragment(f"— {n} —", 280, 40),
        )
        for n in range(1, 5)
    ]
    assert [(line.text, line.page) for line in lines_of_pages(pages)] == [
        (f"正文{n}", n) for n in range(1, 5)
    ]


def test_a_title_that_running_heads_repeat_is_kept() -> None:
    title = Fragment("水务局决算", 100, 780, 300, 802)
    pages = [page(1, title, fragment("正文1", 100, 500))]
    pages += [
        page(n, fragment("水务局决算", 100, 810), fragment(f"正文{n}", 100, 500)) for n in (2, 3, 4)
    ]
    assert [line.text for line in lines_of_pages(pages)] == [
        "水务局决算",
        "正文1",
        "正文2",
        "正文3",
        "正文4",
    ]


def test_titles_and_sentences_of_forms_on_consecutive_pages_are_kept() -> None:
    title = Fragment("项目支出绩效自评表", 100, 800, 300, 822)
    note = fragment("各单位应当如实填写本表，并附说明。", 100, 790)
    text = [fragment(f"正文{n}", 100, 600 - 20 * n) for n in range(8)]
    lines = lines_of_pages([page(n, title, note, *text) for n in range(1, 5)])
    assert [line.text for line in lines].count(title.text) == 4
    assert [line.text for line in lines].count(note.text) == 4


def test_a_small_head_on_the_pages_of_a_chapter_is_removed() -> None:
    head = Fragment("第二章 预算执行", 100, 810, 180, 817)
    pages = [
        page(
            n,
            *([head] if 4 < n < 9 else []),
            *(fragment(f"第{n}页正文{line}", 100, 600 - 20 * line) for line in range(8)),
        )
        for n in range(1, 13)
    ]
    assert head.text not in [line.text for line in lines_of_pages(pages)]


def test_attachments_and_items_in_margins_are_kept() -> None:
    pages = [
        page(
            n,
            fragment(f"附件{n}", 100, 810),
            fragment(f"正文{n}", 100, 500),
            fragment("3.", 100, 40),
        )
        for n in (1, 2)
    ]
    assert [line.text for line in lines_of_pages(pages)] == [
        "附件1",
        "正文1",
        "3.",
        "附件2",
        "正文2",
        "3.",
    ]


def test_figures_of_a_table_in_a_margin_are_not_page_numbers() -> None:
    rulings = tuple(Ruling(r.left, r.bottom + 330, r.right, r.top + 330) for r in GRID)
    pages = [
        page(n, fragment("项目", 105, 815), fragment(f"-{n}", 205, 815), rulings=rulings)
        for n in range(1, 5)
    ]
    assert [line.text for line in lines_of_pages(pages)] == [f"项目 | -{n}" for n in range(1, 5)]


def last_lines(*texts: str) -> list[str]:
    """Return the text at the bottom of pages, one text on each, that is kept."""
    pages = [
        page(n, fragment(f"正文{n}", 100, 500), *([fragment(text, 280, 40)] if text else []))
        for n, text in enumerate(texts, start=1)
    ]
    return [line.text for line in lines_of_pages(pages) if not line.text.startswith("正文")]


@pytest.mark.parametrize(
    "figures",
    [
        ["120", "340", "560"],
        ["2", "3", "5", "9", "20"],
        ["96", "96", "96"],
        ["100", "200", "300"],
        ["1,200", "1,300", "1,400"],
        ["3.1", "4.1", "5.1"],
        ["合计 120", "合计 340", "合计 560"],
    ],
)
def test_figures_on_the_last_lines_of_pages_that_do_not_count_the_pages_are_kept(
    figures: list[str],
) -> None:
    assert last_lines(*figures) == figures


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3"],
        ["", "", "1", "2", "3", "4"],
        ["30", "31", "32", "33"],
        ["2", "4", "6", "8"],
        ["1", "2", "3", "1", "2", "1", "1", "2"],
        ["1/4", "2/4", "3/4", "4/4"],
        ["水务局决算 1", "水务局决算 2", "水务局决算 3"],
        ["2024年决算", "2024年决算", "2024年决算"],
    ],
)
def test_numbers_that_count_the_pages_are_removed(numbers: list[str]) -> None:
    assert last_lines(*numbers) == []


def test_a_figure_among_page_numbers_is_kept() -> None:
    assert last_lines("1", "2", "3", "560", "5", "6") == ["560"]


def test_pages_that_are_copies_of_a_form_keep_their_text() -> None:
    form = ("水务局通知书", "收件单位：{}", "请于月底前报送材料", "联系电话", "水务局办公室")
    for bottoms in ((800, 780, 740, 60, 40), (800, 600, 500, 400, 40)):
        for recipients in ("甲乙丙丁", "甲甲甲甲"):
            pages = [
                page(
                    n,
                    *(
                        fragment(text.format(recipient), 100, bottom)
                        for text, bottom in zip(form, bottoms, strict=True)
                    ),
                    fragment(str(n), 280, 20),
                )
                for n, recipient in enumerate(recipients, start=1)
            ]
            assert [line.text for line in lines_of_pages(pages)] == [
                text.format(recipient) for recipient in recipients for text in form
            ]


@pytest.mark.parametrize("text", ["收到回执请签字确认", "收到回执第{}号"])
def test_pages_of_one_line_keep_it(text: str) -> None:
    pages = [page(n, fragment(text.format(n), 100, 800)) for n in range(1, 6)]
    assert [line.text for line in lines_of_pages(pages)] == [text.format(n) for n in range(1, 6)]


def test_the_time_for_a_page_of_text_drawn_over_itself_is_bounded() -> None:
    start = process_time()
    crowded = [
        Character("水", 50 + at / 50, 400, 55 + at / 50, 410, after_space=True)
        for at in range(30_000)
    ]
    raised = [
        found._replace(char="1", bottom=405, top=411) if at % 2 else found
        for at, found in enumerate(crowded)
    ]
    walls = [Ruling(50 + at / 10, 10, 50 + at / 10, 830) for at in range(3000)]
    lines = [found._replace(bottom=at / 40, top=at / 40 + 9) for at, found in enumerate(crowded)]
    for found, rulings in ((crowded, []), (raised, []), (lines, walls)):
        assert sum(len(one.text) for one in fragments_of(found, rulings)) >= 15_000
    boxes = [
        Ruling(left + x, bottom + y, left + x + width, bottom + y + height)
        for left in range(50, 550, 20)
        for bottom in range(50, 750, 25)
        for x, y, width, height in ((0, 0, 10, 0), (0, 9, 10, 0), (0, 18, 10, 0), (0, 0, 0, 18), (10, 0, 0, 18))
    ]  # fmt: skip
    small = [
        Fragment("①水", 50 + at % 499, at % 751, 60 + at % 499, at % 751 + 5) for at in range(9000)
    ]
    usual = [fragment("正文", 100, 800 - at / 20) for at in range(9001)]
    pages = [page(1, *small, rulings=tuple(boxes)), page(2, *small), page(3, *usual)]
    assert len(lines_of_pages(pages)) > 1000
    assert process_time() - start < 20


def test_text_repeated_in_the_middle_of_pages_is_kept() -> None:
    pages = [page(n, fragment("水务局决算", 100, 400)) for n in range(1, 5)]
    assert len(lines_of_pages(pages)) == 4


GRID = (
    *(Ruling(100, y, 400, y) for y in (500, 480, 440, 420)),
    *(Ruling(x, 420, x, 500) for x in (100, 200, 300, 400)),
)


def test_text_between_rulings_is_a_table_and_wrapped_cells_are_joined() -> None:
    fragments = (
        fragment("完成情况如下：", 100, 520),
        *(fragment(t, 105 + 100 * n, 485) for n, t in enumerate(("指标", "目标", "得分"))),
        fragment("水质", 105, 465),
        fragment("合格率", 105, 450),
        fragment("9.5", 305, 455),
        *(fragment(t, 105 + 100 * n, 425) for n, t in enumerate(("漏损率", "10%", "4.8"))),
        fragment("以上。", 100, 400),
    )
    lines = lines_of_pages([page(1, *fragments, rulings=GRID)])
    assert [(line.text, line.role) for line in lines] == [
        ("完成情况如下：", None),
        ("指标 | 目标 | 得分", "table"),
        ("水质合格率 |  | 9.5", "table"),
        ("漏损率 | 10% | 4.8", "table"),
        ("以上。", None),
    ]


def test_fragments_side_by_side_are_a_row_without_rulings_too() -> None:
    row = (fragment("指标", 100, 500), fragment("得分", 200, 501))
    (line,) = lines_of_pages([page(1, *row)])
    assert (line.text, line.role) == ("指标 | 得分", "table")


def test_cells_without_rulings_are_in_the_column_that_they_stand_in() -> None:
    rows = (
        *(fragment(text, 100 + 100 * n, 500) for n, text in enumerate(("项目", "预算数", "决算数"))),
        *(fragment(text, 100 + 100 * n, 480) for n, text in enumerate(("甲", "5", "4"))),
        fragment("乙", 100, 460), fragment("3", 300, 460),
    )  # fmt: skip
    lines = lines_of_pages([page(1, *rows)])
    assert [line.text for line in lines] == ["项目 | 预算数 | 决算数", "甲 | 5 | 4", "乙 |  | 3"]
    assert [[cell.column for cell in line.cells] for line in lines] == [
        [0, 1, 2],
        [0, 1, 2],
        [0, 2],
    ]


def test_cells_without_rulings_whose_columns_are_not_clear_have_no_places() -> None:
    rows = (
        *(fragment(text, 100 + 100 * n, 500) for n, text in enumerate(("项目", "预算数"))),
        fragment("甲乙丙丁戊己庚辛壬癸子丑", 100, 480), fragment("5", 235, 480),
    )  # fmt: skip
    lines = lines_of_pages([page(1, *rows)])
    assert [line.text for line in lines] == ["项目 | 预算数", "甲乙丙丁戊己庚辛壬癸子丑 | 5"]
    assert not any(line.cells for line in lines)


def test_gaps_between_names_are_spaces() -> None:
    assert texts(characters("出席：张三"), characters("李四", left=155)) == ["出席：张三 李四"]
    assert texts(characters("金额：张三"), characters("李四", left=155)) == ["金额：张三李四"]
    names = [fragment("出席：张三", 100, 500), fragment("李四", 165, 500)]
    others = [fragment("列席：王五", 100, 480), fragment("赵 六", 165, 480)]
    (one, other) = lines_of_pages([page(1, *names, *others)])
    assert (one.text, one.role, other.text) == ("出席：张三 李四", None, "列席：王五 赵 六")
    (row,) = lines_of_pages([page(1, fragment("出席人数：", 100, 500), fragment("12", 165, 500))])
    assert row.text == "出席人数： | 12"


def test_a_frame_or_a_single_line_is_not_a_table() -> None:
    assert find_tables(rulings_of_path(50, 50, 500, 800)) == []
    assert find_tables([Ruling(50, 100, 500, 100), Ruling(50, 300, 500, 300)]) == []
    assert len(find_tables(list(GRID))) == 1


def test_every_line_has_its_page() -> None:
    content = rendered_path(SCANNED).read_bytes()
    lines = extract(content).lines
    assert [line.page for line in lines] == sorted(line.page or 0 for line in lines)
    assert {line.page for line in lines} == {1, 2, 3, 4, 5}


ENCRYPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/P -4/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(1234567890123456)(1234567890123456)]>>
"""


def test_a_pdf_that_cannot_be_read_is_refused_with_the_reason() -> None:
    good = rendered_path(SCANNED).read_bytes()
    with pytest.raises(SourceError, match="password"):
        extract(ENCRYPTED)
    for content in (b"%PDF-1.7\n", good[:3000], b"no pdf", bytes(2000)):
        with pytest.raises(SourceError, match="damaged or truncated"):
            extract(content)


def stamped(text: str) -> bytes:
    """Return a PDF of one page: an image of the whole page, and text on it."""
    document = pypdfium2.PdfDocument(scan_path())
    document_of_one = pypdfium2.PdfDocument.new()
    document_of_one.import_pages(document, [0])
    page = document_of_one[0]
    write_on(document_of_one, page, text)
    pypdfium2.raw.FPDFPage_GenerateContent(page)
    return saved(document_of_one)


def write_on(
    document: pypdfium2.PdfDocument, page: Any, text: str, left: float = 0, bottom: float = 0
) -> None:
    """Write a text on a page; its content is to be generated afterwards."""
    font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    written = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 10)
    encoded = (text + "\0").encode("utf-16-le")
    buffer = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
    pypdfium2.raw.FPDFText_SetText(written, buffer)
    pypdfium2.raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, left, bottom)
    pypdfium2.raw.FPDFPage_InsertObject(page, written)


def test_a_grid_may_be_one_path_with_many_lines() -> None:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(300, 200)
    path = pypdfium2.raw.FPDFPageObj_CreateNewPath(50, 50)
    for x in (50, 120, 190):
        pypdfium2.raw.FPDFPath_MoveTo(path, x, 50)
        pypdfium2.raw.FPDFPath_LineTo(path, x, 130)
    for y in (50, 90, 130):
        pypdfium2.raw.FPDFPath_MoveTo(path, 50, y)
        pypdfium2.raw.FPDFPath_LineTo(path, 190, y)
    pypdfium2.raw.FPDFPath_SetDrawMode(path, pypdfium2.raw.FPDF_FILLMODE_NONE, 1)
    pypdfium2.raw.FPDFPage_InsertObject(page, path)
    for text, x, y in (("302", 60, 100), ("42.77", 130, 100), ("303", 60, 60), ("5", 130, 60)):
        write_on(document, page, text, x, y)
    pypdfium2.raw.FPDFPage_GenerateContent(page)
    assert [line.text for line in extract(saved(document)).lines] == ["302 | 42.77", "303 | 5"]
    assert [len(line.cells) for line in extract(saved(document)).lines] == [2, 2]


@pytest.mark.usefixtures("without_ocr")
def test_a_stamp_on_a_scan_is_not_a_text_layer() -> None:
    with pytest.raises(SourceError, match="a scan"):
        extract(stamped("scanned by some program"))


@pytest.mark.skipif(not ocr.is_installed(), reason="the OCR extra is not installed")
def test_a_scan_with_a_stamp_is_read_by_ocr() -> None:
    found = extract(stamped("scanned by some program"))
    assert len(found.lines) > 5
    assert "recognised" in found.warnings[0].en


@pytest.mark.usefixtures("without_ocr")
def test_a_warning_names_the_pages_that_are_scans() -> None:
    mixed = pypdfium2.PdfDocument(rendered_path(SCANNED).read_bytes())
    mixed.import_pages(pypdfium2.PdfDocument(scan_path().read_bytes()), [0, 1], 1)
    found = extract(saved(mixed))
    assert {line.page for line in found.lines} == {1, 4, 5, 6, 7}
    (warning,) = found.warnings
    assert "第 2、3 页是扫描图像" in warning.zh


def test_characters_above_u_ffff_are_complete() -> None:
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length 47>>stream\nBT /F 20 Tf 50 200 Td <8D1F8D234EBAD842DFB7> Tj ET\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H"
        b"/DescendantFonts[6 0 R]>>endobj\n"
        b"6 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>>>endobj\n"
        b"trailer<</Root 1 0 R>>"
    )
    text = "".join(line.text for line in extract(content).lines)
    text.encode()  # no half of a character is left
    assert text == "负责人𠮷"


def test_signatures_are_counted_and_not_verified() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    assert extract(saved(document)).warnings == ()
    signed = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[4 0 R]>>>>\n"
        b"endobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n"
        b"4 0 obj\n<</FT/Sig/T(a)/V<</Type/Sig/Filter/A/Contents<00>>>>>\nendobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    (warning,) = extract(signed).warnings
    assert warning.en.startswith("1 electronic signature")


REAL = (
    "区财政局按照年度预算安排资金，用于农村供水管网改造项目，完成率达到98.5%，资金支付率100%，群众满意度95%以上。"
    * 2
)


@pytest.mark.parametrize(
    ("text", "is_broken"),
    [
        (REAL, False),
        ("".join(chr(ord(char) + 29) if char > "一" else char for char in REAL), True),
        ("".join(chr(0xE000 + ord(char) % 999) for char in REAL), True),
        (REAL.encode("gb18030").decode("latin-1"), True),
        ("犇犨犫赟彧翀燚", False),  # too few to judge: a list of names
        ("財政部門應當按照預算執行進度撥付資金，並對績效目標實現程度進行監督。" * 3, False),
        ("Le département a exécuté le budget général, été comme hiver. " * 3, False),
        ("302 01 42.77 ±0.5 20×30 ≥95% №3 ①②③", False),
        ("", False),
    ],
)
def test_a_text_layer_with_wrong_characters_is_broken(text: str, is_broken: bool) -> None:  # noqa: FBT001
    assert _is_broken(text) == is_broken


COMMON = [
    bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)
]
TRADITIONAL = "財政部門應當按照預算執行進度撥付資金，並對績效目標實現程度進行監督。"
NAMES = [
    family + name
    for family in "王李张刘陈杨黄赵"
    for name in ("秀英", "敏", "丽丽", "建军", "艳红", "明哲", "子涵", "雨桐", "浩然", "梓轩")
]
POEM = "国破山河在，城春草木深。感时花溅泪，恨别鸟惊心。烽火连三月，家书抵万金。白头搔更短，浑欲不胜簪。岱宗夫如何，齐鲁青未了。造化钟神秀，阴阳割昏晓。"


@pytest.mark.parametrize("texts", [[REAL], [TRADITIONAL * 3], NAMES, ["、".join(NAMES)], [POEM]])
def test_a_text_layer_whose_characters_stand_for_others_is_broken(texts: list[str]) -> None:
    assert not _is_substituted(texts)
    others = Random(7).sample(COMMON, len(COMMON))
    random = dict(zip(COMMON, others, strict=True))
    shifted = dict(zip(COMMON, COMMON[29:] + COMMON[:29], strict=True))
    for wrong in (random, shifted):
        changed = ["".join(wrong.get(char, char) for char in fold(text)) for text in texts]
        assert not _is_broken("".join(changed))  # all of them are common
        assert _is_substituted(changed)
    assert not _is_substituted(["".join(random.get(char, char) for char in REAL[:30])])  # too few


MATRICES = ("1 0 0 1 50 200", "0 1 -1 0 90 60", "-1 0 0 -1 200 250", "0 -1 1 0 60 330")
"""Text that runs to the right, upwards, upside down, and downwards."""


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("matrix", MATRICES)
def test_a_box_is_where_the_text_of_a_rotated_page_is_shown(matrix: str, rotate: int) -> None:
    content = f"BT /F 24 Tf {matrix} Tm (Hydrology) Tj ET"
    pdf = f"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[10 20 310 420]/Rotate {rotate}/Contents 4 0 R
/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length {len(content)}>>stream
{content}
endstream endobj
trailer<</Root 1 0 R>>
""".encode()
    (line,) = extract(pdf).lines
    assert line.box is not None
    ink = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_numpy().min(axis=-1) < 128
    down, across = ink.any(axis=1).nonzero()[0], ink.any(axis=0).nonzero()[0]
    edges = (across[0], down[0], across[-1] + 1, down[-1] + 1)
    assert line.box[1:] == pytest.approx(edges, abs=10)
