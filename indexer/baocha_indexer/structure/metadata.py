"""Guess the metadata of a report: title, department, year and kind.

Each value is taken from the first of these sources that has it:

1. `metadata.csv` in the folder of the report (`baocha_indexer.sources.metadata_csv`);
2. the title in the text;
3. the title in the properties of the file;
4. the name of the file;
5. only for the department: the publisher, from the saved web page.

The year is the year that the report is about: 2022年度 has priority over a date, and the body is
never used. A value that no source has is unknown.
"""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from baocha_indexer.messages import Message
from baocha_indexer.model import Metadata, Properties
from baocha_indexer.numbering import han_number
from baocha_indexer.structure.departments import department_from_name, department_in, simplified
from baocha_indexer.structure.front import ATTACHMENT
from baocha_indexer.structure.kinds import OTHER_KIND, kind_of

_MAX_TITLE = 400
"""Only this many characters of a title are analysed."""


_T = TypeVar("_T")

_DIGITS = "[〇○零0Oo一二三四五六七八九]"
# The first match is used: "2024年8月公布的2023年度部门决算" is about 2023.
_YEARS = (
    re.compile(r"(?P<year>(?:19|20)\d{2})年?度(?!月)"),
    re.compile(rf"(?P<year>[一二]{_DIGITS}{{3}})年度?"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})年(?!度?\d{1,2}月)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?![\d年])"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})年"),
)
_UNTIL = re.compile(r"(?:19|20)\d{2}年?度?\s*[-—–~～至到]+\s*(?=(?:19|20)\d{2}年)")
_ANNOUNCED = re.compile(
    r"^(?:[【\[]?(?:公告|公示|通知|转载)[】\]]?\s*[:：]?\s*|[【\[](?:决算|预算|绩效|.{0,2}公开)[】\]]\s*)+"
)
_OLD_ZERO = str.maketrans("Oo0", "〇〇〇")


def metadata_from(title: str, properties: Properties, file_stem: str) -> Metadata:
    """Return the metadata from the title, completed from the less reliable sources."""
    title = without_announcement(compact(title[:_MAX_TITLE]))
    file_title = without_announcement(compact(properties.title[:_MAX_TITLE]))
    sources = tuple(map(simplified, (title, file_title, compact(file_stem[:_MAX_TITLE]))))
    year = _first(_year, sources)
    kind = _first(kind_of, sources) or OTHER_KIND
    department = (
        _first(lambda text: department_in(text, kind_of(text)), sources)
        or department_from_name(sources[2])
        or department_from_name(simplified(compact(properties.department[:_MAX_TITLE])))
    )
    return Metadata(title or file_title or file_stem, department, year, kind)


def unknown_fields(metadata: Metadata) -> Iterable[Message]:
    """Yield a warning for each unknown value: department, year."""
    if metadata.department is None:
        yield Message(
            zh="标题和文件名中未找到部门", en="no department found in the title or the file name"
        )
    if metadata.year is None:
        yield Message(
            zh="标题和文件名中未找到年度", en="no year found in the title or the file name"
        )


def _first(find: Callable[[str], _T | None], sources: Iterable[str]) -> _T | None:
    return next((found for text in sources if (found := find(text)) is not None), None)


def compact(text: str) -> str:
    """Return `text` without white space, except between Latin letters or digits."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])", "", text)


def without_announcement(text: str) -> str:
    """Return a title without a prefix such as 附件2： or 公告：."""
    attachment = ATTACHMENT.match(text)
    if attachment and attachment.end() < len(text):
        text = text[attachment.end() :]
    return _ANNOUNCED.sub("", text)


def _year(text: str) -> int | None:
    text = _UNTIL.sub("", text)
    match = next((found for pattern in _YEARS if (found := pattern.search(text))), None)
    if match is None:
        return None
    digits = match["year"]
    return int(digits) if digits.isdecimal() else han_number(digits.translate(_OLD_ZERO))
