"""Reading PDF: extraction and healing together, beside PDFium's bare text.

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


def bare(content: bytes) -> None:
    """Take the text of every page, and nothing else."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def whole(content: bytes) -> None:
    """Make a report of it."""
    parse(content, "report.pdf")


def seconds(work: Callable[[bytes], None], contents: Sequence[bytes]) -> float:
    """Return how long all of `contents` take."""
    started = time.perf_counter()
    for content in contents:
        work(content)
    return time.perf_counter() - started


def main() -> None:
    """Measure, the two in turn, and print the ratio."""
    named = [Path(name) for name in sys.argv[1:]]
    paths = named or [path for path in CORPUS.glob("*.pdf") if "扫描件" not in path.name]
    contents = [path.read_bytes() for path in paths]
    pairs = [(seconds(bare, contents), seconds(whole, contents)) for _ in range(ROUNDS)]
    ratios = sorted(ours / theirs for theirs, ours in pairs)
    print(f"{len(paths)} files, {ROUNDS} rounds")
    print(f"bare text {statistics.median(t for t, _ in pairs):.3f} s")
    print(f"report    {statistics.median(o for _, o in pairs):.3f} s")
    print(f"ratio     {ratios[ROUNDS // 2]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
