"""Find the front of a report: 附件 N, the title in one or more lines, and a date below it."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from baocha_indexer.model import Block, Line
from baocha_indexer.numbering import enumerator
from baocha_indexer.section_names import is_usual_section
from baocha_indexer.structure.contents import contents_title_length
from baocha_indexer.structure.departments import organ_name
from baocha_indexer.structure.document_numbers import document_number_of_line
from baocha_indexer.structure.joining import joined, location_of
from baocha_indexer.structure.layout import INDENT, Layout, ends_sentence, has_clauses, width

_YEAR = r"(?:19|20)\d{2}年"
# The year at the start of the title may directly follow the number: 附件42020年度.
ATTACHMENT = re.compile(
    rf"附\s*[件表]\s*(?:\d{{1,2}}(?={_YEAR})|(?!{_YEAR})[\d一二三四五六七八九十]+)?\s*[:：]?\s*"
)
_TITLE_END = re.compile(
    r"(报告|总结|说明|决算|预算|公报|方案|自评表|情况|通知|意见|批复|复函|通报|决定|决议|纪要|办法|条例|规划|[（(][^月日]{4,12}[)）])$"
)
# A line that begins with a date ends the front: 2022年8月30日某届人大常委会通过. But a line about a
# speech at a congress on that day belongs to the title.
_DATED = re.compile(
    r"[（(]?(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|"
    r"[一二][〇○零Oo0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?$)"
    r"(?!.*大会.*上)"
)
_SOURCE = r"(?:(?:来源|作者|发布时间|发布日期|时间|日期)[:：][^。，]{0,40}?\s*)?"
DATELINE = re.compile(
    rf"{_SOURCE}(?:19|20)\d{{2}}(?:年\d{{1,2}}月\d{{1,2}}日|[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    rf"(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*{_SOURCE}"
)
"""The line below the title of a news page, as a whole: 2023-05-06 10:22 来源：青湖日报."""

# Typical first words of the first sentence: 根据《…》要求，…
_OPENING = re.compile(
    r"(?:根据|按照|依据|遵照|为了|为贯彻|为全面|为进一步|为加强|现将|本报告|本部门|本单位|我局|我委|我单位)"
)
_MAX_LINE_LENGTH = 100
"""Maximum number of characters in a line of a title. It also limits the time for titles."""

_SPEECH = re.compile(r"[（(—-]*\s?\d{4}\s?年.*大会.*上[）)]?$")
_MAX_SPEECH_LINES = 3
_MAX_LINES = 8
_MAX_LINES_BEFORE = 25
_HEAD = re.compile(
    r".{2,40}(?:文件|令|公告)|特急|加急|平急|急件|0\d{5}|(?:绝密|机密|秘密)(?:★.{0,8})?|签发人[:：].{0,20}"
)
_MAX_REPETITION_PLACE = 20
_MAX_TITLE_PAGES = 2
"""Maximum number of pages that begin with the title of a report: the cover and the first page."""

_MARGIN_TOLERANCE = 6
"""Maximum number of columns between the end of a full line and the margin."""


def length_before_front(lines: Sequence[Line]) -> int:
    """Return the number of lines before the title: of a site, or the head of an official document.

    The head is the name of the organ with 文件, a document number, the urgency.
    """
    texts = [line.text for line in lines[:_MAX_LINES_BEFORE]]
    has_number = any(map(document_number_of_line, texts[:_MAX_LINES]))
    for at, line in enumerate(lines[:_MAX_LINES_BEFORE]):
        is_head = document_number_of_line(line.text) or (
            has_number and _HEAD.fullmatch("".join(line.text.split()))
        )
        if line.role != "body" and not (line.role is None and is_head):
            return at
    return min(len(lines), _MAX_LINES_BEFORE)


def front_length(lines: Sequence[Line], layout: Layout) -> int:
    """Return the number of lines before the first heading, sentence or date."""
    texts: set[str] = set()
    for at, line in enumerate(lines[:_MAX_LINES]):
        # What follows 目录 is not a title. A form that is printed several times repeats its first line.
        if at and (contents_title_length(lines, at) or _without_spaces(line.text) in texts):
            return at
        texts.add(_without_spaces(line.text))
        if line.role == "title":
            continue
        # A level without a role is that of a decimal number.
        if line.role is not None or line.level or (at and _begins_text(line, layout)):
            return at
        if len(line.text) > _MAX_LINE_LENGTH:
            return at
        attachment = ATTACHMENT.match(line.text)
        text = line.text[attachment.end() :] if attachment else line.text
        if enumerator(text) or ends_sentence(text) or has_clauses(text):
            return at
    return min(len(lines), _MAX_LINES)


def _begins_text(line: Line, layout: Layout) -> bool:
    """Whether a line below the title begins the text: a date, a sentence or a section."""
    # Lines of a title are indented too, because they are centred, but they are not as wide.
    if (
        line.indented
        and layout.page_columns
        and width(line.text) > layout.page_columns - INDENT - _MARGIN_TOLERANCE
    ):
        return True
    text = line.text
    is_next = _DATED.match(text) or _OPENING.match(text) or document_number_of_line(text)
    # 各镇人民政府： is whom a document is sent to.
    return bool(is_next) or text.endswith(("：", ":")) or is_usual_section(text)


def front_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the front as blocks. The title is the last block with the role "title"."""
    at = 0
    while at < len(lines) and ATTACHMENT.fullmatch(lines[at].text):
        yield Block(lines[at].text, "title", location_of([lines[at]]))
        at += 1
    ends = [i for i in range(at, len(lines)) if lines[i].role == "title"]
    ends = ends or [i for i in range(at, len(lines)) if _TITLE_END.search(lines[i].text)]
    title_end = ends[-1] + 1 if ends else len(lines)
    while length := _speech_length(lines[title_end:]):
        title_end += length
    if title_end > at:
        title = lines[at:title_end]
        texts = [line.text for line in title]
        # Issuers on lines of their own stay apart.
        issuers = len(list(takewhile(organ_name, texts)))
        text = joined([" ".join(texts[:issuers]), *texts[issuers:]] if issuers else texts)
        yield Block(text, "title", location_of(title))
    for line in lines[title_end:]:
        yield Block(line.text, "body", location_of([line]))


