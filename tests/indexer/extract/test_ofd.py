import zipfile
from io import BytesIO

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.ofd import extract
from baocha_indexer.extract.ofd.graphics import Matrix
from baocha_indexer.model import Extract, Line
from baocha_indexer.parse import parse
from baocha_indexer.text import fold
from tests.indexer.extract.archives import archive
from tests.indexer.extract.ofd_files import NAMESPACE, from_pdf, ofd, path, text
from tools.make_corpus import rendered_path, scan_path

MEDIA = '<ofd:MultiMedia ID="{}" Type="Image"><ofd:MediaFile>{}</ofd:MediaFile></ofd:MultiMedia>'
SCAN = '<ofd:ImageObject ResourceID="1" Boundary="0 0 210 297"/>'


def lines(page: str, **others: str) -> tuple[Line, ...]:
    return extract(ofd([page], **others)).lines  # type: ignore[arg-type]


def texts(page: str, **others: str) -> list[str]:
    return [line.text for line in lines(page, **others)]


def test_an_ofd_gives_the_same_paragraphs_as_the_pdf() -> None:
    content = rendered_path("culture-2023").read_bytes()
    # A PDF may have a space between a Chinese character and a figure. `fold` removes it.
    as_pdf, as_ofd = (
        [
            (fold(p.text), p.role, [*map(fold, p.section_path)], p.page, len(p.cells))
            for p in parse(found, name).paragraphs
        ]
        for found, name in ((content, "x.pdf"), (from_pdf(content), "x.ofd"))
    )
    assert as_ofd == as_pdf


def test_each_paragraph_has_its_page_and_box_in_points() -> None:
    pages = [text("第一页的文字。", 20, 30), text("第二页的文字。", 20, 30)]
    found = extract(ofd(pages)).lines
    assert [(line.text, line.page) for line in found] == [
        ("第一页的文字。", 1),
        ("第二页的文字。", 2),
    ]
    box = found[0].box
    assert box is not None
    # 20 mm are 56.7 points; the base line is at 30 mm, and the font is 4 mm high.
    assert (box.left, box.right) == pytest.approx((56.7, 136.1), abs=0.1)
    assert (box.top, box.bottom) == pytest.approx((75.3, 86.6), abs=0.1)


def test_distances_may_be_written_in_groups() -> None:
    assert texts(text("甲乙丙丁", 20, 30, code='DeltaX="g 2 4 30"')) == ["甲乙丙 | 丁"]
    # The last distance is repeated; the number of a group is limited by the text.
    assert texts(text("甲乙丙丁", 20, 30, code='DeltaX="4"')) == ["甲乙丙丁"]
    assert texts(text("甲乙丙丁", 20, 30, code='DeltaX="g 999999999999 4"')) == ["甲乙丙丁"]
    assert texts(text("甲乙丙", 20, 30, code='DeltaX="g" DeltaY="g x y"')) == ["甲乙丙"]


def test_lines_of_one_object_are_separated() -> None:
    code = 'DeltaX="4 -4 4" DeltaY="0 8 0"'
    assert texts(text("甲乙丙丁", 20, 30, code=code)) == ["甲乙", "丙丁"]


def test_latin_characters_follow_each_other_at_their_distances() -> None:
    code = 'DeltaX="3.8 1.4 2.2 4 2"'
    assert texts(text("Wifi 甲", 20, 30, code=code)) == ["Wifi 甲"]


def test_a_matrix_moves_and_scales_the_text() -> None:
    two = text("甲", 0, 4, box='CTM="0.5 0 0 0.5 40 50"') + text("乙", 42, 52, size=2)
    assert texts(two) == ["甲乙"]
    assert Matrix(2, 0, 0, 2, 1, 1).after(Matrix(1, 0, 0, 1, 3, 4)).of(1, 1) == (9, 11)


def test_a_page_with_text_that_runs_upwards_is_rotated() -> None:
    upwards = "".join(
        f'<ofd:TextObject Boundary="{x} 200 0 0" Size="4" CTM="0 -1 1 0 0 0">'
        f'<ofd:TextCode X="0" Y="0">{written}</ofd:TextCode></ofd:TextObject>'
        for x, written in ((20, "第一行的文字。"), (30, "第二行的文字。"))
    )
    found = lines(upwards)
    assert [line.text for line in found] == ["第一行的文字。", "第二行的文字。"]
    # The text runs upwards from a point 20 mm from the left and 200 mm from the top of the page.
    assert found[0].box == pytest.approx((1, 46.9, 487.6, 58.3, 566.9), abs=0.1)


