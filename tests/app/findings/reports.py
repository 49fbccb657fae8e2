"""Invented reports with indicators and with figures that do not fit together."""

HEADS = "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分,偏差原因"
FORM = (
    HEADS,
    "产出指标,数量指标,改造管网（公里）,≥10,12,50,50,",
    "产出指标,质量指标,验收合格率,100%,98%,40,38,",
    "满意度指标,服务对象,群众满意度,≥90%,95%,10,9,问卷偏少",
    "总分,,,,,100,97,",
)
WRONG = """青湖区教育局2023年部门决算
一、决算情况
年初预算为500万元，支出决算为400万元，完成年初预算的70%。
“三公”经费支出12万元，上年为10万元。
"""
RIGHT = """青湖区审计局2022年部门决算
一、决算情况
年初预算为500万元，支出决算为400万元，完成年初预算的80%。
"""


def form_page(title: str) -> str:
    """Return a web page with a table of indicators."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split(",")) + "</tr>" for row in FORM
    )
    project = "<tr><td>项目名称</td><td colspan='7'>供水改造</td></tr>"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><table>{project}{rows}</table></body></html>"


FILES: dict[str, str | bytes] = {
    "a.html": form_page("青湖区水务局2023年度项目支出绩效自评表"),
    "b.txt": WRONG,
    "c.txt": RIGHT,
    "d.html": form_page("青湖区林业局2022年度项目支出绩效自评表"),
}
