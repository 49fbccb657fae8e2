import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.structure import kinds
from baocha_indexer.structure.kinds import KINDS, is_document, kind_of

CASES = [
    # The last word of an official document is its kind, whatever it passes on.
    ("青湖区财政局关于印发《青湖区部门预算管理办法》的通知", "通知"),
    ("云溪市人民政府办公室转发市财政局关于加强绩效评价工作意见的通知", "通知"),
    ("关于开展2022年度部门整体支出绩效自评工作的通知", "通知"),
    ("关于编制2024年部门预算的通知（青财预〔2023〕7号）", "通知"),
    ("云溪市财政局关于青湖区2023年部门预算的批复", "批复"),
    ("云溪市财政局关于预算调整的函", "函"),
    ("云溪市水务局关于同意变更工期的复函", "函"),
    ("对区人大第三次会议第18号建议的答复", "函"),
    ("青湖区水务局关于追加经费的请示", "请示"),
    ("关于2023年度预算绩效考核结果的通报", "通报"),
    ("云溪市人民政府关于取消一批审批事项的决定", "决定"),
    ("云溪市人大常委会关于批准2022年市级决算的决议", "决定"),
    ("云溪市人民政府关于推进节水工作的指导意见", "意见"),
    ("青湖区第十二次常务会议纪要", "会议纪要"),
    ("云溪市供水管理条例", "法规"),
    ("云溪市供水管理条例（2021年修正）", "法规"),
    ("中华人民共和国节水法", "法规"),
    ("最高人民法院关于适用节水法若干问题的解释（二）", "法规"),
    ("节水法修正案", "法规"),
    ("中华人民共和国国务院令第999号", "法规"),
    ("青湖区政府采购管理办法", "办法"),
    ("青湖区预算绩效管理办法（试行）", "办法"),
    ("云溪市供水管理条例实施细则", "办法"),
    ("青湖区2023年预算绩效评价工作方案", "方案"),
    ("云溪市节水三年行动计划（2021—2023年）", "方案"),
    ("云溪市“十四五”水务发展规划", "规划"),
    ("云溪市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "规划"),
    ("青湖区财政局召开2024年预算绩效管理工作会议", "新闻"),
    ("市领导调研节水工作", "新闻"),
    ("青湖区水务局负责人就供水条例答记者问", "新闻"),
    ("青湖区自然资源局关于土地征收的公告", "公告"),
    ("青湖区教育局关于公开招聘教师的公示", "公告"),
    ("云溪市税务局公告2023年第12号", "公告"),
    ("云溪市2023年国民经济和社会发展统计公报", "公报"),
    # Reports keep their kind.
    ("云溪市2023年预算执行情况和2024年预算草案的报告", "政府预算"),
    ("关于云溪市2023年预算执行情况与2024年预算（草案）的报告", "政府预算"),
    ("关于2022年市级决算草案的报告", "政府决算"),
    ("青湖区2022年区级决算情况说明", "政府决算"),
    ("青湖区2024年区级部门预算", "部门预算"),
    ("青湖区水务局2022年部门决算公告", "部门决算"),
    ("青湖区审计局2022年第3号审计结果公告", "审计报告"),
    ("云溪市人民政府关于2022年度市级预算执行的审计工作报告", "审计报告"),
    ("关于举办2022年水博会专项经费绩效评价报告", "绩效评价"),
    ("云溪市2023年政府工作报告", "政府工作报告"),
    ("关于落实2023年政府工作报告重点任务分工的意见", "意见"),
    ("青湖区节水办公室绩效自评报告", "绩效评价"),
    ("云溪市2024年政府预算公开", "政府预算"),
    ("云溪市2022年政府决算公开", "政府决算"),
    ("荻岸镇人民政府2022年决算", "部门决算"),
    ("对第45号建议的答复意见", "函"),
    ("我市节水工作取得显著成效", "新闻"),
    # What an organ did is news, even if the title ends with a kind of document.
    ("青湖区水务局党组召开会议审议通过节水工作指导意见", "新闻"),
    ("李明主持召开区政府常务会议研究政府工作报告和2023年预算草案", "新闻"),
    ("青湖区水务局制订印发2023年度节水工作计划", "新闻"),
    ("李明督导检查防汛工作", "新闻"),
    ("青湖区节水规划编制工作全面启动", "新闻"),
    ("青湖区2022年节水工作再上新台阶", "新闻"),
    ("区委书记李明参加第二代表团审议", "新闻"),
    ("青湖区水务局党委开展第一季度集中学习", "新闻"),
    ("青湖区水务局关于召开会议审议节水意见的通知", "通知"),
    ("青湖区节水督导检查办法", "办法"),
    ("关于2022年度高级审计师评审结果的公示", "公告"),
    ("青湖区第二次人民代表大会隆重开幕", "新闻"),
    ("青湖区水务局局务会会议纪要汇编（第2册）", "会议纪要"),
    ("青湖区节水督查情况的通报", "通报"),
    ("云溪市国民经济和社会发展第八个五年计划纲要", "规划"),
    ("2022年青湖区人民政府决算公开", "政府决算"),
    ("青湖区人民政府办公室2022年决算公开", "部门决算"),
    ("青湖区林业局2021年工作总结和2022年工作计划", None),
    ("青湖区林业局2021年工作总结", None),
    ("青湖区水务局行政执法", None),
    ("节水的方法", None),
]


@pytest.mark.parametrize(("title", "kind"), CASES)
def test_finds_the_kind_in_a_title(title: str, kind: str | None) -> None:
    assert kind_of(title) == kind


@given(st.sampled_from(["通知", "批复", "函", "通报", "决定"]), st.sampled_from(CASES))
def test_the_last_word_of_a_document_decides(last: str, case: tuple[str, str | None]) -> None:
    assert kind_of(f"云溪市财政局关于印发《{case[0]}》的{last}") == last


def test_every_rule_is_complete_and_no_kind_is_in_two_groups() -> None:
    path = Path(kinds.__file__).with_name("report_kinds.csv")
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    groups: dict[str, str] = {}
    for row in rows:
        assert all(row.values()), row
        assert re.compile(row["pattern"])
        assert row["group"] in ("report", "document")
        assert groups.setdefault(row["kind"], row["group"]) == row["group"]
    assert set(KINDS) == set(groups)
    assert is_document("通知")
    assert not is_document("部门决算")
    assert not is_document(None)


def test_long_titles_take_little_time() -> None:
    assert kind_of("预算（" * 200) == "部门预算"
    assert kind_of("（" * 400) is None
