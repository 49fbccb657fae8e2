"""Small files that would need gigabytes of memory: each is refused before it needs much."""

import multiprocessing
import re
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from baocha_indexer.sources.find import Failure, Source
from baocha_indexer.workers import Task, parse_one
from tests.indexer.extract.archives import archive
from tests.indexer.extract.ofd_files import ofd, text

MB = 1 << 20
MAX_MB = 400
"""A worker that only imports the readers needs about 60."""

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = f'<w:document xmlns:w="{_MAIN}"><w:body>{{}}</w:body></w:document>'
_ROWS = f'<worksheet xmlns="{_SHEET}"><sheetData>{{}}</sheetData></worksheet>'
_LAUGHS = (
    '<?xml version="1.0" encoding="{}"?><!DOCTYPE w:document [<!ENTITY a "一一一一">'
    + "".join(f'<!ENTITY b{n} "{(f"&b{n - 1};" if n else "&a;") * 9}">' for n in range(9))
    + "]>"
    + _WORD.format("<w:p><w:r><w:t>&b8;</w:t></w:r></w:p>")
)


def docx(document: Iterable[bytes], *others: tuple[str, Iterable[bytes]]) -> bytes:
    return archive({"word/document.xml": document, **dict(others)})


def xlsx(sheet: str) -> bytes:
    return archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet.encode()})


def repeated(element: str, size: int = 60 * MB) -> list[bytes]:
    return [_WORD.format(element * (size // len(element.encode()))).encode()]


def pdf(content: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj()
    stream = b"".join(map(packer.compress, content)) + packer.flush()
    return (
        b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>\nendobj\n"
        b"4 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(stream), stream)
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "spaces.docx": lambda: docx([b" " * MB] * 1_000),
    "elements.docx": lambda: docx(repeated("<w:p/>")),
    "attributes.docx": lambda: docx(repeated('<w:p w:a="" w:b=""/>')),
    "cells.docx": lambda: docx(repeated("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")),
    "utf-16.docx": lambda: docx([_LAUGHS.format("utf-16").encode("utf-16")]),
    "utf-7.docx": lambda: docx([_LAUGHS.format("utf-8").encode("utf-7")]),
    "picture.docx": lambda: docx([b"<a/>"], ("word/media/a.bin", [bytes(MB)] * 400)),
    "named.docx": lambda: docx([b"<a/>"], ("word/a.bin", repeated("<w:p/>"))),
    "parts.docx": lambda: docx([b"<a/>"], *((f"word/{n}.xml", ()) for n in range(20_000))),
    "rows.xlsx": lambda: xlsx(_ROWS.format("<row><c><v>1</v></c></row>" * 1_500_000)),
    "cells.xlsx": lambda: xlsx(_ROWS.format(f"<row>{'<c><v>1</v></c>' * 3_000_000}</row>")),
    "spaces.ofd": lambda: ofd([], parts={"Doc_0/Res/font.ttf": bytes(260 * MB)}),
    "template.ofd": lambda: ofd([""] * 2_000, template=text("一" * 400_000, 20, 30)),
    "spaces.pdf": lambda: pdf([b" " * MB] * 1_000),
    "text.pdf": lambda: pdf([b"BT /F1 12 Tf 9 9 Td (aaaaaaaaaa) Tj ET\n" * 30_000] * 100),
    "elements.html": lambda: b"<p>" * 8_000_000,
    "cells.html": lambda: b"<table><tr>" + b"<td>a</td>" * 2_000_000,
    "deep.html": lambda: b"<table><tr><td>" * 1_000_000,
    "lines.txt": lambda: "一\n".encode() * 4_000_000,
    "items.md": lambda: "- 一\n".encode() * 2_000_000,
    "emphasis.md": lambda: b"*a " * 4_000_000,
}


def cost(path: Path) -> tuple[str, float]:
    """Return the error of a file, empty if it was read, and the peak memory in MB."""
    found = parse_one(Task(Source(path, path.name)))
    status = Path("/proc/self/status").read_text()
    peak = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert peak
    return found.message.en if isinstance(found, Failure) else "", int(peak[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_needs_much_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    # In a separate process, as in indexing, and with a generous time limit.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        error, peak = pool.apply_async(cost, (path,)).get(timeout=120)
    assert re.search(r"damaged|over|more than|too deep", error), error
    assert "GB" not in error
    assert peak < MAX_MB
