"""Ask a running baocha server: what `baocha search --server` sends, and how it reads the answers.

A command that runs for some hundredths of a second imports this package. So it imports neither `typing`
nor `dataclasses` nor `http.client`: together they would take longer than all else. A test checks this.
"""

from baocha.client.address import ADDRESS_FORM, ServerAddress, parse_address
from baocha.client.connection import ServerError
from baocha.client.search import (
    FOUND_HEADER,
    MESSAGE_START,
    NO_SYNONYMS,
    SearchRequest,
    print_search,
)

__all__ = [
    "ADDRESS_FORM",
    "FOUND_HEADER",
    "MESSAGE_START",
    "NO_SYNONYMS",
    "SearchRequest",
    "ServerAddress",
    "ServerError",
    "parse_address",
    "print_search",
]
