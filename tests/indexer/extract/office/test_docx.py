import zipfile
from io import BytesIO

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.office.docx import extract
from baocha_indexer.extract.office.docx_numbers import format_number, to_han
from baocha_indexer.extract.zip_check import MAX_XML
from baocha_indexer.parse import parse
from tests.indexer.extract.archives import archive, saved, with_changed_parts


def texts(document: "docx.document.Document") -> list[str]:
    return [line.text for line in extract(saved(document)).lines]


def append(document: "docx.document.Document", xml: str) -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")[0])


def test_styles_give_the_headings_and_their_levels() -> None:
    document = docx.Document()
    document.add_paragraph("青湖区水务局2022年部门决算", style="Title")
    document.add_heading("部门概况", 1)
    document.add_paragraph("主管全区供水工作。")
    document.add_heading("机构设置", 2)
    document.add_paragraph("内设科室五个。")
    report = parse(saved(document), "x.docx")
    assert [(p.role, p.section, p.section_path) for p in report.paragraphs] == [
        ("title", "", ()),
        ("heading", "基本情况", ("部门概况",)),
        ("body", "基本情况", ("部门概况",)),
        ("heading", "基本情况", ("部门概况", "机构设置")),
        ("body", "基本情况", ("部门概况", "机构设置")),
    ]
    assert report.metadata.department == "青湖区水务局"


def test_the_automatic_numbers_of_word_are_added_to_the_text() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
            '<w:lvlText w:val="%1、"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
            '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/></w:num>')
    )
    for level, text in ((0, "概况"), (1, "职能"), (1, "人员"), (0, "问题"), (1, "资金")):
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="78"/></w:numPr>'
            )
        )
    assert texts(document) == ["一、概况", "（一）职能", "（二）人员", "二、问题", "（一）资金"]


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (12, "chineseCounting", "十二"),
        (21, "japaneseCounting", "二十一"),
        (3, "decimal", "3"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (2, "upperLetter", "B"),
        (4, "lowerRoman", "iv"),
        (120, "chineseCounting", "120"),
    ],
)
def test_a_number_is_written_in_its_format(number: int, style: str, written: str) -> None:
    assert format_number(number, style) == written


