from baocha_indexer.model import Line
from baocha_indexer.parse import parse
from baocha_indexer.structure.one_line import split_one_line_reports

HEAD = "2022年度青湖区水务局部门整体支出绩效自评报告"
ONE = "青湖区水务局主管全区供水、排水和防汛工作，内设科室五个，所属事业单位三个，年末在职人员八十五人。"
TWO = (
    "全年预算执行率为97.60%，比上年提高0.4个百分点，其中基本支出执行率99.6%，项目支出执行率96.2%。"
)
THREE = "部分项目前期工作不够充分，招标时间偏晚，四季度支出占全年的三成以上，资金使用不够均衡。"
PARTS = [
    HEAD,
    "一、基本情况",
    "（一）部门概况",
    ONE * 3,
    "（二）年度任务",
    TWO * 2,
    "二、绩效自评情况",
    TWO * 3,
    "三、存在问题",
    THREE,
]


def test_a_report_on_one_line_is_split_into_its_paragraphs() -> None:
    report = parse(" ".join(PARTS).encode(), "x.txt")
    assert [paragraph.text for paragraph in report.paragraphs] == PARTS
    assert report.paragraphs[3].section_path == ("一、基本情况", "（一）部门概况")
    assert report.metadata.department == "青湖区水务局"


def test_without_spaces_only_a_heading_and_its_text_stay_together() -> None:
    found = [line.text for line in split_one_line_reports([Line("".join(PARTS))])]
    assert found == [
        HEAD,
        PARTS[1],
        PARTS[2] + PARTS[3],
        PARTS[4] + PARTS[5],
        PARTS[6] + PARTS[7],
        PARTS[8] + PARTS[9],
    ]


def test_a_long_paragraph_is_not_split() -> None:
    long = "全年工作分三个方面：" + ONE * 8 + "其中（三）项目进展顺利，二、三季度支出加快。"
    assert split_one_line_reports([Line(long)]) == [Line(long)]


def test_an_ordinal_in_a_sentence_is_not_a_heading() -> None:
    text = "本年度采取以下主要措施：" + "".join(
        f"第{n}、{'加强组织领导与资金管理，' * 8}确保落实；" for n in "一二三四五"
    )
    assert [line.text for line in split_one_line_reports([Line(text)])] == [text]
