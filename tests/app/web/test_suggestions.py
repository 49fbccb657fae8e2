from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.app.web.pages import page, total


def test_suggestions_find_as_many_as_they_say(client: FlaskClient) -> None:
    found = client.get("/suggest?q=绩效目").get_json()
    assert found
    for item in found:
        assert set(item) == {"kind", "text", "query", "count"}
        assert total(page(client, "/?q=" + quote(f"“{item['text']}”"))) == item["count"]


@pytest.mark.parametrize("typed", ["", " ", "%00", "%ff", "“", "绩" * 5000, "a" * 50])
def test_odd_input_suggests_nothing(client: FlaskClient, typed: str) -> None:
    assert client.get("/suggest?q=" + typed).get_json() == []
    assert client.get("/suggest").get_json() == []
