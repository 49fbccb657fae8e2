"""Files of every format with bytes changed, removed, repeated and replaced are read or refused.

`MUTATED` sets how many of each; `MUTATED=2000 python -m pytest tests/indexer/extract/test_mutated.py`
takes some minutes.
"""

import os
import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from baocha_indexer.extract.formats import FORMATS
from baocha_indexer.sources.find import Failure, Source
from baocha_indexer.workers import Parsed, Task, parse_all
from tests.indexer.extract.archives import with_changed_parts
from tests.indexer.extract.ofd_files import from_pdf as ofd_from_pdf
from tools.make_corpus import CORPUS, rendered_path

COUNT = int(os.environ.get("MUTATED", "30"))
SECONDS = 60.0
MARKDOWN = "# 青湖区水务局2022年部门决算\n\n## 一、概况\n\n收支平衡。\n\n| 指标 | 得分 |\n|---|---|\n| 水质 | 9 |\n"


def originals() -> dict[str, bytes]:
    """Return a file of each format that needs no other program."""
    found = {path.suffix: path.read_bytes() for path in sorted(CORPUS.iterdir(), reverse=True)}
    made = {
        ".md": MARKDOWN.encode(),
        ".ofd": ofd_from_pdf(rendered_path("culture-2023").read_bytes()),
    }
    return {**made, **found}


def mutated(content: bytes, rng: random.Random) -> bytes:
    altered = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20, 200))):
        if not altered:
            break
        at = rng.randrange(len(altered))
        end = min(len(altered), at + rng.choice((1, 4, 64, 2048)))
        match rng.randrange(6):
            case 0:
                altered[at] = rng.randrange(256)
            case 1:
                altered[at] ^= 1 << rng.randrange(8)
            case 2:
                del altered[at:end]
            case 3:
                altered[at:at] = altered[at:end]
            case 4:
                altered[at:end] = rng.randbytes(end - at)
            case _:
                if rng.random() < 0.05:
                    del altered[at:]
    return bytes(altered)


def repacked(content: bytes, rng: random.Random) -> bytes:
    """Return an archive with one of its parts mutated, so that its checksums hold."""
    with zipfile.ZipFile(BytesIO(content)) as old:
        chosen = rng.choice(old.namelist())
    return with_changed_parts(
        content, lambda name, part: mutated(part, rng) if name == chosen else part
    )


@pytest.mark.parametrize("suffix", sorted(originals()))
def test_mutated_files_are_read_or_refused(tmp_path: Path, suffix: str) -> None:
    assert suffix in FORMATS
    rng = random.Random(f"{suffix} 1")
    content = originals()[suffix]
    tasks = []
    for number in range(COUNT):
        path = tmp_path / f"{number}{suffix}"
        inside = zipfile.is_zipfile(BytesIO(content)) and number % 4
        path.write_bytes(repacked(content, rng) if inside else mutated(content, rng))
        tasks.append(Task(Source(path, path.name)))
    found = list(parse_all(tasks, jobs=2, seconds=SECONDS))
    assert len(found) == COUNT
    unforeseen = [f for f in found if isinstance(f, Failure) and "unforeseen" in f.message.en]
    assert not unforeseen, unforeseen[:5]
    assert any(isinstance(one, Parsed) for one in found)
