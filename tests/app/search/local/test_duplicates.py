from pathlib import Path

import pytest

from baocha.search import Filters, open_engine
from baocha.search.local import duplicates
from baocha_indexer.build import build_index
from baocha_indexer.text import fold
from tests.app.search.indexes import Indexed

TITLE = "青湖区水务局2023年度部门决算"


@pytest.mark.parametrize("segments", ["one_segment", "many_segments"])
@pytest.mark.parametrize("chunk", [1 << 22, 1000])
def test_the_characters_of_a_segment_are_those_of_its_folded_texts(
    segments: str, chunk: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed: Indexed = request.getfixturevalue(segments)
    monkeypatch.setattr(duplicates, "_CHUNK", chunk)
    for part in indexed.collection.parts:
        texts = "".join(fold(text) for text in part.segment.texts)
        assert "".join(map(chr, duplicates.characters_of(part).tolist())) == texts


def test_a_report_is_in_one_group_at_most(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    text = f"{TITLE}\n\n水质合格率为99%。供水 GB 5749 达标。\n"
    for name, content in {
        "a.txt": text,
        "b.txt": text,
        "c.md": text.replace("。供水", "。\n\n供水"),
        "d.txt": text.replace("99", "98"),
        "e.txt": text.replace("供水", "\n供水"),
        "f.txt": text.replace("99", "97"),
        "g.txt": text.replace("99", "97"),
        "h.txt": f"{text}- 一项\n",
        "i.md": f"{text}- 一项\n",
        "j.txt": f"{text}一项\n",
    }.items():
        (reports / name).write_text(content, encoding="utf-8")
    build_index([reports], tmp_path / "index")
    engine = open_engine(tmp_path / "index")
    assert [
        (group.equal, [report.source[8:] for report in group.reports])
        for group in engine.duplicates()
    ] == [
        ("file", ["f.txt", "g.txt"]),
        ("text", ["a.txt", "b.txt", "c.md", "e.txt"]),
        ("text", ["h.txt", "i.md", "j.txt"]),
    ]
    assert engine.status().reports == 10
    assert engine.restricted_to(Filters(department=("青湖区教育局",))).duplicates() == ()
