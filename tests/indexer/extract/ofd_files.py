"""Make OFD files for tests."""

import ctypes
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import pypdfium2
import pypdfium2.raw as pdfium

from tests.indexer.extract.archives import archive

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72
"""Millimetres in a point."""


def ofd(
    pages: Sequence[str],
    *,
    template: str = "",
    resources: str = "",
    body: str = "",
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an OFD file with A4 pages of these objects, over those of a template page.

    `resources`: the content of DocumentRes.xml; `body`: more elements for OFD.xml.
    """
    listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="Pages/{at}.xml"/>' for at in range(len(pages)))
    document = (
        "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        "</ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        '<ofd:TemplatePage ID="t" BaseLoc="Tpls/0.xml"/></ofd:CommonData>'
        f"<ofd:Pages>{listed}</ofd:Pages>"
    )
    used = '<ofd:Template TemplateID="t"/>' if template else ""
    root = f"<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody>"
    return archive(
        {
            "OFD.xml": _element("OFD", root),
            "Doc_0/Document.xml": _element("Document", document),
            "Doc_0/DocumentRes.xml": _element("Res", resources),
            "Doc_0/Tpls/0.xml": _element("Page", _content(template)),
            **{
                f"Doc_0/Pages/{at}.xml": _element("Page", used + _content(page))
                for at, page in enumerate(pages)
            },
            **(parts or {}),
        }
    )


def text(written: str, x: float, y: float, size: float = 4.0, code: str = "", box: str = "") -> str:
    """Return a text object whose base line begins at (x, y) in millimetres.

    `code`: more attributes of its TextCode, `box`: of the object.
    """
    return (
        f'<ofd:TextObject Boundary="{x} {y - size} 180 {size}" Size="{size}" {box}>'
        f'<ofd:TextCode X="0" Y="{size}" {code}>{escape(written)}</ofd:TextCode></ofd:TextObject>'
    )


def path(data: str, box: str = 'Boundary="0 0 210 297"') -> str:
    """Return a path object."""
    return (
        f"<ofd:PathObject {box}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def from_pdf(content: bytes) -> bytes:
    """Return an OFD file with the characters and paths of a PDF file, at the same places."""
    document = pypdfium2.PdfDocument(content)
    try:
        return ofd([_page_objects(page) for page in document])
    finally:
        document.close()


def _page_objects(page: pypdfium2.PdfPage) -> str:
    objects: list[str] = []
    height = page.get_height()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,)):
        pdfium.FPDFPageObj_GetBounds(found.raw, left, bottom, right, top)
        x, y = left.value * MM, (height - top.value) * MM
        end_x, end_y = right.value * MM, (height - bottom.value) * MM
        data = f"M {x} {y} L {end_x} {y} L {end_x} {end_y} L {x} {end_y} C"
        objects.append(path(data, 'Boundary="0 0 210 297" Fill="true" Stroke="false"'))
    layer = page.get_textpage()
    x_of, y_of = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    for at in range(layer.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(layer.raw, at))
        size = pdfium.FPDFText_GetFontSize(layer.raw, at) * MM
        pdfium.FPDFText_GetCharOrigin(layer.raw, at, x_of, y_of)
        pdfium.FPDFText_GetLooseCharBox(layer.raw, at, box)
        width = (box.right - box.left) * MM
        if not char.isspace():
            objects.append(
                text(char, x_of.value * MM, (height - y_of.value) * MM, size, f'DeltaX="{width}"')
            )
    layer.close()
    return "".join(objects)


def _content(objects: str) -> str:
    return f'<ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content>'


def _element(name: str, content: str) -> bytes:
    return f"<ofd:{name} {NAMESPACE}>{content}</ofd:{name}>".encode()
