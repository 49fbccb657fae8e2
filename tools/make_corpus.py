"""Write corpus/ from the manuscripts: python -m tools.make_corpus.

Most are text, each in a layout of its own; some are what offices make besides: PDF, a scan,
Word, a saved web page, a workbook.
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
"""The manuscripts that are in the corpus in another format than text: suffix and writer."""

SCANNED = "culture-2023"
"""The manuscript that is also in the corpus as a scan, which needs OCR."""

SCORED = "culture-2022"
"""The manuscript whose tables are also in the corpus as a workbook."""


def corpus_files() -> dict[Path, bytes]:
    """Return the paths and contents of the sample reports that are text."""
    files = {}
    for name, layout in LAYOUTS.items():
        if name not in RENDERED:
            manuscript = read_manuscript(FOLDER / f"{name}.txt")
            files[CORPUS / manuscript.file] = lay_out(manuscript, layout)
    return files


def rendered_path(name: str) -> Path:
    """Return the path of a manuscript that is not text in the corpus."""
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
    """Write the reports that are not text. Only the times of writing in them are different each time."""
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
