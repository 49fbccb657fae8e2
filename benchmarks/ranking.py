"""Measure how well search ranks the paragraph that answers a question, beside plain BM25.

python -m benchmarks.ranking FILE...            question sets; benchmarks/README.md says which
python -m benchmarks.ranking --specific FILE... only questions that say what they are about
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from baocha.search import Engine, open_engine, writer_of
from baocha_indexer.model import IndexedReport, Metadata, Paragraph, Report
from baocha_indexer.store.write.writer import IndexWriter
from baocha_indexer.text import fold, words_of
from baocha_indexer.writer import Writer
from benchmarks.contenders.bm25 import Bm25
from benchmarks.results import machine

DEPTH = 20
"""Number of hits among which the answer is looked for."""

SPECIFIC_WORDS = 2
SPECIFIC_SHARE = 0.02
"""A question is specific if it has at least this number of words that are in at most this share of
the paragraphs."""

Ranker = Callable[[str], Sequence[int]]
"""Returns the numbers of the best `DEPTH` paragraphs for a question, best first."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Distinct paragraphs, and questions, each with the number of the paragraph that answers it."""

    paragraphs: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]

    def specific(self) -> "QuestionSet":
        """Return the set without the questions that could be about many of the paragraphs.

        A question is kept if it is asked about one paragraph only, and at least two of its words
        have two or more characters and occur in some paragraph, but in at most 2% of them. This
        looks at neither the answer nor the results of an engine.
        """
        texts = [fold(paragraph) for paragraph in self.paragraphs]
        about: dict[str, set[int]] = {}
        for question, answer in self.questions:
            about.setdefault(question, set()).add(answer)
        rare: dict[str, bool] = {}

        def is_rare(word: str) -> bool:
            if word not in rare:
                count = sum(word in text for text in texts)
                rare[word] = 0 < count <= max(1, SPECIFIC_SHARE * len(texts))
            return rare[word]

        def is_specific(question: str) -> bool:
            words = {word for word, _ in words_of(fold(question)) if len(word) > 1}
            return len(about[question]) == 1 and sum(map(is_rare, words)) >= SPECIFIC_WORDS

        return replace(self, questions=tuple(q for q in self.questions if is_specific(q[0])))


def read(path: Path) -> QuestionSet:
    """Read a question set in the form of SQuAD or of C3. Equal paragraphs become one."""
    numbers: dict[str, int] = {}
    questions = []
    for text, asked in _documents(json.loads(path.read_text("utf-8"))):
        number = numbers.setdefault(text, len(numbers))
        questions += [(item["question"], number) for item in asked]
    return QuestionSet(tuple(numbers), tuple(questions))


def _documents(read: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    if isinstance(read, dict):
        found = [paragraph for article in read["data"] for paragraph in article["paragraphs"]]
        return [(paragraph["context"], paragraph["qas"]) for paragraph in found]
    return [("\n".join(lines), asked) for lines, asked, _ in read]


def write_report(writer: Writer, paragraphs: Sequence[str]) -> None:
    """Write one report into an empty index. Paragraph number n has the ordinal n."""
    report = Report(
        Metadata("", None, None, ""),
        tuple(Paragraph(at, text, "body", "", ()) for at, text in enumerate(paragraphs)),
        (),
    )
    entry = IndexedReport(
        id="set",
        source="set",
        path="set",
        sha256="",
        title="",
        department=None,
        year=None,
        kind="",
        paragraphs=len(paragraphs),
    )
    writer.add(entry, report)
    writer.commit()


def best_of(engine: Engine, question: str) -> list[int]:
    """Return the numbers of the best paragraphs: full matches first, then partial ones."""
    found = engine.search(question, limit=DEPTH)
    hits = (*found.hits, *getattr(found, "partial", ()))[:DEPTH]
    return [hit.ordinal for hit in hits]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The rank of each answer from 1, or infinity, and the seconds of each query."""

    ranks: tuple[float, ...]
    seconds: tuple[float, ...]

    def cells(self) -> list[str]:
        """Return MRR@20, recall@1, recall@20, and mean and median time in milliseconds."""
        ranks, times = np.array(self.ranks), np.array(self.seconds) * 1000
        quality = ((1 / ranks).mean(), (ranks == 1).mean(), (ranks <= DEPTH).mean())
        return [f"{x:.4f}" for x in quality] + [
            f"{x:.2f}" for x in (times.mean(), np.median(times))
        ]


def rank(ranker: Ranker, asked: Sequence[tuple[str, int]]) -> Ranked:
    """Ask every question, and find the rank of its answer."""
    ranks, seconds = [], []
    for question, answer in asked:
        started = time.perf_counter()
        best = ranker(question)
        seconds.append(time.perf_counter() - started)
        ranks.append(best.index(answer) + 1.0 if answer in best else np.inf)
    return Ranked(tuple(ranks), tuple(seconds))


def measure(found: QuestionSet, cluster: str = "") -> dict[str, Ranked]:
    """Return the results of baocha, on a cluster too if an address is given, and of plain BM25."""
    peer = Bm25(found.paragraphs)
    measured = {}
    with tempfile.TemporaryDirectory() as scratch:
        with IndexWriter(Path(scratch)) as writer:
            write_report(writer, found.paragraphs)
        engine = open_engine(Path(scratch))
        measured["baocha"] = rank(lambda question: best_of(engine, question), found.questions)
    if cluster:
        opened = writer_of(cluster, [], rebuild=True)
        assert opened  # noqa: S101 — an address is no folder
        with opened() as on_cluster:
            write_report(on_cluster, found.paragraphs)
        other = open_engine(cluster)
        measured["on a cluster"] = rank(lambda question: best_of(other, question), found.questions)
    measured["BM25"] = rank(lambda question: peer.best(question, DEPTH), found.questions)
    return measured


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--specific", is_flag=True, help="Only questions that say what they are about.")
@click.option(
    "--cluster", default="", help="An index in a cluster, which is replaced, to measure too."
)
def main(files: tuple[Path, ...], *, specific: bool, cluster: str) -> None:
    """Measure, and print a table."""
    print(f"{machine()}.\n")
    columns = ("MRR@20", "recall@1", "recall@20", "mean ms", "p50 ms")
    print("| | paragraphs | questions | engine | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 4) + "|")
    for path in files:
        found = read(path).specific() if specific else read(path)
        counts = f"{len(found.paragraphs):,} | {len(found.questions):,}"
        for name, ranked in measure(found, cluster).items():
            cells = " | ".join(ranked.cells())
            print(f"| {path.stem} | {counts} | {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
