import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.model import FactBox, Properties
from baocha_indexer.structure.metadata import metadata_from, unknown_fields

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
        ("（云溪）2021年青湖县人民政府工作报告（全文）", "青湖县人民政府", 2021, "政府工作报告"),
        ("（东原省）2021年青湖县人民政府工作报告", "青湖县人民政府", 2021, "政府工作报告"),
        (
            "政府工作报告——2011年3月5日在第十一届全国人民代表大会第四次会议上",
            "国务院",
            2011,
            "政府工作报告",
        ),
        (
            "青湖区审计局关于某建材有限公司2020年度资产情况的审计结果公告（审〔2021〕10号）",
            "青湖区审计局",
            2020,
            "审计报告",
        ),
        (
            "监督索引号5334000青湖区卫生健康委员会（本级）2024年度部门决算",
            "青湖区卫生健康委员会",
            2024,
            "部门决算",
        ),
        ("青湖区交通局局本级2022年度部门决算", "青湖区交通局", 2022, "部门决算"),
        (
            "青湖区教育和科学技术局机关2024年预算编制说明",
            "青湖区教育和科学技术局",
            2024,
            "部门预算",
        ),
        ("青湖医科大学本级2023年度部门决算", "青湖医科大学", 2023, "部门决算"),
        ("2024年度青湖区团委预算公开情况说明", "青湖区团委", 2024, "部门预算"),
        ("2022年青湖区交通运输局系统汇总部门预算公开", "青湖区交通运输局", 2022, "部门预算"),
        ("各县区乡镇2021年公益性补贴绩效评价报告", None, 2021, "绩效评价"),
        ("青湖大学2022-2023学年度信息公开年报", "青湖大学", 2022, "信息公开年度报告"),
        (
            "青湖区农林水务局2022年度项目支出部门评价报告和绩效自评表",
            "青湖区农林水务局",
            2022,
            "项目支出绩效自评",
        ),
        (
            "附件42020年度青湖区公安局交通警察大队部门决算",
            "青湖区公安局交通警察大队",
            2020,
            "部门决算",
        ),
        ("附件2020年度青湖区公安局部门决算", "青湖区公安局", 2020, "部门决算"),
        ("【决算】2023年度青湖区档案馆部门决算", "青湖区档案馆", 2023, "部门决算"),
        ("附件2：青湖区政协会议项目支出绩效评价报告2022", "青湖区政协", 2022, "绩效评价"),
        ("青湖大岭林场2017年防火经费绩效评价报告", "青湖大岭林场", 2017, "绩效评价"),
        (
            "青湖县司法局关于2021年度转移支付资金绩效的自评报告",
            "青湖县司法局",
            2021,
            "项目支出绩效自评",
        ),
        (
            "政协青湖市委员会办公室2024年度预算绩效部门评价报告",
            "政协青湖市委员会办公室",
            2024,
            "绩效评价",
        ),
        ("关于青湖县2020年财政预算执行情况的报告", "青湖县人民政府", 2020, "政府预算"),
        (
            "政府工作报告——2023年2月2日在青湖区第十八届人民代表大会第三次会议上",
            "青湖区人民政府",
            2023,
            "政府工作报告",
        ),
    ],
)
def test_finds_department_year_and_kind_in_a_title(
    title: str, department: str | None, year: int, kind: str
) -> None:
    metadata = metadata_from(title, Properties(), "x")
    assert (metadata.department, metadata.year, metadata.kind) == (department, year, kind)


