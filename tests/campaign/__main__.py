"""The reliability campaign: `python -m tests.campaign`. Its parts take minutes to an hour.

Each part prints the number of its trials, their results and the number of errors. The exit code
is 1 if there was an error. The figures of the last run are in docs/reliability.md.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.campaign.cluster import cluster
from tests.campaign.copies import copies
from tests.campaign.damage import damage
from tests.campaign.inputs import hostile_files, hostile_requests
from tests.campaign.io_errors import io_errors
from tests.campaign.kills import kills
from tests.campaign.load import load
from tests.campaign.outcome import Outcome
from tests.campaign.reindex import reindex


def main() -> int:
    """Run all parts, each with as many trials as the command line says. Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices")
    parser.add_argument("--kills", type=int, default=2500, help="runs to kill or interrupt")
    parser.add_argument("--files", type=int, default=60_000, help="hostile files to read")
    parser.add_argument("--requests", type=int, default=40_000, help="hostile requests to the API")
    parser.add_argument("--io-errors", type=int, default=300, help="runs with failing system calls")
    parser.add_argument("--damage", type=int, default=1, help="alter every Nth byte, 0 for none")
    parser.add_argument("--minutes", type=float, default=60, help="minutes of load, 0 for none")
    parser.add_argument("--texts", type=Path, help="a large folder, to index twice and to compare")
    parser.add_argument(
        "--copies",
        type=int,
        default=3000,
        help="paragraphs of the large folder to compare in pairs",
    )
    parser.add_argument("--cluster", default="", help="an address to index the large folder at")
    parser.add_argument("--queries", type=int, default=600, help="random queries to the cluster")
    arguments = parser.parse_args()
    # A background job of a shell ignores SIGINT, and the runs to interrupt would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parts: dict[str, Callable[[Path], Outcome]] = {
        "kills": lambda folder: kills(folder, arguments.kills, arguments.seed),
        "io-errors": lambda folder: io_errors(folder, arguments.io_errors, arguments.seed),
        "damage": lambda folder: damage(folder, arguments.damage),
        "files": lambda folder: hostile_files(folder, arguments.files, arguments.seed),
        "requests": lambda folder: hostile_requests(folder, arguments.requests, arguments.seed),
        "load": lambda folder: load(folder, arguments.minutes, arguments.seed),
        "reindex": lambda folder: reindex(folder, arguments.texts, arguments.seed),
        "copies": lambda folder: copies(folder, arguments.texts, arguments.copies),
        "cluster": lambda folder: cluster(
            folder, arguments.texts, arguments.cluster, arguments.queries, arguments.seed
        ),
    }
    outcomes = []
    for name, part in parts.items():
        with tempfile.TemporaryDirectory(prefix=f"baocha-{name}-") as folder:
            started = time.monotonic()
            outcome = part(Path(folder))
            outcomes.append(outcome)
            print(f"{name}: {outcome}, in {time.monotonic() - started:.0f} s", flush=True)
    return int(any(outcome.wrong for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
