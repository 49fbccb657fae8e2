"""Make files that are ZIP archives, for tests of their readers."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any


def saved(document: Any) -> bytes:
    """Return the bytes of a document that has a method `save`."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def archive(parts: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
    """Return an archive of parts by name. The content of a part may be given in pieces."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            with packed.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return file.getvalue()


def with_changed_parts(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return an archive with each part replaced by `change(name, part)`, with valid checksums."""
    with zipfile.ZipFile(BytesIO(content)) as old:
        return archive({name: change(name, old.read(name)) for name in old.namelist()})
