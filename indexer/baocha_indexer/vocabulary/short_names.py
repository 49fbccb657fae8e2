"""Derive the short names and the earlier names of a department from its full name.

广州市番禺区发展和改革局 gives 番禺区发展和改革局, 区发展和改革局, 发展和改革局, and the same with 发改局.
The rules know no other departments: `department_names` finds which names are ambiguous.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product

_PLACE_END = re.compile(r"自治[区州县旗]|[省市区县旗州盟]")
# A place name ends before these: they are part of an organ, or kinds of areas without a government.
_IN_ORGAN = re.compile(r"[局委部厅院府会办署站所队校]|中心|公司")
_NO_PLACE = re.compile(
    r"(?:开发|高新|园|保税|示范|试验|度假|合作|风景|自贸|产业|社|校|景|片|库|林|矿|灾|牧|地|功能|街)区$"
)
_PLACE_LENGTHS = {"县": range(2, 9), "旗": range(2, 9)}
_OTHER_PLACE_LENGTHS = range(3, 12)

_WORDS = {
    "发展": "发", "改革": "改", "教育": "教", "科学技术": "科", "科技": "科", "工业": "工", "商务": "商",
    "信息化": "信", "经济": "经", "文化": "文", "广播电视": "广", "广电": "广", "新闻出版": "新",
    "旅游": "旅", "体育": "体", "人力资源": "人", "社会保障": "社", "住房": "住", "城乡建设": "建",
    "建设": "建", "交通": "交", "农业": "农", "林业": "林", "园林": "园", "水利": "水",
    "卫生": "卫", "健康": "健", "计划生育": "计", "规划": "规", "自然资源": "资", "国土资源": "国土",
    "民族": "民", "宗教": "宗", "宗教事务": "宗", "民族宗教事务": "民宗", "投资": "投", "促进": "促",
    "粮食": "粮", "物资储备": "储", "外事": "外",
}  # fmt: skip
"""The character that stands for a word in the short name of an organ: 科技工业商务和信息化局, 科工商信局."""

_JOINED = re.compile(
    rf"(?:(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})[和与、及]?){{2,}}(?=(局|委员会|厅|办公室|中心)$)"
)
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_ENDINGS = {"委员会": "委", "办公室": "办"}

_USUAL = (
    ("市场监督管理", ("市监", "市场监管")),
    ("城市管理和综合执法", ("城管", "城管执法")),
    ("城市管理综合执法", ("城管", "城管执法")),
    ("综合行政执法", ("综合执法",)),
    ("医疗保障", ("医保",)),
    ("应急管理", ("应急",)),
    ("退役军人事务", ("退役军人",)),
    ("政务服务数据管理", ("政数", "政务服务")),
    ("政务服务和数据管理", ("政数", "政务服务")),
    ("国有资产监督管理", ("国资",)),
    ("机关事务管理", ("机管",)),
    ("地方金融监督管理", ("金融监管", "金融")),
    ("交通运输", ("交通",)),
    ("规划和自然资源", ("规自", "规资", "资规")),
    ("自然资源和规划", ("自规", "资规")),
    ("代建项目管理", ("代建",)),
    ("环境保护", ("环保",)),
    ("安全生产监督管理", ("安监",)),
    ("扶贫开发", ("扶贫",)),
)
"""Usual short forms of the words before 局, 委员会, 办公室 or 中心."""

_BODIES = (
    (r"(.*)人民政府$", ("{0}政府",)),
    (r"(.*)人民政府办公室$", ("{0}政府办公室", "{0}政府办")),
    (r"(.*)人民代表大会常务委员会(办公室)?$", ("{0}人大常委会", "{0}人大")),
    (r"(.*)人民法院$", ("{0}法院",)),
    (r"(.*)人民检察院$", ("{0}检察院",)),
    (r"(.*)总工会$", ("{0}工会",)),
    (r"(.*)妇女联合会$", ("{0}妇联",)),
    (r"(.*)残疾人联合会$", ("{0}残联",)),
    (r"(.*)工商业联合会$", ("{0}工商联",)),
    (r"(.*)文学艺术界联合会$", ("{0}文联",)),
    (r"(.*)社会科学界联合会$", ("{0}社科联",)),
    (r"(.*)归国华侨联合会$", ("{0}侨联",)),
    (r"(.*)科学技术协会$", ("{0}科协",)),
    (r"(.*)供销合作(?:联合社|联社|总社|社)$", ("{0}供销社",)),
    (r"(.*)机构编制委员会办公室$", ("{0}编办",)),
    (r"(.+街道)办事处$", ("{0}", "{0}办")),
    (r"(.*)管理委员会$", ("{0}管委会",)),
)
"""A pattern of a whole name without its places, and its short forms."""

_GOVERNMENT = ("人民政府", "政府")
_TOWN = re.compile(r".+(?:街道|镇|乡)")

_PARTY = re.compile(r"^中(?:国共产党|共)(.+?)(委员会|纪律检查委员会)(.*)$")
_CONFERENCE = re.compile(r"^中国人民政治协商会议(.+?)委员会(办公室)?$")

_ZONE = re.compile(
    r"^(.{0,8}?)(经济技术|高新技术产业|高新技术|经济)?(开发区|综合保税区|自由贸易试验区|旅游度假区)"
    r"(管理委员会|管委会)?$"
)
_ZONES = {
    "经济技术开发区": "经开区", "经济开发区": "经开区", "高新技术产业开发区": "高新区",
    "高新技术开发区": "高新区", "综合保税区": "综保区", "自由贸易试验区": "自贸区",
    "旅游度假区": "度假区",
}  # fmt: skip

_OLD_NAMES = (
    ("农业农村局", ("农业局",)),
    ("农业农村委员会", ("农业委员会", "农委")),
    ("生态环境局", ("环境保护局", "环保局")),
    ("自然资源局", ("国土资源局", "国土局")),
    ("卫生健康局", ("卫生和计划生育局", "卫计局", "卫生局")),
    ("卫生健康委员会", ("卫生和计划生育委员会", "卫计委", "卫生局")),
    ("应急管理局", ("安全生产监督管理局", "安监局")),
    ("市场监督管理局", ("工商行政管理局", "工商局", "质量技术监督局", "质监局",
                       "食品药品监督管理局", "食药监局")),
    ("文化和旅游局", ("旅游局",)),
    ("乡村振兴局", ("扶贫开发办公室", "扶贫办")),
    ("粮食和物资储备局", ("粮食局",)),
)  # fmt: skip
"""Departments that the reform of 2018 renamed in the whole country, and 扶贫办, renamed in 2021."""


def short_names(name: str) -> tuple[str, ...]:
    """Return the short names of a department, without the name itself, the longest places first."""
    places, body = split_places(name)
    return _distinct(name, _with_places(places, (body, *_short_bodies(body, places))))


def former_names(name: str) -> tuple[str, ...]:
    """Return the usual former names of a department, most of them before the reform of 2018."""
    places, body = split_places(name)
    before = dict(_OLD_NAMES).get(body, ())
    return _distinct(name, _with_places(places, before))


def split_places(name: str) -> tuple[list[str], str]:
    """Return the places at the beginning of a name, such as 广州市 and 番禺区, and the rest."""
    if match := _PARTY.match(name):
        # 中共番禺区委员会办公室: 委 stands for the committee of the party in short names.
        committee = "委" if match[2] == "委员会" else "纪委"
        return split_places(f"{match[1]}{committee}{match[3]}")
    if match := _CONFERENCE.match(name):
        return split_places(f"{match[1]}政协")
    places: list[str] = []
    at = 0
    while (end := _place_end(name, at)) is not None:
        places.append(name[at:end])
        at = end
    return places, name[at:]


def _place_end(name: str, start: int) -> int | None:
    """Return where the place that begins at `start` ends, or None if none does."""
    for match in _PLACE_END.finditer(name, start):
        place = name[start : match.end()]
        if _IN_ORGAN.search(place):
            return None
        lengths = _PLACE_LENGTHS.get(place[-1], _OTHER_PLACE_LENGTHS)
        if len(place) in lengths and match.end() < len(name):
            return None if _NO_PLACE.search(place) else match.end()
    return None


def _with_places(places: list[str], bodies: Iterable[str]) -> Iterator[str]:
    """Yield each body after all places, fewer places, the kind of the last place, and nothing."""
    befores = ["".join(places[at:]) for at in range(len(places))]
    if places:
        end = _PLACE_END.findall(places[-1])[-1]
        befores += [end if end == "自治区" else end[-1], ""]
    for before, body in product(befores or [""], bodies):
        # 政府 alone names no government, and 区大石镇政府 is not used.
        needs_place = body in _GOVERNMENT or body.startswith("委")
        has_place = before in befores[: len(places)]
        if has_place or (before and not _TOWN.match(body)) or not (before or needs_place):
            yield before + body


def _short_bodies(body: str, places: list[str]) -> Iterator[str]:
    """Yield the short forms of a name without its places."""
    if zone := _ZONE.match(body):
        yield from _of_zone(zone)
        return
    for words, usual in _USUAL:
        if body.startswith(words):
            ending = body.removeprefix(words)
            yield from (short + _ENDINGS.get(ending, ending) for short in usual)
            return
    if match := _JOINED.match(body):
        words = "".join(_WORDS[word] for word in _WORD.findall(match[0]))
        yield words + _ENDINGS.get(match[1], match[1])
        return
    for pattern, forms in _BODIES:
        if (match := re.match(pattern, body)) and (match[1] or places):
            yield from (form.format(match[1]) for form in forms)
            return
    if body.endswith("办公室") and body != "办公室":
        yield body.removesuffix("公室")


def _of_zone(zone: re.Match[str]) -> Iterator[str]:
    place, kind = zone[1], (zone[2] or "") + zone[3]
    short = _ZONES.get(kind, kind)
    # Four characters are usually two places: 广州番禺.
    places = (place, place[2:]) if len(place) == 4 else (place,)
    for before in (*places, ""):
        for name in (kind, short) if before else (short,):
            if zone[4]:
                yield f"{before}{name}管委会"
            if before:
                yield before + name


def _distinct(name: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(short for short in dict.fromkeys(names) if short != name and len(short) > 1)
