"""The command line: `baocha`, and `search`, which is short for `baocha search`."""

from baocha.cli.entry import main, run, search_main

__all__ = ["main", "run", "search_main"]
