"""Find the page width of a text, and whether the margin broke a line.

Chinese text is set on a grid. Every character is as wide as two Latin columns, so many lines of
wrapped text have the same width.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from baocha_indexer.model import Line

INDENT = 4
"""Columns by which the first line of a Chinese paragraph is indented: two characters."""

_TOLERANCE = 2
_CLOSING = "，。；：、！？”’」】）》)\\]"
# A unit that is never broken: a run of Latin letters and digits, or one Han character, with the
# marks that must not end or begin a line (GB/T 15834-2011, 5.1).
_WORD = re.compile(rf"[（《“‘「【(\[]*(?:[0-9A-Za-z.,%％_/+²³₂-]+|.)[{_CLOSING}]*")
_CLOSED = re.compile(rf"[{_CLOSING},.;:!?]$")
_SENTENCE_END = re.compile(r"([。！？；：!?;:…]|(?<=[\u4e00-\u9fff）)])\.)[”’」』）)\]】》\"']*$")
_CLAUSE_MARK = re.compile(r"[，。；：！？,;、](?!$)")
_FIELD = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff \u3000]{0,10}[：:][^，。；！？]*")
_ROLL = re.compile(
    r"(?:出席|列席|缺席|请假|参加|参会|到会|与会|旁听|主持|汇报|记录)"
    r"(?:会议)?(?:人员|人|单位|领导|委员|代表)?\s*[：:]"
)
_MEETING_FIELD = re.compile(
    r"(?:会议|开会)?(?:时间|地点|日期|地址|议题|主题)\s*[：:]|联系(?:人|电话|方式)\s*[：:]|(?:电话|传真|邮编)\s*[：:]"
)
_OPEN_END = re.compile(r"[，、,（(《“‘「【—～~-]$")
_AMOUNT_END = re.compile(r"\d[万亿]?$")
_UNIT = re.compile(r"[万亿]?元|[万亿][^\u4e00-\u9fff]|[%％‰]|个百分点|平方米|平方公里|公里|人次")
# Below this width in columns, lines of equal width do not show that the text was wrapped.
_MIN_PAGE_WIDTH = 30
_MAX_PAGE_WIDTH = 130
_MIN_SAMPLES = 5
_MAX_BLANK_INSIDE, _MAX_BLANK = 0.3, 0.7
"""Blank lines end paragraphs if a smaller share of the lines has one before it: of the lines that
continue a paragraph, or of all lines."""
_FIRST_WIDE = "\u2000"


class _Widths(dict[str, float]):
    """The width of each character, computed when it is first read. Faster than a cached function."""

    def __missing__(self, char: str) -> float:
        is_wide = unicodedata.east_asian_width(char) in "WFA"
        found = self[char] = 0.5 if char == " " else 2.0 if is_wide else 1.0
        return found


_WIDTHS = _Widths()

_MAX_CACHED = 1000
"""Longest line, in characters, whose width is cached: a line may have millions."""


def width(text: str) -> float:
    """Return the width of `text` in columns. A Han character or Chinese mark has two.

    A space counts as half a column: PDF extraction writes one between Latin and Han, where the
    typesetter left a quarter of a character.
    """
    return _width(text) if len(text) <= _MAX_CACHED else sum(map(_WIDTHS.__getitem__, text))


@lru_cache(maxsize=1024)  # several steps ask for the width of the same line
def _width(text: str) -> float:
    return sum(map(_WIDTHS.__getitem__, text))


def wrap_width(texts: Sequence[str]) -> float | None:
    """Return the width in columns at which the lines were wrapped, or None if they were not.

    Wrapped lines end at the margin. Indented first lines are one indent shorter, and few lines are
    longer. Lines that are whole paragraphs have many different widths. Lines that end with a mark
    are not counted: the paragraph may end there, or the mark may be beyond the margin.
    """
    wide = [text for text in texts if width(text) >= _MIN_PAGE_WIDTH]
    widths = [round(width(text)) for text in wide if not _CLOSED.search(text)]
    if len(widths) < max(3, len(wide) / 4):
        return None
    counts = Counter(widths)
    at_margin = {
        margin: sum(counts[margin - short] for short in (0, 1, INDENT, INDENT + 1))
        for margin in counts
    }
    beyond = {margin: sum(columns > margin for columns in widths) for margin in counts}
    margin = max(counts, key=lambda columns: (at_margin[columns] - beyond[columns], columns))
    near_margin = sum(abs(columns - margin) <= INDENT + _TOLERANCE for columns in widths)
    return float(margin) if margin <= _MAX_PAGE_WIDTH and near_margin >= len(widths) / 2 else None


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a source.

    `page_columns`: the page width in columns, None if the text was not wrapped. `blanks_separate`:
    whether a blank line ends a paragraph.
    """

    page_columns: float | None
    blanks_separate: bool

    def may_break(self, text: str, following: str) -> bool:
        """Whether the margin may have broken this line, which ends no sentence.

        Uses a tolerance, and assumes that it may be a first line, which is shorter.
        """
        if self.page_columns is None:
            return False
        return did_not_fit(text, following, self.page_columns - INDENT - _TOLERANCE)

    def breaks(self, text: str, following: str, *, first: bool) -> bool:
        """Whether the margin broke this line. `first`: it is the first line of its paragraph."""
        if self.page_columns is None:
            return False
        return did_not_fit(
            text, following, self.page_columns - INDENT if first else self.page_columns
        )


