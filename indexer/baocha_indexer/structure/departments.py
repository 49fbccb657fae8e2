"""Find the name of the department in a title.

The name comes before the words for the report: 信息化局|部门整体支出. If a project or subject is
between them, the name ends at the year, or after a typical last word of an organ.
"""

import re

from baocha_indexer.structure.kinds import is_document
from baocha_indexer.text import fold_character
from baocha_indexer.vocabulary import split_places

_DATE = re.compile(r"(?:(?:19|20)\d{2}年)?\d{1,2}月(?:\d{1,2}日)?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?|[一二][〇○零0Oo一二三四五六七八九]{3}年度?")
# Where the name of the department ends and the name of the report begins.
_END = re.compile(
    r"部门整体|整体支出|整体绩效|部门决算|部门预算|单位决算|单位预算|部门绩效|单位绩效|"
    r"决算|预算|项目支出|项目绩效|专项资金|绩效(?:自评|评价)|审计(?!局|厅|署|处|委|办|师|中心)|"
    r"政府工作报告|(?<!人民)政府信息公开|信息公开"
)
_ORGAN = (
    "委员会|管委会|党委|党组|办公室|办公厅|办事处|人民政府|政府|人民法院|人民检察院|联合会|总工会|"
    "局|厅|院|中心|站|所|校|馆|政协|会(?!议|计)|大学|中学|小学|社|队|部(?!门)|处|委|园|林场|农场|牧场|渔场|团(?!委)|公司|集团|银行|署"
)
_ORGAN_FIRST = re.compile(rf"^.{{2,}}?(?:{_ORGAN})")
_ORGAN_WHOLE = re.compile(
    rf"^.{{2,}}(?:{_ORGAN}|镇|乡|街道)$|^.+(?:妇联|残联|文联|侨联|工商联|科协)$|"
    r"^(?:中共中央|共青团中央|全国人大)$"
)
_MEETING = re.compile(
    r"(?:动员|部署|推进|座谈|现场|专题|交流|发布|汇报|研讨|启动|总结|表彰|调度|培训)会$"
)
# Before these words stands the organ that issues: it passes on what other organs wrote.
_ISSUES = re.compile(
    r"(?:文件)?关于|转发|批转|印发|公布|发布|公告|通告|令(?=[（(]?第|$)|"
    r"(?:党组|党委)?(?:扩大会)?(?:召开|举行|举办)|(?:有关|主要)?(?:负责人|负责同志|新闻发言人)|"
    r"(?:党组|党委)?(?:扩大)?(?:常务|办公|专题|党组|党委|全体)会(?=.*纪要)|对(?=.*的(?:答复|复函|批复)$)"
)
_BETWEEN_ORGANS = re.compile(r"[\s、,，]+")
_AND_OTHERS = re.compile(r"等[一二三四五六七八九十\d]{0,3}(?:个)?(?:部门|单位|部委|机关)$")
_PASSES_ON = re.compile(r"^(?:转发|批转|印发)")
_STRONG_FIRST = re.compile(
    r"^.{0,20}?(?:局|厅|委员会|管委会|人民政府|人民法院|人民检察院|(?<=[革康建资利])委(?![员托派任]))"
    r"(?!机关|长)(?:办公室|办公厅)?"
)
_PERSON = re.compile(
    r"[省市州县区镇乡](?:长|委书记).{0,4}(?:调研|考察|检查|督导|走访|慰问|主持|出席)"
)
_NATIONAL_ORGAN = re.compile(r"^国家.{2,14}?(?:总局|局|委员会|署)(?!长)")
# Before a title may stand its series, 【政策文件】, or its issue: 2023年第7号（总第68号）.
_SERIES = re.compile(
    r"^(?:【[^】\d]{1,12}】|(?:(?:19|20)\d{2}年)?第\d+[号期](?:[（(]总第\d+[号期][）)])?(?:公告)?[:：]?)+"
)
_PLACEHOLDER = re.compile(r"[XxＸ×*＊]{2,}|某某")
_LEVEL_AT_END = re.compile(r"(?:[省市区县镇乡州]|本)级(?:政府)?$")
_INNER = re.compile(
    r"^(?:办公室|办公厅|机关|[\u4e00-\u9fff]{2,6}(?:支队|大队|总队|分局|中队|监管局|税务局|调查队))"
)
_BRACKETS = re.compile(
    r"^[（(](?:[^（）()]{2,7}[省市区]|[^（）()]{2,3})[）)]|[（(【〔\[《][^）)】〕\]》]*[）)】〕\]》]$|[（(【〔\[《][）)】〕\]》]"
)
_AROUND = re.compile(
    r"^(?:监督索引号|关于|印发|公开|公布|报送|的|[\d\s._、《〈“-])+|"
    r"(?:关于|(?<=[局厅委会院校站心所处府])(?:部门|单位)|(?:(?<=[局厅委会院])[局厅委会院])?本级|系统|汇总|的|(?<=[局厅委会院])机关|[-_—\s])+$"
)
_PLACE = re.compile(r"^(?!全|本)[^及]{1,20}[省市区县旗州盟镇乡]$")
_CONGRESS = re.compile(r"(?:在|^)([^在—]{2,20}?[省市区县旗州盟镇乡])第.{1,6}届人民代表大会")
_NATIONAL = "届全国人民代表大会"
_MANY = "各"
_LEVELS = (
    "市级", "省级", "区级", "县级", "市本级", "区本级", "县本级", "省本级",
    "全市", "全区", "全县", "中央",
)  # fmt: skip
_LAST = re.compile(rf"[（(—–-]+([^（）()—–-]{{2,}}(?:{_ORGAN}))[）)]?$")
_MAX_NAME = 40
_MAX_NAMES = 120
_CODE = re.compile(r"^[\[【（(]?\d{3,}[\]】）)]?[-—_\s]*")
_NO_NAME = re.compile(rf"[：:。，；,;|\d]|{_PLACEHOLDER.pattern}")
_REGION_ONLY = re.compile(r"^.{1,20}[省市区县旗州盟]$")
_OF_GOVERNMENT = ("政府预算", "政府决算")
_OF_DEPARTMENT = ("部门预算", "部门决算")
_REGION = re.compile(r"[\u4e00-\u9fff]{2,5}|[\u4e00-\u9fff]{2,10}自治[区州县旗]")
_OF_THE_WHOLE = ("决算", "预算")


