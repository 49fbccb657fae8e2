"""Templates of users, rendered in their own process."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest

from baocha.basket import PaperFields
from baocha.exports import Entry, Paper, SearchRecord, TemplateError, write_template
from baocha.exports import template as template_module
from baocha.exports.provenance import QUERY
from baocha.search import Engine, Hit

LOOP = ["{{ number }}·{{ subject }}", "{%p for item in items %}"]
END = ["{%p endfor %}"]


@pytest.fixture(scope="module")
def hit(corpus_engine: Engine) -> Hit:
    return next(hit for hit in corpus_engine.hits("“绩效目标”") if hit.spans[0][0] > 0)


def template(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def rendered(content: bytes, hit: Hit, tmp_path: Path) -> list[Any]:
    note = "<w:p/> & ]]> \ud800\x00\n第二行"
    entries = [Entry(hit, note=note, verdict="supports"), Entry(hit, state="removed")]
    fields = PaperFields(number="审1号", subject="<核查>", prepared_by="甲")
    record = SearchRecord(((QUERY, "绩效目标"),), is_absence=False)
    paper = Paper(entries, [record], fields, "专项", is_basket=True)
    with (tmp_path / "paper.docx").open("w+b") as file:
        write_template(content, paper, "zh", file)
        file.seek(0)
        document: Any = docx.Document(io.BytesIO(file.read()))
    return list(document.paragraphs)


def test_fields_and_loops_are_filled_in(hit: Hit, tmp_path: Path) -> None:
    content = template(
        *LOOP,
        "{{ item.number }}：{{ item.verdict }}，{{ item.state }}，{{ item.note }}",
        "{{r item.marked }}",
        "{{ item.quotation }}",
        *END,
        "{% for search in searches %}{% for line in search.lines %}"
        "{{ line.label }}={{ line.value }}{% endfor %}{% endfor %}",
    )
    paragraphs = rendered(content, hit, tmp_path)
    texts = [paragraph.text for paragraph in paragraphs]
    assert texts[0] == "审1号·<核查>"
    assert texts[1] == "1：支持，未变动，<w:p/> & ]]> \ufffd\ufffd\n第二行"
    assert texts[4] == "2：，已移除，"
    assert texts[2] == texts[5] == hit.text
    assert next(run.text for run in paragraphs[2].runs if run.bold) == "绩效目标"
    assert texts[3].startswith(f"“{hit.text}”（《")
    assert texts[-1] == "检索词=绩效目标"


@pytest.mark.parametrize(
    ("lines", "zh"),
    [
        (["没有字段的模板"], "没有字段"),
        (["{{ nothing }}"], "不存在的字段：'nothing'"),
        (["{{ items[0].nothing }}"], "不存在的字段"),
        (["{% for item in items %}"], "语法有误"),
        (["{{ ''.__class__.__mro__ }}"], "不允许"),
        (["{{ items.append(1) }}"], "不允许"),
        (["{{ 1 / 0 }}"], "无法生成"),
        (["{{ range(10 ** 9) }}"], "无法生成"),
        (["{{ 'x' * 10 ** 10 }}"], "内存"),
        (["{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}"], "内存"),
        (["{{ name | xmlattr }}"], "无法使用"),
    ],
)
def test_a_template_with_a_fault_is_refused_with_the_reason(
    hit: Hit, tmp_path: Path, lines: list[str], zh: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        rendered(template(*lines), hit, tmp_path)
    assert zh in refused.value.message.zh


def test_a_loop_that_never_ends_is_stopped(
    hit: Hit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_module, "SECONDS", 3)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateError, match="more than 3 seconds"):
        rendered(template(endless), hit, tmp_path)


def test_what_is_no_word_document_is_refused(
    hit: Hit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"PK", template("{{ name }}")[:-50]):
        with pytest.raises(TemplateError, match="damaged"):
            rendered(content, hit, tmp_path)
    archive = io.BytesIO()
    with ZipFile(archive, "w") as parts:
        parts.writestr("word/document.xml", "<w>{{ name }}</w>")
    with pytest.raises(TemplateError, match="cannot be used"):
        rendered(archive.getvalue(), hit, tmp_path)
    bomb = template("{{ name }}" + "<" * 100)
    monkeypatch.setattr("baocha_indexer.extract.zip_check.MAX_XML", 1_000)
    with pytest.raises(TemplateError, match="unpacked size"):
        rendered(bomb, hit, tmp_path)
    monkeypatch.setattr(template_module, "MAX_TEMPLATE_BYTES", 10)
    with pytest.raises(TemplateError, match="over"):
        rendered(template("{{ name }}"), replace(hit), tmp_path)