def _speech_length(lines: Sequence[Line]) -> int:
    """Return the number of lines that say where a report was given as a speech, 0 if they do not."""
    text = ""
    for count, line in enumerate(lines[:_MAX_SPEECH_LINES], start=1):
        text += line.text
        if _SPEECH.match(text):
            return count
    return 0


def without_repeated_title(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without a repetition of the title, as on a cover and the first page.

    Repetitions on more pages are on copies of a form, and are kept.
    """
    titles = [block for block in blocks if block.role == "title"]
    if not titles:
        return list(blocks)
    title = _without_spaces(titles[-1].text)
    pages = {b.location.page for at, b in enumerate(blocks) if _repeating(blocks, at, title)}
    if len(pages) > _MAX_TITLE_PAGES:
        return list(blocks)
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        # A later repetition is a quotation.
        repeated = _repeating(blocks, at, title) if at < _MAX_REPETITION_PLACE else 0
        if repeated and any(_without_spaces(block.text) == title for block in kept):
            at += repeated
        else:
            kept.append(blocks[at])
            at += 1
    return kept


def _repeating(blocks: Sequence[Block], at: int, title: str) -> int:
    """Return the number of blocks from `at` on that repeat the title, 0 if they do not."""
    text = ""
    for count, block in enumerate(blocks[at : at + _MAX_LINES], start=1):
        text += _without_spaces(block.text)
        if text == title:
            return count
        if not title.startswith(text):
            return 0
    return 0


def _without_spaces(text: str) -> str:
    return "".join(text.split())