def department_in(title: str, kind: str | None) -> str | None:
    """Return the department in a title, or None.

    `kind`: the kind of report in the title. The title must be in simplified characters.
    """
    spaced = _SERIES.sub("", title.strip())
    title = "".join(spaced.split())
    text = _DATE.sub("", title)
    if kind == "政府工作报告":
        return _government(text, kind)
    end = None if is_document(kind) else _END.search(text)
    found = _issuers(spaced) or _author(text) or (_before(text, end) if end else None)
    if found is None and (kind is None or is_document(kind)):
        found = _organ_of_place(text)
    if found and _LEVEL_AT_END.search(found):
        found = None
    if kind in _OF_GOVERNMENT and (found is None or _PLACE.match(found)):
        found = _government_of_place(text)
    if kind in _OF_DEPARTMENT and found and _REGION_ONLY.match(found):
        found = None
    if kind == "信息公开年度报告":
        place = found or _trimmed(_YEAR.sub("", text[: end.start()] if end else text))
        found = f"{place}人民政府" if _PLACE.match(place) else found
    if found is None:
        last = _LAST.search(_YEAR.sub("", text))
        found = last[1] if last else None
    if found and (_MANY in found or found in _LEVELS or _PLACEHOLDER.search(found)):
        return None
    return found


def organ_name(text: str) -> str | None:
    """Return the name in a text that is only the name of an organ, else None."""
    name = _trimmed(_CODE.sub("", text.strip()))
    is_name = len(name) <= _MAX_NAME and _ORGAN_WHOLE.match(name) and not _NO_NAME.search(name)
    return name if is_name else None


