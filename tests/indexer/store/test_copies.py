"""The text that paragraphs share is that of a brute-force comparison, however the index came about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha_indexer.copies import masked_texts
from baocha_indexer.copies.fingerprints import FINGERPRINT, MOST_REPEATS
from baocha_indexer.store import Snapshot
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.text import tokenise
from tests.indexer.copies.reference import Expected, check
from tests.indexer.store.reports import report

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
