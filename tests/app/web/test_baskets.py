import csv
import io
import json
from itertools import islice
from typing import Any

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from baocha import create_app
from baocha.search import Engine
from baocha.web import baskets
from tests.app.basket.baskets import basket_of, item_of
from tests.conftest import IndexFiles

CHECK = "/baskets/check"


def test_a_basket_is_checked(client: FlaskClient, corpus_engine: Engine) -> None:
    hit = next(corpus_engine.hits("绩效目标"))
    absent = {"kind": "search", "key": "s1", "search": "q=“没有这句话啊”", "total": 0}
    more = {"kind": "search", "key": "s2", "search": "q=绩效目标", "total": 1}
    item, same = item_of(hit), item_of(hit, key="again")
    answer = client.post(CHECK, json=basket_of([item, same, absent, more]))
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["basket"]["items"][0] == item
    assert found["dropped"] == ["第 2 条与第 1 条重复，未采用"]
    state = found["items"][item["key"]]
    assert (state["state"], state["ordinal"]) == ("current", hit.ordinal)
    assert state["spans"] == [list(span) for span in hit.spans]
    assert state["citation"].startswith(f"《{hit.report.title}》，{hit.report.department}，")
    assert client.get(state["address"]).status_code == 200
    assert found["items"]["s1"]["state"] == "current"
    assert "未提及" in found["items"]["s1"]["citation"]
    # Nothing is proved about a query that was not understood.
    unclosed = {"kind": "search", "key": "s3", "search": "q=“没有这句话啊", "total": 0}
    (state,) = client.post(CHECK, json=basket_of([unclosed])).get_json()["items"].values()
    assert state["citation"] == "检索 “没有这句话啊：0 段"
    assert found["items"]["s2"]["total"] == sum(1 for _ in corpus_engine.hits("绩效目标"))
    assert found["items"]["s2"]["state"] == "changed"
    # The records of the searches, as in the exports.
    assert [dict(record)["检索词"] for record in found["searches"]] == [
        "绩效目标",
        "“没有这句话啊”",
    ]
    assert dict(found["searches"][0])["段落数"] == str(found["items"]["s2"]["total"])


def test_a_row_of_a_table_is_checked_with_its_cells(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    hit = next(hit for hit in corpus_engine.hits("群众文化活动") if hit.cells)
    item = item_of(hit)
    (state,) = client.post(CHECK, json=basket_of([item])).get_json()["items"].values()
    heads = [cell["head"] for cell in state["cells"]]
    assert heads == [cell.head for cell in hit.cells]
    assert heads[0] == "绩效指标"
    texts = ["".join(text for text, _ in cell["runs"]) for cell in state["cells"]]
    assert texts == [cell.text for cell in hit.cells]
    changed = item | {"text": item["text"] + "改"}
    (state,) = client.post(CHECK, json=basket_of([changed])).get_json()["items"].values()
    assert [cell["head"] for cell in state["cells"]] == [""] * len(hit.cells)


def test_an_invalid_basket_gets_a_sentence(client: FlaskClient) -> None:
    answer = client.post(CHECK, json=basket_of([{"kind": "x"}]))
    assert answer.status_code == 422
    assert answer.get_json() == {"error": "第 1 条的 kind 应为 paragraph 或 search"}
    answer = client.post(f"{CHECK}?lang=en", data=b"{")
    assert "not valid JSON" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
)
def test_a_page_of_another_site_is_refused(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    answer = client.post(CHECK, json=basket_of([]), headers=headers)
    assert answer.status_code == status
    assert ("error" in answer.get_json()) == (status == 403)


def test_a_body_that_is_too_long_or_incomplete_is_refused(client: FlaskClient) -> None:
    long, short = (
        client.post(CHECK, data=b"x", environ_overrides={"CONTENT_LENGTH": length})
        for length in (str(33 * 2**20), "9")
    )
    none = client.post(CHECK, data=b"x", headers={"Transfer-Encoding": "chunked"})
    assert (long.status_code, "error" in long.get_json()) == (413, True)
    assert (short.status_code, none.status_code) == (400, 411)


def hostile_basket(engine: Engine) -> dict[str, Any]:
    """Return a basket with a current, a changed and a removed paragraph, and hostile texts."""
    current, other = islice(engine.hits("绩效目标"), 2)
    bad = "=cmd|' /C calc'!A0 ]]> <mark>\u202e\ud800\x00&"
    return basket_of(
        [
            item_of(current, note=bad, verdict="supports"),
            item_of(other, text=other.text[:-3] + "改了。", verdict="doubtful"),
            item_of(current, key="gone", report="gone", text=f"绩效目标{bad}", title="长" * 2_000),
            {"kind": "search", "key": "s1", "search": "q=“没有这句话啊”", "generation": "1"},
        ],
        name=bad,
        fields={
            "subject": bad,
            "auditee": "某局",
            "prepared_by": "甲",
            "prepared_on": "2026-11-29",
        },
    )


def exported(client: FlaskClient, basket: dict[str, Any], form: str) -> bytes:
    data = {"basket": json.dumps(basket), "lang": "zh"}
    with client.post(f"/baskets/export.{form}", data=data) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f".{form}")
        return answer.get_data()


