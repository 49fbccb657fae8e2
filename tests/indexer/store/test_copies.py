"""The text that paragraphs share is that of a brute-force comparison, however the index came about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha_indexer.copies import TEMPLATE_REPORTS, SharedRun, fingerprints, mask, masked_texts
from baocha_indexer.copies.fingerprints import (
    FINGERPRINT,
    LEAST_RUN,
    MOST_REPEATS,
    WINDOW,
    hashes_of,
)
from baocha_indexer.store import Snapshot
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.text import fold, tokenise
from tests.indexer.copies.reference import runs_of
from tests.indexer.store.reports import report

Place = tuple[str, int]
"""A paragraph: the id of its report and its ordinal."""


@dataclass
class Expected:
    """The paragraphs of an index and what they share, by brute force."""

    reports: Mapping[str, Sequence[str]]
    common_places: int = 1 << 30
    share: Fraction = Fraction(1, 3)
    keys: Counter[int] = field(init=False)

    def __post_init__(self) -> None:
        self.masked = {
            (name, at): mask(fold(text), None)
            for name, texts in self.reports.items()
            for at, text in enumerate(texts, 1)
        }
        self.keys = Counter()
        for text in {text for text in self.masked.values() if len(text) >= LEAST_RUN}:
            self.keys.update(keys_of(text))

    def partners(self, place: Place) -> dict[Place, list[SharedRun]]:
        """Return the paragraphs of other reports that share a run with one."""
        found = {}
        text = self.masked[place]
        for other, other_text in self.masked.items():
            if other[0] == place[0]:
                continue
            runs = [
                SharedRun(
                    start, other_start, length, self.is_template(text[start : start + length])
                )
                for start, other_start, length in runs_of(text, other_text)
                if text == other_text or not self.is_common(text[start : start + length])
            ]
            if runs:
                found[other] = sorted(runs)
        return found

    def is_common(self, passage: str) -> bool:
        """Return whether all lowest fingerprints of the windows of a passage are at too many places."""
        keys = all_keys(passage)
        hashes = [(keys[at], at) for at in range(len(passage) - FINGERPRINT + 1)]
        lowest = {min(hashes[at : at + WINDOW])[0] for at in range(len(hashes) - WINDOW + 1)}
        return all(self.keys[key] > self.common_places for key in lowest)

    def is_template(self, passage: str) -> bool:
        """Return whether a passage is in more than the share of the reports of the one kind."""
        reports = {name for (name, _), text in self.masked.items() if passage in text}
        return len(reports) >= TEMPLATE_REPORTS and len(reports) > self.share * len(self.reports)


def keys_of(text: str) -> list[int]:
    """Return the keys of the chosen fingerprints of a masked text."""
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
    return [int(key) for key in fingerprints(codes, np.array([len(text)], dtype=np.uint32))[0]]


def all_keys(text: str) -> list[int]:
    """Return the hash of each sequence of characters that could be a fingerprint."""
    return [int(key) for key in hashes_of(np.frombuffer(text.encode("utf-32-le"), "<u4"))]


def check(index: Path, expected: Expected) -> None:
    snapshot = Snapshot(index)
    snapshot.verify()
    ids = snapshot.strings_of_reports("id")
    places: dict[int, Place] = {}
    for part in snapshot.parts:
        for document in range(part.segment.document_count):
            number = part.first_document + document
            if snapshot.live[number]:
                name = ids[int(snapshot.report_of[number])]
                places[number] = (name, int(part.segment["ordinal"][document]))
    assert sorted(places.values()) == sorted(expected.masked)
    shared = snapshot.shared_texts
    for number, place in places.items():
        found = {places[one.document]: sorted(one.runs) for one in shared.partners(number)}
        assert found == expected.partners(place)
        copies = sum(any(not run.is_template for run in runs) for runs in found.values())
        assert int(snapshot.copy_counts[number]) == copies
    assert np.array_equal(snapshot.copy_counts, shared.counts)


PIECES = st.text(st.sampled_from("甲乙丙丁戊己庚辛壬癸子丑"), min_size=5, max_size=40)


@st.composite
def histories(draw: st.DrawFn) -> list[list[tuple[str, list[str] | None]]]:
    """Return the commits of an index: reports that are added, replaced or, with None, removed."""
    pieces = draw(st.lists(PIECES, min_size=1, max_size=4))
    paragraph = st.lists(st.sampled_from(pieces) | PIECES, min_size=1, max_size=3).map("".join)
    content = st.none() | st.lists(paragraph, min_size=1, max_size=3)
    change = st.tuples(st.sampled_from("abcdefgh"), content)
    return draw(st.lists(st.lists(change, min_size=1, max_size=4), min_size=1, max_size=4))


def is_limited(reports: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a text repeats a fingerprint so often that some are left out."""
    texts = [text for own in reports.values() for text in own]
    return any(
        count > MOST_REPEATS
        for text in texts
        for count in Counter(text[at : at + FINGERPRINT] for at in range(len(text))).values()
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    histories(), st.sampled_from(["", "merge"]), st.sampled_from([Fraction(1, 3), Fraction(9, 10)])
)
def test_shared_text_is_that_of_a_comparison_after_any_history(
    tmp_path_factory: pytest.TempPathFactory,
    commits: list[list[tuple[str, list[str] | None]]],
    merge: str,
    share: Fraction,
) -> None:
    index = tmp_path_factory.mktemp("copies")
    live: dict[str, list[str]] = {}
    for changes in commits:
        with IndexWriter(index) as writer:
            writer.template_share = share
            for name, texts in changes:
                if texts is None:
                    writer.remove(name)
                    live.pop(name, None)
                else:
                    writer.add(*report(name, texts))
                    live[name] = texts
            writer.commit()
            if merge:
                writer.merge()
    if is_limited(live):
        return
    check(index, Expected(live, share=share))


