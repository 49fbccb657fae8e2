import os
import subprocess
import sys
from pathlib import Path

import pytest

from baocha_indexer.extract import ocr

PROGRAM = """
import numpy
from baocha_indexer.extract.ocr.engine import recognise
print(recognise(numpy.full((80, 300, 3), 255, numpy.uint8), 1, 100.0).fragments)
"""


@pytest.mark.skipif(not ocr.is_installed(), reason="needs the OCR extra")
def test_ocr_writes_no_file_to_the_home_folder(tmp_path: Path) -> None:
    # Before it sends anything, the telemetry writes an identifier into the home folder.
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = [sys.executable, "-B", "-c", PROGRAM]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout == "()\n"
    assert [path.name for path in home.rglob("*")] == []


@pytest.mark.skipif(not ocr.is_installed(), reason="needs the OCR extra")
def test_ocr_disables_telemetry_even_if_the_environment_enables_it(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ORT_DISABLE_TELEMETRY": "0"}
    subprocess.run([sys.executable, "-B", "-c", PROGRAM], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
