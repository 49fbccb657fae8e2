import re
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from baocha import create_app
from baocha_indexer.build import build_index
from tests.app.web.pages import page, total


def test_every_example_runs_and_finds_something(client: FlaskClient) -> None:
    html = page(client, "/help")
    examples = re.findall(r'<td><a href="([^"]+)"><code>', html)
    assert len(examples) == 9
    for address in examples:
        found = page(client, unescape(address))
        assert total(found) > 0, address
        assert 'class="warning"' not in found, address


def test_help_is_there_without_reports(tmp_path: Path) -> None:
    build_index([tmp_path], tmp_path / "index")
    assert "怎样检索" in page(create_app(tmp_path / "index").test_client(), "/help")
