"""What uses the search does not know which engine runs."""

import re
from pathlib import Path

import baocha

ROOT = Path(baocha.__file__).parent
# OpenSearch is also the name of the format that tells a browser about a search page.
ENGINES = re.compile(
    r"search[./](local|opensearch)|(Local|Cluster)(Engine|Writer)|opensearchs?://|opensearchpy|whoosh"
    r"|isinstance\(.*[Ee]ngine",
    re.IGNORECASE,
)


def test_nothing_above_the_search_names_an_engine() -> None:
    above = [path for path in ROOT.rglob("*.py") if not path.is_relative_to(ROOT / "search")]
    assert len(above) > 50
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in above
        for line in path.read_text("utf-8").splitlines()
        if ENGINES.search(line)
    ]
    assert not found
