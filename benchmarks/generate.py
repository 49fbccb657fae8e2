"""Write invented reports for benchmarks. The same seed gives the same reports.

python -m benchmarks.generate FOLDER [--paragraphs N] [--characters N] [--seed N]

Words are chosen with their frequencies in jieba's dictionary. Paragraphs have `--characters`
characters on average; their lengths vary as in real reports.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

import click

from baocha_indexer.text.dictionary import dictionary_path

PARAGRAPHS_A_REPORT = 100
SECTIONS = ("基本情况", "预算执行情况", "绩效自评", "存在的主要问题", "下一步改进措施")
NUMERALS = "一二三四五"
DEPARTMENTS = 200
YEARS = range(2015, 2025)
MARKS = "，，，，，、；。。"
SPREAD = 0.8
"""The standard deviation of the logarithm of a paragraph's length, near that of statutes."""


class _Words:
    """Choose words at random, with their frequencies in jieba's dictionary."""

    def __init__(self) -> None:
        lines = dictionary_path().read_text("utf-8").splitlines()
        self._words = [line.split()[0] for line in lines]
        self._upto = list(accumulate(int(line.split()[1]) for line in lines))

    def draw(self, random: Random, count: int) -> list[str]:
        """Return `count` words."""
        return random.choices(self._words, cum_weights=self._upto, k=count)


def reports(paragraphs: int, characters: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of reports that have `paragraphs` paragraphs in total, or slightly more."""
    random = Random(seed)  # noqa: S311 — no secret
    words = _Words()
    names = ["".join(words.draw(random, 2))[:6] for _ in range(DEPARTMENTS)]
    for number in range((paragraphs + PARAGRAPHS_A_REPORT - 1) // PARAGRAPHS_A_REPORT):
        department = f"{names[number % DEPARTMENTS]}局"
        year = YEARS[number // DEPARTMENTS % len(YEARS)]
        lines = [f"{year}年度{department}部门整体支出绩效自评报告（第{number}号）"]
        while len(lines) < PARAGRAPHS_A_REPORT:
            at = len(lines) * len(SECTIONS) // PARAGRAPHS_A_REPORT
            if f"{NUMERALS[at]}、{SECTIONS[at]}" not in lines:
                lines.append(f"{NUMERALS[at]}、{SECTIONS[at]}")
            else:
                lines.append(_paragraph(words, random, characters))
        yield f"{number:05}.txt", "\n\n".join(lines) + "\n"


def _paragraph(words: _Words, random: Random, characters: int) -> str:
    # The mean of a log-normal is exp(mu + sigma² / 2).
    length = characters * random.lognormvariate(-(SPREAD**2) / 2, SPREAD)
    pieces: list[str] = []
    written = 0
    while written < max(6, length):
        clause = "".join(words.draw(random, random.randint(2, 8))) + random.choice(MARKS)
        pieces.append(clause)
        written += len(clause)
    return "".join(pieces)[:-1] + "。"


def write(folder: Path, paragraphs: int, characters: int, seed: int) -> None:
    """Write the reports as text files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reports(paragraphs, characters, seed):
        (folder / name).write_text(text, "utf-8")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--paragraphs", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--characters", type=click.IntRange(min=10), default=140, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(folder: Path, paragraphs: int, characters: int, seed: int) -> None:
    """Write invented reports into FOLDER."""
    write(folder, paragraphs, characters, seed)


if __name__ == "__main__":
    main()
