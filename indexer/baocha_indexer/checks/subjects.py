"""Check that a report has its own year and department where it describes its own work."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from baocha_indexer.messages import Message
from baocha_indexer.model import Check, Metadata, Paragraph
from baocha_indexer.text import bare, fold
from baocha_indexer.vocabulary import former_names, short_names, split_places

_OLDEST = 5
"""A report of 2022 is compared with years from 2017 on. Earlier ones are history."""

_CONTEXT = 300
"""Number of characters before and behind a year that are read, and of a paragraph that may be a title."""

_SENTENCE_END = re.compile(r"[。！？；\n]")
_QUOTED = re.compile(r"《[^《》]*》|〔[^〔〕]*〕|（[^（）]*号）|\([^()]*号\)")
_YEAR = re.compile(r"(?<!\d)([2２][0０]\d{2})\s*年(?:度)?")
_BEFORE = re.compile(r"(?:[比较与同从自由至到对于和及]|相比|截至|[-—–~～、])\s*$")
_BEHIND = re.compile(r"\s*(?:[起至末底初以及和与、—–~～-]|1[0-2]\s*月|[1-9]\s*月|同期|以来)")
_COMPARED = re.compile(
    r"同比|上年|去年|上一年|相比|对比|往年|历年|结转|以前年度|下降|增长|减少|增加|提高|连续|以来|此前"
    r"|成立|组建|挂牌|划转|批复|整改|印发|制定|发现的问题"
)
_SELF = r"(?:本|我)(?:单位|部门|局|委|办|中心|院|校|镇|街道|厅|公司|机关)"
_OWN_WORK = r"(?:部门整体|整体支出|部门预算|部门决算|预算执行|全年预算|绩效自评|绩效目标|各项|重点工作|工作任务|履行职能|履职)"
_SELF_BEFORE = re.compile(rf"{_SELF}\s*(?:在|的)?\s*$")
_DONE_BEFORE = re.compile(r"(?:完成|履行|落实|实现|做好)了?\s*$")
_SELF_BEHIND = re.compile(rf"\s*(?:的|，)?\s*{_SELF}")
_WORK_BEHIND = re.compile(rf"\s*的?\s*{_OWN_WORK}")

_ENDINGS = "局|委员会|厅|办公室|中心|人民政府|办事处|法院|检察院|学校|医院|管委会|总工会|联合会"
_NAME = rf"(?P<name>[\u4e00-\u9fff]{{2,30}}?(?:{_ENDINGS}))"
_CALLED = re.compile(rf"{_NAME}\s*[（(]\s*(?:以下)?简称\s*[“\"「]?{_SELF}")
_TITLE = re.compile(
    rf"^\s*(?:20[0-9]{{2}}\s*年度?)?\s*{_NAME}\s*(?:20[0-9]{{2}}\s*年度?)?\s*"
    r"(?:部门整体支出|整体支出|部门预算|部门决算|项目支出|预算绩效|绩效自评)[^，。；]{0,20}(?:报告|说明|情况)\s*$"
)
_SIGNATURE = re.compile(rf"^\s*{_NAME}\s*$")
_DATE = re.compile(r"^\s*(?:20[0-9]{2}|二[〇○零]..)\s*年.{1,4}月.{1,4}日\s*$")
_LAST_PARAGRAPHS = 12
_SHORTEST_NAME = 3
"""Length of the shortest name of a department."""

_NAME_LENGTHS = range(4, 41)


@dataclass(frozen=True)
class Subject:
    """What a report is about: its years, ascending, and its department, as far as they are known."""

    years: tuple[int, ...] = ()
    department: str | None = None

    @classmethod
    def of(cls, metadata: Metadata) -> "Subject":
        """Return the subject of a report with this metadata."""
        return cls(metadata.years, metadata.department)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the department: full, short and former, folded. Empty if it is not known."""
        if self.department is None:
            return frozenset()
        name = self.department
        return frozenset(bare(fold(one)) for one in (name, *short_names(name), *former_names(name)))

    @cached_property
    def kernel(self) -> str:
        """The name of the department without places, folded: 水务局."""
        return bare(fold(split_places(self.department or "")[1]))

    @cached_property
    def places(self) -> frozenset[str]:
        """The places in the name of the department, folded: 云溪市, 青湖区."""
        return frozenset(map(fold, split_places(self.department or "")[0]))

    def is_own(self, name: str) -> bool:
        """Return whether a name, as it stands in a text, is a name of the department.

        A name with other places is that of another department: 白沙区水务局 in a report of 青湖区水务局.
        """
        written = bare(fold(name))
        if any(written.startswith(name) for name in self.names if len(name) >= _SHORTEST_NAME):
            return True  # or one of its units: 青湖区水务局办公室
        if not self.kernel or not written.endswith(self.kernel):
            return False
        places = frozenset(split_places(written)[0])
        return not places or not self.places or not places.isdisjoint(self.places)


