"""Read `departments.csv`: the names of departments, one department in each line.

Columns: 全称 (name), 简称 (short), 曾用名 (former), 层级 (level), 地区 (region), 上级 (parent), 起 (from), 止 (to):
the first and the last year of this name, 后继 (succeeded_by): who took over the work. A cell of 简称, 曾用名 or 后继
may have several names, separated by 、 or |.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from baocha_indexer.messages import Message
from baocha_indexer.sources.csv_table import Row, read_table
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import DeclaredDepartment

MAX_NAMES = 20
"""Maximum number of short names of a department, and of former names."""

MAX_NAME_LENGTH = 80

_YEAR = re.compile(r"((?:19|20)[0-9]{2})")

_COLUMNS = {
    "全称": "name", "部门全称": "name", "部门": "name", "名称": "name", "name": "name",
    "简称": "short", "short": "short", "short names": "short", "short name": "short",
    "曾用名": "former", "former": "former", "former names": "former", "former name": "former",
    "层级": "level", "level": "level",
    "地区": "region", "region": "region",
    "上级": "parent", "上级部门": "parent", "parent": "parent",
    "起": "from", "起始年度": "from", "from": "from",
    "止": "to", "截止年度": "to", "to": "to",
    "后继": "succeeded_by", "后继部门": "succeeded_by", "succeeded_by": "succeeded_by",
    "succeeded by": "succeeded_by",
}  # fmt: skip


def read_departments(
    path: Path, problems: list[Message], required_folder: Path | None = None
) -> tuple[DeclaredDepartment, ...]:
    """Return the departments of a file; add a message to `problems` for each fault in it.

    Raises UnreadableTableError if it cannot be read as a whole.
    """
    return departments_of(
        read_table(path, _COLUMNS, ("name",), problems, required_folder), problems
    )


def departments_of(rows: Iterable[Row], problems: list[Message]) -> tuple[DeclaredDepartment, ...]:
    """Return the departments that the rows declare; add a message to `problems` for each fault."""
    found: dict[str, DeclaredDepartment] = {}
    lines: dict[str, int] = {}
    for row in rows:
        name = row.value("name")
        key = fold(name)
        if not any(map(str.isalnum, key)) or len(name) > MAX_NAME_LENGTH:
            problems.append(_no_name(row.line))
        elif key in found:
            problems.append(_repeated(row.line, lines[key], name))
        else:
            lines[key] = row.line
            found[key] = DeclaredDepartment(
                name,
                _names(row, "short", key, problems),
                _names(row, "former", key, problems),
                row.value("level")[:MAX_NAME_LENGTH],
                row.value("region")[:MAX_NAME_LENGTH],
                row.value("parent")[:MAX_NAME_LENGTH],
                *_years(row, problems),
                _names(row, "succeeded_by", key, problems),
            )
    _check_short_names(found, lines, problems)
    _cut_circles(found, lines, problems)
    _check_successions(found, lines, problems)
    return tuple(found.values())


def _years(row: Row, problems: list[Message]) -> tuple[int, int]:
    """Return the first and the last year of a name; 0 for none. Contradicting ones are ignored."""
    years = []
    for column in ("from", "to"):
        written = row.value(column)
        match = _YEAR.match(fold(written))
        if written and not match:
            problems.append(_no_year(row.line, written))
        years.append(int(match[1]) if match else 0)
    first, last = years
    if first and last and first > last:
        problems.append(_wrong_order(row.line, first, last))
        return 0, 0
    return first, last


def _check_successions(
    found: dict[str, DeclaredDepartment], lines: dict[str, int], problems: list[Message]
) -> None:
    """Drop successors that lead back to a department, and dates that contradict a succession."""
    circular = set(_circular_successions(found))
    for key, entry in list(found.items()):
        kept = tuple(name for name in entry.successors if (key, fold(name)) not in circular)
        problems += [
            _succession_circle(lines[key], entry.name, name)
            for name in entry.successors
            if name not in kept
        ]
        later = [found[fold(name)] for name in kept if fold(name) in found]
        wrong = [one for one in later if 0 < one.last_year < entry.first_year]
        problems += [_contradiction(lines[key], entry, one) for one in wrong]
        years = (0, 0) if wrong else (entry.first_year, entry.last_year)
        found[key] = replace(entry, successors=kept, first_year=years[0], last_year=years[1])


def _circular_successions(found: Mapping[str, DeclaredDepartment]) -> Iterator[tuple[str, str]]:
    """Yield the successions, as keys, that lead back; without them there is no circle. Linear in their number."""
    path: set[str] = set()
    finished: set[str] = set()
    for start in found:
        waiting = [start]
        while waiting:
            key = waiting[-1]
            if key in path or key in finished:  # all after it were visited
                waiting.pop()
                path.discard(key)
                finished.add(key)
                continue
            path.add(key)
            for successor in map(fold, found[key].successors):
                if successor in path:
                    yield key, successor
                elif successor in found:
                    waiting.append(successor)


def _names(row: Row, column: str, own: str, problems: list[Message]) -> tuple[str, ...]:
    """Return the different names in a column, without the full name and those that are too long."""
    names: dict[str, str] = {}
    for name in row.values(column):
        names.setdefault(fold(name), name)
    names.pop(own, None)
    valid = [
        name
        for key, name in names.items()
        if any(map(str.isalnum, key)) and len(name) <= MAX_NAME_LENGTH
    ]
    if len(valid) < len(names) or len(valid) > MAX_NAMES:
        problems.append(_ignored_names(row.line))
    return tuple(valid[:MAX_NAMES])


def _check_short_names(
    found: dict[str, DeclaredDepartment], lines: dict[str, int], problems: list[Message]
) -> None:
    """Drop short names that are the full name of another line; warn about ambiguous ones."""
    owners: dict[str, str] = {}
    for key, entry in list(found.items()):
        kept = []
        for name in entry.short_names:
            short = fold(name)
            if short in found:
                problems.append(_is_full_name(lines[key], name, lines[short]))
                continue
            kept.append(name)
            owner = owners.setdefault(short, key)
            if owner != key:
                problems.append(_ambiguous(lines[key], name, lines[owner]))
        found[key] = replace(entry, short_names=tuple(kept))


def _cut_circles(
    found: dict[str, DeclaredDepartment], lines: dict[str, int], problems: list[Message]
) -> None:
    """Drop the parent of a line if following the parents returns to the line."""
    done: set[str] = set()
    for start in found:
        path: dict[str, None] = {}
        at = start
        while at in found and at not in done and at not in path:
            path[at] = None
            at = fold(found[at].parent)
        if at in path:
            last = next(reversed(path))
            problems.append(_circle(lines[last], found[last]))
            found[last] = replace(found[last], parent="")
        done.update(path)


def _no_year(line: int, written: str) -> Message:
    return Message(
        zh=f"第 {line} 行的年度“{written[:20]}”无法识别，未采用；请填写四位数年度，如 2019",
        en=f"line {line}: “{written[:20]}” is no year and was ignored; write it with four digits, as 2019",
    )


def _wrong_order(line: int, first: int, last: int) -> Message:
    return Message(
        zh=f"第 {line} 行的起始年度 {first} 晚于截止年度 {last}，均未采用；请更正",
        en=f"line {line}: the first year {first} is after the last year {last}; both were ignored; correct them",
    )


def _succession_circle(line: int, name: str, successor: str) -> Message:
    return Message(
        zh=f"第 {line} 行“{name}”的后继“{successor}”最终又由该部门承接，后继未采用；请更正",
        en=f"line {line}: the successions from “{successor}” lead back to “{name}”, so this successor was "
        "ignored; correct it",
    )


def _contradiction(line: int, entry: DeclaredDepartment, successor: DeclaredDepartment) -> Message:
    return Message(
        zh=f"第 {line} 行“{entry.name}”始于 {entry.first_year} 年，其后继“{successor.name}”却止于 "
        f"{successor.last_year} 年，该行年度未采用；请更正",
        en=f"line {line}: “{entry.name}” begins in {entry.first_year}, and its successor “{successor.name}” ends "
        f"in {successor.last_year}; the years of the line were ignored; correct them",
    )


def _no_name(line: int) -> Message:
    return Message(
        zh=f"第 {line} 行未填全称，或全称超过 {MAX_NAME_LENGTH} 字，未采用；请填写部门全称",
        en=f"line {line} has no name, or one of more than {MAX_NAME_LENGTH} characters, and was "
        "ignored; write the full name of the department",
    )


def _repeated(line: int, before: int, name: str) -> Message:
    return Message(
        zh=f"第 {line} 行与第 {before} 行的全称都是“{name}”，第 {line} 行未采用；请合并为一行",
        en=f"lines {before} and {line} both have the name “{name}”; line {line} was ignored; "
        "write one line",
    )


def _ignored_names(line: int) -> Message:
    return Message(
        zh=f"第 {line} 行有的简称或曾用名没有文字、超过 {MAX_NAME_LENGTH} 字，或多于 {MAX_NAMES} 个，"
        "这些名称未采用；请删减",
        en=f"line {line}: names without letters, with more than {MAX_NAME_LENGTH} characters, or "
        f"after the first {MAX_NAMES} were ignored; remove them",
    )


def _is_full_name(line: int, name: str, other: int) -> Message:
    return Message(
        zh=f"第 {line} 行的简称“{name}”是第 {other} 行的全称，未采用；请改用其他简称",
        en=f"line {line}: the short name “{name}” is the full name in line {other} and was ignored; "
        "use another short name",
    )


def _ambiguous(line: int, name: str, other: int) -> Message:
    return Message(
        zh=f"第 {line} 行与第 {other} 行的简称都是“{name}”，不会自动选择其一；"
        "如需按简称筛选，请改为不同的简称",
        en=f"lines {other} and {line} both have the short name “{name}”, so it stands for neither; "
        "to filter by short names, make them different",
    )


def _circle(line: int, entry: DeclaredDepartment) -> Message:
    return Message(
        zh=f"第 {line} 行“{entry.name}”的上级“{entry.parent}”最终又隶属于该部门，上级未采用；请更正",
        en=f"line {line}: following the parents of “{entry.name}” from “{entry.parent}” returns to "
        "it, so its parent was ignored; correct it",
    )