def _issuers(title: str) -> str | None:
    """Return the organs before 关于, 印发 or 转发 in a title: several are separated by 、."""
    begin = _ISSUES.search(title)
    if begin is None:
        return None
    before = _AND_OTHERS.sub("", title[: begin.start()].strip('《 “"'))
    names = [_trimmed(name) for name in _BETWEEN_ORGANS.split(before) if name]
    if len(names) < 2 or not all(map(_ORGAN_WHOLE.match, names)):
        # The spaces may be inside a name: 国 务 院.
        names = [_trimmed(_YEAR.sub("", "".join(before.split())))]
        if "、" in names[0] or not _ORGAN_WHOLE.match(names[0]):
            return None
    if _MEETING.search(names[-1]):
        return None
    together = "、".join(names).removeprefix("中华人民共和国")
    return together if len(together) <= _MAX_NAMES else None


def _organ_of_place(text: str) -> str | None:
    """Return the organ that a title begins with: 云溪市水务局权责清单. It begins with its place or 国家."""
    if _PERSON.search(text) or _PASSES_ON.match(text):
        return None
    if national := _NATIONAL_ORGAN.match(text):
        return national[0] + _inner(text[national.end() :])
    places, rest = split_places(text)
    organ = _STRONG_FIRST.match(rest)
    return "".join(places) + organ[0] if places and organ and _REGION.fullmatch(places[0]) else None


def _government_of_place(text: str) -> str | None:
    """Return the government of the place that a title names: 北京市2023年预算执行情况的报告."""
    if "中央" in text:
        return "国务院"
    for part in _YEAR.split(text):
        name = _trimmed(part)
        place = name if _PLACE.match(name) else "".join(split_places(name)[0])
        if _PLACE.match(place):
            return f"{place}人民政府"
    return None


def _government(text: str, kind: str) -> str | None:
    """Return the government in the title of a work report: that of the congress, or the first words."""
    if _NATIONAL in text:
        return "国务院"
    congress = _CONGRESS.search(_YEAR.sub("", text))
    before = _trimmed(_YEAR.sub("", text.partition(kind)[0])).removesuffix("人民")
    place = congress[1] if congress else before
    if _LEVEL_AT_END.search(place):
        return None
    return place if not place or place.endswith("政府") else f"{place}人民政府"


def department_from_name(name: str) -> str | None:
    """Return a name without its year if it is only the name of a department, else None."""
    name = _trimmed(_YEAR.sub("", name))
    return name if len(name) <= _MAX_NAME and _ORGAN_WHOLE.match(name) else None


def _author(text: str) -> str | None:
    """Return the organ that a title begins with: 某局2021年工作总结, 某局关于…的公告."""
    begin = re.split(r"关于", _YEAR.sub("\n", text), maxsplit=1)[0].split("\n")[0]
    name = _trimmed(begin)
    if _PASSES_ON.match(begin):
        return None
    return name if name != text and len(name) <= _MAX_NAME and _ORGAN_WHOLE.match(name) else None


def _before(text: str, end: re.Match[str]) -> str | None:
    split = [_trimmed(part) for part in _YEAR.sub("\n", text[: end.start()]).split("\n")]
    parts = [part for part in split if part]
    if not parts:
        return None
    if end[0].startswith(("部门", "单位", "整体")) and len("".join(parts)) <= _MAX_NAME:
        return _trimmed("".join(parts))
    if end[0] in _OF_THE_WHOLE and _ORGAN_WHOLE.match(parts[-1]):
        return parts[-1]
    # A year is between a department and its project, or after both.
    if len(split) > 1 and split[0] and (whole := next(filter(_ORGAN_WHOLE.match, parts), None)):
        return whole
    for part in parts:
        if found := _ORGAN_FIRST.match(part):
            return found[0] + _inner(part[found.end() :])
    return parts[0] if _ORGAN_WHOLE.match(parts[0]) else None


def _inner(text: str) -> str:
    """Return the part of an organ that the text behind its name begins with, or an empty text."""
    inner = _INNER.match(text)
    return inner[0] if inner else ""


def simplified(text: str) -> str:
    """Return `text` with each traditional character replaced by its simplified form."""
    return "".join(fold_character(char) if "\u4e00" <= char <= "\u9fff" else char for char in text)


def _trimmed(text: str) -> str:
    return _AROUND.sub("", _BRACKETS.sub("", _AROUND.sub("", text)))
