"""Compare the time to parse PDF files into reports with the time PDFium needs for the plain text.

python -m benchmarks.extract [FILE...]      by default the PDF of the sample reports
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2

from baocha_indexer.parse import parse

CORPUS = Path(__file__).parent.parent / "corpus"
ROUNDS = 9


def read_text(content: bytes) -> None:
    """Read the text of every page with PDFium, and nothing else."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def read_report(content: bytes) -> None:
    """Parse the file into a report."""
    parse(content, "report.pdf")


def seconds(work: Callable[[bytes], None], contents: Sequence[bytes]) -> float:
    """Return the seconds that `work` needs for all of `contents`."""
    started = time.perf_counter()
    for content in contents:
        work(content)
    return time.perf_counter() - started


def main() -> None:
    """Measure both alternately, and print the ratio."""
    given = [Path(name) for name in sys.argv[1:]]
    paths = given or [path for path in CORPUS.glob("*.pdf") if "扫描件" not in path.name]
    contents = [path.read_bytes() for path in paths]
    pairs = [(seconds(read_text, contents), seconds(read_report, contents)) for _ in range(ROUNDS)]
    ratios = sorted(ours / theirs for theirs, ours in pairs)
    print(f"{len(paths)} files, {ROUNDS} rounds")
    print(f"plain text {statistics.median(t for t, _ in pairs):.3f} s")
    print(f"report     {statistics.median(o for _, o in pairs):.3f} s")
    print(f"ratio      {ratios[ROUNDS // 2]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
