"""Reports to index, for tests of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from baocha.search import open_engine
from baocha_indexer.figures import figures_of
from baocha_indexer.model import (
    NO_PLACE,
    Box,
    Column,
    IndexedReport,
    Location,
    Metadata,
    Paragraph,
    Place,
    Report,
)
from baocha_indexer.parse import parse
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.storage import newest_generation

Files = Mapping[str, str]
"""Texts of files, by name."""

Paragraphs = tuple[str, ...]


def parsed_texts(files: Files) -> dict[str, Paragraphs]:
    """Return the parsed paragraphs of each file. Tables (.csv) are no reports."""
    return {
        name: tuple(paragraph.text for paragraph in parse(text.encode(), name).paragraphs)
        for name, text in files.items()
        if not name.endswith(".csv")
    }


def declared_terms(files: Files) -> set[str]:
    """Return the terms in `synonyms.csv`, one text for each group: its lines without the grade."""
    lines = files.get("synonyms.csv", "").splitlines()[1:]
    return {line.partition(",")[2] for line in lines}


def indexed_terms(index: Path) -> set[str]:
    """Return the declared groups in the index as `declared_terms` does."""
    if newest_generation(index) is None:
        return set()
    parts = Snapshot(index).vocabulary.folders
    return {"、".join(group.terms) for part in parts for group in part.groups}


def indexed_texts(index: Path) -> dict[str, Paragraphs]:
    """Return the paragraphs of every report in the index, by the name of its file.

    A report that is there twice has twice its paragraphs.
    """
    if newest_generation(index) is None:
        return {}
    found: dict[str, Paragraphs] = {}
    for part in Snapshot(index).parts:
        segment = part.segment
        for document in range(segment.document_count):
            if part.live is None or part.live[document]:
                name = Path(segment.report_entry(int(segment.report[document])).path).name
                found[name] = (*found.get(name, ()), segment.texts[document])
    return found


def check_index(
    index: Path, allowed: Sequence[Mapping[str, Paragraphs]], phrases: Sequence[str]
) -> dict[str, Paragraphs]:
    """Check an index after a fault, and return the paragraphs of each report in it.

    Each report must be wholly as in one of the allowed states, the index must verify, and the
    count of each phrase must be that of plain reading.
    """
    found = indexed_texts(index)
    for name in {*found, *(name for state in allowed for name in state)}:
        assert found.get(name) in [state.get(name) for state in allowed], name
    if newest_generation(index) is not None:
        engine = open_engine(index)
        engine.verify()
        assert engine.status().reports == len(found)
        for phrase in phrases:
            expected = sum(phrase in text for texts in found.values() for text in texts)
            assert engine.search(f"“{phrase}”").total == expected, phrase
    return found


def report(
    name: str, texts: Sequence[str], year: int | None = 2022
) -> tuple[IndexedReport, Report]:
    """Return a report of some paragraphs, with alternating sections and roles, and its entry."""
    paragraphs = tuple(
        Paragraph(
            ordinal=at,
            text=text,
            role="heading" if at % 3 == 1 else "body",
            section=f"第{at % 2}节",
            section_path=(f"{at % 2}、节",),
            location=Location(
                page=at if at % 2 else None,
                boxes=tuple(Box(at, 10.5, 20.0 * n, 200.0, 20.0 * n + 10) for n in range(at % 3)),
                place=Place("表一", f"A{at}:C{at}") if at % 3 else NO_PLACE,
                confidence=at % 101 / 100 if at % 4 else None,
            ),
            columns=(Column(f"列{at % 2}", "万元"),) * (at % 4),
        )
        for at, text in enumerate(texts, start=1)
    )
    paragraphs = tuple(replace(one, figures=figures_of(one, year)) for one in paragraphs)
    metadata = Metadata(title=f"{name}的报告", department=f"{name}局", year=year, kind="其他")
    entry = IndexedReport(
        id=name,
        source=f"{name}.txt",
        path=f"/reports/{name}.txt",
        sha256="0" * 64,
        title=metadata.title,
        department=metadata.department,
        year=year,
        kind=metadata.kind,
        paragraphs=len(paragraphs),
    )
    return entry, Report(metadata, paragraphs, ())
