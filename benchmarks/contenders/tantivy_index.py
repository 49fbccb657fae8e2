"""tantivy, through its Python package: with words of jieba, or with pairs of characters."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import rjieba
import tantivy

from baocha.search.highlight.snippets import merged, snippet_html
from baocha.search.results import FACETS
from benchmarks.material import Answer, Material, Query

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


class _Tantivy:
    """A tantivy index: terms with positions, facets as columns, texts stored."""

    terms: ClassVar[dict[str, Any]]

    def __init__(self, folder: Path) -> None:
        """Use an index in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def _schema(self) -> Any:
        schema = tantivy.SchemaBuilder()
        for name in self.terms:
            schema.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        schema.add_bytes_field("text", stored=True)
        schema.add_unsigned_field("place", stored=True, fast=True)
        for name in FACETS:
            schema.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        return schema.build()

    def build(self, material: Material) -> None:
        """Build the index, and wait until segments are merged."""
        index = tantivy.Index(self._schema(), path=str(self._folder))
        writer = index.writer(HEAP_BYTES, THREADS)
        columns = [material.facets[name] for name in FACETS]
        for at, (text, folded, *values) in enumerate(
            zip(material.texts, material.folded, *columns, strict=True)
        ):
            document = tantivy.Document()
            for name, cut in self.terms.items():
                document.add_text(name, " ".join(cut(folded)))
            document.add_bytes("text", text.encode())
            document.add_unsigned("place", at)
            for name, value in zip(FACETS, values, strict=True):
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
            name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in FACETS
        }

    def ids(self, query: Query) -> Any:
        """Find count, facets and ids, without texts."""
        asked = self._query(query)
        # Any: the type stub lacks `count`.
        found: Any = self._searcher.search(asked, 10, count=True)
        return found.count, found.hits, self._searcher.aggregate(asked, self._counts), ()

    def whole(self, query: Query) -> Any:
        """Find the same, with texts, spans and snippets."""
        total, hits, counts, _ = self.ids(query)
        snippets = []
        for _, address in hits:
            text = bytes(self._searcher.doc(address)["text"][0]).decode()
            spans = merged([span for p in query.phrases for span in _spans(p, text)])
            snippets.append(snippet_html(text, spans))
        return total, hits, counts, snippets

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        total, hits, counts, _ = found
        facets = {
            name: {b["key"]: b["doc_count"] for b in counts[name]["buckets"] if b["key"]}
            for name in FACETS
        }
        return Answer(total, facets, [self._searcher.doc(at)["place"][0] for _, at in hits])

    def _query(self, query: Query) -> Any:
        parts = [self._phrase(phrase) for phrase in query.phrases]
        if len(parts) == 1:
            return parts[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _phrase(self, phrase: str) -> Any:
        (name,) = self.terms
        found: list[Any] = self.terms[name](phrase)
        if not found:  # only marks: no words
            return tantivy.Query.empty_query()
        if len(found) == 1:
            return tantivy.Query.term_query(self._schema_of, name, found[0])
        return tantivy.Query.phrase_query(self._schema_of, name, found)


def _spans(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    # Searched in the original text: folding first would take tantivy ten times as long.
    at = text.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = text.find(phrase, at + 1)


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
