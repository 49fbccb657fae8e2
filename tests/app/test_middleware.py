import pytest

from baocha.middleware import (
    MAX_BASKET_BYTES,
    MAX_RECORD_BYTES,
    MAX_REQUEST_BYTES,
    MAX_TERMS_BYTES,
    body_limit,
)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/", MAX_REQUEST_BYTES),
        ("/api/v1/search", MAX_REQUEST_BYTES),
        ("/baskets/check", MAX_BASKET_BYTES),
        ("/prefix/baskets/export.docx", MAX_BASKET_BYTES),
        ("/baskets/check/more", MAX_REQUEST_BYTES),
        ("/baskets/export.docx\n", MAX_REQUEST_BYTES),
        ("/records/item/b1~k1", MAX_RECORD_BYTES),
        ("/records/item", MAX_REQUEST_BYTES),
        ("/compare", MAX_TERMS_BYTES),
        ("/prefix/compare.xlsx", MAX_TERMS_BYTES),
    ],
)
def test_only_baskets_records_and_terms_may_have_long_bodies(path: str, limit: int) -> None:
    assert body_limit(path) == limit
