"""Parse a query into a tree, and write one from its parts. Does not use an index."""

from baocha.search.query.compose import DEFAULT_DISTANCE, QueryParts, query_text
from baocha.search.query.expand import (
    Expansion,
    expand,
    related_terms,
    vocabulary_alternatives,
    with_synonyms,
)
from baocha.search.query.forms import Form, other_forms
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
    is_typed,
    needed_phrases,
    required_phrases,
    scope_of,
    typed_runs,
)
from baocha.search.query.words import finer_words
from baocha.search.query.years import YearRange, parse_years, show_years

__all__ = [
    "DEFAULT_DISTANCE",
    "MAX_QUERY_LENGTH",
    "And",
    "Expansion",
    "Field",
    "Form",
    "Keyword",
    "Near",
    "Not",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Query",
    "QueryParts",
    "YearRange",
    "Years",
    "as_typed",
    "cut_short",
    "exactly",
    "expand",
    "fields_of",
    "finer_words",
    "highlighted_phrases",
    "is_typed",
    "needed_phrases",
    "other_forms",
    "parse_query",
    "parse_years",
    "query_text",
    "related_terms",
    "required_phrases",
    "scope_of",
    "show_years",
    "typed_runs",
    "vocabulary_alternatives",
    "with_synonyms",
]
