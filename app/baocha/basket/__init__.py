"""The basket 底稿夹: read it from JSON, and compare it with an index."""

from baocha.basket.check import Asked, Checked, State, check
from baocha.basket.model import (
    Basket,
    BasketError,
    PaperFields,
    ParagraphItem,
    SearchItem,
    Verdict,
)
from baocha.basket.parse import ParsedBasket, cleaned, load_json, parse_basket
from baocha.basket.plain import plain_text

__all__ = [
    "Asked",
    "Basket",
    "BasketError",
    "Checked",
    "PaperFields",
    "ParagraphItem",
    "ParsedBasket",
    "SearchItem",
    "State",
    "Verdict",
    "check",
    "cleaned",
    "load_json",
    "parse_basket",
    "plain_text",
]
