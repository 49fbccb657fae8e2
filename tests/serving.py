"""Run `baocha serve` in a process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BAOCHA = Path(sys.executable).with_name("baocha")


def start_server(
    *arguments: str | Path, workers: int = 1, own_group: bool = False, **environment: str
) -> subprocess.Popen[str]:
    """Start a server, in a process group of its own if `own_group`.

    `environment` has environment variables, such as `BAOCHA_GRACE="1"`.
    """
    return subprocess.Popen(
        [str(BAOCHA), "serve", "--workers", str(workers), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **environment},
        process_group=0 if own_group else None,
    )


def address_of(server: subprocess.Popen[str]) -> str:
    """Wait until the server prints its address, and return it."""
    assert server.stdout is not None
    address = re.search(r"http://\S+", server.stdout.readline())
    assert address is not None
    return address[0]


@contextmanager
def serving(index: Path, *options: str, **settings: Any) -> Iterator[str]:
    """Serve the index and yield the address. At the end, stop the server and check that it succeeds."""
    with start_server("--index", index, "--port", "0", *options, **settings) as server:
        try:
            yield address_of(server)
        except BaseException:
            server.kill()  # so that a test that fails does not wait
            raise
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
        assert server.returncode == 0, (server.returncode, errors)
        assert "Traceback" not in errors
