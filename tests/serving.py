"""Run `baocha serve` as a process of its own."""

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
    *arguments: str | Path, workers: int = 1, **environment: str
) -> subprocess.Popen[str]:
    """Start a server; `environment` are settings, as `BAOCHA_GRACE="1"`."""
    return subprocess.Popen(
        [str(BAOCHA), "serve", "--workers", str(workers), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **environment},
    )


def address_of(server: subprocess.Popen[str]) -> str:
    """Wait until the server says its address, and return that."""
    assert server.stdout is not None
    address = re.search(r"http://\S+", server.stdout.readline())
    assert address is not None
    return address[0]


@contextmanager
def serving(index: Path, *options: str, **settings: Any) -> Iterator[str]:
    """Serve the index and yield the address; at the end, interrupt it and see it end well."""
    with start_server("--index", index, "--port", "0", *options, **settings) as server:
        try:
            yield address_of(server)
        except BaseException:
            server.kill()  # a test that fails does not wait for it
            raise
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
        assert server.returncode == 0, (server.returncode, errors)
        assert "Traceback" not in errors
