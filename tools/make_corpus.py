"""Write corpus/ from the manuscripts: python -m tools.make_corpus.

Most are text files, each with its own layout. The others are a PDF, a scan, Word documents, a saved
web page and a workbook.
"""

from collections.abc import Callable
from pathlib import Path

from tools.manuscript import MANUSCRIPTS as FOLDER
from tools.manuscript import Layout, Manuscript, lay_out, read_manuscript
from tools.render import as_docx, as_page, as_pdf, as_scan, as_xlsx

CORPUS = Path(__file__).parent.parent / "corpus"

LAYOUTS = {
    "agriculture-2021": Layout(columns=56, page_lines=38, space_at_page_top=True),
    "agriculture-2022": Layout(columns=54, blank_lines="between paragraphs", newline="\r\n"),
    "agriculture-2023": Layout(columns=56, page_lines=33, page_number="{}"),
    "culture-2021": Layout(columns=None),
    "culture-2022": Layout(columns=52, page_lines=30, page_number="- {} -", encoding="gb18030"),
    "culture-2023": Layout(columns=60, page_lines=35, page_number="第 {} 页"),
    "education-2021": Layout(columns=56, encoding="utf-8-sig"),
    "education-2022": Layout(columns=None, page_lines=24),
    "education-2023": Layout(columns=56, page_lines=31, page_number="- {} -", form_feeds=True),
    "government-2023": Layout(columns=64, blank_lines="none"),
    "park-2022": Layout(columns=58, page_lines=36, page_number="{}", space_at_page_top=True),
    "water-2021": Layout(columns=54, encoding="gb18030", newline="\r\n"),
    "water-2022": Layout(columns=56, page_lines=34, page_number="{}"),
    "water-2023": Layout(columns=None, blank_lines="none"),
    "water-project-2023": Layout(columns=50, page_lines=28, page_number="- {} -"),
}
"""The layout of each manuscript. Together they have the difficulties of real reports."""


RENDERED: dict[str, tuple[str, Callable[[Manuscript], bytes]]] = {
    "education-2022": (".docx", as_docx),
    "culture-2021": (".html", as_page),
    "culture-2023": (".pdf", as_pdf),
    "water-2023": (".docx", as_docx),
}
"""The manuscripts that are not text files in the corpus: their suffix and renderer."""

SCANNED = "culture-2023"
"""This manuscript is in the corpus a second time, as a scan that can be read only with OCR."""

SCORED = "culture-2022"
"""The tables of this manuscript are in the corpus a second time, as a workbook."""


def corpus_files() -> dict[Path, bytes]:
    """Return the path and the content of each sample report that is a text file."""
    files = {}
    for name, layout in LAYOUTS.items():
        if name not in RENDERED:
            manuscript = read_manuscript(FOLDER / f"{name}.txt")
            files[CORPUS / manuscript.file] = lay_out(manuscript, layout)
    return files


def rendered_path(name: str) -> Path:
    """Return the path in the corpus of a manuscript in `RENDERED`."""
    return (CORPUS / read_manuscript(FOLDER / f"{name}.txt").file).with_suffix(RENDERED[name][0])


def scan_path() -> Path:
    """Return the path of the scan."""
    path = rendered_path(SCANNED)
    return path.with_name(f"{path.stem}（扫描件）.pdf")


def workbook_path() -> Path:
    """Return the path of the workbook."""
    name = read_manuscript(FOLDER / f"{SCORED}.txt").file.removesuffix(".txt")
    return CORPUS / f"{name.replace('自评报告', '自评指标表')}.xlsx"


def write_rendered() -> None:
    """Write the files that are not text. Only the times in them differ between runs."""
    for name, (_, render) in RENDERED.items():
        rendered_path(name).write_bytes(render(read_manuscript(FOLDER / f"{name}.txt")))
    scan_path().write_bytes(as_scan(rendered_path(SCANNED).read_bytes()))
    workbook_path().write_bytes(as_xlsx(read_manuscript(FOLDER / f"{SCORED}.txt")))


if __name__ == "__main__":
    for old in CORPUS.iterdir():
        old.unlink()
    for path, content in corpus_files().items():
        path.write_bytes(content)
    write_rendered()