def test_ruled_tables_have_cells() -> None:
    grid = "".join(f"M 20 {y} L 120 {y} " for y in (20, 30, 40))
    grid += "".join(f"M {x} 20 L {x} 40 " for x in (20, 60, 120))
    cells = text("项目", 22, 27) + text("金额", 62, 27) + text("福利费", 22, 37)
    for drawn in (path(grid), path(grid.replace(" ", "  "), 'CTM="1 0 0 1 0 0"')):
        rows = lines(cells + text("42.77", 62, 37) + drawn)
        assert [line.text for line in rows] == ["项目 | 金额", "福利费 | 42.77"]
        assert [[cell.text for cell in line.cells] for line in rows] == [
            ["项目", "金额"],
            ["福利费", "42.77"],
        ]


def test_curved_and_broken_paths_are_no_rulings() -> None:
    odd = path("M 20 20 B 1 1 2 2 120 20 L 120 60 C") + path("M x L 1") + path("L 9 9 Z 4")
    assert texts(text("甲", 20, 30) + odd) == ["甲"]


def test_the_text_of_templates_and_composites_is_read() -> None:
    unit = f'<ofd:CompositeGraphicUnit ID="9"><ofd:Content>{text("丙", 0, 4)}</ofd:Content></ofd:CompositeGraphicUnit>'
    used = '<ofd:CompositeObject ResourceID="9" Boundary="20 60 9 9"/>'
    assert texts(text("乙", 20, 50) + used, template=text("甲", 20, 30), resources=unit) == [
        "甲",
        "乙",
        "丙",
    ]


def test_a_composite_that_contains_itself_is_refused() -> None:
    used = '<ofd:CompositeObject ResourceID="9" Boundary="0 0 9 9"/>'
    unit = f'<ofd:CompositeGraphicUnit ID="9"><ofd:Content>{used * 9}</ofd:Content></ofd:CompositeGraphicUnit>'
    with pytest.raises(SourceError, match=r"damaged|too many"):
        lines(used, resources=unit)


def warnings(found: Extract) -> list[str]:
    return [warning.en for warning in found.warnings]


def test_hidden_text_and_text_off_the_page_are_left_out() -> None:
    found = extract(ofd([text("甲", 20, 30) + text("隐藏", 20, 40, box='Visible="false"')]))
    assert [line.text for line in found.lines] == ["甲"]
    assert warnings(found) == ["2 hidden characters were left out"]
    assert texts(text("甲", 20, 30) + text("页外", 20, 400)) == ["甲"]


def test_text_that_is_not_shown_is_in_the_account_with_its_reason() -> None:
    colour = '<ofd:FillColor Value="0 0 0" Alpha="0"/><ofd:TextCode'
    objects = (
        text("正文在这里。", 20, 30),
        text("隐", 20, 40, box='Visible="false"'),
        text("透明", 20, 50, box='Alpha="0"'),
        text("无色的", 20, 60).replace("<ofd:TextCode", colour),
        text("点", 20, 70, size=0.0),
        text("页外", 20, 400),
    )
    report = parse(ofd(["".join(objects)]), "x.ofd")
    assert [p.text for p in report.paragraphs] == ["正文在这里。"]
    assert report.account.dropped == {"hidden text": 7, "outside the page": 2}
    assert (report.account.found, report.account.unexplained) == (15, 0)


def test_a_slanted_watermark_is_shown() -> None:
    half = 'CTM="0.7071 -0.7071 0.7071 0.7071 0 0"'
    found = lines(text("正文在这里。", 20, 30) + text("水", 60, 150, size=10, box=half))
    assert [line.text for line in found] == ["正文在这里。", "水"]
    box = found[1].box
    assert box is not None
    # A square with a side of 10 mm, turned by 45 degrees, is 14.1 mm wide and high.
    assert box.right - box.left == pytest.approx(40.1, abs=0.2)
    assert box.bottom - box.top == pytest.approx(40.1, abs=0.2)


