"""The answers of the API agree with the engine; what it refuses."""

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.api.blueprint import ENDPOINTS
from baocha.search import Engine, Filters
from baocha.settings.tokens import Token
from tests.app.findings.reports import FILES
from tests.app.web.pages import page, parse, text_of
from tests.conftest import ORIGIN, SECRET, IndexFiles

WATER, SCHOOLS = "云溪市青湖区水务局", "云溪市青湖区教育局"


def get(
    client: FlaskClient, address: str, status: int = 200, headers: dict[str, str] | None = None
) -> Any:
    response = client.get(f"/api/v1/{address}", headers=headers)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def test_search_returns_the_result_of_the_engine(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    found = get(
        client, f"search?q=绩效&department={WATER}&year=2022-2023&limit=3&offset=1&sort=oldest"
    )
    expected = corpus_engine.search(
        "绩效",
        filters=Filters(department=(WATER,), year=((2022, 2023),)),
        limit=3,
        offset=1,
        sort="oldest",
    ).to_dict("zh")
    assert found | {"took_ms": 0} == expected | {"took_ms": 0}
    grouped = get(client, "search?q=绩效&by=report&limit=100")
    assert sum(hit["in_report"] for hit in grouped["hits"]) == grouped["total"]


def test_facets_and_matrix_have_the_counts_of_search(client: FlaskClient) -> None:
    found = get(client, "search?q=绩效&limit=0")
    assert get(client, "facets?q=绩效")["facets"] == found["facets"]
    matrix = get(client, "matrix?q=绩效")
    assert sum(map(sum, matrix["counts"])) == matrix["total"] == found["total"]
    assert matrix["warnings"] == []
    assert (matrix["departments"], matrix["years"]) == (
        matrix["row_values"],
        matrix["column_values"],
    )
    kinds = get(client, "matrix?q=绩效&rows=kind&columns=region")
    assert (kinds["departments"], kinds["years"]) == ([], [])
    assert sum(cell["paragraphs"] for cell in kinds["by_row"]) == kinds["total"] == found["total"]
    assert kinds["sum"]["searched"] == sum(map(sum, kinds["reports"]))
    problem = client.get("/api/v1/matrix?q=绩效&rows=year")
    assert (problem.status_code, problem.get_json()["parameter"]) == (400, "columns")
    # A search would show paragraphs with one of the keywords; a cell counts those with both.
    (warning,) = get(client, "matrix?q=绩效 䶮䶮")["warnings"]
    assert "只含部分关键词的不计入" in warning
    (warning,) = get(client, "matrix?q=绩效&department=无此局")["warnings"]
    assert "无此局" in warning


def test_reports_and_paragraphs_agree_with_each_other(client: FlaskClient) -> None:
    everything = get(client, "reports?limit=100")
    assert len(everything["reports"]) == everything["total"]
    chosen = get(client, f"reports?department={SCHOOLS}&year=2022")
    (report,) = chosen["reports"]
    whole = get(client, f"reports/{report['id']}?q=绩效")
    assert len(whole["paragraphs"]) == report["paragraphs"]
    origin = {"source": "title", "certainty": "certain"}
    assert whole["metadata"] == {
        "level": "县",
        "region": "云溪市青湖区",
        "years": [2022],
        "document_number": None,
        "published": None,
        "origins": dict.fromkeys(("title", "kind", "department", "year"), origin),
        "account": {
            "found": 1953,
            "kept": 1953,
            "dropped": {},
            "unexplained": 0,
            "example": "",
            "unread_pages": 0,
        },
    }
    match = next(item for item in whole["paragraphs"] if item["spans"])
    assert {match["text"][start:end] for start, end in match["spans"]} == {"绩效"}
    at = match["ordinal"]
    one = get(client, f"reports/{report['id']}/paragraphs/{at}?q=绩效&around=2")
    assert one["paragraph"] == match
    assert [item["ordinal"] for item in one["before"] + one["after"]] == [
        ordinal for ordinal in range(max(1, at - 2), at + 3) if ordinal != at
    ]
    assert f"第 {at} 段" in match["citation"]


def test_reports_are_listed_with_their_place_and_years(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    listed = get(client, "reports?limit=100")["reports"]
    covered = corpus_engine.coverage()
    names = ("id", "region", "level", "years", "published")
    assert [tuple(report[name] for name in names) for report in listed] == [
        (one.report.id, one.region, one.level, list(one.years), one.published) for one in covered
    ]
    assert any(report["region"] for report in listed)


def test_suggestions_and_status_have_the_counts_of_search(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    assert len(get(client, "suggest?q=绩效目&limit=2")["suggestions"]) == 2
    for item in get(client, f"suggest?q=绩效&year=2022&department={WATER}")["suggestions"]:
        found = get(client, f"search?q={quote(item['query'])}&year=2022&department={WATER}")
        assert found["total"] == item["count"]
    assert get(client, "status")["paragraphs"] == corpus_engine.status().paragraphs


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("search?limit=101", 400, "limit"),
        ("search?limit=-1", 400, "limit"),
        ("search?limit=٣", 400, "limit"),
        ("search?offset=" + "9" * 50, 400, "offset"),
        ("search?year=abc", 400, "year"),
        ("search?sort=sideways", 400, "sort"),
        ("search?lang=xx", 400, "lang"),
        ("search?q=" + "a" * 1001, 400, "q"),
        ("search?" + "&".join(["kind=a"] * 101), 400, "kind"),
        ("reports/nowhere", 404, None),
        ("reports/nowhere/paragraphs/1", 404, None),
        ("nothing", 404, None),
        ("reports/x/paragraphs/abc", 404, None),
        ("reports/x/paragraphs/" + "9" * 5000, 404, None),
        ("reports/%0A/paragraphs/-1", 404, None),
    ],
)
def test_an_invalid_request_gets_a_problem_document(
    client: FlaskClient, address: str, status: int, parameter: str | None
) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.get_data())
    assert body["status"] == status
    assert body["title"]
    assert body.get("parameter") == parameter


