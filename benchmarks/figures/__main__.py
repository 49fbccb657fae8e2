"""Compare the figures that baocha finds with those that a person read; print precision and recall.

python -m benchmarks.figures FOLDER [--show]     FOLDER has the files of answers.json, under any name

`answers.json` has, for each paragraph that was read, each figure: begin, end, kind, value (yuan, percent,
points, number; a fall is negative) and the words for what it measures, with `|` between alternatives; and
`traps`, digits that are no figure. All figures of these paragraphs are in it.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from baocha_indexer.model import Figure, Report
from baocha_indexer.parse import parse

ANSWERS = Path(__file__).parent / "answers.json"
_MARKS = re.compile(r"[\s“”\"/（）()]")


def reports_of(folder: Path) -> Iterator[tuple[dict[str, Any], Report | None]]:
    """Yield each file of the answers, and its report; None if the folder does not have it."""
    found = {
        sha256(path.read_bytes()).hexdigest(): path for path in folder.rglob("*") if path.is_file()
    }
    for answer in json.loads(ANSWERS.read_text("utf-8")):
        path = found.get(answer["sha256"])
        yield answer, parse(path.read_bytes(), path.name) if path else None


def is_label_right(expected: str, figure: Figure) -> bool:
    """Return whether the label of a figure has one of the expected wordings, or is a part of it."""
    label = _MARKS.sub("", figure.label)
    wordings = [_MARKS.sub("", wording) for wording in expected.split("|")]
    return bool(label) and any(
        wording in label or label in wording or wording == figure.name for wording in wordings
    )


def compare(answer: dict[str, Any], report: Report) -> tuple[Counter[str], list[str]]:
    """Return the counts of one file, and a line for each mistake."""
    counts: Counter[str] = Counter()
    mistakes: list[str] = []
    paragraphs = {paragraph.ordinal: paragraph for paragraph in report.paragraphs}
    for read in answer["paragraphs"]:
        paragraph = paragraphs[read["paragraph"]]
        found = {figure.span: figure for figure in paragraph.figures}
        counts["found"] += len(found)
        counts["figures"] += len(read["figures"])
        counts["traps"] += len(read["traps"])
        for start, end in read["traps"]:
            if any(begin < end and start < stop for begin, stop in found):
                counts["traps taken"] += 1
                mistakes.append(f"{paragraph.ordinal} trap {paragraph.text[start:end]}")
        for start, end, kind, value, label in read["figures"]:
            written = paragraph.text[start:end]
            figure = found.pop((start, end), None)
            if figure is None or (figure.kind, figure.value) != (kind, Decimal(value)):
                mistakes.append(f"{paragraph.ordinal} {written} {kind} {value}: found {figure}")
                continue
            counts["right"] += 1
            if is_label_right(label, figure):
                counts["labels"] += 1
            else:
                mistakes.append(f"{paragraph.ordinal} {written} {label}: found {figure.label}")
        mistakes += [f"{paragraph.ordinal} extra {figure}" for figure in found.values()]
    return counts, mistakes


def main() -> None:
    """Print the scores of all files."""
    arguments = argparse.ArgumentParser(description="Measure the extraction of figures.")
    arguments.add_argument("folder", type=Path, help="folder with the files of answers.json")
    arguments.add_argument("--show", action="store_true", help="show each mistake")
    asked = arguments.parse_args()
    total: Counter[str] = Counter()
    for answer, report in reports_of(asked.folder):
        if report is None:
            print(f"not in the folder: {answer['name']}")
            continue
        counts, mistakes = compare(answer, report)
        total += counts
        if asked.show:
            print(answer["name"], *mistakes, sep="\n  ")
    if not total["figures"]:
        sys.exit("none of the files is in the folder")
    print(f"figures    {total['figures']}")
    print(f"precision  {total['right'] / total['found']:.3f}")
    print(f"recall     {total['right'] / total['figures']:.3f}")
    print(f"labels     {total['labels'] / total['right']:.3f}")
    print(f"traps      {total['traps taken']} of {total['traps']} taken for a figure")


if __name__ == "__main__":
    main()
