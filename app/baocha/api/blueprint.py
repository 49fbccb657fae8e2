"""The blueprint of the API: parameters, caching, compression and errors of all endpoints."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from baocha.api.parameters import LANGUAGE, Parameter, ParameterError, read_parameters
from baocha.mount import (
    BusyError,
    NotAllowedError,
    OriginalError,
    engine_for,
    enter_gate,
    entity_tag,
    is_loopback,
    is_unchanged,
    page_response,
    public_reason,
    set_entity_tag,
)
from baocha.search import CopiesUnknownError, Engine, QueryTooCostlyError, json_bytes
from baocha.web import RETRY_SECONDS, NoRoomError
from baocha_indexer.errors import IndexUnusableError
from baocha_indexer.messages import Language, Message

bp = Blueprint("api", __name__, url_prefix="/api/v1")

VERSION = version("baocha")
"""Read once, because `version` parses the metadata of the package."""

MIN_BYTES_TO_COMPRESS = 1024
"""Minimum size in bytes. For smaller responses, gzip costs more than it saves."""


_GZIP_LEVEL = 1
"""The fastest. Level 5 takes twice the time for an answer of 197 KB, and makes it 14% smaller."""

_HEADERS_OF_PROXIES = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request to an endpoint: the engine for its scope, its parameters and its language.

    `warnings` are about its parameters.
    """

    engine: Engine
    values: dict[str, Any]
    language: Language
    warnings: tuple[Message, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint of the API, as the OpenAPI document describes it. `schema` has the name of a schema."""

    path: str
    parameters: tuple[Parameter, ...]
    summary: Message
    schema: str
    media_type: str = "application/json"


ENDPOINTS: list[Endpoint] = []
"""All endpoints, in the order of the OpenAPI document."""


class NotFoundError(Exception):
    """There is no such report or paragraph."""

    def __init__(self, message: Message) -> None:
        """`message` says what does not exist."""
        super().__init__(message.en)
        self.message = message


def endpoint(
    path: str,
    parameters: Sequence[Parameter],
    summary: Message,
    schema: str,
    *,
    media_type: str = "application/json",
    waits: bool = True,
) -> Callable[[Callable[..., dict[str, Any] | Response]], Callable[..., Response]]:
    """Decorate a function as an endpoint.

    The function gets the call and the variables of the path, and returns JSON values or, for another
    media type, a response. `schema` is the name of the schema of the response. `waits`: see `engine_for`.
    """
    all_parameters = (*parameters, LANGUAGE)
    ENDPOINTS.append(Endpoint(path, all_parameters, summary, schema, media_type))

    def made(answer: Callable[..., dict[str, Any] | Response]) -> Callable[..., Response]:
        @wraps(answer)
        def answered(**of_path: Any) -> Response:
            engine = engine_for(
                request, needs_token=True, waits=waits and not request.if_none_match
            )
            values, unknown = read_parameters(all_parameters, request.args)
            call = Call(engine, values, language(), tuple(unknown))
            tag = entity_tag(engine, call.language)
            if is_unchanged(tag):
                response = Response(status=304)
            else:
                if waits:
                    enter_gate()
                body = answer(call, **of_path)
                if isinstance(body, Response):
                    response = body
                else:
                    more = [message.render(call.language) for message in unknown]
                    body["warnings"] = [*body.get("warnings", ()), *more]
                    response = _json(body)
            set_entity_tag(response, tag)
            response.headers["Vary"] = "Accept-Encoding, Accept-Language, Authorization"
            return response

        return bp.get(path)(answered)

    return made


def language() -> Language:
    """Return the language of the request: the parameter `lang`, or the preference of the browser."""
    asked = request.args.get("lang")
    if asked in ("zh", "en"):
        return "en" if asked == "en" else "zh"
    # In order of preference. en-GB is English; without a preference, the language is Chinese.
    preferred = [tag.lower().partition("-")[0] for tag, _ in request.accept_languages]
    return "en" if next((tag for tag in preferred if tag in ("zh", "en")), "zh") == "en" else "zh"


def _json(body: dict[str, Any], status: int = 200, kind: str = "application/json") -> Response:
    content = json_bytes(body)
    response = Response(status=status, mimetype=kind)
    if len(content) >= MIN_BYTES_TO_COMPRESS and _should_compress():
        content = gzip.compress(content, _GZIP_LEVEL)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(content)
    return response


def _should_compress() -> bool:
    """Return whether to compress. A program on this machine gets the answer faster uncompressed."""
    if not request.accept_encodings["gzip"]:
        return False
    # A proxy on this machine sends the answer on over a network.
    is_sent_on = any(name in request.headers for name in _HEADERS_OF_PROXIES)
    return is_sent_on or not is_loopback(request.remote_addr or "")


def problem(status: int, title: Message, detail: Message | None = None, **more: Any) -> Response:
    """Return problem details (RFC 9457) in the language of the request."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title.render(language()),
        "status": status,
    }
    if detail is not None:
        body["detail"] = detail.render(language())
    response = _json(body | more, status, "application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(ParameterError)
def _bad_parameter(error: ParameterError) -> Response:
    title = Message(zh="参数不对", en="Bad parameter")
    return problem(400, title, error.message, parameter=error.name)


@bp.errorhandler(NotFoundError)
def _not_found(error: NotFoundError) -> Response:
    return problem(404, Message(zh="没有找到", en="Not found"), error.message)


@bp.get("/reports/<report_id>/pages/<int:number>.png")
def page_image(report_id: str, number: int) -> Response:
    """Return a page of the original file of a report as an image."""
    return page_response(engine_for(request, needs_token=True), report_id, number)


@bp.errorhandler(OriginalError)
def _no_original(error: OriginalError) -> Response:
    title = Message(zh="没有页面图像", en="No image of the page")
    return problem(error.status, title, error.message)


@bp.errorhandler(QueryTooCostlyError)
def _too_costly(error: QueryTooCostlyError) -> Response:
    return problem(422, Message(zh="查询计算量过大", en="Query too costly"), error.message)


@bp.errorhandler(CopiesUnknownError)
def _copies_unknown(error: CopiesUnknownError) -> Response:
    return problem(501, Message(zh="未比对雷同文字", en="Copied text is not known"), error.message)


@bp.errorhandler(NotAllowedError)
def _not_allowed(_error: NotAllowedError) -> Response:
    response = problem(
        401,
        Message(zh="需要令牌", en="A token is needed"),
        Message(
            zh="请在请求头 Authorization: Bearer 后写上管理员给的令牌",
            en="send the token in the header Authorization: Bearer TOKEN",
        ),
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="baocha"'
    return response


@bp.errorhandler(IndexUnusableError)
def _unavailable(error: IndexUnusableError) -> Response:
    current_app.logger.error(error.message.render("en"))
    title = Message(zh="暂时无法检索", en="Search is not available")
    return problem(503, title, public_reason(error))


@bp.errorhandler(BusyError)
def _overloaded(_error: BusyError) -> Response:
    response = problem(
        503,
        Message(zh="服务繁忙", en="The server is busy"),
        Message(
            zh="当前检索和下载的请求过多，请稍后再试",
            en="too many searches and downloads are running; try again shortly",
        ),
    )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(NoRoomError)
def _disk_full(error: NoRoomError) -> Response:
    current_app.logger.error("an export could not be written: %s", error.__cause__)
    return problem(503, Message(zh="服务器磁盘空间不足", en="The disk of the server is full"))


@bp.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    return problem(status, Message(zh=error.name, en=error.name))


@bp.errorhandler(Exception)
def _broken(error: Exception) -> Response:
    current_app.logger.error("unexpected error", exc_info=error)
    return problem(500, Message(zh="出错了", en="Something went wrong"))