def test_problems_are_in_the_language_of_the_client(client: FlaskClient) -> None:
    chinese = client.get("/api/v1/search?limit=x")
    english = client.get("/api/v1/search?limit=x", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    assert "应为" in json.loads(chinese.get_data())["detail"]
    assert "must be" in json.loads(english.get_data())["detail"]


def test_an_unknown_parameter_gets_a_warning_and_has_no_effect(client: FlaskClient) -> None:
    found = get(client, "search?q=绩效&colour=red")
    assert "colour" in found["warnings"][0]
    assert found["total"] == get(client, "search?q=绩效")["total"]
    twice = get(client, "search?q=自评&q=绩效")
    assert (twice["query"], len(twice["warnings"])) == ("绩效", 1)


@pytest.mark.parametrize("method", ["POST", "DELETE", "TRACE", "QUERY", "ODD"])
def test_only_get_is_allowed(client: FlaskClient, method: str) -> None:
    for address in ("search", "reports/x", ""):
        response = client.open(f"/api/v1/{address}", method=method)
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]
        assert response.content_type == "application/problem+json"


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/api/v1/search?q=绩效").headers["ETag"]
    again = client.get("/api/v1/search?q=绩效", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == tag
    for other in ("search?q=自评", "search?q=绩效&lang=en"):
        response = client.get(f"/api/v1/{other}", headers={"If-None-Match": tag})
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("sender", "headers", "encoding"),
    [
        ("192.0.2.7", {}, "gzip"),
        ("127.0.0.1", {}, None),
        ("::1", {}, None),
        # A proxy on this machine sends the answer on.
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, "gzip"),
    ],
)
def test_a_long_answer_is_compressed_if_it_leaves_this_machine_and_the_client_accepts_it(
    client: FlaskClient, sender: str, headers: dict[str, str], encoding: str | None
) -> None:
    address, environ = "/api/v1/search?q=绩效", {"REMOTE_ADDR": sender}
    accepted = {"Accept-Encoding": "gzip", **headers}
    response = client.get(address, headers=accepted, environ_overrides=environ)
    assert response.headers.get("Content-Encoding") == encoding
    content = response.get_data()
    assert json.loads(gzip.decompress(content) if encoding else content)["total"] > 0
    assert "Accept-Encoding" in response.headers["Vary"]
    plain = client.get(address, headers=headers, environ_overrides=environ)
    assert "Content-Encoding" not in plain.headers


