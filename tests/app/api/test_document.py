"""The API keeps to its document: whatever is asked, the status and the answer are described there."""

import re
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha.api.blueprint import ENDPOINTS, Endpoint
from baocha.search import Engine

EXAMPLES = 60
"""Requests of each endpoint, in every run of the tests."""

_odd = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.sampled_from(
        ["", "0", "-1", "绩效", "“绩效目标", "部门:", "2022", "2022-2021", "未知", "\0"]
    ),
)


def _given(schema: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    """Values of a parameter: often what its schema allows, else anything."""
    if schema["type"] == "array":
        pattern = schema["items"].get("pattern")
        named = st.sampled_from(["云溪市青湖区水务局", "水务局", "绩效自评"])
        fits = st.from_regex(pattern, fullmatch=True) if pattern else named
        # Most often none: what passes many filters is nothing.
        return st.one_of(st.just([]), st.just([]), st.lists(st.one_of(fits, _odd), max_size=3))
    if "enum" in schema:
        fits = st.sampled_from(schema["enum"])
    elif schema["type"] == "integer":
        fits = st.integers(schema["minimum"], schema["maximum"]).map(str)
    else:
        fits = st.sampled_from(
            ["绩效", "绩效 自评", "“绩效目标”", "绩效 -自评", "预算 部门:水务局"]
        )
    return st.lists(st.one_of(fits, _odd), max_size=1)


@pytest.fixture(scope="module")
def report(corpus_engine: Engine) -> str:
    return next(corpus_engine.hits("绩效")).report.id


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.path)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=st.data())
def test_every_answer_is_described(
    client: FlaskClient, report: str, endpoint: Endpoint, drawn: st.DataObject
) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    path = re.sub(r"<(?:int:)?(\w+)>", r"{\1}", endpoint.path)
    operation = document["paths"][path]["get"]
    address = path.format(
        report=drawn.draw(
            st.one_of(
                st.just(report), st.text(st.characters(exclude_characters="/?#%"), min_size=1)
            )
        ),
        ordinal=drawn.draw(st.one_of(st.integers(0, 40), st.integers(0))),
    )
    query = [
        (parameter["name"], value)
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
        for value in drawn.draw(_given(parameter["schema"]), parameter["name"])
    ]
    response = client.get("/api/v1" + address, query_string=query)
    described = operation["responses"][str(response.status_code)]["content"]
    ((kind, content),) = described.items()
    assert response.mimetype == kind
    schema = {**content["schema"], "components": document["components"]}
    jsonschema_rs.validator_for(schema).validate(response.get_json())
