from pathlib import Path

import numpy as np
import pytest

from indexer.store.arrayfile import ArrayFile, ArrayFileWriter, DamagedFileError


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


def test_a_file_that_was_not_finished_is_not_one(tmp_path: Path) -> None:
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
def test_a_file_cut_short_is_found_when_it_is_opened(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DamagedFileError):
        ArrayFile(path)