NO_SUBJECT = Subject()


def check_years(paragraphs: Sequence[Paragraph], subject: Subject) -> Iterator[Check]:
    """Yield a failed check for each year before that of the report where the report speaks of its own work.

    A paragraph that names the year of the report too is skipped: it may compare them.
    """
    if not subject.years:
        return
    own = min(subject.years)
    for paragraph in paragraphs:
        if paragraph.role in ("title", "table"):
            continue
        found = list(_YEAR.finditer(paragraph.text))
        years = {int(match[1]) for match in found}
        if not years or years & set(subject.years):
            continue
        quoted = [match.span() for match in _QUOTED.finditer(paragraph.text)]
        for match in found:
            is_quoted = any(start <= match.start() < end for start, end in quoted)
            is_former = own - _OLDEST <= int(match[1]) < own
            if is_former and not is_quoted and _is_of_this_year(paragraph.text, match):
                yield _wrong_year(paragraph, match, subject)


def _is_of_this_year(text: str, year: re.Match[str]) -> bool:
    """Return whether a year is that of the work that the report is about, by the words around it."""
    start, end = year.span()
    before = _SENTENCE_END.split(text[max(0, start - _CONTEXT) : start])[-1]
    behind = _SENTENCE_END.split(text[end : end + _CONTEXT])[0]
    if _BEFORE.search(before) or _BEHIND.match(behind) or _COMPARED.search(before + behind):
        return False
    if _DONE_BEFORE.search(before) or _SELF_BEFORE.search(before):
        return _WORK_BEHIND.match(behind) is not None
    return _SELF_BEHIND.match(behind) is not None


def _wrong_year(paragraph: Paragraph, year: re.Match[str], subject: Subject) -> Check:
    own = "、".join(map(str, subject.years))
    quoted = _around(paragraph.text, *year.span())
    return Check(
        rule="wrong-year",
        holds=False,
        explanation=Message(
            zh=f"报告年度为 {own} 年，文中写作 {year[1]} 年：“{quoted}”",
            en=f"the year of the report is {own}, but the text has {year[1]}: “{quoted}”",
        ),
        evidence=((paragraph.ordinal, (year.start(), year.start() + len(year[1]))),),
    )


def _around(text: str, start: int, end: int, size: int = 18) -> str:
    """Return the words around a part of a text, on one line."""
    before = _SENTENCE_END.split(text[max(0, start - size) : start])[-1]
    behind = _SENTENCE_END.split(text[end : end + size])[0]
    return " ".join(f"{before}{text[start:end]}{behind}".split())


def check_names(paragraphs: Sequence[Paragraph], subject: Subject) -> Iterator[Check]:
    """Yield a failed check for each other department where the report names its own one.

    That is in a heading like the title of a report, before “以下简称我局”, and in the signature above the date.
    """
    if not subject.names:
        return
    last = max((paragraph.ordinal for paragraph in paragraphs), default=0)
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        if paragraph.role in ("title", "table"):
            continue
        is_signature = (
            following is not None
            and paragraph.ordinal > last - _LAST_PARAGRAPHS
            and _DATE.match(following.text)
        )
        whole = (_TITLE, *([_SIGNATURE] if is_signature else []))
        is_short = len(paragraph.text) <= _CONTEXT
        for pattern in (_CALLED, *(whole if is_short else ())):
            match = pattern.search(paragraph.text)
            if match and len(match["name"]) in _NAME_LENGTHS and not subject.is_own(match["name"]):
                yield _wrong_name(paragraph, match, subject)
                break


def _wrong_name(paragraph: Paragraph, name: re.Match[str], subject: Subject) -> Check:
    return Check(
        rule="wrong-name",
        holds=False,
        explanation=Message(
            zh=f"报告部门为“{subject.department}”，文中写作“{name['name']}”",
            en=f"the department of the report is “{subject.department}”, but the text has “{name['name']}”",
        ),
        evidence=((paragraph.ordinal, name.span("name")),),
    )
