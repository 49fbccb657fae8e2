from pathlib import Path

from flask.testing import FlaskClient

from baocha import create_app
from baocha_indexer.build import build_index
from tests.app.web.pages import page, parse, texts, total


def test_every_example_finds_something(client: FlaskClient) -> None:
    examples = parse(page(client, "/help")).xpath("//td/a[code]/@href")
    assert len(examples) == 14
    for address in examples:
        html = page(client, address)
        assert total(html) > 0, address
        assert not texts(html, "warning"), address


def test_an_empty_index_has_a_help_page(tmp_path: Path) -> None:
    build_index([tmp_path], tmp_path / "index")
    assert "怎样检索" in page(create_app(tmp_path / "index").test_client(), "/help")
