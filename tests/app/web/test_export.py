import csv
import io
from urllib.parse import quote, unquote

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from app.search import Engine, Filters
from tests.app.web.pages import page

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


def test_an_export_of_nothing_asked_and_an_unknown_form_are_pages(client: FlaskClient) -> None:
    assert "没有检索内容" in page(client, "/export.csv", 400)
    assert "没有这个页面" in page(client, "/export.pdf?q=绩效", 404)


def test_english_columns_by_the_switch(client: FlaskClient) -> None:
    with client.get("/export.csv?q=绩效&lang=en") as response:
        assert response.get_data().decode("utf-8-sig").startswith("department,year,kind,title")
