"""Search on a server and print its answer.

The server formats the text and the CSV, so this process needs no search engine. The text begins with the
messages that `baocha search` prints on stderr; a header says whether anything was found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from baocha.client.address import ServerAddress
from baocha.client.connection import Answer, ServerError, get
from baocha_indexer.messages import Language, Message

FOUND_HEADER = "Baocha-Found"
"""This header of a text answer is 1 if a paragraph matches in full, otherwise 0."""

MESSAGE_START = "baocha: "
"""Beginning of each line of a text answer that is a message."""

NO_SYNONYMS = Message(
    zh="词表中没有这些检索词的同义词，仅检索了输入的文字",
    en="no synonym of the query is known; only the query itself was searched",
)

_TEXT, _JSON, _CSV = "text/plain", "application/json", "text/csv"

Parameters = tuple[tuple[str, str], ...]

_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_MAX_SHOWN = 200
"""Maximum number of characters of a text of the server that an error shows."""

_MAX_PROBLEM_BYTES = 64 * 1024


class SearchRequest:
    """A search on a server, and the form in which it is printed."""

    def __init__(
        self,
        parameters: Iterable[tuple[str, str]],
        *,
        form: str,
        limit: int | None,
        offset: int,
        facets: bool,
        styled: bool,
    ) -> None:
        """`parameters`: the query and all that decides what is found, as the API has them.

        `form`: "txt", "json" or "csv". `limit`: None for the default. `facets`, `styled`: print the counts
        of facets, and escape sequences of a terminal. They only have an effect on text.
        """
        self.parameters = tuple(parameters)
        self.form = form
        self.limit = limit
        self.offset = offset
        self.facets = facets
        self.styled = styled

    @property
    def expands(self) -> bool:
        """Whether synonyms are searched too."""
        return ("expand", "1") in self.parameters


def print_search(
    address: ServerAddress,
    token: str,
    request: SearchRequest,
    language: Language,
    write: Callable[[str | bytes], object],
    write_message: Callable[[str], object],
) -> bool:
    """Search, and write the answer and its messages. Return whether a paragraph matches in full.

    `write` gets pieces of a text, or bytes for CSV; `write_message` a message without a line end. Raises
    ServerError, also after a part of the answer was written.
    """
    server = _Server(address, token, language)
    page: Parameters = (("offset", str(request.offset)),)
    if request.limit is not None:
        page = (*page, ("limit", str(request.limit)))
    if request.form == "json":
        return _print_json(server, request, page, write, write_message)
    if request.form == "csv":
        # The counts and messages, as text without hits; then the file.
        counted = (*request.parameters, ("offset", str(request.offset)), ("limit", "0"))
        is_found = _print_text(server, counted, lambda _line: None, write_message)
        with server.get("/search.csv", (*request.parameters, *page), _CSV) as answer:
            for block in answer.content():
                write(block)
        return is_found
    shown = (("facets", str(int(request.facets))), ("ansi", str(int(request.styled))))
    return _print_text(server, (*request.parameters, *page, *shown), write, write_message)


def _print_text(
    server: "_Server",
    parameters: Parameters,
    write: Callable[[str], object],
    write_message: Callable[[str], object],
) -> bool:
    """Write the lines of a text answer. Those at its beginning may be messages."""
    with server.get("/search.txt", parameters, _TEXT) as answer:
        write_line = write_message
        for line in _lines(answer.content()):
            if not line.startswith(MESSAGE_START):
                write_line = write
            is_message = write_line is write_message
            write_line(line.removeprefix(MESSAGE_START).rstrip("\n") if is_message else line)
        return answer.headers[FOUND_HEADER.lower()] == "1"


def _print_json(
    server: "_Server",
    request: SearchRequest,
    page: Parameters,
    write: Callable[[str], object],
    write_message: Callable[[str], object],
) -> bool:
    import json  # noqa: PLC0415 — only this form needs it

    with server.get("/search", (*request.parameters, *page), _JSON) as answer:
        try:
            result = json.loads(b"".join(answer.content()))
            is_found = result["total"] > 0 and not result["relaxed"]
            is_expanded = result["expanded"]
        except (ValueError, KeyError, TypeError) as error:
            raise _foreign(server.address, answer) from error
    if request.expands and not is_expanded:
        write_message(NO_SYNONYMS.render(server.language))
    write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    return is_found


def _lines(blocks: Iterator[bytes]) -> Iterator[str]:
    """Yield the lines of a text, with their ends."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8", "replace") + "\n" for line in lines)
    if rest:
        yield rest.decode("utf-8", "replace")


