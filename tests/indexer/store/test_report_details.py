"""The metadata of reports that is stored beside the facets."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from baocha_indexer.build import build_index
from baocha_indexer.store import segment
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.write import tables

TEXT = "云溪市2021—2023年节水工作方案\n一、目标\n坚持节水优先，统筹推进各项工作。\n"


def reports(folder: Path, texts: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_years_document_number_and_origins_are_stored_and_merged(tmp_path: Path) -> None:
    number = "青湖区水务局关于节水的通知\n青水〔2022〕3号\n各镇：\n坚持节水优先，统筹推进。\n"
    folder = reports(tmp_path / "reports", {"a.txt": TEXT, "b.txt": number})
    build_index([folder], tmp_path / "index")
    for at in range(8):  # enough runs for a merge
        reports(folder, {f"c{at}.txt": TEXT.replace("云溪", f"云溪{at}")})
        build_index([folder], tmp_path / "index")
    found = {report.source: report for report in Snapshot(tmp_path / "index").reports()}
    a, b = found["reports/a.txt"], found["reports/b.txt"]
    assert (a.year, a.metadata["years"]) == (2023, [2021, 2022, 2023])
    assert a.metadata["document_number"] is None
    assert b.metadata["document_number"] == "青水〔2022〕3号"
    assert b.metadata["origins"]["year"] == {"source": "document number", "certainty": "certain"}
    assert b.metadata["origins"]["department"] == {"source": "title", "certainty": "certain"}


def test_an_index_of_an_earlier_version_has_no_details(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = reports(tmp_path / "reports", {"a.txt": TEXT})
    monkeypatch.setattr(tables, "REPORT_STRINGS", segment.REPORT_STRINGS[:-2])
    build_index([folder], tmp_path / "index")
    (report,) = Snapshot(tmp_path / "index").reports()
    assert (report.year, report.details, report.metadata["years"]) == (2023, "", [2023])
    monkeypatch.undo()
    # A merge and a new report beside it still work.
    reports(folder, {"b.txt": TEXT.replace("云溪", "青湖")})
    build_index([folder], tmp_path / "index")
    assert len(Snapshot(tmp_path / "index").reports()) == 2
