import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.mount import EXTENSION, Gate
from baocha.search import Engine, Filters
from tests.app.exports.spreadsheet import shown_texts
from tests.app.web.pages import old_index, page
from tests.conftest import IndexFiles

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
    assert [row[11] for row in book["段落"].iter_rows(min_row=2, values_only=True)] == ids
    assert dict(book["说明"].iter_rows(values_only=True))["范围"] == "年度:2022|2023"
    with client.get(QUERY.format("docx")) as response:
        texts = [p.text for p in docx.Document(io.BytesIO(response.get_data())).paragraphs]
    assert sum("SHA-256" in text for text in texts) == len(ids)


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_the_name_of_the_file_contains_the_query(client: FlaskClient, form: str) -> None:
    with client.get(f"/export.{form}?q=" + quote("“绩效/../目标”\r\nX: y")) as response:
        name = unquote(response.headers["Content-Disposition"].partition("''")[2])
        assert name == f"baocha-绩效-目标-X-y.{form}"
        assert response.content_length == len(response.get_data())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_content_type_of_csv_has_one_charset(client: FlaskClient, method: str) -> None:
    with client.open("/export.csv?q=绩效", method=method) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_an_export_without_a_query_or_of_an_unknown_format_is_refused(client: FlaskClient) -> None:
    assert "没有检索词" in page(client, "/export.csv", 400)
    assert "没有这个页面" in page(client, "/export.pdf?q=绩效", 404)


def test_the_columns_are_in_english_if_the_page_is(client: FlaskClient) -> None:
    with client.get("/export.csv?q=绩效&lang=en") as response:
        assert response.get_data().decode("utf-8-sig").startswith("no.,department,year,kind,title")


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_an_export_leaves_out_characters_that_xml_forbids(
    index_files: IndexFiles, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    index = index_files({"a\x01\ufffe.txt": "某局2022年部门决算\n预算\ufffe绩效_x0041_。\n"})
    client = create_app(index).test_client()
    for more in ("", "%01", "%EF%BF%BE", "&kind=%0c"):
        with client.get(f"/export.{form}?q=" + quote("预算") + more) as response:
            assert response.status_code == 200
    with client.get(f"/export.{form}?q=" + quote("绩效")) as response:
        content = response.get_data()
    if form == "xlsx":
        assert shown_texts(io.BytesIO(content))["I2"].endswith("绩效_x0041_。")
    assert not list(folder.iterdir())


def test_a_cell_that_cuts_a_long_paragraph_of_an_old_index_says_so(tmp_path: Path) -> None:
    index = old_index(tmp_path / "index", "预算执行，" * 9_000 + "完。")
    with create_app(index).test_client().get("/export.xlsx?q=" + quote("预算执行")) as response:
        cell = openpyxl.load_workbook(io.BytesIO(response.get_data()))["段落"]["I2"].value
    assert len(str(cell)) == 32_767
    assert "截断" in str(cell)


def test_an_export_is_refused_while_the_ones_before_it_are_not_written(corpus_index: Path) -> None:
    app = create_app(corpus_index)
    mounts, exports = app.extensions[EXTENSION], Gate(running=1, waiting=0)
    mounts["baocha"] = replace(mounts["baocha"], exports=exports)
    client = app.test_client()
    exports.enter()
    assert "服务繁忙" in page(client, "/export.csv?q=绩效", 503)
    assert client.head("/export.xlsx?q=绩效").status_code == 200
    exports.leave()
    for form in ("csv", "xlsx", "csv"):  # each gives its place back
        with client.get(f"/export.{form}?q=绩效") as response:
            assert response.status_code == 200


def test_the_file_contains_the_warnings(client: FlaskClient) -> None:
    with client.get("/export.csv?q=绩效&year=20222") as response:
        assert "20222" in response.get_data(as_text=True)
