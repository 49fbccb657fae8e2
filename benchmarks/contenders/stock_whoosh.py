"""Whoosh with its default codec and jieba's `ChineseAnalyzer`."""

import logging
from importlib.metadata import version
from typing import Any

from jieba.analyse import ChineseAnalyzer
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser

from benchmarks.contenders.contender import Contender
from benchmarks.kinds import Query
from benchmarks.material import COMPARED_FACETS, MIXED, Answer, Material

logging.getLogger("jieba").setLevel(logging.WARNING)


class StockWhoosh(Contender):
    """A Whoosh index with the facets as sortable fields. It is too slow for more kinds of query."""

    kinds = frozenset({MIXED})

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        return version("Whoosh")

    def build(self, material: Material) -> None:
        """Build the index."""
        facets = {name: ID(sortable=True) for name in COMPARED_FACETS}
        schema = Schema(
            place=NUMERIC(int, stored=True),
            text=TEXT(analyzer=ChineseAnalyzer(), stored=True),
            **facets,
        )
        writer = create_in(str(self._folder), schema).writer(limitmb=1024)
        columns = [material.facets[name] for name in COMPARED_FACETS]
        for at, (text, *values) in enumerate(zip(material.folded, *columns, strict=True)):
            writer.add_document(
                place=at, text=text, **dict(zip(COMPARED_FACETS, values, strict=True))
            )
        writer.commit()

    def open(self, material: Material) -> None:
        """Open the index."""
        self._searcher = open_dir(str(self._folder)).searcher()
        self._parser = QueryParser("text", self._searcher.schema)

    def ids(self, query: Query) -> Any:
        """Find count, facets and ids, without texts."""
        typed = " ".join(f'"{phrase}"' for phrase in query.phrases)
        found = self._searcher.search(
            self._parser.parse(typed), limit=10, groupedby=list(COMPARED_FACETS)
        )
        # Whoosh counts and groups only when the results are used.
        return found, len(found), {name: found.groups(name) for name in COMPARED_FACETS}

    def whole(self, query: Query) -> Any:
        """Find the same, with texts and snippets."""
        found = self.ids(query)
        for hit in found[0]:
            hit.highlights("text")
        return found

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        hits, total, groups = found
        facets = {
            name: {value: len(documents) for value, documents in values.items() if value}
            for name, values in groups.items()
        }
        return Answer(total, facets, [hit["place"] for hit in hits])
