"""The form on the page of findings with which an officer decides about a finding."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from baocha import create_app
from baocha.findings import Decisions
from tests.app.findings.reports import FILES
from tests.app.web.pages import download, links, parse, text_of, texts
from tests.conftest import IndexFiles

USER = {"X-User": "张三".encode().decode("latin-1")}
COPIED = "/findings?rule=copied-report"
REASON = "报告写明口径不同"


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files(FILES)


@pytest.fixture
def client(index: Path) -> FlaskClient:
    return create_app(index, user_header="X-User", trusted_proxy=1).test_client()


def read(client: FlaskClient, address: str, headers: dict[str, str] = USER) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def actions(html: str) -> list[str]:
    """Return the address of the form of each finding."""
    return [str(action) for action in parse(html).xpath("//form[@method='post']/@action")]


def states(html: str) -> list[str]:
    return [text.split(" ")[0] for text in texts(html, "state")]


def post(client: FlaskClient, address: str, **form: str) -> TestResponse:
    return client.post(address, data=form, headers=USER)


def test_a_user_confirms_dismisses_and_reopens_a_finding(client: FlaskClient, index: Path) -> None:
    action, *others = actions(read(client, "/findings"))
    assert others
    confirmed = post(client, action, decision="confirmed")
    assert confirmed.status_code == 303
    html = read(client, confirmed.headers["Location"])
    assert states(html) == ["属实", *["未处理"] * len(others)]
    cell = parse(html).xpath("//td[@data-name='处理']")[0]
    assert "张三" in text_of(cell)
    assert parse(html).xpath("//td[@data-name='处理']//form")[0].xpath("button/@value") == [
        "open",
        "dismissed",
    ]
    dismissed = post(client, action, decision="dismissed", reason=f" {REASON} ")
    html = read(client, dismissed.headers["Location"])
    assert states(html)[0] == "已排除"
    assert REASON in text_of(parse(html).xpath("//td[@data-name='处理']")[0])
    (decision,) = Decisions(index).all().values()
    assert (decision.state, decision.reason, decision.by) == ("dismissed", REASON, "张三")
    # All users see it.
    assert states(read(client, "/findings", {"X-User": "other"}))[0] == "已排除"
    assert states(read(client, "/findings", {}))[0] == "已排除"
    assert post(client, action, decision="open").status_code == 303
    assert Decisions(index).all() == {}


def test_the_answer_leads_back_to_the_page_with_its_filters_and_the_finding(
    client: FlaskClient,
) -> None:
    address = "/findings?rule=execution-rate&year=2023&department=青湖区教育局&severity=error"
    (action,) = actions(read(client, address))
    finding = action.split("/")[2]
    answer = post(client, action, decision="confirmed")
    location = urlsplit(answer.headers["Location"])
    assert (location.path, location.fragment) == ("/findings", f"f-{finding}")
    asked = parse_qs(location.query)
    assert asked["rule"] == ["execution-rate"]
    assert asked["year"] == ["2023"]
    assert asked["department"] == ["青湖区教育局"]
    assert asked["severity"] == ["error"]
    html = read(client, answer.headers["Location"])
    assert states(html) == ["属实"]
    assert parse(html).get_element_by_id(f"f-{finding}") is not None


def test_findings_are_filtered_and_exported_by_decision(client: FlaskClient) -> None:
    action, *others = actions(read(client, "/findings"))
    post(client, action, decision="dismissed", reason=REASON)
    assert actions(read(client, "/findings?state=open"))[0].split("?")[0] == others[0].split("?")[0]
    assert states(read(client, "/findings?state=dismissed")) == ["已排除"]
    assert "没有符合条件的核对发现" in read(client, "/findings?state=confirmed")
    assert len(states(read(client, "/findings?state=unknown"))) == len(others) + 1
    text = download(client, "/findings.csv?state=dismissed").read().decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text))
    assert "已排除" in row
    assert REASON in row


def test_a_dismissed_finding_does_not_count_on_the_front_page(client: FlaskClient) -> None:
    action = actions(read(client, "/findings?rule=execution-rate"))[0]
    (before,) = links(read(client, "/"), "核对发现 ")
    count = len(states(read(client, "/findings"))) - len(states(read(client, COPIED)))
    assert links(read(client, "/"), f"核对发现 {count} 条") == [before]
    post(client, action, decision="dismissed", reason=REASON)
    assert links(read(client, "/"), f"核对发现 {count - 1} 条") == [before]


def test_only_a_user_that_a_trusted_proxy_names_can_decide(
    client: FlaskClient, index: Path
) -> None:
    address = actions(read(client, "/findings"))[0]
    form = {"decision": "confirmed"}
    assert actions(read(client, "/findings", {})) == []
    assert "baocha findings" in read(client, "/findings", {})
    for headers in (
        {},
        {"X-User": ""},
        {"X-User": "x" * 201},
        {"X-Other": "张三".encode().decode("latin-1")},
    ):
        assert client.post(address, data=form, headers=headers).status_code == 404
    for alone in (create_app(index), create_app(index, trusted_proxy=1)):
        assert actions(read(alone.test_client(), "/findings")) == []
        assert alone.test_client().post(address, data=form, headers=USER).status_code == 404
    assert Decisions(index).all() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_are_refused(client: FlaskClient, index: Path, headers: dict[str, str]) -> None:
    address = actions(read(client, "/findings"))[0]
    form = {"decision": "confirmed"}
    refused = client.post(address, data=form, headers={**USER, **headers})
    assert refused.status_code == 403
    assert Decisions(index).all() == {}
    own = {**USER, "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post(address, data=form, headers=own).status_code == 303


def test_a_decision_that_is_not_valid_is_a_page_and_stores_nothing(
    client: FlaskClient, index: Path
) -> None:
    address = actions(read(client, "/findings"))[0]
    for form, status, reason in (
        ({"decision": "dismissed"}, 400, "须填写理由"),
        ({"decision": "dismissed", "reason": " \n"}, 400, "须填写理由"),
        ({"decision": "confirmed", "reason": "长" * 501}, 400, "不能超过 500 字"),
        ({"decision": "unknown"}, 404, ""),
        ({"reason": REASON}, 404, ""),
    ):
        refused = client.post(address, data=form, headers=USER)
        assert refused.status_code == status
        assert reason in refused.get_data(as_text=True)
    unknown = post(client, "/findings/0000000000000000/decision", decision="confirmed")
    assert unknown.status_code == 404
    assert "没有这条发现" in unknown.get_data(as_text=True)
    assert Decisions(index).all() == {}


def test_a_hostile_reason_and_user_are_escaped(client: FlaskClient) -> None:
    hostile = '" autofocus onfocus=alert(1) x="<script>alert(1)</script>&lt;i&gt;'
    address = actions(read(client, "/findings"))[0]
    sent = client.post(
        address,
        data={"decision": "dismissed", "reason": hostile},
        headers={"X-User": "<script>alert(2)"},
    )
    assert sent.status_code == 303
    html = read(client, "/findings")
    assert "<script>alert" not in html
    # The store removes tags; the rest is text.
    kept = '" autofocus onfocus=alert(1) x="alert(1)&lt;i&gt;'
    assert kept in text_of(parse(html).xpath("//td[@data-name='处理']")[0])
    assert parse(html).xpath("//input[@name='reason']/@value")[0] == kept
    assert not parse(html).xpath("//input[@onfocus]")
