"""Read the texts of a workbook as spreadsheets show them. openpyxl decodes only some escapes."""

from typing import BinaryIO
from zipfile import ZipFile

from lxml import etree
from openpyxl.utils.escape import unescape

_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def shown_texts(file: BinaryIO, sheet: int = 1) -> dict[str, str]:
    """Return the text of each cell that has one, by its place. `sheet` counts from 1."""
    with ZipFile(file) as archive:
        root = etree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    return {
        # A text has runs, and the escapes in each are decoded (ECMA-376, part 1, 22.4.2.4).
        cell.get("r"): "".join(
            unescape(text) for text in cell.xpath(".//m:t/text()", namespaces=_NAMES)
        )
        for cell in root.xpath("//m:c[@t='inlineStr']", namespaces=_NAMES)
    }
