"""Change bytes of an index, cut its files short, and compare the answers."""

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
"""Bytes between two lengths at which a file is cut."""


def damage(folder: Path, stride: int) -> Outcome:
    """Flip one bit in every `stride`-th byte, one at a time. Cut each file at many lengths.

    An answer that differs is wrong, unless it is an error. Damage that `verify` misses is wrong.
    """
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
            (copy / path.name).unlink()  # the old file may still be mapped: write a new one
            (copy / path.name).write_bytes(content)
            outcome.trials += 1
            answers = _answers(copy)
            if any(
                answer not in (right, "refused")
                for answer, right in zip(answers, expected, strict=True)
            ):
                outcome.wrong.append(f"{path.name}, {what}: a wrong answer")
            outcome.count("refused" if "refused" in answers else "answered correctly")
            if not _is_noticed(copy):
                outcome.wrong.append(f"{path.name}, {what}: verify passes")
    return outcome


def _damaged(content: bytes, stride: int) -> Iterator[tuple[str, bytes]]:
    """Yield a description and the content of each damaged copy."""
    for at in range(0, len(content), stride):
        changed = bytearray(content)
        changed[at] ^= 1 << at % 8
        yield f"byte {at} changed", bytes(changed)
    for length in range(0, len(content), CUT_EVERY):
        yield f"cut to {length} bytes", content[:length]


def _answers(index: Path) -> list[object]:
    """Return the answer to each query, or "refused" for an error."""
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


def _is_noticed(index: Path) -> bool:
    """Return whether opening or verifying an index notices the damage."""
    try:
        open_engine(index).verify()
    except IndexUnusableError:
        return True
    return False
