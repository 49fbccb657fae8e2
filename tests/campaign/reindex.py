"""Index a large folder, append a line to every file, index again, and check the counts."""

import shutil
from pathlib import Path
from random import Random

from baocha.search import open_engine
from baocha_indexer.build import build_index
from baocha_indexer.sources.find import Failure, Source, find_sources
from baocha_indexer.text import bare, fold
from baocha_indexer.workers import Task, parse_all
from tests.campaign.outcome import Outcome

PHRASES = 200
"""Number of random phrases to count."""

LINE = "\n\n另行附记以备核对。\n"


def reindex(folder: Path, texts: Path | None, seed: int) -> Outcome:
    """Compare the index with a plain search in the same texts. `texts` is copied, not changed."""
    outcome, random = Outcome(), Random(seed)
    if texts is None:
        return outcome
    copy, index = folder / "texts", folder / "index"
    shutil.copytree(texts, copy)
    build_index([copy], index)
    sources = [found for found in find_sources([copy]) if isinstance(found, Source)]
    for source in sources:
        with source.path.open("ab") as file:
            file.write(LINE.encode())
    build_index([copy], index)
    parsed = list(parse_all([Task(source) for source in sources]))
    reports = [one.report for one in parsed if not isinstance(one, Failure)]
    paragraphs = [fold(paragraph.text) for report in reports for paragraph in report.paragraphs]
    without_marks = list(map(bare, paragraphs))
    engine = open_engine(index)
    engine.verify()
    status = engine.status()
    if (status.reports, status.paragraphs) != (len(reports), len(paragraphs)):
        outcome.wrong.append(f"{status.reports} reports and {status.paragraphs} paragraphs")
    for phrase in [fold(LINE.strip()), "第一条", "的", *_phrases(paragraphs, random)]:
        outcome.trials += 1
        expected = sum(bare(phrase) in paragraph for paragraph in without_marks)
        found = engine.search(f"“{phrase}”", limit=0).total
        outcome.count(
            "phrases with the correct count" if found == expected else "phrases with a wrong count"
        )
        if found != expected:
            outcome.wrong.append(f"“{phrase}”: {found}, not {expected}")
    return outcome


def _phrases(paragraphs: list[str], random: Random) -> list[str]:
    """Return phrases of the texts, one to eight Han characters each."""
    phrases: list[str] = []
    while len(phrases) < PHRASES:
        text, length = random.choice(paragraphs), random.randint(1, 8)
        at = random.randrange(max(1, len(text) - length))
        if (phrase := text[at : at + length]) and all("一" <= char <= "鿿" for char in phrase):
            phrases.append(phrase)
    return phrases
