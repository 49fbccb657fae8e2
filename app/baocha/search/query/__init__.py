"""Parse a query into a tree. Does not use an index."""

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
    as_typed,
    exactly,
    fields_of,
    highlighted_phrases,
    is_plain,
    scope_of,
    typed_runs,
)
from baocha.search.query.years import YearRange, parse_years, show_years

__all__ = [
    "MAX_QUERY_LENGTH",
    "And",
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
    "as_typed",
    "cut_short",
    "exactly",
    "fields_of",
    "highlighted_phrases",
    "is_plain",
    "parse_query",
    "parse_years",
    "scope_of",
    "show_years",
    "typed_runs",
]
