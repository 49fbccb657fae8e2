"""Read `expected.csv`: the reports that departments must file, one report in each line.

Columns: 部门 (department), 年度 (year), 报告类型 (kind), and optionally 地区 (region), 批复日期
(approved), 截止日期 (due). A date is written as 2023-08-30 or 2023年8月30日.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

from baocha_indexer.messages import Message
from baocha_indexer.sources.csv_table import Row, read_table
from baocha_indexer.structure import KINDS, OTHER_KIND, date_in
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import ExpectedReport

MAX_NAME_LENGTH = 80

_COLUMNS = {
    "部门": "department", "单位": "department", "部门名称": "department",
    "单位名称": "department", "全称": "department", "department": "department",
    "年度": "year", "年份": "year", "报告年度": "year", "year": "year",
    "报告类型": "kind", "类型": "kind", "kind": "kind",
    "地区": "region", "region": "region",
    "批复日期": "approved", "批复时间": "approved", "approved": "approved",
    "截止日期": "due", "截止时间": "due", "due": "due",
}  # fmt: skip
_DATES = {
    "approved": Message(zh="批复日期", en="day of approval"),
    "due": Message(zh="截止日期", en="due date"),
}


def read_expected(
    path: Path, problems: list[Message], required_folder: Path | None = None
) -> tuple[ExpectedReport, ...]:
    """Return the reports that a file lists; add a message to `problems` for each fault in it.

    Raises UnreadableTableError if it cannot be read as a whole.
    """
    required = ("department", "year", "kind")
    return expected_of(read_table(path, _COLUMNS, required, problems, required_folder), problems)


def expected_of(rows: Iterable[Row], problems: list[Message]) -> tuple[ExpectedReport, ...]:
    """Return the expected reports of the rows; add a message to `problems` for each fault."""
    found: dict[tuple[str, int, str], ExpectedReport] = {}
    lines: dict[tuple[str, int, str], int] = {}
    unknown_kinds: set[str] = set()
    for row in rows:
        department, kind = row.value("department"), row.value("kind")
        year = normalize("NFKC", row.value("year")).rstrip("年度")
        if not all(_is_name(name) for name in (department, kind)):
            problems.append(_no_name(row.line))
            continue
        if not re.fullmatch(r"(?:19|20)[0-9]{2}", year):
            problems.append(_no_year(row.line, row.value("year")))
            continue
        key = fold(department), int(year), fold(kind)
        if key in found:
            problems.append(_repeated(row.line, lines[key]))
            continue
        if kind not in (*KINDS, OTHER_KIND) and kind not in unknown_kinds:
            unknown_kinds.add(kind)
            problems.append(_unknown_kind(row.line, kind))
        lines[key] = row.line
        found[key] = ExpectedReport(
            department,
            int(year),
            kind,
            row.value("region")[:MAX_NAME_LENGTH],
            _date(row, "approved", problems),
            _date(row, "due", problems),
        )
    return tuple(found.values())


def _is_name(text: str) -> bool:
    return len(text) <= MAX_NAME_LENGTH and any(map(str.isalnum, text))


def _date(row: Row, column: str, problems: list[Message]) -> str:
    """Return a date as YYYY-MM-DD, or an empty string if there is none."""
    text = row.value(column)
    found = date_in(text)
    if text and not found:
        problems.append(_no_date(row.line, _DATES[column], text))
    return found or ""


def _no_name(line: int) -> Message:
    return Message(
        zh=f"第 {line} 行未填部门或报告类型，或其超过 {MAX_NAME_LENGTH} 字，未采用；请填写部门全称和报告类型",
        en=f"line {line} has no department or kind, or one of more than {MAX_NAME_LENGTH} characters, "
        "and was ignored; write the full name of the department and the kind of report",
    )


def _no_year(line: int, text: str) -> Message:
    return Message(
        zh=f"第 {line} 行的年度“{text[:20]}”不是 1900 至 2099 的四位数，未采用；每行填写一个年度",
        en=f"line {line}: the year “{text[:20]}” is not a number from 1900 to 2099, so the line was "
        "ignored; write one year on each line",
    )


def _repeated(line: int, before: int) -> Message:
    return Message(
        zh=f"第 {line} 行与第 {before} 行的部门、年度、报告类型都相同，第 {line} 行未采用；请删去一行",
        en=f"lines {before} and {line} have the same department, year and kind; line {line} was "
        "ignored; remove one of them",
    )


def _unknown_kind(line: int, kind: str) -> Message:
    return Message(
        zh=f"第 {line} 行的报告类型“{kind}”不是内置类型，只与 metadata.csv 中填写该类型的报告对应；"
        "如有误请更正",
        en=f"line {line}: the kind “{kind}” is not built in; only reports for which metadata.csv has "
        "this kind match it; correct it if it is a mistake",
    )


def _no_date(line: int, name: Message, text: str) -> Message:
    return Message(
        zh=f"第 {line} 行的{name.zh}“{text[:20]}”不是日期，未采用；请写成 2023-08-30",
        en=f"line {line}: the {name.en} “{text[:20]}” is no date and was ignored; "
        "write it as 2023-08-30",
    )
