"""Write a tree as the text of a query, so that parsing the text gives the same tree again.

Some trees have no text: a phrase with every kind of quotation mark in it, for example.
"""

from typing import assert_never

from baocha.search.query.quotes import CLOSING, enclosed
from baocha.search.query.tree import (
    And,
    Field,
    FieldName,
    Figures,
    Keyword,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
)
from baocha.search.query.years import show_years

_FIELDS: dict[FieldName, str] = {
    "department": "部门",
    "section": "章节",
    "kind": "类型",
    "region": "地区",
    "level": "层级",
    "title": "标题",
    "copied": "雷同",
}
_MARKS = '“"「『‘'


def tree_text(query: Query) -> str:
    """Return the text of a tree."""
    match query:
        case Keyword():
            return query.text
        case Phrase():
            return _marked(query) + _quoted(query.text)
        case Near():
            text = " ".join(phrase.text for phrase in query.phrases)
            return f"{_marked(*query.phrases)}{_quoted(text)}~{query.distance}"
        case Field():
            return f"{_FIELDS[query.name]}:{_quoted(query.text)}"
        case Years():
            return f"年度:{show_years(query.range)}"
        case Figures():
            return query.text
        case And():
            return " ".join(map(_part_text, query.parts))
        case Or():
            return " | ".join(map(_part_text, query.parts))
        case Not():
            return f"-{_grouped(query.part) if isinstance(query.part, And | Or) else tree_text(query.part)}"
        case _:
            assert_never(query)


def _marked(*phrases: Phrase) -> str:
    return "=" if any(phrase.exact for phrase in phrases) else ""


def _part_text(query: Query) -> str:
    return _grouped(query) if isinstance(query, Or) else tree_text(query)


def _grouped(query: Query) -> str:
    return f"({tree_text(query)})"


def _quoted(text: str) -> str:
    """Return a text in quotation marks of a kind that is not in it, if there is one."""
    return enclosed(text, _MARKS) or f"{_MARKS[0]}{text}{CLOSING[_MARKS[0]]}"
