from collections.abc import Callable
from pathlib import Path

from baocha.search import open_engine

IndexFiles = Callable[[dict[str, str | bytes]], Path]


def first(index: Path, query: str) -> str:
    return open_engine(index).search(query).hits[0].text


def test_a_heading_ranks_above_a_paragraph_that_says_the_same(index_files: IndexFiles) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n绩效管理很好。\n一、绩效管理很\n"})
    assert first(index, "绩效管理") == "一、绩效管理很"


def test_closeness_counts_in_either_order(index_files: IndexFiles) -> None:
    filling = "有序推进各项任务，" * 6
    apart = f"落地项目，{filling}招商工作。"
    close = f"{filling}项目落地招商工作，好。"
    index = index_files({"a.txt": f"某局2022年部门决算\n一、情况\n{apart}\n\n{close}\n"})
    assert first(index, "招商 落地") == close
