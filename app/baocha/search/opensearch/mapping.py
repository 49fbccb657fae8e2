"""The settings and the mapping of an index in a cluster, and the fields of its documents.

A paragraph, a report and the state of the index are documents of one index, so that an alias can
replace them all at once. The field `type` tells them apart.

`bare` has the folded text of a paragraph without marks: each pair of neighbouring characters is a term,
with its positions. `bare.one` has each character as a term. A phrase of n characters is found by its
n - 1 pairs at consecutive positions, so there is no word that could be cut wrongly. If the text has
marks, `marked` has it with them; `has_marks` says so. Nearly every query ignores marks, so it needs
one field.

The similarity does not use statistics of the index. They differ between copies of a shard, so the
order of hits would differ too. The client sends the weight of a term as its boost.
"""

from typing import Any

from baocha_indexer.text import FOLD_VERSION

FORMAT = 5
"""The version of the mapping and of the documents. Another one needs a rebuild."""

OWNER = "baocha"
"""The key in `_meta` of the mapping that marks an index as ours."""

TYPE = "type"
PARAGRAPH, REPORT, STATE, LEASE = "paragraph", "report", "state", "lease"
"""The types of documents."""

GENERATION, VERSION = "generation", "version"
"""The generation that added a document, and the number of the version of its report."""

REPORT_ID, ORDINAL, SOURCE = "report", "ordinal", "source"
ORIGIN = "origin"
"""The department or, if it is unknown, the level and region in the title: see `origin_of`."""

KIND, SECTION, HEADING, ROLE, IS_LABEL = "kind", "section", "heading", "role", "is_label"
YEAR, YEARS = "year", "years"
"""The main year, missing if it is unknown, and all years; 0 stands for the unknown year."""

BARE, MARKED, HAS_MARKS = "bare", "marked", "has_marks"
FIGURES = "figures"
"""The figures of a paragraph, each a nested document with the fields below."""

LABEL, NAME, UNIT, CURRENCY, IS_CHANGE = "label", "name", "unit", "currency", "is_change"
VALUE, FALL, DIFFERENCE = "value", "fall", "difference"
"""What conditions compare: the value; the same for levels and the negative value for changes, so that a
fall of 5 is 5; the difference from the year before, or the value of a change. See `Measure` of `query`."""

CONTENT = "content"
"""What is stored and not searched: the paragraph, the report or the state."""

MEAN_LENGTH = 80
"""Number of characters of a paragraph of usual length, for the length norm. It is fixed: the mean of
the collection changes with each commit, and so would the order of hits."""

REPLICATED = {"index": {"auto_expand_replicas": "0-1"}}
"""The setting by which a cluster with several nodes keeps a replica of each shard on another node."""

_SIMILARITY = (
    "double norm = 0.3 + 0.9 * doc.length / {length}.0;"
    "return query.boost * 2.2 * doc.freq / (doc.freq + norm);"
)
"""BM25 with k1 = 1.2 and b = 0.75, and the boost instead of the inverse document frequency."""


def writing_alias(index: str) -> str:
    """Return the alias by which documents are written to an index.

    If a document is written to a missing index, OpenSearch creates that index. With this alias and
    `require_alias=true`, writing to an index that was deleted during a load is an error.
    """
    return f"{index}-write"


def index_body(shards: int) -> dict[str, Any]:
    """Return the body of the request that creates an index.

    It has no replicas until its first commit: to copy files is faster than to index twice.
    """
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": 0,
                "refresh_interval": "-1",
                # A paragraph has at most 20,000 characters, so it has fewer figures.
                "mapping": {"nested_objects": {"limit": 20_000}},
                "similarity": {
                    "weighted": {
                        "type": "scripted",
                        "script": {"source": _SIMILARITY.format(length=MEAN_LENGTH)},
                    }
                },
                "analysis": {
                    "tokenizer": {
                        "pairs": {"type": "ngram", "min_gram": 2, "max_gram": 2, "token_chars": []},
                        "ones": {"type": "ngram", "min_gram": 1, "max_gram": 1, "token_chars": []},
                    },
                    "analyzer": {
                        "pairs": {"type": "custom", "tokenizer": "pairs"},
                        "ones": {"type": "custom", "tokenizer": "ones"},
                    },
                },
            }
        },
        "mappings": {
            "_meta": {OWNER: {"format": FORMAT, "fold": FOLD_VERSION}},
            "dynamic": "strict",
            "_source": {"excludes": [BARE, MARKED, FIGURES]},
            "properties": {
                TYPE: {"type": "keyword"},
                GENERATION: {"type": "integer"},
                VERSION: {"type": "integer"},
                REPORT_ID: {"type": "keyword"},
                ORDINAL: {"type": "integer"},
                SOURCE: {"type": "keyword", "index": False},
                ORIGIN: {"type": "keyword"},
                KIND: {"type": "keyword"},
                SECTION: {"type": "keyword"},
                HEADING: {"type": "keyword"},
                ROLE: {"type": "keyword"},
                IS_LABEL: {"type": "boolean"},
                YEAR: {"type": "integer"},
                YEARS: {"type": "integer"},
                BARE: _text_field(),
                MARKED: _text_field(),
                HAS_MARKS: {"type": "boolean"},
                FIGURES: {
                    "type": "nested",
                    "properties": {
                        LABEL: _text_field(),
                        NAME: {"type": "keyword"},
                        KIND: {"type": "keyword"},
                        UNIT: {"type": "keyword"},
                        CURRENCY: {"type": "keyword"},
                        IS_CHANGE: {"type": "boolean"},
                        VALUE: {"type": "double"},
                        FALL: {"type": "double"},
                        DIFFERENCE: {"type": "double"},
                    },
                },
                CONTENT: {"type": "object", "enabled": False},
            },
        },
    }


def _text_field() -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": "pairs",
        "similarity": "weighted",
        "fields": {"one": {"type": "text", "analyzer": "ones", "similarity": "weighted"}},
    }


def one(field: str) -> str:
    """Return the name of the field with the single characters of a text field."""
    return f"{field}.one"
