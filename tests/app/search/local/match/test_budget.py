"""A query over its budget, as a browser, a program and a shell see it: a real index."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from baocha import create_app
from baocha.search import open_engine
from tests.app.cli.test_cli import baocha, one_line
from tests.app.web.pages import page

PARAGRAPH = "预算" * 50
COSTLY = f"“{'预算' * 450}”"
"""Each of its 450 pairs of characters is everywhere: 9 million postings."""


@pytest.fixture
def index(index_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    return index_files({"预算.txt": "\n\n".join([f"{PARAGRAPH}。"] * 400)})


def test_pages_say_that_a_costly_query_was_not_run(index: Path) -> None:
    client = create_app(index).test_client()
    (report,) = open_engine(index).coverage()
    for address in (
        "/?",
        "/?by=report&",
        "/compare?",
        "/embed?",
        "/feed.atom?",
        "/export.csv?",
        "/export.xlsx?",
        f"/reports/{report.report.id}?",
        f"/reports/{report.report.id}/paragraphs/1?",
    ):
        html = page(client, f"{address}q={COSTLY}", 422)
        assert "未予执行" in html
        assert "这不表示未找到" in html
        assert "0 条" not in html
    assert "was not run" in page(client, f"/?lang=en&q={COSTLY}", 422)
    assert json.loads(page(client, f"/suggest?q={COSTLY}")) == []
    assert "400 段" in page(client, "/?q=“预算”")


def test_the_api_refuses_a_costly_query_without_a_count(index: Path) -> None:
    client = create_app(index).test_client()
    for address in ("search", "facets", "matrix"):
        response = client.get(f"/api/v1/{address}?q={COSTLY}")
        assert response.status_code == 422
        assert response.mimetype == "application/problem+json"
        problem = json.loads(response.data)
        assert "未予执行" in problem["detail"]
        assert "total" not in problem
    assert client.get(f"/api/v1/suggest?q={COSTLY}").get_json()["suggestions"] == []


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",), ("--facets",)])
def test_the_command_line_refuses_a_costly_query_as_an_error(
    index: Path, form: tuple[str, ...]
) -> None:
    result = baocha("search", COSTLY, "--index", index, *form)
    assert (result.returncode, result.stdout) == (2, "")
    assert one_line(result.stderr)
    assert "未予执行" in result.stderr
