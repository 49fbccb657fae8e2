"""The file operations of the store. Every change to an index folder uses `FileSystem`.

The store calls only these operations: open a new file, write, flush to the disk (fsync), rename,
remove, flush a folder, create a folder. So `tests/indexer/store/faulty.py` can replace each of
them by one that fails, is interrupted, or loses data that was not flushed.
"""

import os
from io import BufferedWriter, FileIO, RawIOBase
from pathlib import Path

_BUFFER_BYTES = 1 << 20
"""Size of the write buffer. An array file has many small pieces and a few large ones."""


class FileSystem:
    """The operations of the operating system. Each raises OSError if it fails."""

    def open_new(self, path: Path) -> RawIOBase:
        """Create a file, or empty an existing one, and return it open for unbuffered writing."""
        return FileIO(path, "wb")

    def fsync(self, file: BufferedWriter) -> None:
        """Write the buffer, and wait until the content of the file is on the disk."""
        file.flush()
        os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Rename a file in its folder, atomically. It replaces a file with the new name."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Remove a file. Nothing happens if it is missing."""
        path.unlink(missing_ok=True)

    def fsync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk: new, renamed and removed files."""
        if os.name == "nt":
            return  # Windows cannot open a folder; NTFS journals the names
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def make_folder(self, folder: Path) -> None:
        """Create a folder whose parent exists. Nothing happens if the folder exists."""
        folder.mkdir(exist_ok=True)


LOCAL = FileSystem()
"""The file system of this machine."""


def create(path: Path, files: FileSystem) -> BufferedWriter:
    """Create a file and return it open for buffered writing; raises OSError."""
    return BufferedWriter(files.open_new(path), _BUFFER_BYTES)


def write_durably(path: Path, content: bytes, files: FileSystem) -> None:
    """Write a whole file so that a crash leaves either the old content or the new content.

    The content is on the disk before the file gets its name, and the name is on the disk before
    this function returns. Raises OSError; then the file has either the old or the new content.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    with create(temporary, files) as file:
        file.write(content)
        files.fsync(file)
    files.rename(temporary, path)
    files.fsync_folder(path.parent)


def make_folders(folder: Path, files: FileSystem) -> None:
    """Create a folder and its missing parents, so that they survive a power failure.

    Raises OSError. A folder is on the disk only once its parent is flushed.
    """
    if folder.is_dir():
        return
    make_folders(folder.parent, files)
    files.make_folder(folder)
    files.fsync_folder(folder.parent)
