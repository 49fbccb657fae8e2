"""Exports, read with libraries for their formats and compared with the search."""

import csv
import io
import json
from dataclasses import replace
from typing import BinaryIO

import docx
import openpyxl
import pytest

from baocha.exports import citation
from baocha.exports.forms import EXPORT_FORMATS
from baocha.exports.provenance import COLUMNS, Provenance, provenance_of
from baocha.search import Engine, Filters, Hit
from baocha_indexer.model import Location, Place, TableCell

QUERY = "“绩效目标”"


@pytest.fixture(scope="module")
def hits(corpus_engine: Engine) -> list[Hit]:
    return list(corpus_engine.hits(QUERY))


@pytest.fixture(scope="module")
def provenance(corpus_engine: Engine) -> Provenance:
    return provenance_of(corpus_engine, corpus_engine.search(QUERY, limit=0), Filters())


def written(form: str, hits: list[Hit], provenance: Provenance) -> BinaryIO:
    file = io.BytesIO()
    EXPORT_FORMATS[form].write(hits, provenance, "zh", file)
    file.seek(0)
    return file


def hostile(hit: Hit) -> Hit:
    text = "=HYPERLINK(\"http://x\") <w:p/> & ]]> '绩效目标' \u202e"
    return replace(hit, text=text, spans=((28, 32),), report=replace(hit.report, title="+1+1"))


def test_csv_has_every_hit_and_its_source(hits: list[Hit], provenance: Provenance) -> None:
    text = written("csv", hits, provenance).read().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["编号"] for row in rows] == [hit.id for hit in hits]
    assert [row["原文"] for row in rows] == [hit.text for hit in hits]
    assert {row["检索"] for row in rows} == {QUERY}
    assert {row["文件 SHA-256"] for row in rows} == {hit.report.sha256 for hit in hits}
    assert all(len(row["文件 SHA-256"]) == 64 for row in rows)


def test_a_workbook_has_every_hit_and_a_sheet_about_it(
    hits: list[Hit], provenance: Provenance
) -> None:
    book = openpyxl.load_workbook(written("xlsx", hits, provenance))
    assert book.sheetnames == ["段落", "说明"]
    header, *rows = book["段落"].iter_rows(values_only=True)
    assert list(header) == [*(column.zh for column in COLUMNS), "单元格"]
    assert [row[10] for row in rows] == [hit.id for hit in hits]
    assert [row[7] for row in rows] == [hit.text for hit in hits]
    about = dict(book["说明"].iter_rows(values_only=True))
    assert about["检索"] == QUERY
    assert about["段落数"] == str(len(hits))


def test_a_document_quotes_every_hit_with_the_match_in_bold(
    hits: list[Hit], provenance: Provenance
) -> None:
    paragraphs = docx.Document(written("docx", hits, provenance)).paragraphs
    texts = [paragraph.text for paragraph in paragraphs]
    assert texts[0] == "检索底稿"
    leads = {hit.lead for hit in hits if hit.lead}
    shown = [text for text in texts if text in {hit.text for hit in hits} - leads]
    assert shown == [hit.text for hit in hits if hit.text not in leads]
    assert leads <= set(texts)
    bold = [run.text for paragraph in paragraphs for run in paragraph.runs if run.bold]
    assert set(bold) == {"绩效目标"}
    assert sum("SHA-256" in text for text in texts) == len(hits)


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_hostile_text_is_exported_as_text(
    form: str, hits: list[Hit], provenance: Provenance
) -> None:
    hit = hostile(hits[0])
    file = written(form, [hit], provenance)
    if form == "csv":
        row = next(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
        assert row["原文"] == "'" + hit.text
        assert row["标题"] == "'+1+1"
    elif form == "xlsx":
        cell = openpyxl.load_workbook(file)["段落"]["H2"]
        assert (cell.data_type, cell.value) == ("s", hit.text)
    elif form == "json":
        assert json.load(file)["hits"][0]["text"] == hit.text
    else:
        assert hit.text in [p.text for p in docx.Document(file).paragraphs]


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_an_export_without_hits_is_a_valid_file(form: str, provenance: Provenance) -> None:
    file = written(form, [], provenance)
    if form == "xlsx":
        assert openpyxl.load_workbook(file).sheetnames == ["段落", "说明"]
    elif form == "docx":
        assert docx.Document(file).paragraphs[0].text == "检索底稿"
    elif form == "json":
        assert json.load(file)["hits"] == []
    else:
        assert file.read().count(b"\r\n") == 1


def test_json_has_every_hit_as_the_api_returns_it(hits: list[Hit], provenance: Provenance) -> None:
    found = json.load(written("json", hits, provenance))
    assert found["hits"] == [hit.to_dict() for hit in hits]
    assert (found["query"], found["total"], found["certificate"]) == (QUERY, len(hits), None)


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_zero_is_exported_with_its_proof(corpus_engine: Engine, form: str) -> None:
    filters = Filters(department=("云溪市青湖区水务局",))
    result = corpus_engine.search("“没有“这”句话”", filters=filters, limit=0)
    provenance = provenance_of(corpus_engine, result, filters)
    proof = provenance.certificate
    assert proof is not None
    file = written(form, [], provenance)
    if form == "json":
        assert json.load(file)["certificate"] == proof.to_dict()
        return
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")))
        text = row["核查"]
        assert row["范围"] == "部门:云溪市青湖区水务局"
    elif form == "xlsx":
        cells = openpyxl.load_workbook(file)["说明"].iter_rows(values_only=True)
        text = "".join(str(value) for name, value in cells if name == "核查")
    else:
        paragraphs = [p.text for p in docx.Document(file).paragraphs]
        assert paragraphs[0] == "核查结果：未见该表述"
        text = "".join(paragraphs)
    assert '逐字核对“没有"这"句话”：0 段' in text
    assert "忽略引号、括号、书名号等核对“没有这句话”：0 段" in text
    assert f"核对范围：已收录的 {proof.reports:,} 份报告，{proof.paragraphs:,} 段" in text


def test_the_cells_of_a_row_are_the_last_column(hits: list[Hit], provenance: Provenance) -> None:
    cells = (TableCell("项目", "福利费", ""), TableCell("支出 / 金额", "42.77", "万元"))
    row = replace(hits[0], cells=cells)
    text = written("csv", [row, hits[1]], provenance).read().decode("utf-8-sig")
    with_cells, without = list(csv.reader(io.StringIO(text)))[1:]
    shown = "项目：福利费；支出 / 金额：42.77 万元"
    assert (with_cells[-1], without[-1]) == (shown, "")
    book = openpyxl.load_workbook(written("xlsx", [row], provenance))
    assert [line[-1] for line in book["段落"].iter_rows(values_only=True)] == ["单元格", shown]
    paragraphs = docx.Document(written("docx", [row], provenance)).paragraphs
    assert shown in [paragraph.text for paragraph in paragraphs]


@pytest.mark.parametrize(
    ("location", "end"),
    [
        (Location(page=3), "第 3 页"),
        (Location(place=Place("收入表", "A5:D5")), "工作表“收入表” A5:D5"),
        (Location(place=Place(paragraph=12)), "原文件第 12 段"),
        (Location(), "第 8 段"),
    ],
)
def test_a_citation_ends_with_the_place_in_the_file(
    hits: list[Hit], location: Location, end: str
) -> None:
    assert citation(hits[0].report, ("一、收入",), 8, location, "zh").endswith(f"，{end}")
