"""OpenSearch, one node with one shard, in plain requests.

The texts are folded by us. Each pair of characters is a term with its positions; a subfield has
single characters. So phrases of any length are found exactly, as in an index of baocha in a cluster,
but without its states, ranking and snippets.
"""

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from baocha.search.opensearch.translate import Clause, any_of
from benchmarks.contenders.contender import WITHOUT_NEAR, HttpContender
from benchmarks.contenders.groonga import peak_memory
from benchmarks.contenders.marked import marked_html
from benchmarks.kinds import NEAR_DISTANCE, Query
from benchmarks.material import COMPARED_FACETS, Answer, Material
from benchmarks.wire import Client, get, post
from tests import opensearch

LOADED_AT_ONCE = 2_000
CLIENTS = 2
"""Number of connections that load, one for each core of a small machine."""

MOST_VALUES = 60_000
"""Number of values of a facet that are counted, more than any has here."""

PAGE = 10_000
"""Number of hits in a response of an export, the most that OpenSearch allows by default."""

MEMORY = "-Xmx1g"
STOP_SECONDS = 60.0

_PAIRS, _ONES = "folded", "folded.one"
_SEARCH = "/paragraphs/_search?request_cache=false"


class OpenSearch(HttpContender):
    """A node in a process of its own, with an index of paragraphs."""

    kinds = WITHOUT_NEAR | {"near"}

    @staticmethod
    def missing() -> str | None:
        """Return what must be installed, or None."""
        return opensearch.missing()

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        found = (
            re.fullmatch(r"opensearch-([0-9.]+)\.jar", p.name) for p in opensearch.JARS.iterdir()
        )
        return next(match[1] for match in found if match)

    def start(self) -> None:
        """Start the node, and wait until it answers."""
        opensearch.MEMORY = MEMORY
        port = opensearch.free_port(first=9280)
        self._server = opensearch.Server(self._folder / "node", port, "benchmark")
        self._server.wait()
        self.address = self._server.address
        self._client = Client(self.address)

    def build(self, material: Material) -> None:
        """Build the index, without changing its number of segments at the end."""
        self._client.exchange(post("/paragraphs", json.dumps(_INDEX).encode(), "PUT"))
        clients = [Client(self.address) for _ in range(CLIENTS)]

        def load(number: int) -> None:
            for at, body in enumerate(_batches(material)):
                if at % CLIENTS == number:
                    answer = clients[number].exchange(post("/paragraphs/_bulk", body))
                    if b'"errors":false' not in answer[:100]:
                        raise RuntimeError(answer[:1000])

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(load, range(CLIENTS)))
        for client in clients:
            client.close()
        for step in ("_refresh", "_flush"):
            self._client.exchange(post(f"/paragraphs/{step}", b""))

    def open(self, material: Material) -> None:
        """Wait until the index can be searched."""
        ready = "/_cluster/health/paragraphs?wait_for_status=yellow&timeout=60s"
        self._client.exchange(post(ready, b"", "GET"))

    def ids(self, query: Query) -> Any:
        """Find count, facets and ids, without texts."""
        return self._client.json(post(_SEARCH, body(query, texts=False)))

    def whole(self, query: Query) -> Any:
        """Find the same, with texts, spans and snippets."""
        if query.limit is None:
            return list(self._all(query))
        found = self._client.json(post(_SEARCH, body(query)))
        phrases = query.phrases + query.alternatives
        for hit in found["hits"]["hits"]:
            hit["snippet"] = marked_html(hit["_source"]["text"], phrases)
        return found

    def _all(self, query: Query) -> Iterator[Any]:
        """Yield the hits, page by page."""
        after: Sequence[int] = (-1,)
        while True:
            some = self._client.json(post(_SEARCH, body(query, after=after)))["hits"]["hits"]
            yield from some
            if len(some) < PAGE:
                return
            after = some[-1]["sort"]

    def whole_request(self, query: Query) -> bytes:
        """Return the HTTP request for `whole`, for a query without a filter."""
        return post(_SEARCH, body(query))

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        if isinstance(found, list):
            return Answer(len(found), {}, [hit["sort"][0] for hit in found])
        facets = {}
        for name, counted in found["aggregations"].items():
            buckets = counted.get(name, counted)["buckets"]
            facets[name] = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        hits = found["hits"]
        return Answer(hits["total"]["value"], facets, [int(hit["_id"]) for hit in hits["hits"]])

    def other_memory(self, before: int) -> int:
        """Return the maximum resident memory of the node in bytes."""
        return peak_memory(self._server.process.pid)

    def ask_nothing(self) -> None:
        """Ask for the name of the node."""
        self._client.exchange(get("/"))

    def close(self) -> None:
        """Stop the node."""
        self._client.close()
        self._server.process.terminate()
        self._server.process.wait(STOP_SECONDS)


