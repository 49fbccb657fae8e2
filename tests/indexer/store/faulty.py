"""A file system whose Nth operation fails, is interrupted, or loses data that was not flushed.

SQLite's crash tests and Lucene's MockDirectoryWrapper use the same method: run a scenario with a
fault at operation 1, then 2, and so on, until it ends without a fault, and check the files after
each run.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BufferedWriter, FileIO, RawIOBase
from pathlib import Path
from random import Random
from typing import Any, Literal

from baocha_indexer.store.io import FileSystem

When = Literal["before", "after", "halfway"]
"""Whether the fault comes before the operation takes effect, after it, or with half of a write."""


class PowerFailureError(BaseException):
    """The machine stopped: no code of the process runs any more, and `except OSError` does not apply."""


@dataclass(eq=False)
class _Inode:
    """A created file. Its content on the disk is that of its last flush."""

    flushed: bytes = b""


@dataclass
class FaultyFiles(FileSystem):
    """A file system that raises `error` at operation number `at`, counted from 1.

    If `at` is 0, no operation fails. After a PowerFailureError, every later operation raises it
    too, and `lose_power` leaves in the folder what may be on the disk. `calls`: the operations so
    far. `capacity`: the number of bytes that can be written before the disk is full.
    """

    at: int = 0
    error: BaseException | None = None
    when: When = "before"
    capacity: int | None = None
    calls: list[str] = field(default_factory=list)
    _names: dict[Path, _Inode] = field(default_factory=dict)
    _durable: dict[Path, _Inode] = field(default_factory=dict)
    _made: set[Path] = field(default_factory=set)
    _is_dead: bool = False

    def remember(self, folder: Path) -> None:
        """Treat the files in a folder as already on the disk."""
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_file():
                self._names[path] = self._durable[path] = _Inode(path.read_bytes())

    def _operate(
        self, call: str, effect: Callable[[], Any], half: Callable[[], Any] | None = None
    ) -> Any:
        if self._is_dead:
            raise PowerFailureError
        self.calls.append(call)
        if len(self.calls) != self.at or self.error is None:
            return effect()
        self._is_dead = isinstance(self.error, PowerFailureError)
        if self.when == "after":
            result = effect()
            if isinstance(result, RawIOBase):
                result.close()
        elif self.when == "halfway" and half:
            half()
        raise self.error

    def open_new(self, path: Path) -> RawIOBase:
        def effect() -> RawIOBase:
            file = _FaultyFile(path, self)
            self._names[path] = _Inode()
            return file

        file: RawIOBase = self._operate(f"open {path.name}", effect)
        return file

    def write(self, file: "_FaultyFile", content: memoryview) -> int:
        def effect() -> int:
            room = len(content) if self.capacity is None else min(len(content), self.capacity)
            written = file.write_through(content[:room])
            if self.capacity is not None:
                self.capacity -= written
                if written < len(content):
                    raise OSError(28, "No space left on device")
            return written

        return int(
            self._operate(
                f"write {len(content)}",
                effect,
                lambda: file.write_through(content[: len(content) // 2]),
            )
        )

    def fsync(self, file: BufferedWriter) -> None:
        file.flush()

        def effect() -> None:
            path = Path(file.name)
            self._names[path].flushed = path.read_bytes()

        self._operate(f"fsync {Path(file.name).name}", effect)

    def rename(self, old: Path, new: Path) -> None:
        def effect() -> None:
            super(FaultyFiles, self).rename(old, new)
            self._names[new] = self._names.pop(old)

        self._operate(f"rename {new.name}", effect)

    def remove(self, path: Path) -> None:
        def effect() -> None:
            super(FaultyFiles, self).remove(path)
            self._names.pop(path, None)

        self._operate(f"remove {path.name}", effect)

    def fsync_folder(self, folder: Path) -> None:
        def effect() -> None:
            for names, flushed in ((self._names, self._durable),):
                for path in [p for p in flushed if p.parent == folder and p not in names]:
                    del flushed[path]
                flushed.update({p: inode for p, inode in names.items() if p.parent == folder})
            self._made = {made for made in self._made if made.parent != folder}

        self._operate("fsync folder", effect)

    def make_folder(self, folder: Path) -> None:
        def effect() -> None:
            super(FaultyFiles, self).make_folder(folder)
            self._made.add(folder)

        self._operate(f"make {folder.name}", effect)

    def lose_power(self, folder: Path, random: Random | None = None) -> None:
        """Leave in `folder` the files that the disk has after a power failure.

        Without `random`, this is the guaranteed minimum: the names at the last flush of the folder,
        and the contents at the last flush of each file. With `random`, any later change of a name
        may be on the disk, and any part of a content that was not flushed, followed by zeros.
        """
        written = {
            inode: path.read_bytes() for path, inode in self._names.items() if path.is_file()
        }
        kept = dict(self._durable)
        if random:
            for path in sorted({*self._durable, *self._names}):
                if self._names.get(path) is not self._durable.get(path) and random.random() < 0.5:
                    kept.pop(path, None)
                    if path in self._names:
                        kept[path] = self._names[path]
        lost = any(folder == made or made in folder.parents for made in self._made)
        for path in list(self._names):
            if path.parent == folder:
                path.unlink(missing_ok=True)
        if lost and not (random and random.random() < 0.5):
            return
        for path, inode in kept.items():
            if path.parent == folder:
                path.write_bytes(_torn(inode.flushed, written.get(inode, inode.flushed), random))


def _torn(flushed: bytes, written: bytes, random: Random | None) -> bytes:
    """Return the content of a file. Part of what was written after the last flush may be in it."""
    if random is None or flushed == written:
        return flushed
    cut = random.randrange(len(written) + 1)
    return written[:cut] + bytes(random.choice((0, len(written) - cut)))


class _FaultyFile(FileIO):
    """A file whose writes go through the faulty file system."""

    def __init__(self, path: Path, files: FaultyFiles) -> None:
        super().__init__(path, "wb")
        self._files = files

    def write(self, content: Any) -> int:
        return self._files.write(self, memoryview(content).cast("B"))

    def write_through(self, content: memoryview) -> int:
        return int(super().write(content) or 0)


def io_error(number: int) -> OSError:
    """Return an error of the operating system."""
    return OSError(number, os.strerror(number))
