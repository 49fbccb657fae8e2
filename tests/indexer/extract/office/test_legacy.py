import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.office import legacy as office
from baocha_indexer.extract.zip_check import OLE
from baocha_indexer.parse import parse
from tests.indexer.extract.archives import archive
from tools.make_corpus import rendered_path, workbook_path

SOFFICE = shutil.which("soffice")


def test_without_libreoffice_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SourceError, match="LibreOffice"):
        parse(b"\xd0\xcf\x11\xe0", "x.doc")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_old_formats_give_the_same_paragraphs_as_new_formats(tmp_path: Path) -> None:
    for path, kind in ((rendered_path("water-2023"), "doc"), (workbook_path(), "xls")):
        assert SOFFICE is not None
        profile = (tmp_path / "profile").as_uri()
        command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
        subprocess.run(
            [*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True
        )
        old = (tmp_path / f"{path.stem}.{kind}").read_bytes()
        new = path.read_bytes()
        assert parse(old, f"x.{kind}").paragraphs == parse(new, path.name).paragraphs


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_file_that_libreoffice_cannot_read_is_refused() -> None:
    with pytest.raises(SourceError, match="damaged"):
        office.extract_workbook(b"\xd0\xcf\x11\xe0" + bytes(3000))


def test_a_new_format_with_an_old_suffix_is_read_without_libreoffice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for path, kind in ((rendered_path("water-2023"), "wps"), (workbook_path(), "et")):
        content = path.read_bytes()
        assert parse(content, f"x.{kind}").paragraphs == parse(content, path.name).paragraphs


@pytest.mark.parametrize(
    "content",
    [
        OLE + bytes(504) + b"\xec\xa5\xc1\0" + bytes(7) + b"\x13" + bytes(600),
        OLE + bytes(504) + b"\x09\x08\x10\0\0\x06" + bytes(14) + b"\x2f\0" + bytes(600),
        OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        archive({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
    ],
)
def test_a_file_with_a_password_says_so(content: bytes) -> None:
    with pytest.raises(SourceError, match="password"):
        office.extract_document(content)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_a_conversion_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The script starts another program, as LibreOffice does.
    script = tmp_path / "soffice"
    script.write_text(f"#!/bin/sh\nsleep 60 & echo $! > {tmp_path}/pid\nwait\n")
    script.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(script))
    monkeypatch.setattr(office, "_TIMEOUT_SECONDS", 0.5)
    with pytest.raises(SourceError, match="did not convert"):
        office.extract_document(b"{\\rtf1 }")
    number = int((tmp_path / "pid").read_text())
    status = Path(f"/proc/{number}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"