@pytest.mark.parametrize(
    ("title", "department"),
    [
        # The issuer is the one who forwards, prints or answers.
        ("云溪市人民政府办公室转发市教委关于扩大规模请示的通知", "云溪市人民政府办公室"),
        ("云溪市财政局转发省财政厅关于开展自评工作的通知", "云溪市财政局"),
        ("云溪市人民政府印发云溪市节水办法的通知", "云溪市人民政府"),
        ("转发财政部关于开展绩效自评工作的通知", None),
        ("云溪市水务局对市人大五次会议第18号建议的答复", "云溪市水务局"),
        ("青政办发〔2023〕12号 青湖县人民政府办公室关于印发节水方案的通知", "青湖县人民政府办公室"),
        ("青湖县人民政府办公室文件关于印发节水方案的通知", "青湖县人民政府办公室"),
        # Several issuers.
        ("云溪市财政局 云溪市税务局关于税收政策的公告", "云溪市财政局、云溪市税务局"),
        ("云溪市财政局、云溪市税务局关于税收政策的公告", "云溪市财政局、云溪市税务局"),
        (
            "中共云溪市委办公室 云溪市人民政府办公室印发《节水意见》",
            "中共云溪市委办公室、云溪市人民政府办公室",
        ),
        ("中共中央 国务院关于加强节水的意见", "中共中央、国务院"),
        ("云 溪 市 财 政 局 关于税收政策的公告", "云溪市财政局"),
        ("教育部等五部门关于加强节水的通知", "教育部"),
        # The government of a place.
        ("北京市2023年预算执行情况和2024年预算草案的报告", "北京市人民政府"),
        ("关于东原省2022年财政决算草案的报告", "东原省人民政府"),
        ("关于2023年中央和地方预算执行情况与2024年预算草案的报告", "国务院"),
        ("云溪市青湖区2024年区级部门预算", None),
        ("云溪市2024年市级单位预算", None),
        # The organ that a document begins with.
        ("云溪市自然资源和规划局土地挂牌出让公告", "云溪市自然资源和规划局"),
        ("云溪市水务局党组会议纪要", "云溪市水务局"),
        ("云溪市财政局召开预算工作会议", "云溪市财政局"),
        ("中华人民共和国财政部令第99号", "财政部"),
        ("云溪市供水管理条例", None),
        ("关于做好2024年部门预算编制工作的通知", None),
        ("2022年度中央部门决算公开情况", None),
    ],
)
def test_finds_the_issuer_of_a_document(title: str, department: str | None) -> None:
    assert metadata_from(title, Properties(), "x").department == department


WORDS = [
    *"云溪市区县局部委院〔〕（）《》、 0129年月日第号令的和至-",
    "关于", "转发", "印发", "通知", "公告", "2023年", "预算执行情况", "草案", "决算", "绩效自评",
    "人民政府", "办公厅", "国发", "附件1", "某某", "XX", "等三部门", "\u3000",
]  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), max_size=14).map("".join)


@given(texts, texts, texts)
def test_any_title_gives_metadata_with_an_origin_for_each_known_value(
    title: str, file_title: str, stem: str
) -> None:
    box = FactBox(issuer=file_title, number=title, date=stem)
    found = metadata_from(title, Properties(file_title, stem, box), stem)
    known = {"title": found.title, "department": found.department, "year": found.year}
    assert {name for name, value in known.items() if value} == set(found.origins) - {"kind"}
    assert ("kind" in found.origins) == (found.kind != "其他")
    assert (found.year in found.years) if found.year else found.years == ()
    assert found.department is None or found.department == found.department.strip()


def test_the_file_name_gives_the_values_that_the_title_lacks() -> None:
    metadata = metadata_from(
        "部门整体支出绩效自评报告", Properties(), "青湖区水务局2022年度整体支出绩效"
    )
    assert (metadata.department, metadata.year, metadata.kind) == ("青湖区水务局", 2022, SELF)


def test_a_value_that_is_not_found_is_unknown_and_gives_a_warning() -> None:
    metadata = metadata_from("", Properties(), "004")
    assert (metadata.title, metadata.department, metadata.year, metadata.kind) == (
        "004",
        None,
        None,
        "其他",
    )
    assert len(list(unknown_fields(metadata))) == 2


def test_year_and_department_are_not_guessed_from_other_words() -> None:
    metadata = metadata_from("关于2022年度区本级预算执行的审计报告", Properties(), "W020230901")
    assert (metadata.department, metadata.year) == (None, 2022)
    assert metadata_from("某项目绩效评价报告", Properties(), "x").year is None


def test_a_more_reliable_source_has_priority() -> None:
    properties = Properties("青湖区教育局2021年部门决算", "青湖区财政局")
    metadata = metadata_from("青湖区水务局部门决算", properties, "2020年决算")
    assert (metadata.department, metadata.year) == ("青湖区水务局", 2021)
    assert metadata_from("", Properties("", "青湖区财政局"), "2020").department == "青湖区财政局"
    assert metadata_from("", Properties(), "青湖区水务局2022").department == "青湖区水务局"