def layout_of(lines: Sequence[Line]) -> Layout:
    """Find the width at which the lines were wrapped, and whether blank lines end paragraphs."""
    # Whole lines, such as rows of tables, do not show where the margin is.
    page_columns = wrap_width([line.text for line in lines if not line.whole])
    return Layout(page_columns, _blanks_separate(lines, page_columns))


def _blanks_separate(lines: Sequence[Line], page_columns: float | None) -> bool:
    """Whether a blank line ends a paragraph. In some sources, one follows every line."""
    if page_columns is not None:
        # The best evidence is full lines that end no sentence: their paragraph continues.
        room = page_columns - INDENT - _TOLERANCE
        has_blank = [
            line.blank_before
            for previous, line in pairwise(lines)
            if not ends_sentence(previous.text) and did_not_fit(previous.text, line.text, room)
        ]
        if len(has_blank) >= _MIN_SAMPLES:
            return sum(has_blank) < _MAX_BLANK_INSIDE * len(has_blank)
    return sum(line.blank_before for line in lines) < _MAX_BLANK * len(lines)


def did_not_fit(text: str, following: str, columns: float) -> bool:
    """Whether the first word of `following` did not fit on the line of `text`.

    `columns`: the width of the line. If the word fitted, the margin did not break the line: its
    paragraph ended.
    """
    word = _WORD.match(following)
    space = " " if (text[-1] < _FIRST_WIDE) != (following[0] < _FIRST_WIDE) else ""
    return width(text + space + (word[0] if word else "")) > columns


def ends_sentence(text: str) -> bool:
    """Whether a sentence, a clause before a semicolon, or an introduction ends here."""
    return _SENTENCE_END.search(text) is not None


def is_field(text: str) -> bool:
    """Whether a line is a short name with a value that is not a sentence: 地点：三楼会议室."""
    return _FIELD.fullmatch(text) is not None


def names_meeting_or_contact(text: str) -> bool:
    """Whether a line begins with a name such as 时间： or 联系电话：. Its value has one line."""
    return _MEETING_FIELD.match(text) is not None


def begins_roll(text: str) -> bool:
    """Whether a line begins a list of names in minutes: 出席：张三 李四. Spaces separate the names."""
    return _ROLL.match(text) is not None


def splits_amount(text: str, following: str) -> bool:
    """Whether the break between two lines is inside an amount: 307.82 and 万元, 887.36万 and 元."""
    return bool(_AMOUNT_END.search(text) and _UNIT.match(following))


def breaks_off(text: str) -> bool:
    """Whether the line ends with a comma, or inside the name of a document (《)."""
    return _OPEN_END.search(text) is not None or text.rfind("《") > text.rfind("》")


def has_clauses(text: str) -> bool:
    """Whether the text has a clause mark before its end. Headings and cells have none."""
    return _CLAUSE_MARK.search(text) is not None