def test_answers_match_the_openapi_document(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    report, other = (one["id"] for one in get(client, "reports?limit=2")["reports"])
    for endpoint in ENDPOINTS:
        address = endpoint.path.replace("<report>", report).replace("<int:ordinal>", "2")
        address = address.replace("<other>", other)
        with client.get(f"/api/v1{address}") as response:
            assert (response.status_code, response.mimetype) == (200, endpoint.media_type)
            body = response.get_json() if response.is_json else response.get_data(as_text=True)
        schema = {
            "$ref": f"#/components/schemas/{endpoint.schema}",
            "components": document["components"],
        }
        jsonschema_rs.validator_for(schema).validate(body)
        described = document["paths"][re.sub(r"<(?:int:)?(\w+)>", r"{\1}", endpoint.path)]
        names = {p["name"] for p in described["get"]["parameters"] if p["in"] == "query"}
        assert names == {parameter.name for parameter in endpoint.parameters}


def test_the_page_lists_every_endpoint_and_parameter(client: FlaskClient) -> None:
    sections = {
        text_of(section.find("h2")): [text_of(name) for name in section.iterfind(".//tbody//code")]
        for section in parse(page(client, "/api/v1/")).iter("section")
    }
    assert sections.pop("GET /api/v1/reports/{report}/pages/{number}.png") == []
    assert sections == {
        f"GET /api/v1{endpoint.path}": [parameter.name for parameter in endpoint.parameters]
        for endpoint in ENDPOINTS
    }
    assert "Counts by facet" in page(client, "/api/v1/?lang=en")


@pytest.fixture
def guarded(corpus_index: Path) -> FlaskClient:
    """A client of an application with one token, which may see some reports of one department."""
    scope = Filters(department=(WATER,), year=((2022, 2023),))
    return create_app(corpus_index, tokens=(Token.of_secret(SECRET, scope),)).test_client()


def test_a_request_needs_a_token_if_there_are_any(guarded: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong"}):
        response = guarded.get("/api/v1/search?q=绩效", headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_request_with_a_token_sees_only_the_reports_in_its_scope(
    guarded: FlaskClient, corpus_engine: Engine
) -> None:
    shown = {"Authorization": f"Bearer {SECRET}"}
    scope = Filters(department=(WATER,), year=((2022, 2023),))
    expected = corpus_engine.search("绩效", filters=scope, limit=100)
    found = get(guarded, "search?q=绩效&limit=100", headers=shown)
    assert {hit["id"] for hit in found["hits"]} == {hit.id for hit in expected.hits}
    assert [item["value"] for item in found["facets"]["department"]] == [WATER]
    assert get(guarded, f"search?q=绩效&department={SCHOOLS}", headers=shown)["total"] == 0
    assert get(guarded, "status", headers=shown)["departments"] == [WATER]
    assert {r["department"] for r in get(guarded, "reports", headers=shown)["reports"]} == {WATER}
    suggested = get(guarded, "suggest?q=教育", headers=shown)["suggestions"]
    assert all(item["kind"] == "phrase" for item in suggested)
    # Pages and exports have the same scope if the request has a token.
    other = next(h.report.id for h in corpus_engine.hits("绩效") if h.report.department == SCHOOLS)
    assert get(guarded, f"reports/{other}", 404, headers=shown)
    assert guarded.get(f"/reports/{other}", headers=shown).status_code == 404
    with guarded.get("/export.csv?q=" + quote("绩效"), headers=shown) as response:
        assert SCHOOLS not in response.get_data(as_text=True)
    assert guarded.get("/", headers={"Authorization": "Bearer x"}).status_code == 401
    results = guarded.get("/?q=" + quote("绩效"), headers=shown)
    assert "private" in results.headers["Cache-Control"]
    assert "Authorization" in results.headers["Vary"]


def test_the_page_has_no_example_from_the_index_if_a_token_is_needed(
    client: FlaskClient, guarded: FlaskClient, corpus_engine: Engine
) -> None:
    example = corpus_engine.examples()[0]
    assert example in page(client, "/api/v1/")
    assert example not in page(guarded, "/api/v1/")


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer unknown-unknown", "nonsense"])
def test_without_tokens_the_authorization_header_is_ignored(
    client: FlaskClient, header: str
) -> None:
    for address in ("/", "/api/v1/status", "/healthz", "/export.csv?q=x"):
        with client.get(address, headers={"Authorization": header}) as response:
            assert response.status_code == 200


def test_with_tokens_a_password_for_a_proxy_is_ignored_by_pages_and_refused_by_the_api(
    guarded: FlaskClient,
) -> None:
    shown = {"Authorization": "Basic dXNlcjpwYXNz"}
    assert guarded.get("/", headers=shown).status_code == 200
    assert guarded.get("/api/v1/status", headers=shown).status_code == 401


def test_scores_do_not_depend_on_reports_outside_the_scope(guarded: FlaskClient) -> None:
    shown = {"Authorization": f"Bearer {SECRET}"}

    def score(word: str) -> list[float]:
        found = get(guarded, f"search?q=“产出” | “{word}”&limit=100", headers=shown)
        return [hit["score"] for hit in found["hits"]]

    # 教学 is in reports outside the scope, 火星 in no report.
    assert score("教学") == score("火星")


def test_each_scope_has_its_own_etag(corpus_index: Path) -> None:
    scopes = (Filters(), Filters(year=((2021, 2021),)))
    secrets = (SECRET, SECRET[::-1])
    tokens = tuple(map(Token.of_secret, secrets, scopes))
    client = create_app(corpus_index, tokens=tokens).test_client()
    for address in ("/api/v1/status", "/api/v1/search?q=绩效", "/?q=绩效"):
        headers = [{"Authorization": f"Bearer {secret}"} for secret in secrets]
        tags = [client.get(address, headers=one).headers["ETag"] for one in headers]
        for sent, token, status in ((0, 0, 304), (1, 1, 304), (0, 1, 200), (1, 0, 200)):
            asked = {**headers[token], "If-None-Match": tags[sent]}
            assert client.get(address, headers=asked).status_code == status
        # Without a token, the API tells nothing, not even that the answer is the same.
        if "api" in address:
            assert client.get(address, headers={"If-None-Match": tags[0]}).status_code == 401
    for odd in ("*", '"x"'):
        asked = {**headers[0], "If-None-Match": odd}
        assert client.get("/api/v1/reports/x", headers=asked).status_code == 404


@pytest.mark.parametrize(
    "address", ["/api/v1/search?q=绩效", "/api/v1/search?limit=x", "/api/v1/no"]
)
def test_only_listed_origins_may_read_answers(corpus_index: Path, address: str) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    allowed = client.get(address, headers={"Origin": ORIGIN})
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    for origin in ("https://elsewhere.example", "null", ORIGIN + ".evil.example"):
        refused = client.get(address, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in refused.headers
        assert "Origin" in refused.headers["Vary"]
    # Other sites may read only the API and the embedded parts.
    results = client.get("/?q=绩效", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in results.headers


def test_a_preflight_request_allows_the_authorization_header(corpus_index: Path) -> None:
    client = create_app(corpus_index, origins=(ORIGIN,)).test_client()
    asked = client.options(
        "/api/v1/search",
        headers={"Origin": ORIGIN, "Access-Control-Request-Headers": "authorization"},
    )
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Headers"] == "Authorization"


def test_a_search_is_given_as_text_and_as_csv(client: FlaskClient, corpus_engine: Engine) -> None:
    found = client.get("/api/v1/search.txt?q=绩效 部门:水务局&limit=2&facets=1")
    assert (found.status_code, found.mimetype) == (200, "text/plain")
    assert found.headers["Baocha-Found"] == "1"
    total = corpus_engine.search("绩效 部门:水务局").total
    assert found.text.startswith(f"共 {total} 段")
    assert found.text.count("\n  《") == 2
    assert "部门\n" in found.text
    assert "\x1b" not in found.text
    assert "\x1b[31m" in client.get("/api/v1/search.txt?q=绩效&ansi=1").text
    # Messages come first.
    warned = client.get("/api/v1/search.txt?q=“没有这句话&department=无此局&nothing=1&lang=en").text
    messages = [line for line in warned.splitlines() if line.startswith("baocha: ")]
    assert warned.startswith("\n".join(messages) + "\nnothing found")
    assert messages[-1] == "baocha: unknown parameter nothing was ignored"
    assert client.get("/api/v1/search.txt?q=“没有这句话”").headers["Baocha-Found"] == "0"
    with client.get("/api/v1/search.csv?q=绩效 部门:水务局") as exported:
        assert (exported.status_code, exported.mimetype) == (200, "text/csv")
        assert exported.get_data(as_text=True).startswith("\ufeff序号")
        assert exported.get_data(as_text=True).count("\r\n") == total + 1
    with client.get("/api/v1/search.csv?q=绩效 部门:水务局&offset=1&limit=2") as part:
        assert part.get_data(as_text=True).count("\r\n") == 3
    etag = found.headers["ETag"]
    again = client.get(found.request.full_path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_text_and_csv_need_a_token_and_show_only_its_scope(corpus_index: Path) -> None:
    token = Token.of_secret(SECRET, Filters(department=(WATER,)))
    client = create_app(corpus_index, tokens=(token,)).test_client()
    for form in ("txt", "csv"):
        get(client, f"search.{form}?q=绩效", 401)
        headers = {"Authorization": f"Bearer {SECRET}"}
        with client.get(f"/api/v1/search.{form}?q=绩效", headers=headers) as allowed:
            assert WATER in allowed.get_data(as_text=True)
            assert SCHOOLS not in allowed.get_data(as_text=True)


@pytest.fixture
def checked(index_files: IndexFiles) -> FlaskClient:
    """A client of an index with indicators and findings, and with a token for one department."""
    scope = Filters(department=("青湖区水务局",))
    return create_app(
        index_files(FILES),
        tokens=(Token.of_secret(SECRET, scope), Token.of_secret(OTHER, Filters())),
    ).test_client()


OTHER = f"{SECRET}-of-another"
EVERYTHING = {"Authorization": f"Bearer {OTHER}"}
SCOPED = {"Authorization": f"Bearer {SECRET}"}


def test_indicators_are_listed_and_filtered(checked: FlaskClient) -> None:
    found = get(checked, "indicators?lost=1&limit=3", headers=EVERYTHING)
    assert (found["total"], len(found["indicators"])) == (4, 3)
    assert found["indicators"][0]["level3"] == "验收合格率"
    found = get(checked, "indicators?name=满意度&year=2022&grade=优", headers=EVERYTHING)
    assert [row["report"]["department"] for row in found["indicators"]] == ["青湖区林业局"]
    assert get(checked, "indicators?lost=2", 400, EVERYTHING)["parameter"] == "lost"


def test_findings_are_listed_with_their_evidence(checked: FlaskClient) -> None:
    (finding,) = get(checked, "findings?rule=execution-rate", headers=EVERYTHING)["findings"]
    assert finding["severity"] == "error"
    assert finding["paragraphs"][0]["spans"]
    assert get(checked, "findings?rule=nothing", 400, EVERYTHING)["parameter"] == "rule"
    of_report = get(checked, f"reports/{finding['report']['id']}/indicators", headers=EVERYTHING)
    assert finding in of_report["findings"]
    assert any(check["holds"] is False for check in of_report["checks"])


def test_a_token_sees_the_indicators_and_findings_of_its_scope_only(checked: FlaskClient) -> None:
    everything = get(checked, "findings?limit=100", headers=EVERYTHING)["findings"]
    hidden = next(f for f in everything if f["report"]["department"] == "青湖区教育局")
    for name in ("indicators", "findings"):
        rows = get(checked, f"{name}?limit=100", headers=SCOPED)[name]
        assert {row["report"]["department"] for row in rows} == {"青湖区水务局"}
    get(checked, f"reports/{hidden['report']['id']}/indicators", 404, SCOPED)
    get(checked, "findings", 401)
