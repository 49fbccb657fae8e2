import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.text import extract

TEXT = "预算执行率\n达到 97.60%\n\n绩效目标"


def texts(content: bytes) -> list[str]:
    return [line.text for line in extract(content).lines]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"], ids=str
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=repr)
def test_reads_every_encoding_and_line_end(encoding: str, newline: str) -> None:
    bom = "\ufeff" if encoding.startswith("utf-16") else ""
    content = (bom + TEXT.replace("\n", newline)).encode(encoding)
    assert texts(content) == ["预算执行率", "达到 97.60%", "绩效目标"]
    assert extract(content).warnings == ()


def test_marks_the_lines_after_a_blank_line() -> None:
    lines = extract(TEXT.encode()).lines
    assert [line.blank_before for line in lines] == [False, False, True]


def test_form_feeds_number_the_pages() -> None:
    lines = extract("上\f中\f下".encode()).lines
    assert [(line.text, line.page) for line in lines] == [("上", 1), ("中", 2), ("下", 3)]
    assert [line.page for line in extract("上\n下".encode()).lines] == [None, None]


def test_a_few_bad_bytes_are_shown_and_give_a_warning() -> None:
    content = (TEXT * 40).encode()[:-1]
    found = extract(content)
    assert found.lines[-1].text.endswith("\ufffd")
    assert len(found.warnings) == 1


def test_damaged_utf8_is_not_read_as_gb18030() -> None:
    content = ("全面实施预算绩效管理，提质增效。" * 40).encode()
    lines = extract(content[:500] + b"\xff" + content[500:]).lines
    assert "预算绩效管理" in lines[0].text


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 8, b"PK\x03\x04" + bytes(2000), "字\x01\x02\x03".encode() * 99],
    ids=["every byte", "zip", "controls"],
)
def test_refuses_a_binary_file(content: bytes) -> None:
    with pytest.raises(SourceError, match="binary"):
        extract(content)


def test_refuses_an_unknown_encoding() -> None:
    with pytest.raises(SourceError, match="encoding"):
        extract("Ход выполнения бюджета за отчётный год".encode("koi8-r") * 9)


def test_removes_invisible_characters_that_can_control_terminals() -> None:
    assert texts("预\x1b[31m算\u202e绩\u200b效".encode() + "字".encode() * 300)[0].startswith(
        "预[31m算绩效"
    )
