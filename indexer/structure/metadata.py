"""What a report says it is: department, year and kind, from its title, else its file name."""

import re

from indexer.messages import Message
from indexer.model import UNKNOWN, Metadata
from indexer.structure.front import ATTACHMENT
from indexer.structure.numbering import han_number

KINDS = (
    ("部门整体支出绩效自评", r"整体支出.*自评"),
    ("项目支出绩效自评", r"项目.*自评"),
    ("绩效评价", r"绩效(自评|评价)"),
    ("部门决算", r"决算"),
    ("部门预算", r"预算"),
    ("审计报告", r"审计"),
    ("政府工作报告", r"政府工作报告"),
    ("信息公开年度报告", r"信息公开.*报告"),
)
"""Kind and the pattern in a title that means it, the first that fits."""

OTHER_KIND = "其他"

_YEAR = re.compile(r"(?P<year>(?:19|20)\d{2}|[一二][〇○零一二三四五六七八九]{3})年度?")
_BARE_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?!\d)")
_LEAD_IN = re.compile(r"^(关于|中共)?(印发|公开|报送)?")
# Where the name of the department is over and the name of the report begins.
_DEPARTMENT_END = re.compile(
    r"部门整体|整体支出|部门决算|部门预算|单位决算|单位预算|决算|预算|项目支出|项目绩效|"
    r"绩效(自评|评价)|审计|政府工作报告|政府信息公开|信息公开"
)
_ORGAN = re.compile(
    r"^.{2,}?(?:委员会|管委会|办公室|办事处|人民政府|人民法院|人民检察院|局|厅|院|中心|站|所|校|馆|会|镇|街道)"
)
_BRACKETS = re.compile(r"[（(【〔\[《][）)】〕\]》]|^[-_—\s]+|[-_—\s]+$")


def metadata_from(title: str, file_stem: str) -> tuple[Metadata, list[Message]]:
    """Return what the title says, completed from the file name, and what could not be told."""
    title = compact(title)
    year = _year(title) or _year(compact(file_stem))
    kind = _kind(title) or _kind(compact(file_stem)) or OTHER_KIND
    department = _department(title) or _department(compact(file_stem)) or UNKNOWN
    warnings = []
    if department == UNKNOWN:
        warnings.append(
            Message(
                zh="标题和文件名里都看不出部门",
                en="neither the title nor the file name tells the department",
            )
        )
    if year is None:
        warnings.append(
            Message(
                zh="标题和文件名里都看不出年度",
                en="neither the title nor the file name tells the year",
            )
        )
    return Metadata(title or file_stem, department, year, kind), warnings


def compact(text: str) -> str:
    """Return `text` without white space but between Latin letters or digits."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])", "", text)


def _year(text: str) -> int | None:
    match = _YEAR.search(text) or _BARE_YEAR.search(text)
    if match is None:
        return None
    digits = match["year"]
    return int(digits) if digits.isdecimal() else han_number(digits)


def _kind(text: str) -> str | None:
    return next((kind for kind, pattern in KINDS if re.search(pattern, text)), None)


def _department(text: str) -> str | None:
    """Return the name before the words that name the report, or None.

    In 云溪市水务局2023年度供水项目支出绩效自评报告 the year parts the department from
    the project; otherwise the first name of an organ is taken.
    """
    text = _without_attachment(text)
    end = _DEPARTMENT_END.search(text)
    if end is None:
        return None
    whole = text[: end.start()]
    if _kind(text) == "政府工作报告":
        return _trimmed(_YEAR.sub("", whole)) + "人民政府" if whole else None
    if end[0].startswith(("部门", "单位", "整体")):
        return _trimmed(_YEAR.sub("", whole)) or None
    parts = [_trimmed(part) for part in _YEAR.sub("\n", whole).split("\n")]
    parts = [part for part in parts if part]
    organ = next((found for part in parts if (found := _ORGAN.match(part))), None)
    if organ is None:
        return None
    return organ.string if len(parts) > 1 else organ[0]


def _without_attachment(text: str) -> str:
    attachment = ATTACHMENT.match(text)
    return text[attachment.end() :] if attachment else text


def _trimmed(text: str) -> str:
    return _BRACKETS.sub("", _LEAD_IN.sub("", text))
