"""Alter every byte of an index, cut each file anywhere, and compare the answers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from baocha.search import open_engine
from baocha_indexer.build import build_index
from baocha_indexer.errors import DamagedIndexError, IndexUnusableError
from tests.campaign.outcome import Outcome

QUERIES = ("“绩效”", "执行率", "效", "绩效 管理 水务", "“没有此语”", "部门:水务局", '"绩效 执行"~9')
TEXT = (
    "2022年度青湖区{name}局部门整体支出绩效自评报告\n一、绩效管理\n"
    "预算绩效目标管理，{name}执行率为 97.60%。\n二、防汛\n防汛经费绩效自评，Ａ４纸绩效\u0301。\n"
)
CUT_EVERY = 37


def damage(folder: Path, stride: int) -> Outcome:
    """Alter every `stride`-th byte, one at a time, in one bit; cut each file at many lengths."""
    outcome = Outcome()
    if not stride:
        return outcome
    reports, index = folder / "reports", folder / "index"
    reports.mkdir()
    for name in ("水务", "教育"):
        (reports / f"{name}.txt").write_text(TEXT.format(name=name), "utf-8")
    build_index([reports], index)
    expected = _answers(index)
    copy = folder / "copy"
    for path in sorted(path for path in index.iterdir() if path.stat().st_size):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(index, copy)
        for what, content in _damaged(path.read_bytes(), stride):
            (copy / path.name).unlink()  # another file, not the one that may still be mapped
            (copy / path.name).write_bytes(content)
            outcome.trials += 1
            answers = _answers(copy)
            if any(
                got not in (right, "refused") for got, right in zip(answers, expected, strict=True)
            ):
                outcome.wrong.append(f"{path.name}, {what}: a wrong answer")
            outcome.count("refused" if "refused" in answers else "answered rightly")
            if not _is_found(copy):
                outcome.wrong.append(f"{path.name}, {what}: verify passes")
    return outcome


def _damaged(content: bytes, stride: int) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(content), stride):
        altered = bytearray(content)
        altered[at] ^= 1 << at % 8
        yield f"byte {at} altered", bytes(altered)
    for length in range(0, len(content), CUT_EVERY):
        yield f"cut to {length} bytes", content[:length]


def _answers(index: Path) -> list[object]:
    try:
        engine = open_engine(index)
    except IndexUnusableError:
        return ["refused"] * len(QUERIES)
    answers: list[object] = []
    for query in QUERIES:
        try:
            answers.append({**engine.search(query, limit=100).to_dict("en"), "took_ms": 0})
        except DamagedIndexError:
            answers.append("refused")
    return answers


def _is_found(index: Path) -> bool:
    """Return whether opening or verifying an index finds that it is damaged."""
    try:
        open_engine(index).verify()
    except IndexUnusableError:
        return True
    return False
