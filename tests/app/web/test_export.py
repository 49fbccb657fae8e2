import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import Engine, Filters
from baocha.web import export
from tests.app.web.pages import old_index, page

QUERY = "/export.{}?q=绩效目标&year=2022&year=2023&sort=oldest"


def expected(engine: Engine) -> list[str]:
    filters = Filters(year=((2022, 2022), (2023, 2023)))
    return [hit.id for hit in engine.hits("绩效目标", filters=filters, sort="oldest")]


def test_every_hit_is_exported_in_order(client: FlaskClient, corpus_engine: Engine) -> None:
    ids = expected(corpus_engine)
    assert len(ids) > 20  # more than a page
    with client.get(QUERY.format("csv")) as response:
        rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == ids
    with client.get(QUERY.format("xlsx")) as response:
        book = openpyxl.load_workbook(io.BytesIO(response.get_data()))
    assert [row[10] for row in book["段落"].iter_rows(min_row=2, values_only=True)] == ids
    assert dict(book["说明"].iter_rows(values_only=True))["范围"] == "年份:2022|2023"
    with client.get(QUERY.format("docx")) as response:
        texts = [p.text for p in docx.Document(io.BytesIO(response.get_data())).paragraphs]
    assert sum("SHA-256" in text for text in texts) == len(ids)


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_the_file_is_named_after_the_query(client: FlaskClient, form: str) -> None:
    with client.get(f"/export.{form}?q=" + quote("“绩效/../目标”\r\nX: y")) as response:
        name = unquote(response.headers["Content-Disposition"].partition("''")[2])
        assert name == f"baocha-绩效-目标-X-y.{form}"
        assert response.content_length == len(response.get_data())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_csv_file_says_its_charset_once(client: FlaskClient, method: str) -> None:
    with client.open("/export.csv?q=绩效", method=method) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_an_export_of_nothing_asked_and_an_unknown_form_are_pages(client: FlaskClient) -> None:
    assert "没有检索内容" in page(client, "/export.csv", 400)
    assert "没有这个页面" in page(client, "/export.pdf?q=绩效", 404)


def test_english_columns_by_the_switch(client: FlaskClient) -> None:
    with client.get("/export.csv?q=绩效&lang=en") as response:
        assert response.get_data().decode("utf-8-sig").startswith("department,year,kind,title")


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_characters_that_xml_cannot_hold_end_no_export(
    index_files: Callable[[dict[str, str | bytes]], Path], form: str
) -> None:
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("openpyxl.*"))
    index = index_files({"a\x01\ufffe.txt": "某局2022年部门决算\n预算\ufffe绩效_x0041_。\n"})
    client = create_app(index).test_client()
    for more in ("", "%01", "%EF%BF%BE", "&kind=%0c"):
        with client.get(f"/export.{form}?q=" + quote("预算") + more) as response:
            assert response.status_code == 200
    with client.get(f"/export.{form}?q=" + quote("绩效")) as response:
        content = response.get_data()
    if form == "xlsx":
        cell = openpyxl.load_workbook(io.BytesIO(content))["段落"]["H2"].value
        # As spreadsheets take it for _x0041_ and not for A; openpyxl gives it as it stands.
        assert "绩效_x005F_x0041_" in str(cell)
    assert set(folder.glob("openpyxl.*")) <= before


def test_a_long_paragraph_of_an_old_index_is_marked_where_a_cell_cuts_it(tmp_path: Path) -> None:
    index = old_index(tmp_path / "index", "预算执行，" * 9_000 + "完。")
    with create_app(index).test_client().get("/export.xlsx?q=" + quote("预算执行")) as response:
        cell = openpyxl.load_workbook(io.BytesIO(response.get_data()))["段落"]["H2"].value
    assert len(str(cell)) == 32_767
    assert "截断" in str(cell)


def test_an_export_waits_for_the_one_before_only_so_long(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_WAIT_SECONDS", 0.01)
    with export._TURN:
        assert "服务繁忙" in page(client, "/export.csv?q=绩效", 503)
    assert client.head("/export.xlsx?q=绩效").status_code == 200
    with client.get("/export.csv?q=绩效") as response:
        assert response.status_code == 200


def test_what_was_not_understood_is_said_in_the_file(client: FlaskClient) -> None:
    with client.get("/export.csv?q=绩效&year=20222") as response:
        assert "20222" in response.get_data(as_text=True)
