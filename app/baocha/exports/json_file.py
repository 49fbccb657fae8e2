"""Write JSON: the provenance and, in `hits`, each hit as the API returns it."""

import json
from collections.abc import Iterable
from typing import BinaryIO

from baocha.exports.provenance import Provenance
from baocha.search import Hit
from baocha_indexer.messages import Language


def write(hits: Iterable[Hit], provenance: Provenance, language: Language, file: BinaryIO) -> None:
    """Write one object. The hits are written as they are read, one on each line."""
    head = json.dumps(provenance.to_dict(language), ensure_ascii=False)
    file.write(f'{head[:-1]}, "hits": ['.encode("utf-8", "replace"))
    separator = "\n"
    for hit in hits:
        line = json.dumps(hit.to_dict(), ensure_ascii=False)
        file.write(f"{separator}{line}".encode("utf-8", "replace"))
        separator = ",\n"
    file.write(b"\n]}\n")
