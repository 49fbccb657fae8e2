"""Compare the shared text of real reports with a comparison of all pairs of paragraphs."""

import shutil
from pathlib import Path

from baocha.search import open_engine
from baocha_indexer.build import build_index
from baocha_indexer.sources.find import Failure, Source, find_sources
from baocha_indexer.store import Snapshot
from baocha_indexer.workers import Task, parse_all
from tests.campaign.outcome import Outcome
from tests.indexer.copies.reference import Expected, places_of


def copies(folder: Path, texts: Path | None, most: int) -> Outcome:
    """Index the first files of a folder, of at least `most` paragraphs, and compare each paragraph."""
    outcome = Outcome()
    if texts is None or not most:
        return outcome
    copy, index = folder / "texts", folder / "index"
    copy.mkdir()
    size = 0
    sources = [found for found in find_sources([texts]) if isinstance(found, Source)]
    for parsed in parse_all([Task(source) for source in sources], jobs=1):
        if isinstance(parsed, Failure):
            continue
        shutil.copy(parsed.task.source.path, copy / f"{size} {parsed.task.source.path.name}")
        size += len(parsed.report.paragraphs)
        if size >= most:
            break
    build_index([copy], index)
    engine, snapshot = open_engine(index), Snapshot(index)
    reports = {one.report.id: engine.read(one.report.id) for one in engine.coverage()}
    read = {key: report for key, report in reports.items() if report is not None}
    expected = Expected(
        {key: [one.text for one in report.paragraphs] for key, report in read.items()},
        kinds={key: report.report.kind for key, report in read.items()},
        departments={key: report.report.department for key, report in read.items()},
    )
    places = places_of(snapshot)
    for number, place in places.items():
        outcome.trials += 1
        wanted = {(other, run) for other, runs in expected.partners(place).items() for run in runs}
        found = {
            (places[one.document], run)
            for one in snapshot.shared_texts.partners(number)
            for run in one.runs
        }
        for _ in wanted & found:
            outcome.count("passages as expected")
        for kind, runs in (("missed", wanted - found), ("not expected", found - wanted)):
            for run in runs:
                outcome.count(f"passages {kind}")
                outcome.wrong.append(f"{kind}: {place} {run}")
    return outcome
