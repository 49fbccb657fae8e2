"""Compare the speed of folding with the speed of NFKC normalisation and case folding.

python -m benchmarks.fold [FILE...]    text files; by default the sample reports
"""

import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from baocha_indexer.extract.text import extract
from baocha_indexer.text.fold import fold, fold_with_offsets

CORPUS = Path(__file__).parent.parent / "corpus"
CHARACTERS = 2_000_000
RUNS = 5


def seconds(work: Callable[[str], object], paragraphs: list[str]) -> float:
    """Return the shortest time of `work` for all paragraphs, in seconds."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        for paragraph in paragraphs:
            work(paragraph)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Measure and print a table."""
    paths = [Path(name) for name in sys.argv[1:]] or sorted(CORPUS.glob("*.txt"))
    lines = [line.text for path in paths for line in extract(path.read_bytes()).lines]
    # Join five lines of about 30 characters to a paragraph of about 150.
    paragraphs = ["".join(lines[at : at + 5]) for at in range(0, len(lines), 5)]
    paragraphs *= max(1, CHARACTERS // sum(map(len, paragraphs)))
    count = sum(map(len, paragraphs))
    base = seconds(lambda text: unicodedata.normalize("NFKC", text).casefold(), paragraphs)
    print(f"{count:,} characters, {len(paragraphs):,} paragraphs, best of {RUNS}")
    for name, work in (("fold", fold), ("fold_with_offsets", fold_with_offsets)):
        taken = seconds(work, paragraphs)
        print(f"{name:18} {count / taken / 1e6:6.2f} M characters/s   {taken / base:6.2f} x NFKC")


if __name__ == "__main__":
    main()
