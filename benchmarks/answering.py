"""Answer queries for `benchmarks.quick`, in a process with one version of baocha.

Reads one query a line as JSON from standard input, and writes one line for each: the seconds of
the search, the seconds of the search and its JSON form, and a digest of the answer. Imports nothing
from this package, so that it runs with any version of baocha.
"""

import gc
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from baocha import open_engine
from baocha.search.results import Filters


def main() -> None:
    """Answer until standard input ends. The argument is the index folder."""
    engine = open_engine(Path(sys.argv[1]))
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        options = dict(asked["options"])
        if "filters" in options:
            chosen = {name: tuple(values) for name, values in options["filters"].items()}
            options["filters"] = Filters(**chosen)
        started = time.perf_counter()
        found = getattr(engine, asked["call"])(asked["typed"], **options)
        if asked["call"] == "hits":
            found = list(found)
        searched = time.perf_counter() - started
        text = _as_bytes(found)
        whole = time.perf_counter() - started
        print(json.dumps([searched, whole, _digest(json.loads(text))]), flush=True)


def _as_json(found: Any) -> Any:
    if isinstance(found, list | tuple):
        return [_as_json(item) for item in found]
    if not hasattr(found, "to_dict"):
        return repr(found)
    try:
        return found.to_dict("zh")
    except TypeError:
        return found.to_dict()


def _as_bytes(found: Any) -> bytes:
    """Return an answer as the API does, if it is the result of a search."""
    if hasattr(found, "to_json_values"):
        import baocha.search  # noqa: PLC0415 — the version that is measured

        # Older versions have another function, which returns text.
        names = ("json_bytes", "json_object")
        write = next(getattr(baocha.search, name) for name in names if hasattr(baocha.search, name))
        answer = write(found.to_json_values("zh"))
        return answer if isinstance(answer, bytes) else answer.encode()
    return json.dumps(_as_json(found), ensure_ascii=False, separators=(",", ":")).encode()


def _digest(answer: Any) -> str:
    """Return a digest of an answer without its times."""
    if isinstance(answer, dict):
        answer.pop("took_ms", None)
        for name in ("searched", "written"):
            (answer.get("certificate") or {}).pop(name, None)
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
