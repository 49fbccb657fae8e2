import pytest
from flask.testing import FlaskClient

from baocha.search import Engine
from tests.app.basket.baskets import basket_of, item_of

CHECK = "/baskets/check"


def test_a_basket_is_checked(client: FlaskClient, corpus_engine: Engine) -> None:
    hit = next(corpus_engine.hits("绩效目标"))
    absent = {"kind": "search", "key": "s1", "search": "q=“没有这句话啊”", "total": 0}
    more = {"kind": "search", "key": "s2", "search": "q=绩效目标", "total": 1}
    item, same = item_of(hit), item_of(hit, key="again")
    answer = client.post(CHECK, json=basket_of([item, same, absent, more]))
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["basket"]["items"][0] == item
    assert found["dropped"] == ["第 2 条与第 1 条重复，未采用"]
    state = found["items"][item["key"]]
    assert (state["state"], state["ordinal"]) == ("current", hit.ordinal)
    assert state["spans"] == [list(span) for span in hit.spans]
    assert state["citation"].startswith(f"《{hit.report.title}》，{hit.report.department}，")
    assert client.get(state["address"]).status_code == 200
    assert found["items"]["s1"]["state"] == "current"
    assert "未提及" in found["items"]["s1"]["citation"]
    assert found["items"]["s2"]["total"] == sum(1 for _ in corpus_engine.hits("绩效目标"))
    assert found["items"]["s2"]["state"] == "changed"


def test_an_invalid_basket_gets_a_sentence(client: FlaskClient) -> None:
    answer = client.post(CHECK, json=basket_of([{"kind": "x"}]))
    assert answer.status_code == 422
    assert answer.get_json() == {"error": "第 1 条的 kind 应为 paragraph 或 search"}
    answer = client.post(f"{CHECK}?lang=en", data=b"{")
    assert "not valid JSON" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
)
def test_a_page_of_another_site_is_refused(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    answer = client.post(CHECK, json=basket_of([]), headers=headers)
    assert answer.status_code == status
    assert ("error" in answer.get_json()) == (status == 403)


def test_a_body_that_is_too_long_or_incomplete_is_refused(client: FlaskClient) -> None:
    long, short = (
        client.post(CHECK, data=b"x", environ_overrides={"CONTENT_LENGTH": length})
        for length in (str(33 * 2**20), "9")
    )
    none = client.post(CHECK, data=b"x", headers={"Transfer-Encoding": "chunked"})
    assert (long.status_code, "error" in long.get_json()) == (413, True)
    assert (short.status_code, none.status_code) == (400, 411)
