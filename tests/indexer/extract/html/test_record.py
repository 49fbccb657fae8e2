import pytest

from baocha_indexer.extract.html.reader import extract
from baocha_indexer.model import FactBox

SENTENCE = "全年预算执行率为 97.60%，比上年提高 0.40 个百分点。"
TITLE = "青湖区财政局关于批复2023年预算的通知"
VALUES = {
    "索引号": "000014349/2023-00230",
    "主题分类": "财政、金融、审计\\财政",
    "发文机构": "青湖区财政局",
    "成文日期": "2023年2月6日",
    "标题": TITLE,
    "发文字号": "青财预〔2023〕12号",
    "发布日期": "2023年02月10日",
}
FACT_BOX = FactBox(
    TITLE, "青湖区财政局", "", "青财预〔2023〕12号", "2023年2月6日", "2023年02月10日"
)


def pairs(text: str, values: dict[str, str] = VALUES) -> str:
    return "".join(text.format(label=label, value=value) for label, value in values.items())


def spaced(label: str) -> str:
    return "　".join(label) if len(label) < 4 else label


SPACED = {spaced(label): value for label, value in VALUES.items()}
IN_TWO_COLUMNS = "".join(
    f"<tr>{pairs('<td><b>{label}：</b></td><td>{value}</td>', dict(two))}</tr>"
    for two in zip(list(SPACED.items())[::2], list(SPACED.items())[1::2], strict=False)
)


@pytest.mark.parametrize(
    "box",
    [
        f"<table>{pairs('<tr><td>{label}</td><td>{value}</td></tr>')}</table>",
        f"<table>{pairs('<tr><th>{label}：</th><td>{value}</td></tr>', SPACED)}</table>",
        f"<table>{IN_TWO_COLUMNS}<tr><td>发布日期<td>2023年02月10日</tr></table>",
        f"<table>{pairs('<tr><td>{label}：{value}</td></tr>')}</table>",
        f"<table><tr><td>{pairs('<p><strong>{label}</strong>：{value}</p>')}</td></tr></table>",
        f"<dl>{pairs('<dt>{label}</dt><dd>{value}</dd>')}</dl>",
        f"<dl>{pairs('<dt>{label}：</dt><dd><span>{value}</span></dd>', SPACED)}</dl>",
        f"<ul>{pairs('<li>{label}：{value}</li>')}</ul>",
        f"<ul>{pairs('<li><b>{label}：</b>{value}</li>', SPACED)}</ul>",
        f"<ul>{pairs('<li><span>{label}</span><span>{value}</span></li>')}</ul>",
        f"<ul>{pairs('<li><label>{label}</label><em>：</em><i>{value}</i></li>')}</ul>",
        pairs("<div><span>{label}</span><span>{value}</span></div>"),
        pairs("<div><span>【{label}】</span> {value}</div>"),
        pairs("<div><div>{label}</div><div>{value}</div></div>"),
        pairs("<div><div><b>{label}</b></div><div><p>{value}</p></div></div>", SPACED),
        f"<div>{pairs('<span>{label}：</span><span>{value}</span>')}</div>",
        f"<div>{pairs('{label}：{value}<br>')}</div>",
        f"<p>{pairs('{label}：{value}　')}</p>",
        f"<div>公开目录</div>{pairs('<p>{label}：</p><p>{value}</p>')}",
    ],
)
@pytest.mark.parametrize("place", ["{box}<div>{text}</div>", "<div>{box}{text}</div>"])
def test_a_record_is_read_and_is_no_part_of_the_report(box: str, place: str) -> None:
    text = f"<p>一、基本情况</p><p>{SENTENCE}</p><p>{SENTENCE}</p>"
    found = extract(f"<html><body>{place.format(box=box, text=text)}</body></html>".encode())
    assert found.properties.fact_box == FACT_BOX
    lines = [line.text for line in found.lines]
    assert [line for line in lines if line != "公开目录"] == [
        TITLE,
        "一、基本情况",
        SENTENCE,
        SENTENCE,
    ]


def test_a_label_without_a_value_does_not_take_the_text_that_follows() -> None:
    for box in (
        "<table><tr><td>索引号<td>001<td>发文字号<td></table>",
        "<table><tr><td>索引号<td>001<tr><td>发文字号<td>&nbsp;</table>",
        "<ul><li>索引号：001<li>发文字号：</ul>",
        "<div><div>索引号</div><div>001</div></div><div><div>发文字号</div><div></div></div>",
        "<table><tr><td>索引号<td>001<tr><td>发文字号<td>无</table>",
    ):
        found = extract(f"<body>{box}<p>关于预算的通知</p><p>{SENTENCE}</p></body>".encode())
        assert found.properties.fact_box.number == ""
        assert [line.text for line in found.lines] == ["关于预算的通知", SENTENCE]


def test_labels_that_are_not_known_do_not_end_a_record() -> None:
    box = (
        "<table><tr><td>索引号<td>001<td>公开属性<td>主动公开<tr><td>发布机构<td>青湖区财政局<td>文号"
        "<td>青财〔2023〕1号<tr><td>保存年限<td>长期</table>"
    )
    found = extract(f"<body>{box}<p>{SENTENCE}</p></body>".encode())
    assert found.properties.fact_box == FactBox(publisher="青湖区财政局", number="青财〔2023〕1号")
    assert [line.text for line in found.lines] == [SENTENCE]


def test_words_of_a_record_in_the_report_are_no_record() -> None:
    rows = "<tr><td>索引号<td>标题<td>发文字号<td>发布日期<tr><td>1<td>甲<td>乙<td>丙"
    for text in (
        f"<table>{rows}</table>",
        "<table><tr><td>责任部门<td>甲<td>服务对象<td>乙<tr><td>标题<td>丙<td>来源<td>丁</table>",
        "<p>项目名称：供水<p>来源：上级资金",
    ):
        found = extract(f"<body><p>{SENTENCE}</p>{text}<p>{SENTENCE}</p></body>".encode())
        assert found.properties.fact_box == FactBox()
        assert len(found.lines) == 4
