"""Figures come back from an index as they were read."""

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha_indexer.prepare import prepare
from baocha_indexer.store.segment import Segment
from baocha_indexer.store.write.builder import SegmentBuilder
from tests.indexer.store.reports import report

TEXTS = st.lists(
    st.text(st.sampled_from("0123456789.,一二十百千万亿元%成分个、至约降预算率 "), max_size=30),
    min_size=1,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_the_figures_of_a_segment_are_those_of_the_paragraphs(
    tmp_path: Path, texts: list[str]
) -> None:
    entry, parsed = report("水务", texts)
    builder = SegmentBuilder()
    builder.add(entry, prepare(parsed.paragraphs))
    builder.write(tmp_path / "one.arrays")
    segment = Segment(tmp_path / "one.arrays")
    documents = np.arange(len(texts))
    stored = [paragraph.figures for paragraph in segment.paragraphs(documents)]
    assert stored == [paragraph.figures for paragraph in parsed.paragraphs]
    assert [str(f.value) for own in stored for f in own] == [
        str(f.value) for paragraph in parsed.paragraphs for f in paragraph.figures
    ]
