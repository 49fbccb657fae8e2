"""The basket 底稿夹: read it from JSON, compare it with an index, store it for a user."""

from baocha.basket.check import Asked, Checked, State, check
from baocha.basket.model import (
    NO_FIELDS,
    Basket,
    BasketError,
    PaperFields,
    ParagraphItem,
    SearchItem,
    Verdict,
)
from baocha.basket.parse import ParsedBasket, cleaned, load_json, parse_basket
from baocha.basket.plain import plain_text
from baocha.basket.store import (
    KINDS,
    Record,
    RecordConflictError,
    RecordStore,
    StoreError,
    TooManyRecordsError,
)

__all__ = [
    "KINDS",
    "NO_FIELDS",
    "Asked",
    "Basket",
    "BasketError",
    "Checked",
    "PaperFields",
    "ParagraphItem",
    "ParsedBasket",
    "Record",
    "RecordConflictError",
    "RecordStore",
    "SearchItem",
    "State",
    "StoreError",
    "TooManyRecordsError",
    "Verdict",
    "check",
    "cleaned",
    "load_json",
    "parse_basket",
    "plain_text",
]