def test_a_basket_is_exported_as_a_working_paper(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    content = exported(client, hostile_basket(corpus_engine), "docx")
    document: Any = docx.Document(io.BytesIO(content))
    head = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert head[0] == ["被审计（检查）单位", "某局", "编号", ""]
    assert head[2] == ["编制人 / 日期", "甲 / 2026-11-29", "复核人 / 日期", ""]
    assert document.core_properties.author == "甲"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [text for text in texts if text.startswith("状态：")] == ["状态：已变动", "状态：已移除"]
    assert [text for text in texts if text.startswith("判断：")] == ["判断：支持", "判断：存疑"]
    assert "备注：=cmd|' /C calc'!A0 ]]> &" in texts
    assert sum(text.startswith("当前文本：") for text in texts) == 1
    records = [(row.cells[0].text, row.cells[1].text) for row in document.tables[-1].rows]
    assert ("检索词", "“没有这句话啊”") in records
    assert any(name == "核查" and "逐字核对" in value for name, value in records)
    assert ("加入底稿时", "0 段，索引版本 1") in records


def test_searches_for_which_no_time_is_left_are_not_run_again_and_say_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baskets, "MAX_SECONDS", -1.0)
    search = {"kind": "search", "key": "s", "search": "q=绩效目标", "total": 3}
    answer = client.post("/baskets/check", json=basket_of([search])).get_json()
    (record,) = answer["searches"]
    assert dict(record)["未重新检索"] == "检索过多，或耗时过长"
    assert answer["items"]["s"]["total"] == 3


def test_the_departments_without_a_mention_are_in_the_record_of_each_search(
    index_files: IndexFiles,
) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": "青湖区水务局2022年部门决算\n一、概况\n绩效目标明确。\n",
        "b.txt": "青湖区教育局2022年部门决算\n一、概况\n绩效管理的目标明确。\n",
        "c.txt": "青湖区审计局2022年部门决算\n一、概况\n收支平衡。\n",
        "d.txt": "青湖区民政局2021年部门决算\n一、概况\n收支平衡。\n",
        "e.txt": "2022年度总结\n一、概况\n绩效目标合理。\n",
    }
    client = create_app(index_files(files)).test_client()
    search = {"kind": "search", "key": "s", "search": "q=绩效目标&year=2022"}
    bad = {"kind": "search", "key": "t", "search": "q=“未闭合&year=2022"}

    def lines(content: bytes) -> list[tuple[str, str]]:
        rows = openpyxl.load_workbook(io.BytesIO(content))["说明"].iter_rows(values_only=True)
        return [(str(label), str(value)) for label, value, *_ in rows]

    found = lines(exported(client, basket_of([search]), "xlsx"))
    listed = [
        ("提及的部门", "1 个：青湖区水务局"),
        ("未提及的部门", "2 个：青湖区审计局、青湖区教育局（含各词 1 段）"),
        ("部门未知的报告", "提及 1 份，未提及 0 份"),
    ]
    filed = ("未收录报告的部门", "1 个：青湖区民政局")
    assert [line for line in found if "部门" in line[0]] == [*listed[:2], filed, listed[2]]
    silent = "《青湖区教育局2022年部门决算》（3 段，含各词 1 段）；《青湖区审计局2022年部门决算》（3 段）"
    assert dict(found)["未提及的报告"] == f"2 份：{silent}"
    assert dict(found)["核对情况"].startswith(
        "逐字核对“绩效目标”；忽略引号、括号、书名号等核对“绩效目标”；"
        "核对范围：已收录的 4 份报告，12 段；核对于 20"
    )
    assert not [line for line in found if "不能证明" in line[1]]
    assert any("不能证明" in line[1] for line in lines(exported(client, basket_of([bad]), "xlsx")))
    with client.get("/export.xlsx?q=绩效目标&year=2022") as answer:
        hits = answer.get_data()
    assert [line for line in lines(hits) if "部门" in line[0]] == listed


