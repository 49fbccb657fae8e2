"""Exports, read with libraries for their formats and compared with the search."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from zipfile import ZipFile

import docx
import openpyxl
import pytest

from baocha.exports import citation, gb7714, paper_of_hits, quotation
from baocha.exports.forms import EXPORT_FORMATS
from baocha.exports.paper import shown_cells
from baocha.exports.provenance import CELLS, COLUMNS, FIGURES, VALUE, Provenance, provenance_of
from baocha.search import Engine, Filters, Hit
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Location, Paragraph, Place, TableCell
from tests.app.exports.spreadsheet import shown_texts

QUERY = "“绩效目标”"


@pytest.fixture(scope="module")
def hits(corpus_engine: Engine) -> list[Hit]:
    return list(corpus_engine.hits(QUERY))


@pytest.fixture(scope="module")
def provenance(corpus_engine: Engine) -> Provenance:
    return provenance_of(corpus_engine, corpus_engine.search(QUERY, limit=0), Filters())


def written(form: str, hits: list[Hit], provenance: Provenance) -> BinaryIO:
    file = io.BytesIO()
    EXPORT_FORMATS[form].write(paper_of_hits(hits, provenance, "zh"), "zh", file)
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
    assert {row["检索词"] for row in rows} == {QUERY}
    assert {row["文件 SHA-256"] for row in rows} == {hit.report.sha256 for hit in hits}
    assert all(len(row["文件 SHA-256"]) == 64 for row in rows)


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠", "\n="])
def test_csv_has_an_apostrophe_before_what_may_be_a_formula(
    hits: list[Hit], provenance: Provenance, start: str
) -> None:
    hit = replace(hits[0], text=f"{start}1+1", spans=())
    text = written("csv", [hit], provenance).read().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["原文"] == f"'{start}1+1"


def test_a_workbook_has_every_hit_and_a_sheet_about_it(
    hits: list[Hit], provenance: Provenance
) -> None:
    book = openpyxl.load_workbook(written("xlsx", hits, provenance))
    assert book.sheetnames == ["段落", "说明"]
    header, *rows = book["段落"].iter_rows(values_only=True)
    assert list(header) == [*(column.zh for column in (*COLUMNS, CELLS, FIGURES, VALUE))]
    assert [row[11] for row in rows] == [hit.id for hit in hits]
    assert [row[8] for row in rows] == [hit.text for hit in hits]
    about = dict(book["说明"].iter_rows(values_only=True))
    assert about["检索词"] == QUERY
    assert about["段落数"] == str(len(hits))


def test_a_document_quotes_every_hit_with_the_match_in_bold(
    hits: list[Hit], provenance: Provenance
) -> None:
    document: Any = docx.Document(written("docx", hits, provenance))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["审计（检查）工作底稿", "一、摘录"]
    rows = [hit for hit in hits if shown_cells(hit)]
    quotes = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert quotes == [hit.text for hit in hits if hit not in rows]
    assert {f"标题下的文字：{hit.lead}" for hit in hits if hit.lead} <= set(texts)
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert [head.partition("．")[0] for head in heads[:-1]] == [
        str(n + 1) for n in range(len(hits))
    ]
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert set(bold) == {"绩效目标"}
    assert sum(f"SHA-256：{hit.report.sha256}" in text for hit, text in pairs(hits, texts)) == len(
        hits
    )
    records = {row.cells[0].text: row.cells[1].text for row in document.tables[-1].rows}
    assert records["检索词"] == QUERY
    assert records["段落数"] == str(len(hits))


def pairs(hits: list[Hit], texts: list[str]) -> list[tuple[Hit, str]]:
    """Return each hit with the paragraph of its source."""
    return list(zip(hits, (text for text in texts if text.startswith("出处：")), strict=True))


def test_a_document_is_a4_and_has_true_properties(hits: list[Hit], provenance: Provenance) -> None:
    file = written("docx", hits[:1], provenance)
    document: Any = docx.Document(file)
    section, properties = document.sections[0], document.core_properties
    size = [round(length.mm) for length in (section.page_width, section.page_height)]
    assert size == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    assert (properties.title, properties.author) == ("审计（检查）工作底稿", "")
    now = datetime.now(UTC)
    for time in (properties.created, properties.modified):
        assert abs(now - time.replace(tzinfo=UTC)) < timedelta(hours=1)
    with ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any("python-docx" in part for part in parts.values())
    assert all(code in parts["word/footer1.xml"] for code in (" PAGE ", " NUMPAGES "))
    assert "Noto Serif CJK SC" in parts["word/fontTable.xml"]


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
        cell = openpyxl.load_workbook(file)["段落"]["I2"]
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
        assert "（无）" in [p.text for p in docx.Document(file).paragraphs]
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
        document = docx.Document(file)
        assert "核查结果：未见该表述" in [p.text for p in document.paragraphs]
        text = "".join(row.cells[1].text for row in document.tables[-1].rows)
    assert '逐字核对“没有"这"句话”：0 段' in text
    assert "忽略引号、括号、书名号等核对“没有这句话”：0 段" in text
    assert f"核对范围：已收录的 {proof.reports:,} 份报告，{proof.paragraphs:,} 段" in text


def test_the_cells_of_a_row_are_a_column_at_the_end(
    hits: list[Hit], provenance: Provenance
) -> None:
    cells = (TableCell("项目", "福利费", ""), TableCell("支出 / 金额", "42.77", "万元"))
    row = replace(hits[0], cells=cells)
    text = written("csv", [row, hits[1]], provenance).read().decode("utf-8-sig")
    with_cells, without = list(csv.reader(io.StringIO(text)))[1:]
    shown = "项目：福利费；支出 / 金额：42.77 万元"
    assert (with_cells[-3], without[-3]) == (shown, "")
    book = openpyxl.load_workbook(written("xlsx", [row], provenance))
    assert [line[-3] for line in book["段落"].iter_rows(values_only=True)] == ["单元格", shown]


@pytest.mark.parametrize(
    ("text", "value"), [("增加 12,800.50 万元", "128005000.00"), ("减少 5%", "-5")]
)
def test_the_figures_in_a_match_and_the_value_of_the_first_are_the_last_columns(
    hits: list[Hit], provenance: Provenance, text: str, value: str
) -> None:
    sentence = f"执行率为 80%，收入{text}。"
    figures = figures_of(Paragraph(1, sentence, "body", "", ()), 2023)
    start = sentence.index(text[3:])
    hit = replace(hits[0], text=sentence, figures=figures, spans=((start, len(sentence)),))
    rows = csv.DictReader(io.StringIO(written("csv", [hit], provenance).read().decode("utf-8-sig")))
    (row,) = rows
    assert row[FIGURES.zh] == f"收入 {text[3:].replace(' ', '')}"
    assert row[VALUE.zh] == value
    book = openpyxl.load_workbook(written("xlsx", [hit], provenance))
    assert list(book["段落"].iter_rows(values_only=True))[1][-1] == float(value)


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


def test_a_row_of_a_table_is_a_table_whose_matching_cell_is_shaded(
    hits: list[Hit], provenance: Provenance
) -> None:
    cells = (TableCell("项目", "福利费", ""), TableCell("支出 / 金额", "42.77", "万元"))
    row = replace(hits[0], text="福利费 |  | 42.77", spans=((0, 2),), role="table", cells=cells)
    unknown, plain = replace(row, cells=()), replace(row, role="body")
    wide = replace(row, text=" | ".join("甲乙丙丁戊己庚"), cells=(), spans=())
    file = written("docx", [row, unknown, plain, wide], provenance)
    _, known, bare, lines, _ = docx.Document(file).tables
    assert [[c.text for c in line.cells] for line in known.rows] == [
        ["项目", "支出 / 金额（万元）"],
        ["福利费", "42.77"],
    ]
    assert [[c.text for c in line.cells] for line in bare.rows] == [["福利费", "42.77"]]
    assert ["FFF2AB" in c._tc.xml for c in known.rows[1].cells] == [True, False]
    assert [line.cells[2].text for line in lines.rows] == ["内容", *"甲乙丙丁戊己庚"]


def test_the_text_in_a_workbook_has_coloured_matches_and_numbers_are_numbers(
    hits: list[Hit], provenance: Provenance
) -> None:
    one = replace(hits[0], text="绩效目标已完成", spans=((0, 4),))
    whole = replace(hits[0], text="绩效目标", spans=((0, 4),))
    file = written("xlsx", [one, whole], provenance)
    book = openpyxl.load_workbook(file, rich_text=True)
    sheet = book["段落"]
    assert [str(part) for part in sheet["I2"].value] == ["绩效目标", "已完成"]
    assert sheet["I2"].value[0].font.color.rgb == sheet["I3"].font.color.rgb == "FFC00000"
    assert (sheet["A3"].value, sheet["C3"].value) == (2, one.report.year)
    assert sheet.auto_filter.ref == "A1:Q3"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("span", [(), ((4, 6),), ((0, 21),)])
def test_text_that_looks_like_the_xml_of_a_cell_or_like_an_escape_is_written_as_text(
    hits: list[Hit], provenance: Provenance, span: tuple[tuple[int, int], ...]
) -> None:
    text = "<r>&绩效_x0041_<b></r>"
    hit = replace(hits[0], text=text, spans=span)
    assert shown_texts(written("xlsx", [hit], provenance))["I2"] == text


def test_a_long_text_is_cut_with_a_note_although_its_matches_are_coloured(
    hits: list[Hit], provenance: Provenance
) -> None:
    hit = replace(hits[0], text="绩效" + "𠀀" * 20_000, spans=((0, 2),))
    cell = openpyxl.load_workbook(written("xlsx", [hit], provenance))["段落"]["I2"]
    assert str(cell.value).startswith("绩效𠀀")
    assert str(cell.value).endswith("（太长，此处截断 cut here）")


def test_a_quotation_has_the_whole_text_and_its_source(hits: list[Hit]) -> None:
    report = replace(hits[0].report, title="关于《办法》的报告", department="某局", year=2021)
    text = "绩效" * 5_000 + "<b>&"
    found = quotation(text, ((0, 2),), report, ("一、目标",), Location(page=5), "zh")
    source = "《关于〈办法〉的报告》，某局，2021年，第5页，一、目标"
    assert found.text == f"“{text}”（{source}）"
    assert found.html.startswith("“<b>绩效</b>绩效")
    assert found.html.endswith(f"&lt;b&gt;&amp;”（{source}）")
    english = quotation("a", (), report, (), Location(page=5), "en")
    assert english.text == "“a” (关于《办法》的报告, 某局, 2021, page 5)"


def test_a_reference_has_the_form_of_gb_7714(hits: list[Hit]) -> None:
    report = replace(hits[0].report, title="2021年部门决算", department="某局", year=2021)
    assert gb7714(report, 5) == "某局. 2021年部门决算[R]. 2021: 5."
    assert gb7714(replace(report, year=None), 5) == "某局. 2021年部门决算[R]: 5."
    assert gb7714(replace(report, department=None, year=None), None) == "2021年部门决算[R]."
