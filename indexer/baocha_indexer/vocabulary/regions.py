"""Find the level and the region of the government that a department belongs to, in its name.

上海市普陀区财政局 belongs to the region 上海市普陀区 at the level 县. The rules know the four
municipalities at the level of provinces, but not which other cities belong to a county's level: a city
is at the level 市 unless it follows a city or prefecture.
"""

import re
from typing import NamedTuple

from baocha_indexer.vocabulary.short_names import split_places

LEVELS = ("国家", "省", "市", "县", "乡")

_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_BEFORE_PLACE = re.compile(
    r"^(?:关于|中国共产党|中共|中国人民政治协商会议|政协|中国共产主义青年团|共青团|"
    r"国家税务总局|国家统计局|中国人民银行|民革|民盟|民建|民进|农工党|致公党|九三学社|台盟)(?=.{2,}[省市区县旗州盟镇乡])"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
_TOWN = re.compile(
    r"(?:人民政府)?([\u4e00-\u9fff]{1,6}?(?:街道|镇|乡))(?=人民政府|政府|办事处|党委|党工委|人大|$)"
)
_NATIONAL = re.compile(
    r"国务院|中共中央|中央|全国人|全国政协|最高人民|中华人民共和国|国家|海关总署|审计署|"
    r"中国(?:人民银行|证券监督|银行保险|气象局|地震局|科学院|社会科学院|工程院)|"
    r"(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源和?社会保障|"
    r"自然资源|国土资源|生态环境|环境保护|住房和?城乡建设|建设|交通运输|交通|水利|农业农村|农业|"
    r"商务|文化和旅游|文化|卫生|退役军人事务|应急管理|铁道|信息产业)部"
)


_TITLE_PLACE = re.compile(
    r"^(?:(?:19|20)\d{2}年?度?)?(?!关于|印发|转发|公布|主持|召开)"
    r"(?:[\u4e00-\u9fff]{1,4}[省市区县旗盟]|[\u4e00-\u9fff]{2,10}自治[区州县旗])+"
)


class Region(NamedTuple):
    """The level of a government, one of LEVELS, and the name of its region; None if unknown."""

    level: str | None
    region: str | None


NO_REGION = Region(None, None)


def region_of(name: str) -> Region:
    """Return the level and region in the name of a department."""
    name = _BEFORE_PLACE.sub("", _YEAR.sub("", name))
    name = next(filter(None, _YEAR.split(name)), "")
    # A place at the end of a name is a place too.
    places, rest = split_places(f"{name}政府")
    rest = rest.removesuffix("政府")
    town = _TOWN.match(rest)
    if town:
        return Region("乡", "".join(places) + town[1])
    if places:
        return Region(_level(places), "".join(places))
    return Region("国家", None) if _NATIONAL.match(name) else NO_REGION


def region_of_title(title: str) -> Region:
    """Return the level and region that a title begins with, also after a year."""
    if title.startswith("中华人民共和国"):
        return Region("国家", None)
    begins = _TITLE_PLACE.match(title)
    return region_of(begins[0]) if begins else NO_REGION


def _level(places: list[str]) -> str:
    last, above = places[-1], places[-2:-1]
    if last in _MUNICIPALITIES or last.endswith(("省", "自治区")):
        return "省"
    if last.endswith(("州", "盟")):
        return "市"
    if last.endswith("市"):
        return "县" if above and above[0].endswith(("市", "州", "盟")) else "市"
    return "县"
