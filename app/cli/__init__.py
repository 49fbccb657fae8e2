"""The command line: `baocha`, and the bare `search`."""

import signal
import sys
from collections.abc import Sequence

import click

from app.cli.commands import ERROR, cli, complain
from app.cli.usage import say, usage_message
from indexer.errors import BaochaError

INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error is one line on stderr."""
    try:
        code = cli.main(list(arguments), prog_name="baocha", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ERROR
    except click.ClickException as error:
        complain(usage_message(error))
        return ERROR
    except BaochaError as error:
        complain(error.message)
        return ERROR
    except (click.Abort, KeyboardInterrupt):
        complain(say("已中断；索引和运行前一样", "interrupted; the index is as it was"))
        return INTERRUPTED
    return int(code or 0)


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale, and end quietly when `| head` has seen enough."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot show a character shows a question mark, not a traceback.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def main() -> None:
    """Run `baocha`."""
    _prepare_streams()
    sys.exit(run(sys.argv[1:]))


def search_main() -> None:
    """Run `search`, which is `baocha search`."""
    _prepare_streams()
    sys.exit(run(["search", *sys.argv[1:]]))
