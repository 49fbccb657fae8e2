"""Stock Whoosh on our index finds the same documents as our search, or as plain reading."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as q
from whoosh.index import open_dir
from whoosh.sorting import FieldFacet

from baocha.search import Filters, open_engine
from baocha.search.results import Hit
from baocha_indexer.store.write.writer import IndexWriter
from baocha_indexer.text.fold import fold
from baocha_indexer.text.words import words_of
from tests.indexer.store.reports import report

TEXTS = {
    "水务": ["一、预算绩效管理", "绩效目标自评，预算执行率为 97.60%。", "绩", "防汛经费"],
    "教育": ["一、教育经费", "学校绩效管理，绩效自评。", "预算管理"],
    "交通": ["一、道路养护", "预算绩效目标管理绩效"],
    "文旅": ["一、展览", "绩效目标", "“提质增效”"],
}
YEARS = {"水务": 2021, "教育": 2022, "交通": 2023, "文旅": None}


@pytest.fixture(params=["one segment", "several", "some removed"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    runs = {"several": [["水务", "教育", "交通"], ["文旅"]]}.get(request.param, [list(TEXTS)])
    for run in runs:
        with IndexWriter(folder) as writer:
            for name in run:
                # Padded, so that a later report is much smaller and its segment is not merged.
                padding = ["公文"] * (200 if name == "水务" else 0)
                writer.add(*report(name, TEXTS[name] + padding, YEARS[name]))
            writer.commit()
    if request.param == "some removed":
        with IndexWriter(folder) as writer:
            writer.remove("教育")
            writer.commit()
    return folder


def stored(index: Path) -> list[dict[str, Any]]:
    with open_dir(str(index)).reader() as reader:
        return list(reader.all_stored_fields())


def found(index: Path, query: q.Query, **how: Any) -> list[str]:
    with open_dir(str(index)).searcher() as searcher:
        hits = searcher.search(query, limit=None, **how)
        return [f"{hit['report']}#{hit['ordinal']}" for hit in hits]


def ours(index: Path, query: str, filters: Filters = Filters()) -> list[str]:  # noqa: B008
    hits: tuple[Hit, ...] = open_engine(index).search(query, filters=filters, limit=1000).hits
    return sorted(hit.id for hit in hits)


def test_open_dir_reads_every_stored_field(index: Path) -> None:
    by_id = {f"{row['report']}#{row['ordinal']}": row for row in stored(index)}
    assert len(by_id) == len(stored(index))
    row = by_id["水务#2"]
    assert row == {
        "report": "水务",
        "ordinal": 2,
        "text": "绩效目标自评，预算执行率为 97.60%。",
        "role": "body",
        "figures": [
            {
                "kind": "rate",
                "value": "97.60",
                "unit": "%",
                "text": "97.60",
                "span": [14, 19],
                "label": "预算执行率",
                "name": "执行率",
                "period": None,
                "qualifier": None,
                "origin": "beside",
                "currency": "",
                "before": None,
            }
        ],
        "section": "第0节",
        "section_path": ["0、节"],
        "page": None,
        "cells": [{"head": "列0", "text": "绩效目标自评，预算执行率为 97.60%。", "unit": "万元"}],
        "box": [
            {"page": 2, "left": 10.5, "top": 0.0, "right": 200.0, "bottom": 10.0},
            {"page": 2, "left": 10.5, "top": 20.0, "right": 200.0, "bottom": 30.0},
        ],
        "place": {"sheet": "表一", "cells": "A2:C2"},
        "ocr": True,
        "confidence": 0.02,
        "title": "水务的报告",
        "department": "水务局",
        "year": 2021,
        "kind": "其他",
        "source": "水务.txt",
    }


@pytest.mark.parametrize(
    ("query", "same"),
    [
        (q.Term("pairs", "绩效"), "“绩效”"),
        (q.Prefix("pairs", "绩"), "“绩”"),
        (q.Phrase("pairs", ["绩效", "效目", "目标"]), "“绩效目标”"),
        (q.And([q.Term("pairs", "绩效"), q.Term("pairs", "预算")]), "“绩效” “预算”"),
        (q.Or([q.Term("pairs", "防汛"), q.Term("pairs", "展览")]), "“防汛” | “展览”"),
        (q.And([q.Term("pairs", "绩效"), q.Not(q.Term("pairs", "自评"))]), "“绩效” -“自评”"),
        (q.AndNot(q.Every(), q.Term("pairs", "绩效")), "-“绩效”"),
        (q.NumericRange("year", 2022, 2023), "年份:2022..2023"),
        (q.NumericRange("year", 2021, 2022), "年份:2021..2022"),
        (q.Term("department", "水务局"), "部门:水务局"),
        (q.Prefix("department", "水"), "部门:水"),
        (q.And([q.Term("pairs", "绩效"), q.Term("year", 2021)]), "“绩效” 年份:2021"),
        (q.Term("pairs", "没有"), "“没有”"),
        (q.Wildcard("pairs", "绩?"), "“绩效” | “绩预”"),
    ],
)
def test_stock_queries_find_the_same_paragraphs_as_our_search(
    index: Path, query: q.Query, same: str
) -> None:
    assert sorted(found(index, query)) == ours(index, same)


@pytest.mark.parametrize(
    "field", ["report", "department", "section", "kind", "title", "role", "year"]
)
def test_a_term_of_a_column_finds_the_documents_of_that_value(index: Path, field: str) -> None:
    rows = stored(index)
    for value in {row[field] for row in rows}:
        expected = {f"{r['report']}#{r['ordinal']}" for r in rows if r[field] == value}
        assert set(found(index, q.Term(field, value))) == expected


def test_the_query_every_finds_all_documents_that_are_not_removed(index: Path) -> None:
    every = found(index, q.Every())
    assert sorted(every) == sorted(found(index, q.Every("department")))
    assert sorted(every) == sorted(f"{row['report']}#{row['ordinal']}" for row in stored(index))
    assert len(every) == open_engine(index).status().paragraphs


def test_words_are_terms_of_the_text(index: Path) -> None:
    for word in ("绩效", "预算", "97.60"):
        holding = {
            f"{row['report']}#{row['ordinal']}"
            for row in stored(index)
            if word in {found for found, _ in words_of(fold(row["text"]))}
        }
        assert set(found(index, q.Term("text", word))) == holding


def test_sorting_by_columns(index: Path) -> None:
    rows = {f"{row['report']}#{row['ordinal']}": row for row in stored(index)}
    for field, reverse in (("year", False), ("year", True), ("ordinal", False), ("source", False)):
        order = found(index, q.Term("pairs", "绩效"), sortedby=FieldFacet(field, reverse=reverse))
        values = [rows[name][field] for name in order]
        assert values == sorted(values, reverse=reverse)


def test_grouping_gives_the_same_counts_as_our_facets(index: Path) -> None:
    result = open_engine(index).search("“绩效”")
    with open_dir(str(index)).searcher() as searcher:
        for facet in ("department", "section", "kind"):
            grouped = searcher.search(q.Term("pairs", "绩效"), limit=None, groupedby=facet)
            groups = {name: len(documents) for name, documents in grouped.groups(facet).items()}
            assert groups == {value.value: value.count for value in result.facets[facet]}


def test_the_lexicon_and_its_statistics_agree_with_the_texts(index: Path) -> None:
    pairs: Counter[str] = Counter()
    for row in stored(index):
        folded = fold(row["text"])
        pairs.update(folded[at : at + 2] for at in range(len(folded)))
    with open_dir(str(index)).reader() as reader:
        lexicon = list(reader.lexicon("pairs"))
        assert lexicon == sorted(lexicon)
        assert {reader.schema["pairs"].from_bytes(term) for term in lexicon} >= set(pairs)
        assert reader.frequency("pairs", "绩效") >= pairs["绩效"]
        info = reader.term_info("pairs", "绩效")
        assert (info.weight(), info.max_weight()) == (reader.frequency("pairs", "绩效"), 2)


def test_stock_fuzzy_search_finds_similar_terms(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.add(*report("水务", TEXTS["水务"]))
        writer.commit()
    with open_dir(str(tmp_path / "index")).reader() as reader:
        assert list(reader.terms_within("department", "水利局", 1)) == ["水务局"]
        assert list(reader.terms_within("department", "教育局", 1)) == []
