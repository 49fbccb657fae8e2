"""Save recognised pages in the index folder until the run is complete.

Each scan has a file of lines: a checksum, a space, and a page as JSON. A line is appended when its
page is recognised, so a run that was killed loses only the pages that it was recognising. A line
that is incomplete or damaged is ignored, and its page is recognised again.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baocha_indexer.extract.page import Fragment, Page, Skew

_VERSION = "2-rapidocr-3.10"
"""Pages of another version are not used. Change it with the engine or with how pages are made."""

_PREFIX = "scan-"
_MAX_BYTES = 64 << 20
"""Maximum size of the file of a scan. 5,000 pages of text need less."""


@dataclass(slots=True)
class SavedPages:
    """The recognised pages of a file, by number.

    `path`: their file, None if pages are not saved. `is_complete`: all of them were saved.
    """

    path: Path | None
    pages: dict[int, Page] = field(default_factory=dict)
    is_complete: bool = True

    @classmethod
    def open(cls, folder: Path | None, content: bytes) -> "SavedPages":
        """Return the pages of a file that were saved in a folder."""
        if folder is None:
            return cls(None, is_complete=False)
        digest = hashlib.sha256(content).hexdigest()
        path = folder / f"{_PREFIX}{digest}-{_VERSION}.lines"
        saved = cls(path)
        try:
            with path.open("rb") as file:
                lines = file.read(_MAX_BYTES).splitlines()
        except OSError:
            return saved  # there is none, or it cannot be read: recognise all pages
        for line in lines:
            checksum, _, text = line.partition(b" ")
            if checksum == _checksum(text):
                page = _page_from(json.loads(text))
                saved.pages[page.number] = page
        return saved

    def add(self, page: Page) -> None:
        """Add a page, and save it. A page that cannot be saved is recognised again next time."""
        self.pages[page.number] = page
        if self.path is None:
            return
        text = json.dumps(_values_of(page), ensure_ascii=False, separators=(",", ":")).encode()
        try:
            # One write: another process may append to the same file. The line break before it ends
            # a line that a killed process left incomplete.
            with self.path.open("ab", buffering=0) as file:
                line = b"\n" + _checksum(text) + b" " + text + b"\n"
                if file.tell() + len(line) > _MAX_BYTES or file.write(line) != len(line):
                    self.is_complete = False
        except OSError:
            self.is_complete = False


def saved_pages_in(folder: Path) -> list[Path]:
    """Return the files of recognised pages in a folder. They are not needed after the run."""
    return sorted(folder.glob(f"{_PREFIX}*.lines"))


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def _values_of(page: Page) -> list[object]:
    fragments = [[f.text, f.left, f.bottom, f.right, f.top, f.confidence] for f in page.fragments]
    return [page.number, page.top, page.right, page.quarters, page.skew, fragments, page.unsure]


def _page_from(values: list[Any]) -> Page:
    number, top, right, quarters, skew, fragments, unsure = values
    return Page(
        number,
        0.0,
        top,
        tuple(Fragment(*fragment) for fragment in fragments),
        right=right,
        quarters=quarters,
        skew=Skew(*skew) if skew else None,
        unsure=tuple(unsure),
    )
