"""The OpenAPI document describes the status and the body of every answer, also to invalid requests."""

import re
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from baocha.api.blueprint import ENDPOINTS, Endpoint
from baocha.search import Engine

EXAMPLES = 60
"""Number of requests to each endpoint."""

_odd = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.sampled_from(
        ["", "0", "-1", "绩效", "“绩效目标", "部门:", "2022", "2022-2021", "未知", "\0"]
    ),
)


def _given(schema: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    """Return values of a parameter: often what its schema allows, sometimes anything."""
    if schema["type"] == "array":
        pattern = schema["items"].get("pattern")
        names = st.sampled_from(["云溪市青湖区水务局", "水务局", "绩效自评"])
        fits = st.from_regex(pattern, fullmatch=True) if pattern else names
        # Most often no value: with many filters there is no hit.
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


Validators = dict[tuple[str, int, str | None], jsonschema_rs.Validator]


@pytest.fixture(scope="module")
def report(corpus_engine: Engine) -> str:
    return next(corpus_engine.hits("绩效")).report.id


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").get_json()


@pytest.fixture(scope="module")
def validators(document: Any) -> Validators:
    """A validator for each path, status and media type of the document."""
    return {
        (path, int(status), media_type): jsonschema_rs.validator_for(
            {**content["schema"], "components": document["components"]}
        )
        for path, item in document["paths"].items()
        for status, response in item["get"]["responses"].items()
        for media_type, content in response.get("content", {}).items()
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.path)
@settings(max_examples=EXAMPLES)
@given(drawn=st.data())
def test_the_document_describes_every_answer(
    client: FlaskClient,
    report: str,
    document: Any,
    validators: Validators,
    endpoint: Endpoint,
    drawn: st.DataObject,
) -> None:
    path = re.sub(r"<(?:int:)?(\w+)>", r"{\1}", endpoint.path)
    ids = st.just(report) | st.text(st.characters(exclude_characters="/?#%"), min_size=1)
    address = path.format(
        report=drawn.draw(ids),
        other=drawn.draw(ids),
        ordinal=drawn.draw(st.one_of(st.integers(0, 40), st.integers(0))),
    )
    query = [
        (parameter["name"], value)
        for parameter in document["paths"][path]["get"]["parameters"]
        if parameter["in"] == "query"
        for value in drawn.draw(_given(parameter["schema"]), parameter["name"])
    ]
    with client.get("/api/v1" + address, query_string=query) as response:
        content = response.get_json() if response.is_json else response.get_data(as_text=True)
        validators[path, response.status_code, response.mimetype].validate(content)