def test_the_transparent_text_layer_of_a_scan_is_read() -> None:
    assert texts(SCAN + text("扫描件的文字层。", 20, 50, box='Alpha="0"')) == ["扫描件的文字层。"]
    half = SCAN.replace("297", "80")
    layer = text("收入按时足额入库。", 20, 50, box='Alpha="0"')
    footer = text("青湖区档案馆 第1页 共3页", 20, 285)
    for images in (SCAN, half + half.replace("0 0 210", "0 80 210")):
        report = parse(ofd([images + layer + footer]), "x.ofd")
        assert [p.text for p in report.paragraphs] == [
            "收入按时足额入库。",
            "青湖区档案馆第1页共3页",
        ]
        assert report.account.dropped == {}
    # It is not a scan if the image is small, or if there is a page of text.
    visible = "".join(text("本页有清楚可见的正文十五个汉字。", 20, 100 + 9 * at) for at in range(4))
    for others in (half + footer, SCAN + visible):
        report = parse(ofd([others + layer]), "x.ofd")
        assert report.account.dropped == {"hidden text": 9}


def test_transparent_text_beside_a_logo_is_hidden() -> None:
    logo = '<ofd:ImageObject ResourceID="1" Boundary="100 10 10 10"/>'
    cover = logo + text("封面", 20, 30) + text("机密水印", 20, 60, box='Alpha="0"')
    report = parse(ofd([cover, text("第二页有九个字符。", 20, 30)]), "x.ofd")
    assert "水印" not in "".join(p.text for p in report.paragraphs)
    assert report.account.dropped == {"hidden text": 4}
    assert not report.account.unexplained


def test_a_scan_with_a_footer_is_read_by_ocr_or_named() -> None:
    resources = MEDIA.format(1, "missing.png") + MEDIA.format(2, "b.jb2")
    pages = [text("第一页有九个字符。", 20, 30), SCAN + text("青湖区档案馆 第1页 共3页", 20, 285)]
    pages[1] += '<ofd:ImageObject ResourceID="2" Boundary="0 0 9 9"/>'
    content = ofd(pages, resources=resources, parts={"Doc_0/b.jb2": b"\x97JB2"})
    report = parse(content, "x.ofd")
    shown = [warning.en for warning in report.warnings]
    if ocr.is_installed():
        assert "1 image is missing in the file and was not read" in shown
        assert any(warning.startswith("1 image has a format") for warning in shown)
    else:
        assert report.account.unread_pages == 1
        assert any("page 2 was scanned" in warning for warning in shown)
    assert "青湖区档案馆第1页共3页" in [p.text for p in report.paragraphs]


@pytest.mark.parametrize(
    "value", ["1e300", "-1e300", "1e308", "NaN", "inf", "1e999", "-7", "0", "x"]
)
def test_extreme_coordinates_give_no_absurd_boxes(value: str) -> None:
    odd = text("怪的文字", 20, 40)
    objects = (
        odd.replace('X="0"', f'X="{value}"'),
        odd.replace('Size="4.0"', f'Size="{value}"'),
        odd.replace('Boundary="20 36.0', f'Boundary="{value} {value}'),
        text("怪的文字", 20, 40, box=f'CTM="{" ".join([value] * 6)}"'),
        text("怪的文字", 20, 40, box=f'HScale="{value}"'),
        text("怪的文字", 20, 40, code=f'DeltaX="{value}" DeltaY="g 3 {value}"'),
        path(f"M {value} 0 L {value} 200 M 0 {value} L 200 {value} M 0 50 L {value} 50"),
        path("M 0 0 L 100 0 L 100 100 C", f'Fill="true" CTM="{" ".join([value] * 6)}"'),
    )
    page = text("正文在这里。", 20, 100) + "".join(objects)
    size = f"<ofd:Area><ofd:PhysicalBox>0 0 {value} {value}</ofd:PhysicalBox></ofd:Area>"
    for content in (ofd([page]), ofd([page], parts={"Doc_0/Pages/0.xml": with_size(page, size)})):
        report = parse(content, "x.ofd")
        assert "正文在这里。" in "".join(p.text for p in report.paragraphs)
        assert report.account.found == 6 + 6 * 4
        assert not report.account.unexplained
        for box in (box for p in report.paragraphs for box in p.location.boxes):
            assert -300 < box.left < box.right < 900
            assert -300 < box.top < box.bottom < 1200


