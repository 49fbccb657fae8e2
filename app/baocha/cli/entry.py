"""Entry points of the command line: `baocha` and `search`.

A search on a server is done here, without click and the search engine: importing them takes longer than
the request.
"""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

FOUND, NOT_FOUND, ERROR = 0, 1, 2
"""Exit codes, the same as those of grep: found, nothing found, error."""

INTERRUPTED = 130
"""Exit code after an interrupt: 128 + SIGINT, the convention of shells."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Every error is one line on stderr."""
    code = _run_on_server(arguments)
    return _run_command(arguments) if code is None else code


def _run_command(arguments: Sequence[str]) -> int:
    code: int = import_module("baocha.cli.main").run(arguments)
    return code


def _run_on_server(arguments: Sequence[str]) -> int | None:
    """Search on a server and return the exit code. Return None for any other command."""
    if arguments[:1] != ["search"]:
        return None
    was_enabled = gc.isenabled()
    gc.disable()  # imports and one request make little garbage
    try:
        code: int | None = import_module("baocha.cli.server_search").run(arguments[1:])
    finally:
        if was_enabled:
            gc.enable()
    return code


def _prepare_streams() -> None:
    """Make output UTF-8 in every locale; discard output to a stream that the caller closed."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 — until the end
    if sys.stderr is None:
        sys.stderr = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A character that the console cannot show becomes a question mark, not an error.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _run_and_exit(arguments: Sequence[str]) -> None:
    _prepare_streams()
    try:
        code = _run_on_server(arguments)
        if code is not None:
            sys.stdout.flush()
            sys.stderr.flush()
            # Nothing is left to close. Python would need as long to free its memory as for the request.
            os._exit(code)
        code = _run_command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader closed the pipe, as `| head` does. Discard what Python would flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FOUND
    except OSError as error:  # the output could not be written
        commands = import_module("baocha.cli.main")
        commands.print_message(commands.system_error(error))
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ERROR
    sys.exit(code)


def main() -> None:
    """Run `baocha`."""
    _run_and_exit(sys.argv[1:])


def search_main() -> None:
    """Run `search`, short for `baocha search`."""
    _run_and_exit(["search", *sys.argv[1:]])
