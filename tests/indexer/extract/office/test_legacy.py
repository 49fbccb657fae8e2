import shutil
import subprocess
from pathlib import Path

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.office import legacy as office
from baocha_indexer.parse import parse
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
