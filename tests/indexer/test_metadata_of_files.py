"""Metadata of short invented files, with the source of each value."""

import pytest

from baocha_indexer.model import Metadata
from baocha_indexer.parse import parse
from baocha_indexer.sources import Declaration

BODY = "为做好有关工作，现将有关事项通知如下，请认真贯彻执行。\n一、总体要求\n坚持节水优先，统筹推进各项工作。"


def metadata(text: str, name: str = "001.txt") -> Metadata:
    return parse(text.encode(), name).metadata


def origin(found: Metadata, field: str) -> str:
    return found.origins[field].source


TOOLS = [
    "下载\n打印\n全屏\n收藏",
    "【字体：大 中 小】",
    "打印 下载 收藏 关闭",
    "首页 > 政务公开 > 财政信息",
    "【打印】【关闭】",
    "索引号：0001/2023-00012\n发布机构：青湖区人民政府办公室",
    "分享到：\n微信 微博",
    "字体大小：大 中 小",
    "A+\nA-",
]


@pytest.mark.parametrize("tools", TOOLS)
def test_what_a_site_writes_above_a_title_is_not_the_title(tools: str) -> None:
    title = "青湖区水务局2023年度部门决算"
    report = parse(f"{tools}\n{title}\n一、概况\n收支平衡，略有结余。\n".encode(), "001.txt")
    assert report.metadata.title == title
    assert report.metadata.department == "青湖区水务局"
    # Nothing is removed.
    kept = "".join("".join(p.text.split()) for p in report.paragraphs)
    assert "".join(tools.split()) in kept


def test_the_lines_above_the_breadcrumbs_of_a_site_are_not_the_title() -> None:
    found = metadata(f"青湖政务网\n政府信息公开\n首页 > 公文\n青湖区水务局关于节水的通知\n{BODY}\n")
    assert found.title == "青湖区水务局关于节水的通知"


def test_rows_of_a_fact_box_are_not_the_title() -> None:
    found = metadata(
        "索引号 | 001 | 发布机构 | 青湖区水务局\n名称 | 关于节水的通知 | 发布日期 | 2023-03-01\n"
        f"关于节水的通知\n{BODY}\n"
    )
    assert (found.title, found.department, found.year) == ("关于节水的通知", "青湖区水务局", 2023)


@pytest.mark.parametrize(
    "head",
    [
        "青湖区水务局文件\n青水〔2022〕31号",
        "000123\n机密★1年\n特急\n青 湖 区 水 务 局 文 件\n青水〔2022〕31号  签发人：张三",
    ],
)
def test_the_head_of_an_official_document_gives_issuer_and_number(head: str) -> None:
    found = metadata(f"{head}\n关于做好节水工作的通知\n各镇水管站：\n{BODY}\n")
    assert (found.title, found.department) == ("关于做好节水工作的通知", "青湖区水务局")
    assert (found.document_number, origin(found, "department")) == ("青水〔2022〕31号", "cover")


def test_issuers_on_lines_of_their_own_are_several() -> None:
    found = metadata(f"青湖区水务局\n青湖区财政局\n关于做好节水工作的通知\n各镇水管站：\n{BODY}\n")
    assert found.department == "青湖区水务局、青湖区财政局"


@pytest.mark.parametrize("tools", TOOLS)
def test_what_a_site_writes_below_a_title_is_not_part_of_it(tools: str) -> None:
    title = "青湖区水务局关于做好节水工作的通知"
    report = parse(f"{title}\n{tools}\n{BODY}\n".encode(), "001.txt")
    assert report.metadata.title == title


def test_words_of_a_title_are_no_tools() -> None:
    assert metadata(f"大\n中型水库\n2023年度部门决算\n{BODY}").title == "大中型水库2023年度部门决算"


def test_the_fact_box_of_a_text_file_gives_issuer_number_and_year() -> None:
    found = metadata(
        "索 引 号：0001/2023-00012\n主题分类：水务\n发文机关：青湖区水务局\n成文日期：2022年12月28日\n"
        "标 题：关于做好节水工作的通知\n发文字号：青水〔2022〕31号\n发布日期：2023年01月06日\n"
        f"关于做好节水工作的通知\n{BODY}\n"
    )
    assert (found.title, found.department) == ("关于做好节水工作的通知", "青湖区水务局")
    assert (found.year, found.kind) == (2022, "通知")
    assert found.document_number == "青水〔2022〕31号"
    assert origin(found, "department") == "fact box"
    assert origin(found, "year") == "document number"
    assert found.origins["year"].certainty == "certain"
    assert (found.published, found.origins["published"].certainty) == ("2023-01-06", "certain")


