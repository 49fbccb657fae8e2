"""The texts of a segment are read as they were written, whatever characters they have."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from baocha_indexer import kernel
from baocha_indexer.kernel import plain
from baocha_indexer.store import texts as texts_module
from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError
from baocha_indexer.store.texts import MAX_ALPHABET, Texts, singles_of
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.packing import TextCodes, write_texts
from baocha_indexer.text import narrow_codes

# Half of a surrogate pair, a character beyond the first plane, a mark of byte order.
CHARACTERS = st.characters(codec=None, exclude_categories=()) | st.sampled_from("的一﻿\ud800😀")


@pytest.fixture(params=["compiled", "numpy"])
def any_kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with each kernel."""
    if request.param == "numpy":
        monkeypatch.setattr(texts_module, "kernel", plain)
    elif not kernel.IS_COMPILED:
        pytest.skip("the kernel is not compiled")
    return str(request.param)


def codes_of(text: str) -> TextCodes:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return narrow_codes(codes), np.array([len(text)])


def written(path: Path, texts: list[str]) -> Texts:
    path.unlink(missing_ok=True)
    with ArrayFileWriter(path) as file:
        write_texts(file, lambda: map(codes_of, texts))
    return Texts(ArrayFile(path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(CHARACTERS, max_size=20), max_size=9))
@example(texts=["", "甲", ""])
@example(texts=["".join(map(chr, range(0x4E00, 0x4E00 + 300)))])
def test_texts_are_read_as_they_were_written(
    tmp_path: Path, any_kernel: str, texts: list[str]
) -> None:
    found = written(tmp_path / "texts", texts)
    assert list(found) == texts
    assert len(found) == len(texts)
    assert [found[at] for at in range(len(texts))] == texts
    assert found.take(np.arange(len(texts))[::-1]) == texts[::-1]
    for begin in range(len(texts) + 1):
        codes, lengths = found.code_points(begin, len(texts))
        assert codes.tolist() == [ord(char) for text in texts[begin:] for char in text]
        assert lengths.tolist() == [len(text) for text in texts[begin:]]


def test_more_characters_than_an_alphabet_has_are_written_too(
    tmp_path: Path, any_kernel: str
) -> None:
    # More distinct characters than have one or two bytes.
    every = "".join(map(chr, range(0x3400, 0x3400 + MAX_ALPHABET + 4000)))
    texts = ["".join(reversed(every)), "年年" + every]
    assert list(written(tmp_path / "texts", texts)) == texts


def test_frequent_characters_have_one_byte(tmp_path: Path) -> None:
    rare = "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))
    written(tmp_path / "texts", [rare, "绩效" * 5000])
    content = ArrayFile(tmp_path / "texts")["text_bytes"]
    assert len(content) < 10_000 + 2 * 2000


@pytest.mark.parametrize("size", [0, 1, 254, 255, 256, 510, 511, 7000, MAX_ALPHABET])
def test_every_character_of_an_alphabet_has_a_code(size: int) -> None:
    singles = singles_of(size)
    assert min(size, 255) <= singles + (255 - singles) * 256
    assert size <= singles + (255 - singles) * 256


@pytest.mark.parametrize(
    ("content", "starts", "alphabet"),
    [
        ([255, 1], [0, 2], [65]),  # an escape without its three bytes
        ([255, 255, 255, 255], [0, 4], [65]),  # no code point
        ([7], [0, 1], [65]),  # not in the alphabet
        ([65], [0, 2], [65]),  # beyond the end
        ([65], [1, 0], [65]),  # backwards
        ([0], [0, 1], [0x110000]),  # no code point
    ],
)
@pytest.mark.parametrize("of", [plain, kernel], ids=["numpy", "compiled"])
def test_bytes_that_are_no_text_are_refused(
    of: ModuleType, content: list[int], starts: list[int], alphabet: list[int]
) -> None:
    arrays = np.array(content, "u1"), np.array(starts, "u4"), np.array(alphabet, "u4")
    with pytest.raises(ValueError, match=r".+"):
        of.decode_texts(*arrays, singles_of(len(alphabet)), np.array([0]))
    with pytest.raises(ValueError, match="fit together"):
        of.decode_texts(*arrays, singles_of(len(alphabet)), np.array([1]))
    codes, lengths = np.empty(9, dtype=np.uint32), np.empty(1, dtype=np.int64)
    for begin in (0, 1, -1):
        with pytest.raises(ValueError, match=r".+"):
            of.decode_codes(*arrays, singles_of(len(alphabet)), begin, codes, lengths)


@pytest.mark.parametrize("of", [plain, kernel], ids=["numpy", "compiled"])
def test_code_points_without_room_are_refused(of: ModuleType) -> None:
    arrays = np.array([0, 0], "u1"), np.array([0, 2], "u4"), np.array([65], "u4")
    lengths = np.empty(1, dtype=np.int64)
    with pytest.raises(ValueError, match="fit together"):
        of.decode_codes(*arrays, singles_of(1), 0, np.empty(1, dtype=np.uint32), lengths)


def test_a_damaged_text_is_not_returned(tmp_path: Path, any_kernel: str) -> None:
    path = tmp_path / "texts"
    written(path, ["绩效", "自评"])
    content = bytearray(path.read_bytes())
    content[ArrayFile(path)._entries["text_bytes"].offset] ^= 1
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(DamagedFileError):
        Texts(ArrayFile(path))[1]
