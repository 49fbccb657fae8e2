"""Find what a report says about itself beside its title: cover, signature, document number, dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baocha_indexer.model import CELL_SEPARATOR, Paragraph
from baocha_indexer.structure.departments import organ_name
from baocha_indexer.structure.document_numbers import DocumentNumber, document_number_of_line
from baocha_indexer.structure.front import DATELINE
from baocha_indexer.structure.kinds import kind_of
from baocha_indexer.structure.years import year_of_date

_COVER_LABELS = (
    "预算主管部门", "预算部门", "预算单位", "编制部门", "编制单位", "部门名称", "单位名称",
    "部门（单位）名称", "公开部门", "公开单位", "填报部门", "填报单位", "编报部门", "编报单位",
    "报送部门", "报送单位", "自评部门", "自评单位", "评价单位", "项目主管部门", "主管部门",
    "项目单位", "项目实施单位", "实施单位",
)  # fmt: skip
"""Labels before the name of the department. The first of them that has a name is used."""

_LABEL = re.compile(
    rf"(?:^|(?<=[|\s]))({'|'.join(sorted(_COVER_LABELS, key=len, reverse=True))})"
    r"(?:及代码|及编码|名称)?(?:[（(][^）)]{1,8}[）)])?\s*[:：|]\s*([^|:：，。；…·\s]{2,40})"
)
_COVER_LENGTH = 20
"""Number of paragraphs at the beginning in which a cover is searched."""

_FRONT_LENGTH = 6
_DATE = re.compile(
    r"[（(]?(?:(?:19|20)\d{2}|[一二][〇○零Oo0一二三四五六七八九]{3})\s*年\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*月(?:\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?[）)]?"
)
_PASSED = re.compile(rf"[（(]?(?:根据|自)?{_DATE.pattern}.*(?:通过|公布|发布|修订|修正|批准)")
_IN_FORCE = re.compile(rf"{_DATE.pattern}起?施行")
_NTH = r"第[一二三四五六七八九十百\d]{1,4}"
_PASSED_BY = re.compile(
    rf"日\s*[经由]?(?:(?P<place>[\u4e00-\u9fff]{{2,20}}?){_NTH}届(?P<congress>人民代表大会(?:常务委员会)?)|"
    rf"{_NTH}届(?P<national>全国人民代表大会(?:常务委员会)?)|(?P<council>国务院))"
    # The congress of a province approves what that of its city passed.
    r"(?![^通批]{0,30}批准)"
)
_MAX_SIGNATURE = 60
_MAX_VERSIONS = 600
_MAX_TITLE = 60
_SENTENCE = re.compile(r"[。；！？]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found; an unknown value is None.

    `cover`: the department after a label such as 预算单位. `cover_name`: a line of the cover that is
    only the name of an organ. `passed` and `passed_by`: the year of the last version of a law, and the
    organ that passed it, from the lines below its title.
    `dated`: the year of the line with the date, and often the source, below the title of a news page.
    `signature` and `signed`: the organ and the year at the end of a document.
    """

    title: str | None = None
    cover: str | None = None
    cover_name: str | None = None
    number: DocumentNumber | None = None
    passed: int | None = None
    passed_by: str | None = None
    dated: int | None = None
    signature: str | None = None
    signed: int | None = None


NO_FACTS = Facts()


def facts_in(paragraphs: Sequence[Paragraph]) -> Facts:
    """Return the facts in the paragraphs of a report."""
    front = paragraphs[:_FRONT_LENGTH]
    signature, signed = next(_signatures(paragraphs), (None, None))
    versions = [
        _IN_FORCE.sub("", p.text)
        for p in paragraphs[:_COVER_LENGTH]
        if len(p.text) <= _MAX_VERSIONS and _PASSED.match(p.text)
    ]
    return Facts(
        title=next((p.text for p in front if p.role != "title" and _is_title(p.text)), None),
        cover=_labelled([paragraph.text for paragraph in paragraphs[:_COVER_LENGTH]]),
        cover_name=next(
            (name for p in front if p.role == "body" and (name := _cover_name(p.text))), None
        ),
        number=next((found for p in front if (found := document_number_of_line(p.text))), None),
        passed=max(filter(None, map(year_of_date, versions)), default=None),
        passed_by=next(filter(None, map(_passed_by, reversed(versions))), None),
        dated=next(
            (year_of_date(p.text) for p in front if DATELINE.fullmatch(p.text.strip())), None
        ),
        signature=signature,
        signed=signed,
    )


def _cover_name(text: str) -> str | None:
    """Return the organ on a line of its own, or in the head of an official document: …局文件."""
    return (
        organ_name("".join(text.split()).removesuffix("文件")) if len(text) <= _MAX_TITLE else None
    )


def _passed_by(text: str) -> str | None:
    found = list(_PASSED_BY.finditer(text))
    if not found:
        return None
    last = found[-1]
    return last["national"] or last["council"] or f"{last['place']}{last['congress']}"


def _is_title(text: str) -> bool:
    """Whether a paragraph looks like the title of a report, although the file does not mark it."""
    is_short = len(text) <= _MAX_TITLE and CELL_SEPARATOR not in text
    return is_short and not _SENTENCE.search(text) and kind_of("".join(text.split())) is not None


def _labelled(texts: Sequence[str]) -> str | None:
    found: dict[str, str] = {}
    for text in texts:
        for match in _LABEL.finditer(text):
            if name := organ_name(match[2]):
                found.setdefault(match[1], name)
    return next((found[label] for label in _COVER_LABELS if label in found), None)


def _signatures(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str | None, int | None]]:
    """Yield the signatures: organ and year. An organ and a date are in one or two paragraphs.

    The first one is that of the document itself; later ones are in its annexes.
    """
    before = ""
    for paragraph in paragraphs[1:]:
        text = paragraph.text.strip()
        if len(text) <= _MAX_SIGNATURE and (date := _DATE.search(text)) and date.end() == len(text):
            name = _organs(text[: date.start()] or before)
            if name:
                yield name, year_of_date(text)
        before = text if len(text) <= _MAX_SIGNATURE else ""
    for paragraph in paragraphs[-3:]:
        if _DATE.fullmatch(paragraph.text.strip()):
            yield None, year_of_date(paragraph.text)


def _organs(text: str) -> str | None:
    """Return the organs in a signature, separated by 、."""
    whole = organ_name("".join(text.split()))
    parts = [organ_name(part) for part in re.split(r"[\s、]+", text.strip())]
    if len(parts) > 1 and all(parts):
        return "、".join(filter(None, parts))
    return whole