def test_a_document_is_published_on_the_day_of_writing_or_later() -> None:
    found = metadata(
        "发布机构：青湖区水务局\n成文日期：2022年12月28日\n发文字号：青水〔2022〕31号\n"
        f"关于做好节水工作的通知\n{BODY}\n"
    )
    assert (found.published, found.origins["published"].certainty) == ("2022-12-28", "guess")
    assert metadata(f"青湖区水务局2022年部门决算\n{BODY}\n").published is None


def test_the_date_of_the_fact_box_has_priority_over_the_date_of_publication() -> None:
    found = metadata(
        "发布机构：青湖区水务局\n发布日期：2023年01月06日\n成文日期：2022年12月28日\n"
        f"关于做好节水工作的通知\n{BODY}\n"
    )
    assert (found.department, found.year) == ("青湖区水务局", 2022)
    assert (origin(found, "department"), origin(found, "year")) == ("fact box", "fact box")


def test_a_document_number_below_the_title_gives_the_year() -> None:
    found = metadata(
        f"青湖区水务局关于做好节水工作的通知\n青水〔2022〕31号\n各镇水管站：\n{BODY}\n"
    )
    assert found.title == "青湖区水务局关于做好节水工作的通知"
    assert (found.department, found.year) == ("青湖区水务局", 2022)
    assert (origin(found, "department"), origin(found, "year")) == ("title", "document number")


def test_a_well_known_document_number_gives_the_issuer() -> None:
    found = metadata(f"关于做好节水工作的通知\n财预〔2022〕31号\n各省财政厅：\n{BODY}\n")
    assert (found.department, origin(found, "department")) == ("财政部", "document number")
    found = metadata(f"关于做好节水工作的通知\n京财预〔2022〕31号\n各区财政局：\n{BODY}\n")
    assert found.department == "北京市财政局"
    assert found.origins["department"].certainty == "guess"


def test_the_signature_gives_department_and_year() -> None:
    found = metadata(
        f"关于做好节水工作的通知\n各镇水管站：\n{BODY}\n青湖区水务局\n2022年12月28日\n附件：名单\n"
    )
    assert (found.department, found.year) == ("青湖区水务局", 2022)
    assert (origin(found, "department"), origin(found, "year")) == ("signature", "signature")
    found = metadata(
        f"关于做好节水工作的通知\n{BODY}\n青湖区水务局 青湖区财政局\n二〇二二年十二月二十八日\n"
    )
    assert (found.department, found.year) == ("青湖区水务局、青湖区财政局", 2022)


def test_the_year_of_a_report_is_a_guess_if_only_its_signature_has_one() -> None:
    found = metadata(
        "青湖区水务局部门整体支出绩效自评报告\n一、概况\n收支平衡，略有结余。\n青湖区水务局\n2023年3月1日\n"
    )
    assert found.year == 2023
    assert found.origins["year"].certainty == "guess"


@pytest.mark.parametrize(
    "cover",
    [
        "预算主管部门：青湖区荻岸街道办事处",
        "预算单位：青湖区荻岸街道办事处",
        "预算单位：青湖区荻岸街道办事处…………",
        "编制部门： 青湖区荻岸街道办事处",
        "部门名称: 青湖区荻岸街道办事处 | 部门编码:201",
        "单位名称（公章）：[201]青湖区荻岸街道办事处",
        "项目主管部门及代码：201-青湖区荻岸街道办事处",
    ],
)
def test_the_cover_gives_the_department_that_the_title_lacks(cover: str) -> None:
    found = metadata(f"云溪市青湖区2025年区级部门预算\n{cover}\n一、主要职能\n负责辖区各项工作。\n")
    assert (found.department, origin(found, "department")) == ("青湖区荻岸街道办事处", "cover")
    assert (found.year, found.kind) == (2025, "部门预算")
    assert (found.level, found.region) == ("乡", "青湖区荻岸街道")


@pytest.mark.parametrize(
    "line",
    [
        "2023-05-06 10:22 来源：青湖日报",
        "2023年5月6日 10:22:05",
        "来源：青湖日报 2023-05-06",
        "发布时间：2023-05-06 来源：青湖区水务局 浏览次数：12",
        "2023/05/06",
    ],
)
def test_the_line_with_the_date_of_a_news_page_gives_the_year(line: str) -> None:
    found = metadata(
        f"青湖区水务局召开节水工作会议\n{line}\n5月5日，会议在城区召开，部署了各项工作。\n"
    )
    assert (found.title, found.kind) == ("青湖区水务局召开节水工作会议", "新闻")
    assert (found.department, found.year) == ("青湖区水务局", 2023)


def test_the_date_of_publication_of_a_page_is_a_guess() -> None:
    page = (
        '<meta name="PubDate" content="2023-05-06 10:22"><meta name="ArticleTitle" content="市领导调研节水">'
        "<body><p>市领导到各水厂，了解节水工作，部署了各项任务。</p><p>他强调，要坚持节水优先，统筹推进。</p>"
    )
    found = metadata(page, "1.html")
    assert (found.title, found.year) == ("市领导调研节水", 2023)
    assert found.origins["year"].certainty == "guess"


