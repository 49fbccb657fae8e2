"""Write a Word document (底稿): each hit as a quote with its source, and the provenance.

python-docx keeps a whole document in memory. So it is used only to make an empty document. Its
parts are copied, and the text is written to `word/document.xml` paragraph by paragraph
(ECMA-376, part 1, 17.3: `w:p` contains `w:r`, which contains `w:t`).
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.oxml.ns import nsmap, qn
from docx.shared import Pt
from lxml import etree

from baocha.exports.cells import cells_text
from baocha.exports.citation import citation
from baocha.exports.provenance import Provenance, row_of, xml_text
from baocha.search import Hit
from baocha.search.highlight import Span
from baocha_indexer.messages import Language, Message

_TEXT = "word/document.xml"
_FONT = "宋体"

WORKING_PAPER = Message(zh="检索底稿", en="Working paper")
CERTIFICATE = Message(zh="核查结果：未见该表述", en="Finding: no paragraph contains it")


def write(hits: Iterable[Hit], provenance: Provenance, language: Language, file: BinaryIO) -> None:
    """Write the hits, each as a quote with its source below."""
    blank = _blank()
    with ZipFile(blank) as parts, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            if name != _TEXT:
                archive.writestr(name, parts.read(name))
        page = etree.fromstring(parts.read(_TEXT)).find(f".//{qn('w:sectPr')}")
        with archive.open(_TEXT, "w", force_zip64=True) as text:
            _write_text(text, hits, provenance, language, page)


def _write_text(
    file: Any, hits: Iterable[Hit], provenance: Provenance, language: Language, page: Any
) -> None:
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        xml.write_declaration(standalone=True)
        with (
            xml.element(qn("w:document"), nsmap={"w": nsmap["w"]}),
            xml.element(qn("w:body")),
        ):
            is_proof = provenance.certificate and not provenance.total
            heading = CERTIFICATE if is_proof else WORKING_PAPER
            xml.write(_paragraph([(heading.render(language), False)], "Title"))
            for name, value in provenance.lines(language):
                xml.write(_paragraph([(f"{name.render(language)}：{value}", False)]))
            for number, hit in enumerate(hits, start=1):
                for paragraph in _of_hit(number, hit, language):
                    xml.write(paragraph)
            xml.write(page)


def _of_hit(number: int, hit: Hit, language: Language) -> Iterator[Any]:
    report = hit.report
    department, year, kind, *_ = row_of(hit, language)
    where = f"{department} · {year} · {kind}"
    yield _paragraph([(f"{number}. {where}", False)], "Heading2")
    yield _paragraph(list(_runs(hit.text, hit.spans)))
    for text in filter(None, (hit.lead, cells_text(hit.cells, language))):
        yield _paragraph([(text, False)])
    yield _paragraph(
        [(citation(report, hit.section_path, hit.ordinal, hit.location, language), False)], "Quote"
    )
    yield _paragraph([(f"{report.source}  SHA-256 {report.sha256}", False)], "Quote")


def _runs(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text, each with whether it is a match."""
    at = 0
    for start, end in spans:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def _paragraph(runs: Sequence[tuple[str, bool]], style: str = "") -> Any:
    paragraph = etree.Element(qn("w:p"))
    if style:
        properties = etree.SubElement(paragraph, qn("w:pPr"))
        etree.SubElement(properties, qn("w:pStyle")).set(qn("w:val"), style)
    for text, lit in runs:
        if not text:
            continue
        run = etree.SubElement(paragraph, qn("w:r"))
        if lit:
            properties = etree.SubElement(run, qn("w:rPr"))
            etree.SubElement(properties, qn("w:b"))
            etree.SubElement(properties, qn("w:highlight")).set(qn("w:val"), "yellow")
        content = etree.SubElement(run, qn("w:t"))
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        content.text = xml_text(text)
    return paragraph


def _blank() -> BytesIO:
    """Return an empty document whose styles use a Chinese font."""
    document = docx.Document()
    for name in ("Normal", "Title", "Heading 2", "Quote"):
        font = document.styles[name].font
        font.name = _FONT
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(script), _FONT)
    document.styles["Normal"].font.size = Pt(11)
    document.styles["Quote"].font.size = Pt(9)
    document.styles["Quote"].font.italic = False  # Chinese fonts have no italics
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file