class _Server:
    """A server, and how to ask it."""

    def __init__(self, address: ServerAddress, token: str, language: Language) -> None:
        """`token` is empty for none. Messages are in `language`."""
        self.address = address
        self.token = token
        self.language = language

    def get(self, path: str, parameters: Parameters, media_type: str) -> Answer:
        """Return the answer of an endpoint of the API. Raises ServerError if it is not what was asked for."""
        pairs = (*parameters, ("lang", self.language))
        query = "&".join([f"{name}={_quoted(value)}" for name, value in pairs])
        headers = {"Accept": media_type, "Accept-Language": self.language}
        if self.token:
            if not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
                raise ServerError(
                    zh="令牌只能含英文字母、数字和符号，不能含空格；请检查 BAOCHA_TOKEN",
                    en="a token may contain only ASCII letters, digits and punctuation, without spaces; check BAOCHA_TOKEN",
                )
            headers["Authorization"] = f"Bearer {self.token}"
        answer = get(self.address, f"/api/v1{path}?{query}", headers)
        if answer.status == 200 and _is_result(answer, media_type):
            return answer
        with answer:
            raise self._refusal(answer)

    def _refusal(self, answer: Answer) -> ServerError:
        """Return the error for an answer that is no result."""
        if answer.status == 200:
            return _foreign(self.address, answer)
        zh, en = self._reason(answer, _problem(answer))
        return ServerError(zh, en)

    def _reason(self, answer: Answer, problem: Mapping[str, object]) -> tuple[str, str]:
        status, shown = answer.status, self.address
        detail = str(problem.get("detail") or "")[:_MAX_SHOWN]
        if 300 <= status < 400:
            target = answer.headers.get("location", "").partition("?")[0][:_MAX_SHOWN]
            return (
                f"{shown} 重定向至 {target}（{status}），未予跟随；确认该地址可信的，请在 --server 中填写该地址",
                f"{shown} redirects to {target} ({status}), not followed; if you trust it, use it with --server",
            )
        match status:
            case 401 if self.token:
                return (
                    f"{shown} 不接受该令牌（401）；请检查 BAOCHA_TOKEN",
                    f"{shown} does not accept the token (401); check BAOCHA_TOKEN",
                )
            case 401:
                return (
                    f"{shown} 需要令牌（401）；请在环境变量 BAOCHA_TOKEN 中设置",
                    f"{shown} needs a token (401); set the variable BAOCHA_TOKEN",
                )
            case 403:
                return (
                    f"{shown} 拒绝访问（403）；请咨询其管理员",
                    f"{shown} refuses access (403); ask its administrator",
                )
            case 421:
                return (
                    f"{shown} 不接受这个主机名（421）；请在服务器的 hosts 设置中添加",
                    f"{shown} does not accept this host name (421); add it to the setting hosts of the server",
                )
            case 429 | 503 if wait := answer.headers.get("retry-after", "")[:_MAX_SHOWN]:
                after = f"{wait} 秒后" if wait.isdecimal() else "稍后"
                later = f"in {wait} s" if wait.isdecimal() else "later"
                return (
                    f"{shown} 繁忙（{status}）；请{after}再试",
                    f"{shown} is busy ({status}); try again {later}",
                )
            case 400 | 422 | 503 if detail:
                limited = problem.get("parameter") == "limit"
                return (
                    detail
                    + (
                        "；使用 --server 时，可用 --offset 分次查看，或用 --csv 取得全部段落"
                        * limited
                    ),
                    detail + ("; with --server, use --offset, or --csv for all" * limited),
                )
            case 404 | 405:
                return (
                    f"{shown} 没有所需的数据接口（{status}）；请检查地址、路径前缀和服务器的版本",
                    f"{shown} has no baocha API at this address ({status}); check address, prefix and version of the server",
                )
            case 414 | 431:
                return (
                    f"检索词和筛选过长，{shown} 不接受（{status}）",
                    f"the query and filters are too long for {shown} ({status})",
                )
        return (
            f"{shown} 出错（{status}）" + (f"：{detail}" if detail else "；请稍后再试"),
            f"{shown} returned an error ({status})"
            + (f": {detail}" if detail else "; try again later"),
        )


def _is_result(answer: Answer, media_type: str) -> bool:
    """Return whether an answer has the media type, and for a text also the header of a search.

    It must not be compressed: the request did not accept that.
    """
    has_type = answer.headers.get("content-type", "").partition(";")[0].strip() == media_type
    is_plain = answer.headers.get("content-encoding", "identity") == "identity"
    return (
        has_type
        and is_plain
        and (media_type != _TEXT or answer.headers.get(FOUND_HEADER.lower()) in ("0", "1"))
    )


def _problem(answer: Answer) -> Mapping[str, object]:
    """Return the problem details (RFC 9457) of an error; empty if it has none."""
    if "problem+json" not in answer.headers.get("content-type", ""):
        return {}
    import json  # noqa: PLC0415 — only errors need it

    content = b""
    for block in answer.content():
        content += block
        if len(content) > _MAX_PROBLEM_BYTES:
            return {}
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _foreign(address: ServerAddress, answer: Answer) -> ServerError:
    names = ("content-type", "content-encoding")
    kind = ", ".join(
        [answer.headers[name][:_MAX_SHOWN] for name in names if name in answer.headers]
    )
    return ServerError(
        zh=f"{address} 的响应不是报查的检索结果（{kind}）；请检查地址和路径前缀",
        en=f"the answer of {address} is no search result of baocha ({kind}); "
        "check the address and its prefix",
    )


def _quoted(value: str) -> str:
    """Return a value percent-encoded (RFC 3986). `urllib.parse` would take longer to import."""
    return "".join([chr(c) if c in _SAFE else f"%{c:02X}" for c in value.encode()])