def text_of(seed: int, length: int) -> str:
    """Return a text without repetitions."""
    codes = np.random.default_rng(seed).integers(0x4E00, 0x9000, length)
    return "".join(map(chr, codes.tolist()))


def test_common_wording_is_no_copy_in_whatever_order_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baocha_indexer.copies.shared.COMMON_PLACES", 4)
    monkeypatch.setattr("baocha_indexer.copies.runs.MOST_PLACES", 5)
    monkeypatch.setattr("baocha_indexer.store.write.copies.MOST_PLACES", 5)
    common, rare = text_of(1, 60), text_of(2, 50)
    reports: dict[str, list[str]] = {}
    for number in range(9):
        middle = rare if number in (0, 7) else text_of(20 + number, 50)
        reports[f"r{number}"] = [text_of(50 + number, 12) + common + middle]
        with IndexWriter(tmp_path) as writer:
            name = f"r{number}"
            writer.add(*report(name, reports[name]))
            writer.commit()
            if number % 3 == 0:
                writer.merge()
        check(tmp_path, Expected(reports, common_places=4))
    for name in ("r1", "r2", "r3", "r4", "r5"):
        with IndexWriter(tmp_path) as writer:
            writer.remove(name)
            del reports[name]
            writer.commit()
    assert len(reports) == 4


def test_a_passage_in_many_reports_is_template_text_and_no_copy(tmp_path: Path) -> None:
    template, copied = text_of(1, 40), text_of(2, 40)
    reports = {f"r{number}": [f"{template}。", text_of(10 + number, 60)] for number in range(9)}
    reports["r0"].append(f"一{copied}")
    reports["r1"].append(f"二{copied}")
    with IndexWriter(tmp_path) as writer:
        for name, texts in reports.items():
            writer.add(*report(name, texts))
        writer.commit()
    check(tmp_path, Expected(reports))
    counts = Snapshot(tmp_path).copy_counts
    assert np.count_nonzero(counts) == 2


def test_a_report_that_is_there_a_thousand_times_is_counted_and_no_pair_is_stored(
    tmp_path: Path,
) -> None:
    texts = [text_of(number, 60) for number in range(5)]
    with IndexWriter(tmp_path) as writer:
        for number in range(1_000):
            writer.add(*report(f"r{number}", texts))
        writer.template_share = Fraction(1)
        writer.commit()
    snapshot = Snapshot(tmp_path)
    assert set(snapshot.copy_counts.tolist()) == {999}
    assert all(len(part.segment.runs()) == 0 for part in snapshot.parts)


def test_masked_texts_of_a_report_have_digests_by_their_content() -> None:
    texts = ["短", text_of(1, 30), text_of(2, 30), text_of(1, 30)]
    tokens = tokenise(texts)
    digests = masked_texts(tokens.codes, tokens.lengths).digests.tolist()
    assert digests[0] == 0
    assert digests[1] == digests[3] != digests[2]
