"""Send hostile files to every reader, and hostile requests to the pages and the API."""

import re
import time
from pathlib import Path
from random import Random
from urllib.parse import quote

from baocha import create_app
from baocha_indexer.build import build_index
from baocha_indexer.sources.find import Failure, Source
from baocha_indexer.workers import Task, parse_all
from tests.campaign.outcome import Outcome
from tests.indexer.extract.test_mutated import mutated, originals, repacked
from tools.make_corpus import CORPUS, scan_path

BATCH = 500
SECONDS = 60.0
"""Time limit for reading a file."""

SHARES = {".txt": 8, ".md": 8, ".html": 8, ".docx": 3, ".xlsx": 3, ".pdf": 1}
"""Relative number of files of each format, larger for formats that are read fast."""


def hostile_files(folder: Path, trials: int, seed: int) -> Outcome:
    """Read `trials` mutated files. Unforeseen errors, crashes and timeouts are wrong."""
    random, outcome = Random(seed), Outcome(trials)
    found = {suffix: content for suffix, content in originals().items() if suffix in SHARES}
    suffixes = [suffix for suffix in found for _ in range(SHARES[suffix])]
    for batch in range(0, trials, BATCH):
        tasks = []
        for number in range(batch, min(trials, batch + BATCH)):
            suffix = random.choice(suffixes)
            content = found[suffix]
            is_archive = suffix in (".docx", ".xlsx") and number % 4
            path = folder / f"{number % BATCH}{suffix}"
            path.write_bytes((repacked if is_archive else mutated)(content, random))
            tasks.append(Task(Source(path, path.name)))
        for number, parsed in enumerate(parse_all(tasks, jobs=2, seconds=SECONDS), start=batch):
            if not isinstance(parsed, Failure):
                outcome.count("read")
                continue
            outcome.count("refused")
            if any(word in parsed.message.en for word in ("unforeseen", "crashed", "stopped")):
                outcome.wrong.append(f"file {number}, {parsed.name}: {parsed.message.en}")
        for task in tasks:
            task.source.path.unlink(missing_ok=True)
    return outcome


PIECES = [
    *"绩效管理预算的一水 \t\n\"“”「」()（）|-~:：=<>%&'/\\\0\u200b\u202e\ud800é𠀀",
    *(
        "OR",
        "部门:",
        "年份:2021..2023",
        "章节:",
        "~20",
        '"',
        "-“",
        "((((",
        "年份:99999999999999",
        "a" * 200,
    ),
    *("<script>alert(1)</script>", "%00", "../..", "';--", "${7*7}", "{{7*7}}", "效" * 300),
]
PARAMETERS = (
    "q",
    "department",
    "year",
    "section",
    "kind",
    "limit",
    "offset",
    "sort",
    "unit",
    "lang",
    "x",
)
SLOW = 10.0
"""Seconds. A request that takes longer is wrong; most take milliseconds."""


def hostile_requests(folder: Path, trials: int, seed: int) -> Outcome:
    """Send `trials` random requests to pages and API. A status of 500 or above, except 503, is wrong."""
    random, outcome = Random(seed), Outcome(trials)
    build_index([path for path in CORPUS.iterdir() if path != scan_path()], folder / "index")
    app = create_app(folder / "index")
    client = app.test_client()
    rules = [*(rule.rule for rule in app.url_map.iter_rules()), "/<unknown>", "/api/<unknown>"]
    for trial in range(trials):
        path = re.sub("<.*?>", lambda _: _quoted(random), random.choice(rules))
        query = [(random.choice(PARAMETERS), _words(random)) for _ in range(random.randint(0, 4))]
        query.append(("q", _words(random)))
        address = (
            path
            + "?"
            + "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in query)
        )
        started = time.monotonic()
        with client.get(address) as response:
            response.get_data()
            outcome.count(f"answered {response.status_code}")
            if response.status_code >= 500 and response.status_code != 503:
                outcome.wrong.append(f"request {trial}: {response.status_code} to {address}")
        if time.monotonic() - started > SLOW:
            outcome.wrong.append(f"request {trial}: over {SLOW:.0f} s for {address}")
    return outcome


def _quoted(random: Random) -> str:
    return quote(_words(random), safe="", errors="surrogatepass")


def _words(random: Random) -> str:
    return "".join(random.choices(PIECES, k=random.choice((1, 2, 3, 8, 40))))
