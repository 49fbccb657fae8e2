"""Invented reports that share text."""

import re
from random import Random

WATER, SCHOOLS, FINANCE = "云溪市青湖区水务局", "云溪市青湖区教育局", "云溪市青湖区财政局"
KIND = "部门整体支出绩效自评报告"

LEVEE = "针对上述问题，将进一步健全堤防巡查制度，压实管护责任，完善汛期值守安排，确保隐患及时发现并整改到位"
"""A sentence that is long enough to be a copy. It has no year, no number and no name."""

_WORDS = re.split(
    " ",
    "沟渠 泵站 水厂 管网 校舍 课桌 操场 书包 堤坝 闸门 苗圃 林地 田埂 仓库 码头 渡口 灯塔 货棚 粮仓 磨坊 "
    "修缮 清理 检修 更换 加固 粉刷 疏浚 盘点 登记 核验 抽查 回访 培训 演练 值守 巡护 补种 采样 化验 公示",
)


def filler(seed: int, paragraphs: int = 1) -> str:
    """Return paragraphs that share no long passage with those of another seed."""
    random = Random(seed)
    return "\n".join(
        "、".join(random.choice(_WORDS) for _ in range(30)) + "。" for _ in range(paragraphs)
    )


def report(department: str, year: int, *paragraphs: str, kind: str = KIND) -> tuple[str, str]:
    """Return the name of the file of a report, and its text."""
    title = f"{department}{year}年度{kind}"
    lines = (title, "一、基本情况", *paragraphs)
    return f"{title}.txt", "\n".join(lines) + "\n"


def files(*reports: tuple[str, str]) -> dict[str, str | bytes]:
    """Return files for an index, by their names."""
    return dict(reports)
