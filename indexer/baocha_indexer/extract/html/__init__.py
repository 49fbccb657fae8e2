"""Web pages."""

from baocha_indexer.extract.html.lines import lines_below
from baocha_indexer.extract.html.reader import extract, page_body
from baocha_indexer.extract.html.site import mark_site_lines
from baocha_indexer.extract.html.tree import parse_html, plain_text

__all__ = ["extract", "lines_below", "mark_site_lines", "page_body", "parse_html", "plain_text"]