def with_size(page: str, size: str) -> bytes:
    content = f"{size}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content>"
    return f"<ofd:Page {NAMESPACE}>{content}</ofd:Page>".encode()


@pytest.mark.skipif(not ocr.is_installed(), reason="the OCR extra is not installed")
def test_a_page_of_images_is_read_at_the_place_of_the_images() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(scan_path())
    scan = document[0].render(scale=2).to_pil().convert("RGB")
    part = scan.crop((0, 0, scan.width, scan.height // 4))
    resources = MEDIA.format(1, "a.png") + MEDIA.format(2, "b.jb2")
    width, height = 180.0, 180.0 * part.height / part.width
    image = f'<ofd:ImageObject ResourceID="1" CTM="{width} 0 0 {height} 0 0" Boundary="15 {{}} 180 60"/>'
    file = BytesIO()
    part.save(file, "PNG")
    parts = {"Doc_0/a.png": file.getvalue(), "Doc_0/b.jb2": b"\x97JB2"}
    broken = '<ofd:ImageObject ResourceID="2" Boundary="0 0 9 9"/>'
    pages = [text("第一页有九个字符。", 20, 30), image.format(150) + broken]
    report = parse(ofd(pages, resources=resources, parts=parts), "x.ofd")
    found = [p for p in report.paragraphs if p.page == 2]
    assert "绩效自评报告" in "".join(p.text for p in found)
    for box in (box for p in found for box in p.location.boxes):
        assert 15 * 72 / 25.4 < box.left < box.right < 195 * 72 / 25.4
        assert 150 * 72 / 25.4 < box.top < box.bottom < (150 + height) * 72 / 25.4
    shown = [warning.en for warning in report.warnings]
    assert any("page 2 was recognised" in warning for warning in shown)
    assert any("1 image has a format" in warning for warning in shown)
    assert not report.account.unexplained


def test_signatures_are_counted() -> None:
    signatures = f'<ofd:Signatures {NAMESPACE}><ofd:Signature ID="1"/></ofd:Signatures>'
    found = extract(
        ofd(
            [text("甲", 20, 30)],
            body="<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>",
            parts={"Doc_0/Signs/Signatures.xml": signatures.encode()},
        )
    )
    (warning,) = warnings(found)
    assert warning.startswith("1 electronic signature or seal was")


def test_attachments_are_counted() -> None:
    content = ofd([text("甲", 20, 30)])
    with zipfile.ZipFile(BytesIO(content)) as old:
        document = old.read("Doc_0/Document.xml").decode()
    attachments = f'<ofd:Attachments {NAMESPACE}><ofd:Attachment ID="1"/></ofd:Attachments>'
    named = "<ofd:Attachments>Attachments.xml</ofd:Attachments></ofd:Document>"
    parts = {
        "Doc_0/Document.xml": document.replace("</ofd:Document>", named).encode(),
        "Doc_0/Attachments.xml": attachments.encode(),
    }
    (warning,) = warnings(extract(ofd([text("甲", 20, 30)], parts=parts)))
    assert warning.startswith("1 attached file was not read; save it ")


def test_text_without_characters_gives_a_warning() -> None:
    shapes = "<ofd:CGTransform><ofd:Glyphs>3 4 5</ofd:Glyphs></ofd:CGTransform><ofd:TextCode"
    blank = text("   ", 20, 40).replace("<ofd:TextCode", shapes)
    (warning,) = warnings(extract(ofd([text("甲", 20, 30) + blank])))
    assert "only the shapes" in warning


def test_an_encrypted_ofd_and_one_with_only_images_say_so() -> None:
    with pytest.raises(SourceError, match="encrypted"):
        extract(archive({"OFD.xml": b"", "Encryptions.xml": b"<Encryptions/>"}))
    with pytest.raises(SourceError, match="only images"):
        extract(ofd([SCAN]))


@pytest.mark.parametrize(
    "parts",
    [
        {"OFD.xml": b""},
        {"OFD.xml": b"<OFD"},
        {"OFD.xml": b"<OFD><DocRoot>../../etc/passwd</DocRoot></OFD>"},
        {"OFD.xml": b"<OFD><DocRoot>a</DocRoot></OFD>", "a": b'<D><Page BaseLoc="b"/></D>'},
        {"document.xml": b"<OFD/>"},
    ],
)
def test_broken_files_are_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises(SourceError, match="damaged"):
        extract(archive(parts))
