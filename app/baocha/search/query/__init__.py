"""Parse a query into a tree. Does not use an index."""

from baocha.search.query.expand import (
    Expansion,
    expand,
    related_terms,
    vocabulary_alternatives,
    with_synonyms,
)
from baocha.search.query.grammar import MAX_QUERY_LENGTH, cut_short, parse_query
from baocha.search.query.tree import (
    And,
    Field,
    Keyword,
    Near,
    Not,
    Or,
    ParsedQuery,
    Phrase,
    Query,
    Years,
    fields_of,
    highlighted_phrases,
    is_plain,
    scope_of,
    typed_runs,
)
from baocha.search.query.write import query_text
from baocha.search.query.years import YearRange, parse_years, show_years

__all__ = [
    "MAX_QUERY_LENGTH",
    "And",
    "Expansion",
    "Field",
    "Keyword",
    "Near",
    "Not",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Query",
    "YearRange",
    "Years",
    "cut_short",
    "expand",
    "fields_of",
    "highlighted_phrases",
    "is_plain",
    "parse_query",
    "parse_years",
    "query_text",
    "related_terms",
    "scope_of",
    "show_years",
    "typed_runs",
    "vocabulary_alternatives",
    "with_synonyms",
]
