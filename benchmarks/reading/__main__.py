"""Read public files with baocha, and their tables with pdfplumber and pandas too; print the shares that are right.

python -m benchmarks.reading FOLDER      FOLDER has a clone of each repository of answers.json
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pdfplumber

from baocha_indexer.model import Report, TableCell
from baocha_indexer.parse import parse
from benchmarks.reading.score import Counts, Row, add, bare, counted, expected_rows

ANSWERS = Path(__file__).parent / "answers.json"
_FIGURE = re.compile(r"[\d,]*\.\d\d|\d{1,3}(,\d{3})+")


def content_of(folder: Path, answer: dict[str, Any]) -> bytes:
    """Return a file of a repository at its commit."""
    clone = folder / PurePosixPath(answer["repository"]).name
    shown = f"{answer['commit']}:{answer['path']}"
    return subprocess.run(
        ["git", "-C", str(clone), "show", shown],  # noqa: S607
        capture_output=True,
        check=True,
    ).stdout


def rows_of_report(report: Report, page: int | None) -> list[Row]:
    """Return the rows of tables on a page, or of the whole report."""
    on_page = (p for p in report.paragraphs if page is None or p.page == page)
    return [paragraph.cells for paragraph in on_page if paragraph.role == "table"]


def rows_of_plumber(content: bytes, page: int) -> Iterator[Row]:
    """Yield the rows that pdfplumber finds. The head of a cell is the nearest text above the figures."""
    with pdfplumber.open(BytesIO(content)) as document:
        for table in document.pages[page - 1].find_tables():
            rows = table.extract()
            ends = (at for at, row in enumerate(rows) if any(map(_is_figure, row)))
            end = next(ends, len(rows))
            for row in rows[end:]:
                heads = [_head_above(rows[:end], column) for column in range(len(row))]
                yield [
                    TableCell(head, text or "", "") for head, text in zip(heads, row, strict=True)
                ]


def rows_of_pandas(content: bytes) -> Iterator[Row]:
    """Yield the rows that `pandas.read_html` finds. The head of a cell is in the first row of the table."""
    for table in pd.read_html(BytesIO(content), header=None, encoding="utf-8"):
        heads, *rows = table.astype(object).fillna("").astype(str).values.tolist()
        for row in rows:
            yield [TableCell(head, text, "") for head, text in zip(heads, row, strict=True)]


def rows_of_readers(
    content: bytes, path: PurePosixPath, report: Report, page: int | None
) -> dict[str, list[Row]]:
    """Return the rows that baocha finds on a page, and those that another reader finds."""
    readers = {f"baocha, {path.suffix}": rows_of_report(report, page)}
    if page is not None:
        readers["pdfplumber, .pdf"] = list(rows_of_plumber(content, page))
    elif path.suffix == ".html":
        readers["pandas, .html"] = list(rows_of_pandas(content))
    return readers


def _is_figure(text: str | None) -> bool:
    return _FIGURE.fullmatch("".join((text or "").split())) is not None


def _head_above(heads: Sequence[Sequence[str | None]], column: int) -> str:
    """Return the lowest text above a column; if it has none, that of the column to the left."""
    for place in range(column, -1, -1):
        for row in reversed(heads):
            if place < len(row) and row[place]:
                return row[place] or ""
    return ""


def headings_found(report: Report, headings: Sequence[str]) -> int:
    """Return how many of the headings are headings of the report."""
    found = [bare(p.text) for p in report.paragraphs if p.role in ("heading", "title")]
    return sum(any(text.endswith(heading) for text in found) for heading in headings)


def print_shares(counts: dict[str, Counts]) -> None:
    """Print the shares of the cells and rows that are right, for each reader."""
    for reader, found in counts.items():
        print(
            f"{reader}: {found.cells} cells, in their row {found.in_row / found.cells:.3f}, under their "
            f"head {found.under_head / found.cells:.3f}, complete {found.complete / found.cells:.3f}; "
            f"{found.rows} rows, right {found.rows_right / found.rows:.3f}"
        )


def main() -> None:
    """Read all files and print the shares."""
    folder = Path(sys.argv[1])
    answers = json.loads(ANSWERS.read_text("utf-8"))
    right = dict.fromkeys(("title", "department", "year", "kind"), 0)
    counts: dict[str, Counts] = {}
    headings = headings_right = 0
    for answer in answers:
        content = content_of(folder, answer)
        path = PurePosixPath(answer["path"])
        report = parse(content, path.name)
        for name in right:
            is_right = getattr(report.metadata, name) == answer[name]
            right[name] += is_right
            if not is_right:
                print(f"{path}: {name} {getattr(report.metadata, name)}")
        headings += len(answer["headings"])
        headings_right += headings_found(report, answer["headings"])
        for table in answer["tables"]:
            page = table["page"]
            readers = rows_of_readers(content, path, report, page)
            for expected in expected_rows(table):
                for reader, rows in readers.items():
                    found = counted(expected, rows)
                    if reader.startswith("baocha") and not found.rows_right:
                        print(f"{path}, page {page}: {expected[0].name}: {found}")
                    counts[reader] = add(counts.get(reader, Counts()), found)
    print(f"{len(answers)} files: " + ", ".join(f"{name} {n}" for name, n in right.items()))
    print(f"headings: {headings_right} of {headings}")
    print_shares(counts)


if __name__ == "__main__":
    main()