def test_minutes_have_a_number_without_an_organ() -> None:
    found = metadata(f"青湖区水务局党组会议纪要\n〔2023〕5号\n{BODY}\n")
    assert (found.title, found.document_number) == ("青湖区水务局党组会议纪要", "〔2023〕5号")
    assert (found.department, found.year) == ("青湖区水务局", 2023)


def test_a_placeholder_is_no_department() -> None:
    found = metadata(
        "云溪市XX局2024年度部门决算\n预算单位：云溪市XX局\n一、概况\n收支平衡，略有结余。\n"
    )
    assert found.department is None


def test_a_law_has_the_year_of_its_last_version() -> None:
    found = metadata(
        "云溪市供水管理条例\n（2001年9月3日云溪市人大常委会通过 2018年11月6日修订）\n第一条 为了节水，制定本条例。\n"
    )
    assert (found.title, found.year, found.kind) == ("云溪市供水管理条例", 2018, "法规")
    assert found.region == "云溪市"


@pytest.mark.parametrize(
    ("below", "department", "year"),
    [
        (
            "2006年12月8日 云溪市第十二届人民代表大会常务委员会第三十三次会议通过",
            "云溪市人民代表大会常务委员会",
            2006,
        ),
        (
            """2001年3月30日 云溪市第九届人民代表大会第三次会议通过
2019年3月30日 云溪市第十五届人民代表大会常务委员会第二次会议修正
2020年1月1日起施行""",
            "云溪市人民代表大会常务委员会",
            2019,
        ),
        (
            """2019年10月30日 云溪市第九届人民代表大会常务委员会第三次会议通过
2019年11月29日 经东原省第十五届人民代表大会常务委员会第二次会议批准""",
            "云溪市人民代表大会常务委员会",
            2019,
        ),
        (
            "（1994年8月31日第八届全国人民代表大会常务委员会第九次会议通过 2021年10月23日第十三届全国人民代表大会常务委员会第三十一次会议修正，自2022年1月1日起施行）",
            "全国人民代表大会常务委员会",
            2021,
        ),
        ("（2018年9月6日国务院第23次常务会议通过）", "国务院", 2018),
    ],
)
def test_the_lines_below_the_title_of_a_law_say_who_passed_it(
    below: str, department: str, year: int
) -> None:
    found = metadata(
        f"节约用水条例\n{below}\n第一条 为了节水，制定本条例。\n第二条 本条例适用于用水活动。\n"
    )
    assert (found.title, found.department, found.year) == ("节约用水条例", department, year)
    assert (origin(found, "department"), origin(found, "year")) == ("cover", "cover")


def test_the_name_of_the_file_is_the_last_source_of_a_title() -> None:
    found = metadata("收支平衡，略有结余。\n收入增加。\n", "青湖区水务局2022年部门决算.txt")
    assert (found.title, found.department) == ("青湖区水务局2022年部门决算", "青湖区水务局")
    assert {origin(found, name) for name in ("title", "department", "year", "kind")} == {
        "file name"
    }


def test_a_declaration_wins_and_a_contradiction_is_a_warning() -> None:
    text = "青湖区水务局2022年部门决算\n一、概况\n收支平衡，略有结余。\n".encode()
    declared = Declaration(department="青湖区教育局", year=2021, kind="审计报告")
    report = parse(text, "001.txt", declared)
    found = report.metadata
    assert (found.department, found.year, found.kind) == ("青湖区教育局", 2021, "审计报告")
    assert found.years == (2021,)
    assert origin(found, "department") == "metadata.csv"
    assert origin(found, "title") == "title"
    messages = [warning.zh for warning in report.warnings]
    assert len(messages) == 3
    assert all("metadata.csv" in message and "为准" in message for message in messages)


@pytest.mark.parametrize(
    "declared",
    [
        Declaration(department="青湖区水务局", year=2022, kind="部门决算"),
        Declaration(department="云溪市青湖区水务局", kind="决算公开"),
        Declaration(title="水务局决算"),
    ],
)
def test_a_declaration_that_agrees_or_says_more_gives_no_warning(declared: Declaration) -> None:
    text = "青湖区水务局2022年部门决算\n一、概况\n收支平衡，略有结余。\n".encode()
    assert parse(text, "001.txt", declared).warnings == ()


def test_a_declared_year_of_a_range_is_no_contradiction() -> None:
    text = "云溪市节水行动计划（2021—2023年）\n一、目标\n坚持节水优先，统筹推进。\n".encode()
    report = parse(text, "001.txt", Declaration(department="云溪市水务局", year=2022))
    assert report.warnings == ()
    assert (report.metadata.year, report.metadata.years) == (2022, (2021, 2022, 2023))
