"""`baocha search --server` without click.

Only plain command lines are parsed here. All others, also those with a mistake, are left to click.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from baocha.cli.entry import ERROR, FOUND, INTERRUPTED, NOT_FOUND
from baocha.client import (
    MESSAGE_START,
    SearchRequest,
    ServerAddress,
    ServerError,
    parse_address,
    print_search,
)
from baocha.language import language_of
from baocha_indexer.messages import Message

_SWITCHES = ("--exact", "--expand", "--follow", "--json", "--csv", "--facets")
_FILTERS = (
    "--department",
    "--year",
    "--section",
    "--kind",
    "--role",
    "--region",
    "--level",
    "--copied",
)
_VALUED = ("--server", "-n", "--offset", "--sort", *_FILTERS)
_SORTS = ("relevance", "newest", "oldest", "document", "highest", "lowest")
_ROLES = ("body", "table", "heading")
_COPIED = ("yes", "no")
_MAX_DIGITS = 8

ServerSearch = tuple[ServerAddress, str, SearchRequest]
"""A server, the token for it (empty for none), and what to search."""


def run(arguments: Sequence[str]) -> int | None:
    """Search on a server and return the exit code. Return None if click must parse the arguments."""
    search = plain_server_search(arguments)
    if search is None:
        return None
    language = language_of()
    try:
        is_found = print_search(*search, language, _write, _write_message)
    except ServerError as error:
        _write_message(error.message.render(language))
        return ERROR
    except KeyboardInterrupt:
        _write_message(Message(zh="已中断", en="interrupted").render(language))
        return INTERRUPTED
    return FOUND if is_found else NOT_FOUND


def _write(piece: str | bytes) -> None:
    if isinstance(piece, str):
        sys.stdout.write(piece)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(piece)


def _write_message(text: str) -> None:
    sys.stderr.write(f"{MESSAGE_START}{text}\n")


def search_request(
    query: Sequence[str],
    filters: Iterable[tuple[str, str]],
    *,
    sort: str,
    mode: str,
    expand: bool,
    form: str,
    limit: int | None,
    offset: int,
    facets: bool,
    styled: bool,
) -> SearchRequest:
    """Return the request for these arguments. `filters`: names of parameters of the API, and values."""
    parameters = [("q", " ".join(query)), *filters, ("sort", sort), ("mode", mode)]
    parameters += [("expand", "1")] if expand else []
    return SearchRequest(
        parameters, form=form, limit=limit, offset=offset, facets=facets, styled=styled
    )


def plain_server_search(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ
) -> ServerSearch | None:
    """Return the search that the arguments of `baocha search` ask a server for.

    Return None for a search of an index, and for a command line that only click can parse.
    """
    # On Windows click prints colours by functions of the console.
    found = _parse(arguments) if sys.platform != "win32" else None
    if found is None:
        return None
    words, values, switches = found
    settings = _settings(environment)
    if settings is None:
        return None
    given = values["--server"][-1:] or [settings["server"]]
    address = parse_address(given[0])
    limit, offset = values["-n"][-1:], values["--offset"][-1:]
    sort = (values["--sort"][-1:] or ["relevance"])[0]
    is_plain = (
        address is not None
        and words
        and not {"--json", "--csv"} <= set(switches)
        and all(map(_is_number, limit + offset))
        and limit != ["0"]
        and sort in _SORTS
        and all(role in _ROLES for role in values["--role"])
        and all(copied in _COPIED for copied in values["--copied"])
        and all(map(_is_year, values["--year"]))
        and all(value for name in _FILTERS for value in values[name])
        and all(map(_is_unicode, (*words, *(v for name in _FILTERS for v in values[name]))))
    )
    if address is None or not is_plain:
        return None
    request = search_request(
        words,
        [
            *((name[2:], value) for name in _FILTERS for value in values[name]),
            *([("follow", "1")] if "--follow" in switches else []),
        ],
        sort=sort,
        mode="exact" if "--exact" in switches else "words",
        expand="--expand" in switches,
        form="json" if "--json" in switches else "csv" if "--csv" in switches else "txt",
        limit=int(limit[0]) if limit else None,
        offset=int(offset[0]) if offset else 0,
        facets="--facets" in switches,
        styled=sys.stdout.isatty() and not environment.get("NO_COLOR"),
    )
    return address, settings["token"], request


def _parse(
    arguments: Sequence[str],
) -> tuple[list[str], dict[str, list[str]], list[str]] | None:
    """Return the words of the query, the values of the options, and the switches; None if one is unknown."""
    words: list[str] = []
    values: dict[str, list[str]] = {name: [] for name in _VALUED}
    switches = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            words += rest
        elif argument in _SWITCHES:
            switches.append(argument)
        elif not argument.startswith("-") or argument == "-":
            words.append(argument)
        else:
            name, equals, value = argument.partition("=")
            if name not in _VALUED or (equals and not name.startswith("--")):
                return None
            following = value if equals else next(rest, None)
            if following is None:
                return None
            values[name].append(following)
    return words, values, switches


def _settings(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return the server and the token of the environment or the settings file.

    Return None if the file has other settings, or cannot be read: `baocha.settings` then checks them.
    """
    in_file: dict[str, object] = {}
    path = environment.get("BAOCHA_CONFIG") or "baocha.toml"
    if os.path.exists(path) or environment.get("BAOCHA_CONFIG"):  # noqa: PTH110 — pathlib takes long
        import tomllib  # noqa: PLC0415 — most have no such file

        try:
            with open(path, "rb") as file:  # noqa: PTH123 — pathlib takes long
                in_file = tomllib.load(file)
        except (OSError, ValueError):
            return None
    known = ("server", "token")
    if set(in_file) - set(known) or not all(isinstance(value, str) for value in in_file.values()):
        return None
    return {
        name: environment.get(f"BAOCHA_{name.upper()}") or str(in_file.get(name, ""))
        for name in known
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS


def _is_year(text: str) -> bool:
    first, _, last = text.partition("-")
    years = [first, last] if "-" in text else [first]
    return all(len(year) == 4 and _is_number(year) for year in years) and years == sorted(years)


def _is_unicode(text: str) -> bool:
    """Return whether a text can be encoded: bytes that are not UTF-8 become lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
