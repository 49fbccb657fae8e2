"""The OpenAPI 3.1 document of the API, generated from its endpoints, and a page that shows it."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request

from baocha.api import endpoints as _endpoints  # noqa: F401 — so that they are there
from baocha.api.blueprint import ENDPOINTS, VERSION, Endpoint, bp, language
from baocha.api.parameters import Parameter
from baocha.api.schemas import SCHEMAS
from baocha.mount import engine_for, settings, url_for
from baocha.web import Requested, render
from baocha_indexer.messages import Language, Message

_IN_PATH = re.compile(r"<(?:(int):)?(\w+)>")
_REFUSED = {
    "400": "a parameter has an invalid value",
    "401": "a token is missing or unknown",
    "404": "there is no such report or paragraph",
    "422": "the query needs too much work; nothing was searched or counted",
    "503": "the index is not available, or too many searches are running: see Retry-After",
}

_PAGE_IMAGE = "/reports/{report}/pages/{number}.png"
PAGE_IMAGE = Message(
    zh="原文件的一页（PNG 图像），须开启 offer-files",
    en="A page of the original file as a PNG image; needs the setting offer-files",
)


def openapi(language: Language) -> dict[str, Any]:
    """Return the OpenAPI document with descriptions in the given language."""
    secured: dict[str, Any] = {"security": [{"token": []}]} if settings().tokens else {}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "baocha",
            "version": VERSION,
            "description": "Exact search over Chinese government reports, paragraph by paragraph. "
            "In v1, fields and endpoints may be added, but never removed.",
        },
        "servers": [{"url": url_for("api.page").rstrip("/")}],
        "paths": {
            _IN_PATH.sub(r"{\2}", endpoint.path): {"get": _operation(endpoint, language)}
            for endpoint in ENDPOINTS
        }
        | {_PAGE_IMAGE: {"get": _page_image(language)}},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        **secured,
    }


def _page_image(language: Language) -> dict[str, Any]:
    """Return the operation whose result is not JSON: the image of a page."""
    whole = {"type": "integer", "minimum": 1}
    parameters = (("report", {"type": "string"}), ("number", whole))
    refused = {
        "401": _REFUSED["401"],
        "404": "there is no such report or page, the source has no images of pages, or files are not offered",
        "409": "the file is not the one that was indexed",
        "422": "the page is damaged or too complex",
        "503": _REFUSED["503"],
    }
    return {
        "operationId": "PageImage",
        "summary": PAGE_IMAGE.render(language),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in parameters
        ],
        "responses": {
            "200": {
                "description": "the page as it is shown",
                "headers": {
                    "ETag": {"schema": {"type": "string"}},
                    "X-Scale": {"schema": {"type": "number"}, "description": "pixels per point"},
                },
                "content": {
                    "image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}
                },
            },
            **_other_answers(refused),
        },
    }


def _other_answers(refused: Mapping[str, str]) -> dict[str, Any]:
    """Return the responses without a result. `refused`: the reason of each status."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        "304": {"description": "not modified since the ETag that was sent"},
        **{
            status: {"description": why, "content": {"application/problem+json": problem}}
            for status, why in refused.items()
        },
    }


def _operation(endpoint: Endpoint, language: Language) -> dict[str, Any]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if kind else {"type": "string"},
        }
        for kind, name in _IN_PATH.findall(endpoint.path)
    ]
    return {
        "operationId": endpoint.schema,
        "summary": endpoint.summary.render(language),
        "parameters": in_path + [_parameter(p, language) for p in endpoint.parameters],
        "responses": {
            "200": {
                "description": "OK",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {
                    endpoint.media_type: {
                        "schema": {"$ref": f"#/components/schemas/{endpoint.schema}"}
                    }
                },
            },
            **_other_answers(_REFUSED),
            # Refused before the API handles the request, so without problem details.
            "413": _refused_before("the request has a body that is too long"),
            "414": {"description": "the address is longer than 65,534 bytes; no content"},
            "421": _refused_before("the server does not accept the host name of the request"),
            "431": _refused_before("the address and headers are longer than 65,536 bytes"),
        },
    }


def _refused_before(why: str) -> dict[str, Any]:
    return {"description": why, "content": {"text/plain": {"schema": {"type": "string"}}}}


def _parameter(parameter: Parameter, language: Language) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help.render(language),
        "schema": parameter.schema(),
    }


@bp.get("/openapi.json")
def openapi_json() -> Response:
    """Return the OpenAPI document."""
    response = jsonify(openapi(language()))
    response.vary.add("Accept-Language")
    return response


@bp.get("/")
def page() -> str:
    """Show the endpoints and their parameters."""
    requested, warnings = Requested.from_args(request.args)
    # Examples come from the whole index, so none are shown if tokens are needed.
    guarded = bool(settings().tokens)
    examples = () if guarded else engine_for(request).examples()
    query = examples[0] if examples else "绩效目标"
    return render(
        "api.html",
        requested,
        warnings,
        endpoints=[*ENDPOINTS, Endpoint(_PAGE_IMAGE, (), PAGE_IMAGE, "")],
        base=url_for("api.page").rstrip("/"),
        example=url_for("api.search", q=query, limit=3),
        example_text=f"{url_for('api.search')}?q={query}&limit=3",
        needs_token=guarded,
    )
