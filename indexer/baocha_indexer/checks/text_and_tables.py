"""Check that the text of a report and its tables give the same figure for the same thing.

A figure of the text that is in no table is not an error: it may be of another year, or of a part. So it
is reported only if a figure of that name in a table is so similar that one of them must be a slip (two
digits exchanged, one changed, missing or typed twice), or if the text names the line of the table: a
科目, or the grand total.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from baocha_indexer.checks.arithmetic import Placed, are_equal, check, in_unit_of, is_slip
from baocha_indexer.checks.passages import follows_comparison
from baocha_indexer.model import CELL_SEPARATOR, HEAD_SEPARATOR, Check, Figure, Paragraph

_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]+\s*[、.．]|（[一二三四五六七八九十0-9]+）|[0-9]+\s*[、.．])+|（[类款项]）$|[\s“”]"
)
_SUBJECT = re.compile(
    r"(?:（款）|[-—]|^|(?<=[，。；、：\s]))([^（）“”，。；、：\s-]{2,30})（项）|“[^“”]*?([^（）“”-]{2,30})”科目"
)
_CLASS = re.compile(r"([^（）“”，。；、：\s.．]{2,30})（类）[^（）]*$")
"""A 类 without 款 and 项 behind it: 住房保障支出（类）."""

_SUBJECT_WITHIN = 300
"""Number of characters before a figure in which its 科目 is looked for."""

_GRAND_TOTAL = re.compile("(?:收入|支出|支)总计$")
_TOTAL = "总计"
_TOTAL_OF_FUNDS = "财政拨款总计"
_TOTAL_NAME = re.compile("(?:收入|支出)?总计")
_SUM_OF_YEAR = re.compile("(?:本年(?P<kind>收入|支出)|(?:收入|支出)合计)$")
"""Ends of labels in the text that name a line of the table: 收、支总计, 本年收入合计."""

_PART_OF_TOTAL = re.compile("财政拨款|公共预算|政府性基金|国有资本|专户")
_UNIT = re.compile("本级|下属|所属|机关本部")
_LAST_YEAR = re.compile("上一?年度?[^，。；]{0,8}$")
"""Words that make a total one of a part of the funds, of one unit, or of the year before."""

_SPENDING = re.compile(
    r"(?P<name>因公出国（境）费|公务接待费|公务用车购置及运行费|公务用车(?:购置|运行)费)(?:支出)?(?:决算数?)?$"
)
"""The lines of a table of “三公”经费."""

_FUNCTION = re.compile(
    "(?:一般公共服务|公共安全|教育|科学技术|文化旅游体育与传媒|社会保障和就业|卫生健康|节能环保|城乡社区|农林水|交通运输|资源勘探工业信息等"
    "|商业服务业等|自然资源海洋气象等|住房保障|灾害防治及应急管理)支出"
)
"""The lines of a table by 功能分类. A text that gives one of them gives a value of its line."""

_UNIT_WITHIN = 20
"""Number of characters before a figure in which its unit, year and funds are looked for."""

_FINAL = re.compile("(?:20[0-9]{2}年度?)?决算数?$")
_BRACKETS = str.maketrans("()", "（）")
_NOT_COMPARED = ("增长", "下降", "至", "不低于", "不高于", "超", "约")
_MAX_NEAREST = 50
"""Number of figures of one name that are compared, below and above a value."""

_MAX_CANDIDATES = 20
"""Among more values of one name, one is similar by chance. Then no slip is reported."""

_MYRIAD = Decimal(10_000)
_MIN_NAME = 4


def check_text_and_tables(paragraphs: Sequence[Paragraph]) -> Iterator[Check]:
    """Yield a check for each figure of the text if a table has a similar value under its name."""
    in_tables = _figures_of_tables(paragraphs)
    if not in_tables:
        return
    for paragraph in paragraphs:
        if paragraph.role == "table":
            continue
        for figure in paragraph.figures:
            name, is_line = _name_of(paragraph.text, figure)
            candidates = in_tables.get((name, None))
            is_yuan = figure.kind == "amount" and not figure.currency
            if candidates and is_yuan and (figure.value or is_line):
                placed = Placed(paragraph.ordinal, figure)
                alike = in_tables.get((name, _is_budget(figure)), candidates)
                if found := _compare(name, placed, candidates, alike, is_line=is_line):
                    yield found


def _bare(name: str) -> str:
    """Return a name without its number, in one of its spellings."""
    name = _ITEM.sub("", name.translate(_BRACKETS))
    return name.replace("运行维护费", "运行费").replace("（境）费用", "（境）费")


_Figures = dict[tuple[str, bool | None], list[Placed]]


def _figures_of_tables(paragraphs: Sequence[Paragraph]) -> _Figures:
    """Return the amounts of the tables, by the names of their rows and the heads of their columns.

    With each name, None is the key of all amounts, True of budgets, and False of others. They are sorted by
    value.
    """
    found: _Figures = defaultdict(list)

    def add(name: str, placed: Placed) -> None:
        found[name, None].append(placed)
        found[name, _is_budget(placed.figure)].append(placed)

    for paragraph in paragraphs:
        if paragraph.role != "table":
            continue
        is_of_funds = any(_PART_OF_TOTAL.search(one.label) for one in paragraph.figures)
        for figure in paragraph.figures:
            if figure.kind == "amount" and not figure.currency:
                for piece in set(figure.label.split(HEAD_SEPARATOR)):
                    name = _bare(piece)
                    if _TOTAL_NAME.fullmatch(name):
                        add(_TOTAL, Placed(paragraph.ordinal, figure))
                        if is_of_funds:
                            add(_TOTAL_OF_FUNDS, Placed(paragraph.ordinal, figure))
                    if len(name) >= _MIN_NAME:
                        add(name, Placed(paragraph.ordinal, figure))
    return {key: sorted(own, key=_value) for key, own in found.items()}


def _is_budget(figure: Figure) -> bool:
    return "预算" in figure.label


def _value(placed: Placed) -> Decimal:
    return placed.value


def _nearest(candidates: Sequence[Placed], value: Decimal) -> Sequence[Placed]:
    """Return the figures with the nearest values, so that the work does not grow with the square."""
    at = bisect_left(candidates, value, key=_value)
    return candidates[max(0, at - _MAX_NEAREST) : at + _MAX_NEAREST]


def _name_of(text: str, figure: Figure) -> tuple[str, bool]:
    """Return the name to look up in the tables, or an empty text, and whether it names a line of a table."""
    if figure.qualifier in _NOT_COMPARED or figure.period == "上年" or CELL_SEPARATOR in text:
        return "", False
    if follows_comparison(text, figure.span[0]):
        return "", False
    before = text[max(0, figure.span[0] - _UNIT_WITHIN) : figure.span[0]]
    if _UNIT.search(before) or _LAST_YEAR.search(before):
        return "", False
    if _GRAND_TOTAL.search(figure.label):
        return (_TOTAL_OF_FUNDS if _PART_OF_TOTAL.search(before) else _TOTAL), True
    if match := _SUM_OF_YEAR.search(figure.label):
        return f"本年{match['kind']}合计" if match["kind"] else f"本年{match[0]}", True
    if match := _SPENDING.search(_bare(figure.label)):
        # Zero may be an empty cell.
        return match["name"], bool(figure.value)
    if _FUNCTION.fullmatch(_bare(figure.label)):
        return _bare(figure.label), bool(figure.value)
    is_subject = ("（项）" in figure.label and not _is_budget(figure)) or text.startswith(
        "科目", figure.span[0] - 2
    )
    if figure.name == "支出决算数" or is_subject:
        begin = max(0, figure.span[0] - _SUBJECT_WITHIN)
        subjects = list(_SUBJECT.finditer(text, begin, figure.span[0]))
        if not subjects and (function := _CLASS.search(text[begin : figure.span[0]])):
            return _bare(function[1]), True
        subject = subjects[-1] if subjects else None
        return (_bare(subject[1] or subject[2]), True) if subject else ("", False)
    name = _bare(_FINAL.sub("", figure.label))
    return ("", False) if figure.name == "年初预算数" else (name, False)


def _compare(
    name: str,
    placed: Placed,
    candidates: Sequence[Placed],
    alike: Sequence[Placed],
    *,
    is_line: bool,
) -> Check | None:
    """Return the check of a figure with those of the same name; None if they are about other things.

    `candidates`: sorted by value. `alike`: the candidates that are budgets if the figure is a
    budget; otherwise those that are not.
    """
    same = next((one for one in _nearest(candidates, placed.value) if are_equal(placed, one)), None)
    near = _nearest(alike, placed.value)
    is_clear = len({one.value for one in near}) <= _MAX_CANDIDATES
    slips = (one for one in near if is_clear and is_slip(placed, one.value))
    other = same or next(slips, None)
    if other is None:
        if found := _unit_check(name, placed, candidates):
            return found
        if not is_line:
            return None
        other = min(near, key=lambda one: abs(one.value - placed.value))
    shown = in_unit_of(other.value, placed)
    is_as_written = other.figure.unit == placed.figure.unit
    return check(
        "text-table", [placed, other], holds=same is not None,
        zh=f"文表核对（{name}）：文中为 {placed.written}，表中为 {other.written}"
        + ("" if is_as_written else f"（即 {shown}）"),
        en=f"text and table ({name}): the text says {placed.written}, the table {other.written}"
        + ("" if is_as_written else f" ({shown})"),
    )  # fmt: skip


def _unit_check(name: str, placed: Placed, candidates: Sequence[Placed]) -> Check | None:
    """Return a check that fails if a figure is 10,000 times another one: 万元 instead of 元."""
    for wanted in (placed.value * _MYRIAD, placed.value / _MYRIAD):
        at = bisect_left(candidates, wanted, key=_value)
        if wanted and at < len(candidates) and candidates[at].value == wanted:
            other = candidates[at]
            return check(
                "unit", [placed, other], holds=False,
                zh=f"计量单位（{name}）：文中为 {placed.written}，表中为 {other.written}，相差一万倍",
                en=f"unit ({name}): the text says {placed.written}, the table {other.written}; they differ by "
                "a factor of 10,000",
            )  # fmt: skip
    return None
