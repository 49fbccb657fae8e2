import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from baocha_indexer.store.arrayfile import BLOCK_BYTES, ArrayFile, DamagedFileError
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from tests.indexer.store.formats import to_format_4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.arrays"
    with ArrayFileWriter(path) as file:
        file.add("bytes", np.frombuffer("绩效".encode(), np.uint8))
        file.add("empty", np.empty(0, dtype=np.int64))
        with file.in_pieces("numbers", np.uint32) as pieces:
            pieces.append(np.arange(1000))
            pieces.append(np.arange(5))
    return path


def test_reads_back_what_was_written(path: Path) -> None:
    file = ArrayFile(path)
    assert file["bytes"].tobytes().decode() == "绩效"
    assert file["empty"].dtype == np.int64
    assert file["numbers"].tolist() == [*range(1000), *range(5)]
    file.check_contents()


def test_arrays_begin_at_multiples_of_64_bytes_and_cannot_be_written(path: Path) -> None:
    numbers = ArrayFile(path)["numbers"]
    assert numbers.ctypes.data % 64 == 0
    with pytest.raises(ValueError, match="read-only"):
        numbers[0] = 1


def test_an_unfinished_file_cannot_be_opened(tmp_path: Path) -> None:
    def interrupted() -> None:
        with ArrayFileWriter(tmp_path / "x") as file:
            file.add("numbers", np.arange(10))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(DamagedFileError):
        ArrayFile(tmp_path / "x")


def test_every_altered_byte_is_found(path: Path) -> None:
    content = path.read_bytes()
    for at in range(len(content)):
        altered = path.with_name("altered")
        altered.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(DamagedFileError):
            ArrayFile(altered).check_contents()


@pytest.mark.parametrize("length", [0, 10, 63, 64, 200, -1])
def test_a_truncated_file_cannot_be_opened(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DamagedFileError):
        ArrayFile(path)


NUMBERS = np.arange(0, 400_000, 2, dtype=np.uint32)


@pytest.fixture
def blocks(tmp_path: Path) -> Path:
    """A file with an ascending array of many blocks, written in pieces of arbitrary length."""
    path = tmp_path / "blocks.arrays"
    with ArrayFileWriter(path) as file, file.in_pieces("numbers", np.uint32) as pieces:
        for piece in np.array_split(NUMBERS, 7):
            pieces.append(piece)
    return path


def alter(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[ArrayFile(path)._entries["numbers"].offset + at] ^= 0x40
    path.write_bytes(content)


def test_a_damaged_block_is_never_returned_and_other_blocks_are(blocks: Path) -> None:
    alter(blocks, 2 * BLOCK_BYTES + 5)
    numbers = ArrayFile(blocks).array("numbers")
    each = BLOCK_BYTES // 4
    assert numbers[: 2 * each].tolist() == NUMBERS[: 2 * each].tolist()
    assert numbers[3 * each :].tolist() == NUMBERS[3 * each :].tolist()
    for damaged in (slice(2 * each, 2 * each + 1), slice(3 * each - 1, 3 * each), slice(None)):
        with pytest.raises(DamagedFileError):
            numbers[damaged]


def test_a_block_is_checked_once(blocks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = ArrayFile(blocks).array("numbers")
    checked = []

    def counting(content: bytes, value: int = 0) -> int:
        checked.append(len(content))
        return zlib.crc32(content, value)

    monkeypatch.setattr("baocha_indexer.store.arrayfile.zlib", SimpleNamespace(crc32=counting))
    for _ in range(3):
        assert numbers[10:20].tolist() == NUMBERS[10:20].tolist()
    assert len(checked) == 1
    numbers.whole()
    numbers.whole()
    assert len(checked) == -(-NUMBERS.nbytes // BLOCK_BYTES)


def test_format_4_is_read_and_each_altered_byte_in_it_is_found(path: Path) -> None:
    before = {name: ArrayFile(path)[name].tolist() for name in ("bytes", "empty", "numbers")}
    to_format_4(path)
    file = ArrayFile(path)
    assert {name: file[name].tolist() for name in before} == before
    file.check_contents()
    content = path.read_bytes()
    for at in range(len(content)):
        altered = path.with_name("altered")
        altered.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(DamagedFileError):
            ArrayFile(altered).check_contents()
