import pytest

from indexer.model import UNKNOWN, Properties
from indexer.structure.metadata import metadata_from, unknown_fields

SELF = "部门整体支出绩效自评"


@pytest.mark.parametrize(
    ("title", "department", "year", "kind"),
    [
        ("2022 年度云溪市青湖区水务局部门整体支出绩效自评报告", "云溪市青湖区水务局", 2022, SELF),
        ("云溪市青湖区水务局2021年部门整体支出绩效自评报告", "云溪市青湖区水务局", 2021, SELF),
        ("青湖区水务局部门整体支出绩效自评报告（2021年度）", "青湖区水务局", 2021, SELF),
        (
            "二○二二年度青湖区科技和信息化局部门整体支出绩效自评报告",
            "青湖区科技和信息化局",
            2022,
            SELF,
        ),
        ("附件2：青湖区水务局2023年部门整体支出绩效评价报告", "青湖区水务局", 2023, "绩效评价"),
        ("关于2023年度青湖区教育局部门整体支出绩效自评的报告", "青湖区教育局", 2023, SELF),
        (
            "青湖区水务局2023年度农村供水项目支出绩效自评报告",
            "青湖区水务局",
            2023,
            "项目支出绩效自评",
        ),
        (
            "青湖区水务局农村供水项目支出绩效自评报告（2023年度）",
            "青湖区水务局",
            2023,
            "项目支出绩效自评",
        ),
        ("青湖经济开发区管理委员会2022年度部门决算", "青湖经济开发区管理委员会", 2022, "部门决算"),
        ("云溪市青湖区2023年政府工作报告", "云溪市青湖区人民政府", 2023, "政府工作报告"),
        ("青湖区教育局2022年政府信息公开工作年度报告", "青湖区教育局", 2022, "信息公开年度报告"),
        ("2022年云溪市政府信息公开工作年度报告", "云溪市人民政府", 2022, "信息公开年度报告"),
        ("荻岸镇人民政府2022年信息公开年度报告", "荻岸镇人民政府", 2022, "信息公开年度报告"),
        ("青湖区审计局2022年部门决算", "青湖区审计局", 2022, "部门决算"),
        (
            "云溪市人民政府关于2022年度市级预算执行的审计工作报告",
            "云溪市人民政府",
            2022,
            "审计报告",
        ),
        ("雲溪市人民政府關於2022年度審計工作報告", "云溪市人民政府", 2022, "审计报告"),
        ("2023年度云溪市第一人民医院单位决算", "云溪市第一人民医院", 2023, "部门决算"),
        ("青湖区人民检察院2022年度（本级）部门决算", "青湖区人民检察院", 2022, "部门决算"),
        ("青湖区检察院部门2022年度部门决算", "青湖区检察院", 2022, "部门决算"),
        ("青湖区水务局（青湖区河长办）2022年部门预算", "青湖区水务局", 2022, "部门预算"),
        ("101001中共青湖区委组织部2024年单位预算说明", "中共青湖区委组织部", 2024, "部门预算"),
        (
            "青湖区公安局交通警察大队部门整体支出绩效自评报告2022",
            "青湖区公安局交通警察大队",
            2022,
            SELF,
        ),
        (
            "青湖区荻岸镇中心学校2022年项目支出绩效自评报告",
            "青湖区荻岸镇中心学校",
            2022,
            "项目支出绩效自评",
        ),
        ("青湖区公安局2021年社会治安体系建设项目绩效评价报告", "青湖区公安局", 2021, "绩效评价"),
        ("青开委2018年—2021年隧道项目绩效评价报告", "青开委", 2021, "绩效评价"),
        ("部门整体支出绩效自评报告（青湖区水务局）2022年度", "青湖区水务局", 2022, SELF),
        ("公告：青湖区审计局2022年第3号审计结果公告", "青湖区审计局", 2022, "审计报告"),
        ("2024年8月公布的青湖区教育局2023年度部门决算", "青湖区教育局", 2023, "部门决算"),
        ("青湖区林业局2021年工作总结", "青湖区林业局", 2021, "其他"),
        ("青湖区水务局关于2022年工作情况的报告", "青湖区水务局", 2022, "其他"),
        ("二〇二三年度青湖区财政局部门预算", "青湖区财政局", 2023, "部门预算"),
        (
            "政府工作报告——2023年2月2日在青湖区第十八届人民代表大会第三次会议上",
            "青湖区人民政府",
            2023,
            "政府工作报告",
        ),
    ],
)
def test_reads_a_title(title: str, department: str, year: int, kind: str) -> None:
    metadata = metadata_from(title, Properties(), "x")
    assert (metadata.department, metadata.year, metadata.kind) == (department, year, kind)


def test_the_file_name_helps_where_the_title_does_not_say() -> None:
    metadata = metadata_from(
        "部门整体支出绩效自评报告", Properties(), "青湖区水务局2022年度整体支出绩效"
    )
    assert (metadata.department, metadata.year, metadata.kind) == ("青湖区水务局", 2022, SELF)


def test_what_cannot_be_told_is_unknown_and_said() -> None:
    metadata = metadata_from("", Properties(), "004")
    assert (metadata.title, metadata.department, metadata.year, metadata.kind) == (
        "004",
        UNKNOWN,
        None,
        "其他",
    )
    assert len(list(unknown_fields(metadata))) == 2


def test_the_year_and_the_department_are_never_guessed_wildly() -> None:
    metadata = metadata_from("关于2022年度区本级预算执行的审计报告", Properties(), "W020230901")
    assert (metadata.department, metadata.year) == (UNKNOWN, 2022)
    assert metadata_from("某项目绩效评价报告", Properties(), "x").year is None


def test_what_is_trusted_more_goes_before_what_is_trusted_less() -> None:
    properties = Properties("青湖区教育局2021年部门决算", "青湖区财政局")
    metadata = metadata_from("青湖区水务局部门决算", properties, "2020年决算")
    assert (metadata.department, metadata.year) == ("青湖区水务局", 2021)
    assert metadata_from("", Properties("", "青湖区财政局"), "2020").department == "青湖区财政局"
    assert metadata_from("", Properties(), "青湖区水务局2022").department == "青湖区水务局"
