"""The API for copied text and for differences: the same as the engine; what it refuses."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import CopyFilter, Engine, Filters, open_engine
from baocha.search.differences import compare_reports
from baocha.settings.tokens import Token
from tests.app.api.test_endpoints import get
from tests.app.findings.copied import LEVEE, SCHOOLS, WATER, files, filler, report
from tests.conftest import SECRET, index_of

FUNDS = "全年安排资金{}万元用于堤防维修养护，由{}负责组织实施并按季度上报进展情况。"
REPORTS = files(
    report(WATER, 2021, f"{LEVEE}。", FUNDS.format("320", WATER)),
    report(WATER, 2022, filler(2), f"{LEVEE}。"),
    report(SCHOOLS, 2022, FUNDS.format("45.8", SCHOOLS), filler(1), f"（一）{LEVEE}。"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("copies"), REPORTS)


@pytest.fixture(scope="module")
def engine(index: Path) -> Engine:
    return open_engine(index)


@pytest.fixture(scope="module")
def api(index: Path) -> FlaskClient:
    return create_app(index).test_client()


@pytest.fixture(scope="module")
def ids(engine: Engine) -> list[str]:
    """The ids of the reports of the water bureau of 2021 and 2022, then that of the schools."""
    by_report = {
        (one.report.department, one.report.year): one.report.id for one in engine.coverage()
    }
    return [by_report[key] for key in ((WATER, 2021), (WATER, 2022), (SCHOOLS, 2022))]


def test_passages_are_those_of_the_engine(api: FlaskClient, engine: Engine) -> None:
    found = get(api, "copies")
    assert found["copies"] == [one.to_dict() for one in engine.shared_passages()]
    assert len(found["copies"]) == 4
    assert (found["more"], found["warnings"]) == (False, [])
    outright = get(api, "copies?outright=1")["copies"]
    wanted = CopyFilter(outright=True)
    assert outright == [one.to_dict() for one in engine.shared_passages(wanted=wanted)]
    assert {one["text"] for one in outright} == {f"{LEVEE}。"}
    lengths = [one["length"] for one in found["copies"]]
    longest = get(api, f"copies?min_chars={max(lengths)}")["copies"]
    assert [one["length"] for one in longest] == [n for n in lengths if n == max(lengths)]
    assert get(api, "copies?templates=1")["copies"] == found["copies"]


def test_passages_are_filtered_and_paged(api: FlaskClient, engine: Engine) -> None:
    everything = get(api, "copies")["copies"]
    filters = Filters(department=(SCHOOLS,))
    expected = [one.to_dict() for one in engine.shared_passages(filters=filters)]
    assert get(api, f"copies?department={SCHOOLS}")["copies"] == expected
    assert 0 < len(expected) < len(everything)
    pages = [get(api, f"copies?limit=2&offset={at}") for at in (0, 2, 4)]
    assert [one for page in pages for one in page["copies"]] == everything
    assert [page["more"] for page in pages] == [True, False, False]
    nothing = get(api, "copies?year=1999")
    assert (nothing["copies"], nothing["more"]) == ([], False)


def test_pairs_of_reports_are_those_of_the_engine(api: FlaskClient, engine: Engine) -> None:
    found = get(api, "copies/reports")
    assert found["pairs"] == [pair.to_dict() for pair in engine.copied_reports()]
    assert found["total"] == len(found["pairs"]) == 3
    shares = [max(pair["a_share"], pair["b_share"]) for pair in found["pairs"]]
    assert shares == sorted(shares, reverse=True)
    part = get(api, "copies/reports?limit=1&offset=1")
    assert (part["total"], part["pairs"]) == (3, found["pairs"][1:2])
    of_schools = get(api, f"copies/reports?department={SCHOOLS}")
    assert of_schools["total"] == 2
    assert not any(pair["same_department"] for pair in of_schools["pairs"])


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("copies?min_chars=24", "min_chars"),
        ("copies?min_chars=0", "min_chars"),
        ("copies?min_chars=-1", "min_chars"),
        ("copies?min_chars=many", "min_chars"),
        ("copies?outright=2", "outright"),
        ("copies?templates=yes", "templates"),
        ("copies?limit=-1", "limit"),
        ("copies/reports?year=then", "year"),
    ],
)
def test_a_parameter_that_is_not_valid_is_named(
    api: FlaskClient, address: str, parameter: str
) -> None:
    assert get(api, address, 400)["parameter"] == parameter


def test_hits_and_paragraphs_count_their_copies(api: FlaskClient, ids: list[str]) -> None:
    hits = get(api, "search?q=堤防巡查制度")["hits"]
    assert [hit["copies"] for hit in hits] == [2, 2, 2]
    paragraphs = get(api, f"reports/{ids[0]}")["paragraphs"]
    assert [paragraph["copies"] for paragraph in paragraphs] == [0, 0, 2, 1]
    assert get(api, "search?q=堤防巡查制度&copied=no")["total"] == 0


def test_differences_are_those_of_the_engine(
    api: FlaskClient, engine: Engine, ids: list[str]
) -> None:
    first, second = engine.read(ids[0]), engine.read(ids[1])
    assert first is not None
    assert second is not None
    expected = compare_reports(first, second)
    address = f"reports/{ids[0]}/diff/{ids[1]}"
    found = get(api, address)
    assert {**found, "warnings": []} == {
        "total": len(expected.changes), **expected.to_dict(), "warnings": [],
    }  # fmt: skip
    assert found["total"] > 1
    part = get(api, f"{address}?limit=1&offset=1")
    assert part["differences"] == found["differences"][1:2]
    assert (part["total"], part["summary"]) == (found["total"], found["summary"])
    for change in found["differences"]:
        for edit in change["edits"]:
            assert edit["a"][1] <= len(change["a_text"])
            assert edit["b"][1] <= len(change["b_text"])
    itself = get(api, f"reports/{ids[0]}/diff/{ids[0]}")
    assert (itself["total"], itself["differences"]) == (0, [])
    assert itself["summary"]["unchanged"] == 4


def test_a_comparison_with_an_unknown_report_is_not_found(api: FlaskClient, ids: list[str]) -> None:
    for address in (f"{ids[0]}/diff/missing", f"missing/diff/{ids[0]}"):
        assert "detail" in get(api, f"reports/{address}", 404)


def test_a_token_sees_copies_and_differences_within_its_scope_only(
    index: Path, ids: list[str]
) -> None:
    token = Token.of_secret(SECRET, Filters(department=(WATER,)))
    client = create_app(index, tokens=(token,)).test_client()
    headers = {"Authorization": f"Bearer {SECRET}"}

    def scoped(address: str, status: int = 200) -> Any:
        get(client, address, 401)
        return get(client, address, status, headers)

    (pair,) = scoped("copies/reports")["pairs"]
    assert {pair["a"]["id"], pair["b"]["id"]} == {ids[0], ids[1]}
    (passage,) = scoped("copies")["copies"]
    assert {passage[side].partition("#")[0] for side in "ab"} == {ids[0], ids[1]}
    assert [hit["copies"] for hit in scoped("search?q=堤防巡查制度")["hits"]] == [1, 1]
    assert scoped(f"reports/{ids[0]}/diff/{ids[1]}")["total"] > 0
    for address in (f"{ids[0]}/diff/{ids[2]}", f"{ids[2]}/diff/{ids[0]}"):
        scoped(f"reports/{address}", 404)
    rules = scoped("findings")["findings"]
    assert SCHOOLS not in str(rules)
