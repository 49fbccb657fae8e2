"""Answer 304 if the client has the current answer already, before anything is searched.

An answer about reports depends only on the index, the address, the scope of the token, the settings
and the program. These make its ETag. It is weak: the time of a search is in some answers.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, request

import baocha_indexer
from baocha.mount.access import current_scope, settings
from baocha.search import Engine


def entity_tag(engine: Engine, *parts: str | None) -> str:
    """Return the ETag of the answer to this request. `parts`: what else the answer depends on."""
    status = engine.status()
    values = (
        status.generation,
        status.written,
        request.script_root,
        request.full_path,
        current_scope(),
        settings(),
        _program(),
        parts,
    )
    return sha256("\n".join(map(repr, values)).encode("utf-8", "replace")).hexdigest()[:24]


def is_unchanged(tag: str) -> bool:
    """Return whether the client has the answer with this ETag."""
    # `*` is ignored: whether the report exists is not known yet.
    return tag in request.if_none_match.as_set(include_weak=True)


def set_entity_tag(response: Response, tag: str) -> None:
    """Let clients keep the response, but ask each time whether it is still current."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"


@cache
def _program() -> str:
    """Return a digest of the sizes and times of the files of the program.

    The version is not enough: it stays the same while the program is developed.
    """
    folders = (Path(__file__).parents[1], Path(baocha_indexer.__path__[0]))
    states = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".html", ".csv", ".txt")
    ]
    return sha256(repr(states).encode()).hexdigest()