def _tokenizer(size: int) -> dict[str, Any]:
    return {"type": "ngram", "min_gram": size, "max_gram": size, "token_chars": []}


_INDEX = {
    "settings": {
        "index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
        "analysis": {
            "tokenizer": {"pair": _tokenizer(2), "one": _tokenizer(1)},
            "analyzer": {name: {"type": "custom", "tokenizer": name} for name in ("pair", "one")},
        },
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "folded": {
                "type": "text",
                "analyzer": "pair",
                "fields": {"one": {"type": "text", "analyzer": "one", "index_options": "freqs"}},
            },
            "text": {"type": "keyword", "index": False, "doc_values": False},
            "place": {"type": "long"},
            **{name: {"type": "keyword"} for name in COMPARED_FACETS},
        },
        # The folded text is searched, not shown.
        "_source": {"excludes": ["folded"]},
    },
}


def _batches(material: Material) -> Iterator[bytes]:
    columns = [material.facets[name] for name in COMPARED_FACETS]
    lines: list[str] = []
    for at, (text, folded, *values) in enumerate(
        zip(material.texts, material.folded, *columns, strict=True)
    ):
        document = {"text": text, "folded": folded, "place": at}
        # A missing value is not counted.
        document |= {
            name: value for name, value in zip(COMPARED_FACETS, values, strict=True) if value
        }
        lines += (f'{{"index":{{"_id":"{at}"}}}}', json.dumps(document, ensure_ascii=False))
        if len(lines) >= 2 * LOADED_AT_ONCE:
            yield ("\n".join(lines) + "\n").encode()
            lines = []
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def body(query: Query, *, texts: bool = True, after: Sequence[int] = ()) -> bytes:
    """Return the body of a search. `after`: the place after which an export continues."""
    asked: dict[str, Any] = {
        "query": _clause(query),
        "size": query.limit,
        "_source": ["text"] if texts else False,
        "track_total_hits": True,
    }
    if query.limit is None:
        asked |= {"size": PAGE, "sort": ["place"], "track_total_hits": False}
        asked["search_after"] = list(after)
    else:
        asked["aggs"] = {
            name: {"terms": {"field": name, "size": MOST_VALUES, "shard_size": MOST_VALUES}}
            for name in COMPARED_FACETS
        }
    if query.department:
        chosen = {"term": {"department": query.department}}
        # The filter applies to the hits and to all counts but those of the departments.
        asked["post_filter"] = chosen
        asked["aggs"] = {
            name: counted if name == "department" else {"filter": chosen, "aggs": {name: counted}}
            for name, counted in asked["aggs"].items()
        }
    return json.dumps(asked, ensure_ascii=False).encode()


def _clause(query: Query) -> Clause:
    required = [_phrase(phrase) for phrase in query.phrases]
    if query.near:
        required = [_near(query.phrases)]
    if query.alternatives:
        required.append(any_of(_phrase(phrase) for phrase in query.alternatives))
    return {"bool": {"must": required, "must_not": [_phrase(phrase) for phrase in query.excluded]}}


def _phrase(text: str) -> Clause:
    if len(text) > 2:
        return {"match_phrase": {_PAIRS: text}}
    return {"term": {_PAIRS if len(text) == 2 else _ONES: text}}


def _near(phrases: Sequence[str]) -> Clause:
    # A phrase of n characters has n - 1 pairs, so between two phrases is one more pair.
    inside = [{"match": {"query": text, "mode": "ordered", "max_gaps": 0}} for text in phrases]
    gaps = NEAR_DISTANCE + len(phrases) - 1
    found = {"mode": "unordered", "max_gaps": gaps, "intervals": inside}
    return {"intervals": {_PAIRS: {"all_of": found}}}
