"""Write corpus/ from the manuscripts, each in a layout of its own: python -m tests.make_corpus."""

from pathlib import Path

from tests.manuscript import MANUSCRIPTS as FOLDER
from tests.manuscript import Layout, lay_out, read_manuscript

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
"""Manuscript to layout: between them, every trouble of real reports."""


def corpus_files() -> dict[Path, bytes]:
    """Return the sample reports: where each lies and what is in it."""
    files = {}
    for name, layout in LAYOUTS.items():
        manuscript = read_manuscript(FOLDER / f"{name}.txt")
        files[CORPUS / manuscript.file] = lay_out(manuscript, layout)
    return files


if __name__ == "__main__":
    for path, content in corpus_files().items():
        path.write_bytes(content)
