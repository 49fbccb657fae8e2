"""Compile the templates of the pages, once for each language, with its texts inserted.

The pages do not use the environment of Flask. A host application has its own templates, filters and
variables there. And only a template of one language can have its texts inserted when it is compiled.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from baocha.search.highlight import snippet_html
from baocha.web.texts import text
from baocha_indexer.messages import Language

_CALL = ("name", "lparen", "string", "rparen")
"""The types of the tokens of `t('key')`."""


class _TextsInserted(Extension):
    """Replaces `t('key')` by the text when a template is compiled.

    It is then a part of the HTML around it. A text with fields is filled in for each page.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        assert isinstance(self.environment, _Templates)  # noqa: S101 — for the types
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            call = tokens[at : at + len(_CALL)]
            if token.value == "t" and tuple(one.type for one in call) == _CALL:
                yield Token(token.lineno, "string", text(self.environment.language, call[2].value))
                at += len(_CALL)
            else:
                yield token
                at += 1


class _Templates(Environment):
    """The templates in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        super().__init__(
            loader=PackageLoader("baocha"),
            autoescape=True,
            auto_reload=False,
            cache_size=-1,
            extensions=[_TextsInserted],
        )
        self.filters["baocha_snippet"] = _snippet
        self.filters["baocha_count"] = _count


@cache
def _templates(language: Language) -> _Templates:
    return _Templates(language)


def render_template(name: str, language: Language, **values: Any) -> str:
    """Return a page in a language. `name` is the name of the template."""
    return _templates(language).get_template(f"baocha/{name}").render(language=language, **values)


def attribute(value: Any) -> Markup:
    """Return a value as JSON, escaped for an attribute in quotation marks."""
    return escape(str(htmlsafe_json_dumps(value, sort_keys=True)))


def _snippet(paragraph: Any, *limit: int) -> Markup:
    html = snippet_html(paragraph.text, paragraph.spans, *limit)
    return Markup(html)  # noqa: S704 — cleaned by bleach


def _count(number: int) -> str:
    return f"{number:,}"
