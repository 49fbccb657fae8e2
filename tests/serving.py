"""Run `baocha serve` as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BAOCHA = Path(sys.executable).with_name("baocha")


def start_server(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(BAOCHA), "serve", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
    )


@contextmanager
def serving(index: Path, *options: str) -> Iterator[str]:
    """Serve the index and yield the address; at the end, interrupt it and see it end well."""
    with start_server("--index", index, "--port", "0", *options) as server:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        yield address[0]
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
        assert server.returncode == 0, (server.returncode, errors)
        assert "Traceback" not in errors
