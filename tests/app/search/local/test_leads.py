"""The text below a heading is its lead."""

from collections.abc import Callable
from pathlib import Path

from baocha.search import Engine, open_engine
from baocha.search.local.leads import MAX_LEAD
from tests.conftest import IndexFiles

REPORT = """某局2022年部门决算
一、基本情况
（一）机构设置
下设 3 个科室。
二、存在的问题
三、下一步措施
加强管理。
"""


def leads(engine: Engine, query: str) -> dict[str, str]:
    return {hit.text: hit.lead for hit in engine.search(query, limit=100).hits}


def test_a_heading_has_the_first_paragraph_of_its_section(index_files: IndexFiles) -> None:
    engine = open_engine(index_files({"a.txt": REPORT}))
    assert leads(engine, "基本情况 | 机构设置 | 问题 | 措施 | 部门决算 | 科室") == {
        "某局2022年部门决算": "下设 3 个科室。",
        "一、基本情况": "下设 3 个科室。",
        "（一）机构设置": "下设 3 个科室。",
        "下设 3 个科室。": "",  # it is a paragraph itself
        "二、存在的问题": "",  # its section is empty
        "三、下一步措施": "加强管理。",
    }


def test_a_long_lead_is_cut_and_the_next_report_is_never_one(index_files: IndexFiles) -> None:
    long = "长" * 300 + "。"
    engine = open_engine(
        index_files(
            {
                "a.txt": f"甲局2022年部门决算\n一、基本情况\n{long}\n二、存在的问题\n",
                "b.txt": "乙局2022年部门决算\n一、概况\n概况很好。\n",
            }
        )
    )
    assert leads(engine, "一、基本情况") == {"一、基本情况": "长" * MAX_LEAD + "…"}
    assert leads(engine, "存在的问题") == {"二、存在的问题": ""}


def test_the_header_row_of_a_table_is_a_label_with_the_next_row(
    index_files: IndexFiles,
) -> None:
    rows = "| 项目 | 预算数 |\n| --- | --- |\n| 供水改造 | 860.0 |\n| 预算预备 | 10.0 |\n"
    engine = open_engine(index_files({"a.md": f"# 某局2022年部门决算\n\n## 一、情况\n\n{rows}"}))
    assert leads(engine, "预算") == {
        "项目 | 预算数": "供水改造 | 860.0",
        "预算预备 | 10.0": "",
    }


def test_an_api_hit_has_its_lead_in_the_snippet_escaped(
    index_files: Callable[[dict[str, str | bytes]], Path],
) -> None:
    engine = open_engine(
        index_files({"a.txt": "某局2022年部门决算\n一、基本情况\n预算<b>&“好”。\n"})
    )
    (hit,) = engine.search("基本情况").hits
    assert hit.to_dict()["lead"] == "预算<b>&“好”。"
    assert hit.to_dict()["snippet"] == ("一、<mark>基本情况</mark>\u3000预算&lt;b&gt;&amp;“好”。")
