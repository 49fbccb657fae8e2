"""tantivy, through its Python package: with words of jieba, or with pairs of characters."""

import re
from importlib.metadata import version
from typing import Any, ClassVar

import rjieba
import tantivy

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.marked import marked_html
from benchmarks.kinds import Query
from benchmarks.material import COMPARED_FACETS, Answer, Material

HEAP_BYTES = 512 * 1024 * 1024
THREADS = 2
WITH_MODEL = True
MAX_FACET_VALUES = 1_000_000
"""More values than any facet has, so that all of them are counted."""


def words(folded: str) -> list[str]:
    """Return the words of a text, cut by rjieba, without marks and spaces."""
    return [word for word in rjieba.cut(folded, WITH_MODEL) if word[0].isalnum()]


def pairs(folded: str) -> list[str]:
    """Return the pairs of neighbouring characters of a text, and its last character."""
    # The tokenizer splits at spaces, so replace a space in the text by another character.
    spaced = folded.replace(" ", "\u00a0")
    return [spaced[at : at + 2] for at in range(len(spaced))]


class _Tantivy(Contender):
    """A tantivy index: terms with positions, facets as columns, texts stored."""

    terms: ClassVar[dict[str, Any]]

    def _schema(self) -> Any:
        schema = tantivy.SchemaBuilder()
        for name in self.terms:
            schema.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        schema.add_bytes_field("text", stored=True)
        schema.add_unsigned_field("place", stored=True, fast=True)
        for name in COMPARED_FACETS:
            schema.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        return schema.build()

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        return version("tantivy")

    def build(self, material: Material) -> None:
        """Build the index, and wait until segments are merged."""
        index = tantivy.Index(self._schema(), path=str(self._folder))
        writer = index.writer(HEAP_BYTES, THREADS)
        columns = [material.facets[name] for name in COMPARED_FACETS]
        for at, (text, folded, *values) in enumerate(
            zip(material.texts, material.folded, *columns, strict=True)
        ):
            document = tantivy.Document()
            for name, cut in self.terms.items():
                document.add_text(name, " ".join(cut(folded)))
            document.add_bytes("text", text.encode())
            document.add_unsigned("place", at)
            for name, value in zip(COMPARED_FACETS, values, strict=True):
                document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, material: Material) -> None:
        """Open the index."""
        index = tantivy.Index.open(str(self._folder))
        self._schema_of = index.schema
        self._searcher = index.searcher()
        self._counts = {
            name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in COMPARED_FACETS
        }

    def ids(self, query: Query) -> Any:
        """Find count, facets and ids, without texts."""
        asked = self._query(query)
        # Any: the type stub lacks `count`. The limit must be positive.
        found: Any = self._searcher.search(asked, query.limit or 1, count=True)
        counts = self._searcher.aggregate(asked, self._counts)
        if query.department:
            of_all = self._matching(query)
            departments = {"department": self._counts["department"]}
            counts |= self._searcher.aggregate(of_all, departments)
        return found.count, found.hits if query.limit else [], counts, ()

    def whole(self, query: Query) -> Any:
        """Find the same, with texts, spans and snippets."""
        if query.limit is None:
            return self._all(query)
        total, hits, counts, _ = self.ids(query)
        phrases = query.phrases + query.alternatives
        snippets = [marked_html(_text(self._searcher.doc(at)), phrases) for _, at in hits]
        return total, hits, counts, snippets

    def _all(self, query: Query) -> list[tuple[int, str]]:
        asked = self._query(query)
        found: Any = self._searcher.search(
            asked,
            self._searcher.num_docs,
            count=False,
            order_by_field="place",
            order=tantivy.Order.Asc,
        )
        documents = (self._searcher.doc(at) for _, at in found.hits)
        return [(document["place"][0], _text(document)) for document in documents]

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        if isinstance(found, list):
            return Answer(len(found), {}, [place for place, _ in found])
        total, hits, counts, _ = found
        facets = {
            name: {b["key"]: b["doc_count"] for b in counts[name]["buckets"] if b["key"]}
            for name in COMPARED_FACETS
        }
        return Answer(total, facets, [self._searcher.doc(at)["place"][0] for _, at in hits])

    def _query(self, query: Query) -> Any:
        matching = self._matching(query)
        if not query.department:
            return matching
        chosen = tantivy.Query.term_query(self._schema_of, "department", query.department)
        # The filter must not change the order of the hits.
        filtered = tantivy.Query.const_score_query(chosen, 0.0)
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, matching), (must, filtered)])

    def _matching(self, query: Query) -> Any:
        """Return the query without its filter."""
        parts = [(tantivy.Occur.Must, self._phrase(phrase)) for phrase in query.phrases]
        if query.alternatives:
            should = [(tantivy.Occur.Should, self._phrase(p)) for p in query.alternatives]
            parts.append((tantivy.Occur.Must, tantivy.Query.boolean_query(should)))
        parts += [(tantivy.Occur.MustNot, self._phrase(phrase)) for phrase in query.excluded]
        return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)

    def _phrase(self, phrase: str) -> Any:
        (name,) = self.terms
        found: list[Any] = self.terms[name](phrase)
        if not found:  # only marks: no words
            return tantivy.Query.empty_query()
        if len(found) == 1:
            return tantivy.Query.term_query(self._schema_of, name, found[0])
        return tantivy.Query.phrase_query(self._schema_of, name, found)


def _text(document: Any) -> str:
    return bytes(document["text"][0]).decode()


class TantivyWords(_Tantivy):
    """Terms are words of jieba."""

    terms: ClassVar[dict[str, Any]] = {"words": words}


class TantivyPairs(_Tantivy):
    """Terms are pairs of characters. A single character is found as the beginning of pairs."""

    terms: ClassVar[dict[str, Any]] = {"pairs": pairs}

    def _phrase(self, phrase: str) -> Any:
        if len(phrase) == 1:
            beginning = re.escape(pairs(phrase)[0]) + ".?"
            return tantivy.Query.regex_query(self._schema_of, "pairs", beginning)
        inside: list[Any] = pairs(phrase)[:-1]
        if len(inside) == 1:
            return tantivy.Query.term_query(self._schema_of, "pairs", inside[0])
        return tantivy.Query.phrase_query(self._schema_of, "pairs", inside)


class TantivyBoth(_Tantivy):
    """Terms are words and pairs. It is only built, not searched."""

    terms: ClassVar[dict[str, Any]] = {"words": words, "pairs": pairs}
