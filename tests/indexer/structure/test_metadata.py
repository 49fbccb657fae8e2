import pytest

from indexer.model import UNKNOWN
from indexer.structure.metadata import metadata_from

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
    ],
)
def test_reads_a_title(title: str, department: str, year: int, kind: str) -> None:
    metadata, warnings = metadata_from(title, "x")
    assert (metadata.department, metadata.year, metadata.kind) == (department, year, kind)
    assert warnings == []


def test_the_file_name_helps_where_the_title_does_not_say() -> None:
    metadata, warnings = metadata_from(
        "部门整体支出绩效自评报告", "青湖区水务局2022年度整体支出绩效"
    )
    assert (metadata.department, metadata.year, metadata.kind) == ("青湖区水务局", 2022, SELF)
    assert warnings == []


def test_what_cannot_be_told_is_unknown_and_said() -> None:
    metadata, warnings = metadata_from("", "004")
    assert (metadata.title, metadata.department, metadata.year, metadata.kind) == (
        "004",
        UNKNOWN,
        None,
        "其他",
    )
    assert len(warnings) == 2
