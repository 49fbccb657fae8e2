from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.app.web.pages import page, total


def test_each_suggestion_finds_as_many_paragraphs_as_its_count(client: FlaskClient) -> None:
    found = client.get("/suggest?q=绩效目").get_json()
    assert found
    for item in found:
        assert set(item) == {"kind", "text", "query", "count"}
        assert total(page(client, "/?q=" + quote(f"“{item['text']}”"))) == item["count"]


@pytest.mark.parametrize("typed", ["", " ", "%00", "%ff", "“", "绩" * 5000, "a" * 50])
def test_there_are_no_suggestions_for_invalid_input(client: FlaskClient, typed: str) -> None:
    assert client.get("/suggest?q=" + typed).get_json() == []
    assert client.get("/suggest").get_json() == []


def test_suggestions_count_only_what_the_filters_allow(client: FlaskClient) -> None:
    chosen = "department=云溪市青湖区水务局&year=2022"
    found = client.get(f"/suggest?q=绩效目&{chosen}").get_json()
    everywhere = {i["text"]: i["count"] for i in client.get("/suggest?q=绩效目").get_json()}
    assert found
    for item in found:
        query = quote(f"“{item['text']}”")
        assert total(page(client, f"/?q={query}&{chosen}")) == item["count"]
    assert any(item["count"] < everywhere.get(item["text"], 0) for item in found)