def test_a_basket_is_exported_as_tables(client: FlaskClient, corpus_engine: Engine) -> None:
    basket = hostile_basket(corpus_engine)
    text = exported(client, basket, "csv").decode("utf-8-sig")
    *rows, absence = csv.DictReader(io.StringIO(text))
    assert [row["序号"] for row in rows] == ["1", "2", "3"]
    assert [row["状态"] for row in rows] == ["未变动", "已变动", "已移除"]
    assert rows[0]["备注"] == "'=cmd|' /C calc'!A0 ]]> &"
    assert (absence["序号"], absence["检索词"]) == ("", "“没有这句话啊”")
    assert "逐字核对" in absence["核查"]
    book = openpyxl.load_workbook(io.BytesIO(exported(client, basket, "xlsx")))
    head, *lines = book["段落"].iter_rows(values_only=True)
    columns = dict(zip(head, zip(*lines, strict=True), strict=True))
    assert columns["判断"] == ("支持", "存疑", None)
    assert columns["匹配"] == (None, None, None)
    assert columns["标题"][2] == "长" * 2_000
    about = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert about["被审计（检查）单位"] == "某局"


def test_a_basket_that_was_exported_as_json_is_the_same_after_a_check(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    found = json.loads(exported(client, hostile_basket(corpus_engine), "json"))
    assert client.post(CHECK, json=found).get_json()["basket"] == found


def test_an_export_that_is_refused_gets_a_page_or_a_sentence(client: FlaskClient) -> None:
    page = client.post("/baskets/export.docx", data={"basket": "{"})
    assert (page.status_code, "底稿夹无法读取" in page.text) == (422, True)
    answer = client.post(
        "/baskets/export.docx", data={"basket": "{"}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, "JSON" in answer.get_json()["error"]) == (422, True)
    english = client.post("/baskets/export.docx", data={"basket": "{", "lang": "en"})
    assert "not valid JSON" in english.text
    assert client.post("/baskets/export.pdf", data={}).status_code == 404


def test_a_template_is_filled_in_or_refused_with_its_fault(
    client: FlaskClient, corpus_engine: Engine
) -> None:
    basket = hostile_basket(corpus_engine)

    def send(line: str) -> Any:
        document, file = docx.Document(), io.BytesIO()
        document.add_paragraph(line)
        document.save(file)
        file.seek(0)
        data = {"basket": json.dumps(basket), "template": (file, "模板.docx")}
        return client.post("/baskets/export.docx", data=data, content_type="multipart/form-data")

    with send("{{ auditee }}：{{ items | length }} 条") as answer:
        assert docx.Document(io.BytesIO(answer.get_data())).paragraphs[0].text == "某局：3 条"
    refused = send("{{ nothing }}")
    assert (refused.status_code, "不存在的字段" in refused.text) == (422, True)
    for name, status in (("空.docx", 422), ("", 200)):  # a form without a chosen file has no name
        data = {"basket": json.dumps(basket), "template": (io.BytesIO(), name)}
        with client.post(
            "/baskets/export.docx", data=data, content_type="multipart/form-data"
        ) as answer:
            assert answer.status_code == status