def test_chinese_numbers_below_a_hundred() -> None:
    assert [to_han(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


def test_inserted_text_is_read_and_deleted_text_is_skipped() -> None:
    document = docx.Document()
    append(
        document,
        "<w:p><w:r><w:t>预算</w:t></w:r><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r>"
        "</w:del><w:ins><w:r><w:t>执行</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText>"
        "</w:r><w:r><w:t>率</w:t></w:r></w:p>",
    )
    assert texts(document) == ["预算执行率"]


def test_content_controls_and_text_boxes_are_read_and_tables_of_contents_are_skipped() -> None:
    document = docx.Document()
    append(
        document,
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        "</w:sdtPr><w:sdtContent><w:p><w:r><w:t>一、概况 1</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    append(
        document,
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的字</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    append(
        document,
        "<w:p><w:r><w:t>框外</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r>"
        "</w:p></w:txbxContent></w:pict></w:r></w:p>",
    )
    contents = document.styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("一、概况\t1", style=contents)
    assert texts(document) == ["控件里的字", "框外", "框里"]


def test_a_table_gives_one_line_for_each_row_at_its_place() -> None:
    document = docx.Document()
    document.add_paragraph("前")
    table = document.add_table(0, 3)
    for row in (("指标", "目标", "得分"), ("水质", "", "9.5"), ("漏损", "≤10%", "")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    document.add_paragraph("后")
    found = extract(saved(document)).lines
    assert [line.text for line in found] == [
        "前",
        "指标 | 目标 | 得分",
        "水质 |  | 9.5",
        "漏损 | ≤10%",
        "后",
    ]
    assert [line.role for line in found] == [None, "table", "table", "table", None]


def test_a_line_break_separates_lines_and_a_tab_is_a_space() -> None:
    document = docx.Document()
    document.add_paragraph("单位：\t万元\n续行")
    assert texts(document) == ["单位： 万元", "续行"]


def test_the_title_in_the_properties_is_returned() -> None:
    document = docx.Document()
    document.core_properties.title = "青湖区水务局2022年部门决算"
    document.add_paragraph("正文如下。")
    found = extract(saved(document))
    assert found.properties.title == "青湖区水务局2022年部门决算"
    assert parse(saved(document), "x.docx").metadata.department == "青湖区水务局"


def test_a_file_that_is_not_a_word_document_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    good = saved(document)
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document/>'
    for content in (
        b"PK",
        b"no zip at all",
        good[: len(good) // 2],
        archive({"a.xml": b"<a/>"}),
        archive({"word/document.xml": doctype}),
        archive({"word/document.xml": b"<w:document"}),
    ):
        with pytest.raises(SourceError, match="damaged"):
            extract(content)
    with pytest.raises(SourceError, match="password"):
        extract(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_small_file_with_a_huge_unpacked_size_is_refused() -> None:
    bomb = archive({"word/document.xml": b" " * (MAX_XML + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(SourceError, match="unpacked size is too large"):
        extract(bomb)


def test_cells_in_content_controls_and_nested_boxes_are_read_once() -> None:
    document = docx.Document()
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    control = f"<w:sdt><w:sdtContent>{cell.format('控件')}</w:sdtContent></w:sdt>"
    append(document, f"<w:tbl><w:tr>{cell.format('甲')}{control}</w:tr></w:tbl>")
    box = "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>"
    inner = "<w:p><w:r><w:t>最里面的字</w:t></w:r></w:p>"
    append(document, box.format(box.format(inner)))
    assert texts(document) == ["甲 | 控件", "最里面的字"]


def test_a_list_that_restarts_counts_from_its_start() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0">'
            '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        ),
    )
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for number, extra in (("78", ""), ("79", override)):
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="77"/>{extra}</w:num>'
            )
        )
    for number, text in (("78", "甲"), ("78", "乙"), ("79", "丙"), ("79", "丁")):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>')
        )
    assert texts(document) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_a_declaration_of_entities_is_refused_at_any_place() -> None:
    late = b"<?xml version='1.0'?><!--" + b" " * 9000 + b"--><!DOCTYPE w [<!ENTITY a 'b'>]><w/>"
    with pytest.raises(SourceError, match="damaged"):
        extract(archive({"word/document.xml": late}))


def warnings(document: "docx.document.Document") -> list[str]:
    return [warning.en for warning in extract(saved(document)).warnings]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_tracked_changes_are_accepted() -> None:
    document = docx.Document()
    deleted = f"<w:del><w:r><w:delText>旧</w:delText></w:r>{run('旧')}</w:del>"
    moved = f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('移')}</w:moveTo>"
    append(document, f"<w:p>{run('甲')}{deleted}<w:ins>{run('新')}</w:ins>{moved}</w:p>")
    # The end of a paragraph is deleted: it continues in the next one.
    for mark in ("<w:del/>", "<w:moveFrom/>"):
        append(document, f"<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr>{run('乙')}</w:p>")
    append(document, f"<w:p><w:pPr/>{run('丙')}</w:p>")
    cell = f"<w:tc><w:p>{run('{}')}</w:p></w:tc>"
    removed = f"<w:tr><w:trPr><w:del/></w:trPr>{cell.format('旧')}</w:tr>"
    append(document, f"<w:tbl>{removed}<w:tr>{cell.format('丁')}</w:tr></w:tbl>")
    assert texts(document) == ["甲新移", "乙乙丙", "丁"]
    assert warnings(document) == [
        "tracked changes (2 insertions, 3 deletions) were read as accepted"
    ]


def test_hidden_text_is_left_out_and_counted() -> None:
    document = docx.Document()
    style = document.styles.add_style("秘", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    named = f'<w:rStyle w:val="{style.style_id}"/>'
    shown = '<w:vanish w:val="0"/>'
    append(
        document,
        f"<w:p>{run('甲')}{run('隐藏的字', '<w:vanish/>')}{run('乙', shown)}{run('隐', named)}"
        f"{run('丙', named + shown)}</w:p>",
    )
    assert texts(document) == ["甲乙丙"]
    assert warnings(document) == ["5 hidden characters were left out"]


def test_deeply_nested_tables_are_read() -> None:
    document = docx.Document()
    begin, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl><w:p/>"
    append(document, f"{begin * 60}<w:p>{run('甲')}</w:p>{end * 60}".removesuffix("<w:p/>"))
    assert texts(document) == ["甲"]
    content = with_changed_parts(
        saved(document),
        lambda name, part: (
            part.replace(b"<w:tbl>", begin.encode() * 200 + b"<w:tbl>", 1).replace(
                b"</w:tbl>", b"</w:tbl>" + end.encode() * 200, 1
            )
            if name == "word/document.xml"
            else part
        ),
    )
    with pytest.raises(SourceError, match="too deep"):
        extract(content)


def test_a_file_with_a_password_says_so() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(SourceError, match="has a password; remove"):
        extract(ole + "EncryptedPackage".encode("utf-16-le"))


def test_the_place_of_a_line_is_the_number_of_its_paragraph_in_the_body() -> None:
    document = docx.Document()
    document.add_paragraph("第一段。")
    document.add_paragraph("")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(("项目", "金额", "福利费", "42.77")):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("最后一段。")
    paragraphs = list(document.element.body.iter(qn("w:p")))
    lines = extract(saved(document)).lines
    assert [line.place.paragraph for line in lines] == [1, 3, 5, 7]
    for line in lines:
        first = paragraphs[line.place.paragraph - 1]
        assert line.text.startswith("".join(text.text or "" for text in first.iter(qn("w:t"))))


def with_footnotes(document: "docx.document.Document", *texts: str) -> bytes:
    """Return the file with these footnotes, with the ids 2, 3 and so on."""
    notes = "".join(
        f'<w:footnote w:id="{at}"><w:p>{run(text)}</w:p></w:footnote>'
        for at, text in enumerate(texts, start=2)
    )
    part = f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>"
    relation = (
        f'<Relationship Id="rId99" Type="{RELATIONSHIP_TYPE.FOOTNOTES}" Target="footnotes.xml"/>'
    )
    kind = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/>'
    )

    def changed(name: str, content: bytes) -> bytes:
        for suffix, added in (("document.xml.rels", relation), ("[Content_Types].xml", kind)):
            if name.endswith(suffix):
                end = content.rindex(b"</")
                return content[:end] + added.encode() + content[end:]
        return content

    with zipfile.ZipFile(BytesIO(with_changed_parts(saved(document), changed))) as old:
        parts: dict[str, bytes] = {name: old.read(name) for name in old.namelist()}
    return archive(parts | {"word/footnotes.xml": part.encode()})


def reference(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def test_a_footnote_whose_reference_was_deleted_is_left_out() -> None:
    document = docx.Document()
    deleted = f"<w:del>{reference(2)}</w:del>"
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{reference(4)[5:]}"
    # The second reference was moved, so the note stays.
    moved = f"<w:moveFrom>{reference(3)}</w:moveFrom><w:moveTo>{reference(3)}</w:moveTo>"
    append(document, f"<w:p>{run('正文共有九个汉字。')}{deleted}{moved}{hidden}</w:p>")
    content = with_footnotes(document, "已删脚注。", "移动脚注。", "隐藏脚注。", "无引用。")
    report = parse(content, "x.docx")
    assert [p.text for p in report.paragraphs] == ["正文共有九个汉字。", "移动脚注。", "无引用。"]
    assert report.account.dropped == {"hidden text": 5, "tracked deletion": 5}
    assert not report.account.unexplained


def test_deleted_and_merged_cells_are_read_as_accepted() -> None:
    document = docx.Document()
    rows = (
        (("项目", ""), ("旧列", "<w:cellDel/>"), ("金额", ""), ("新列", "<w:cellIns/>")),
        (("供水", ""), ("旧值", "<w:cellDel/>"), ("3.5", ""), ("乙", "<w:cellIns/>")),
        (
            ("排水", '<w:cellMerge w:vMerge="cont"/>'),
            ("旧值", "<w:cellDel/>"),
            ("4.5", '<w:vMerge/><w:cellMerge w:vMergeOrig="cont"/>'),
            ("丙", '<w:vMerge/><w:cellMerge w:vMerge="rest" w:vMergeOrig="cont"/>'),
        ),
    )
    cells = [
        "".join(
            f"<w:tc><w:tcPr>{marks}</w:tcPr><w:p>{run(text)}</w:p></w:tc>" for text, marks in row
        )
        for row in rows
    ]
    removed = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('旧行')}</w:p></w:tc></w:tr>"
    append(document, f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}{removed}</w:tbl>")
    lines = extract(saved(document)).lines
    assert [[(c.text, c.column, c.rows) for c in line.cells] for line in lines] == [
        [("项目", 0, 1), ("金额", 1, 1), ("新列", 2, 1)],
        [("供水排水", 0, 2), ("3.5", 1, 1), ("乙", 2, 1)],
        [("4.5", 1, 1), ("丙", 2, 1)],
    ]
    assert warnings(document) == [
        "tracked changes (2 insertions, 4 deletions) were read as accepted"
    ]
    account = parse(saved(document), "x.docx").account
    assert account.dropped == {"tracked deletion": 8}
    assert not account.unexplained


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{mark.format('begin')}{code}{mark.format('separate')}{result}{mark.format('end')}"


def test_a_field_of_contents_is_left_out_whatever_its_length() -> None:
    document = docx.Document()
    page = field(" PAGEREF _Toc1 \\h ", run("1"))
    entries = f"{run('一、概况')}{page}</w:p><w:p>{run('二、收支')}{page}"
    append(document, f"<w:p>{run('目 录')}</w:p>")
    # The end of the field is in the paragraph of the text that follows.
    contents = field(' TOC \\o "1-2" ', f"{entries}</w:p><w:p>")
    for paragraph in f"{contents}{run('正文从这里开始。')}".split("</w:p><w:p>"):
        append(document, f"<w:p>{paragraph}</w:p>")
    simple = f'<w:fldSimple w:instr="TOC \\c &quot;表&quot;">{run("表1 收支 3")}</w:fldSimple>'
    append(document, f"<w:p>{simple}</w:p>")
    append(document, f"<w:p>{run('执行率为')}{field('DATE', run('97%'))}{run('。')}</w:p>")
    # A field without an end is ignored.
    unclosed = field("TOC", run("收入按时入库。")).rsplit("<w:r>", 1)[0]
    append(document, f"<w:p>{unclosed}</w:p>")
    report = parse(saved(document), "x.docx")
    assert [p.text for p in report.paragraphs] == [
        "正文从这里开始。",
        "执行率为97%。",
        "收入按时入库。",
    ]
    assert report.account.dropped == {"contents": 17}
    assert not report.account.unexplained


def test_the_body_in_a_field_of_contents_that_ends_too_late_is_kept() -> None:
    document = docx.Document()
    link = f'<w:hyperlink w:anchor="_Toc1">{run("二、收支")}</w:hyperlink>'
    styled = f'<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{run("三、绩效")}'
    cell = f"<w:tc><w:p>{run('{}')}</w:p></w:tc>"
    table = "".join(map(cell.format, ("福利费", "合计 3")))
    source = field(" PAGEREF _Toc1 ", run("3"))
    long = "本部门负责全区水资源的统一管理和保护" * 4
    inside = (
        *(f"<w:p>{each}</w:p>" for each in (run("一、概况…… 1"), link, styled)),
        f"<w:p>{run('主要职能')}</w:p><w:p>{run('详见第')}{source}{run('页。')}</w:p>",
        f"<w:tbl><w:tr>{table}</w:tr></w:tbl><w:p>{run(long)}</w:p>",
        f"<w:p>{run('执行率为98%')}</w:p><w:p>{link}</w:p>",
    )
    begin, end = field("TOC", f"</w:p>{''.join(inside)}<w:p>{run('全年完成。')}").rsplit("<w:r>", 1)
    paragraphs = f"<w:body {nsdecls('w')}><w:p>{begin}<w:r>{end}</w:p></w:body>"
    for at, element in enumerate(list(parse_xml(paragraphs))):
        document.element.body.insert(at, element)
    assert texts(document) == [
        "主要职能",
        "详见第3页。",
        "福利费 | 合计 3",
        long,
        "执行率为98%",
        "全年完成。",
    ]
    account = parse(saved(document), "x.docx").account
    assert account.dropped == {"contents": 19}
    assert not account.unexplained


def test_a_field_of_contents_without_page_numbers_is_left_out() -> None:
    document = docx.Document()
    for paragraph in field("TOC", f"{run('概况')}</w:p><w:p>{run('收支')}").split("</w:p><w:p>"):
        append(document, f"<w:p>{paragraph}</w:p>")
    append(document, f"<w:p>{run('正文。')}</w:p>")
    assert texts(document) == ["正文。"]


def test_text_in_a_cell_that_continues_the_one_above_is_counted_as_hidden() -> None:
    document = docx.Document()
    rows = (("福利费", '<w:vMerge w:val="restart"/>'), ("隐藏的字", "<w:vMerge/>"))
    cells = (
        f"<w:tr><w:tc><w:tcPr>{merge}</w:tcPr><w:p>{run(text)}</w:p></w:tc></w:tr>"
        for text, merge in rows
    )
    append(document, f"<w:tbl>{''.join(cells)}</w:tbl>")
    assert warnings(document) == ["4 hidden characters were left out"]
    assert parse(saved(document), "x.docx").account.dropped == {"hidden text": 4}
