"""Write JSON: the provenance and, in `hits`, each hit as the API returns it.

A basket is exported by `baocha.web.baskets` as the JSON that can be imported again.
"""

import json
from typing import BinaryIO

from baocha.exports.paper import Paper
from baocha_indexer.messages import Language


def write(paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write one object. The hits are written as they are read, one on each line."""
    provenance = paper.provenance.to_dict(language) if paper.provenance else {}
    head = json.dumps(provenance, ensure_ascii=False)
    file.write(f'{head[:-1]}, "hits": ['.encode("utf-8", "replace"))
    separator = "\n"
    for entry in paper.entries:
        line = json.dumps(entry.hit.to_dict(), ensure_ascii=False)
        file.write(f"{separator}{line}".encode("utf-8", "replace"))
        separator = ",\n"
    file.write(b"\n]}\n")
