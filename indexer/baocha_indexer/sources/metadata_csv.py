"""`metadata.csv`: what somebody says of the reports in its folder; it overrides what is guessed.

The nearest folder's says; a file below it is named by its path, 2023/a.pdf. One line a
report, below a line of column names, Chinese or English: 文件 file, 标题 title,
部门 department, 年度 year, 报告类型 kind, and any others, which are kept with the report. An
empty cell says nothing. The file may be UTF-8 or GB18030, as Excel saves it.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from unicodedata import normalize

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import decoded, printable
from baocha_indexer.messages import Message
from baocha_indexer.model import DECLARED, Metadata
from baocha_indexer.sources.find import METADATA
from baocha_indexer.sources.read import read_source

_COLUMNS = {
    "文件": "file",
    "文件名": "file",
    "标题": "title",
    "部门": "department",
    "单位": "department",
    "部门名称": "department",
    "单位名称": "department",
    "年度": "year",
    "年份": "year",
    "报告类型": "kind",
    "类型": "kind",
    "报告年度": "year",
    "报告标题": "title",
}
_KNOWN = ("file", *DECLARED)
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `metadata.csv` says of one report; empty if it says nothing. `own` are further columns."""

    title: str = ""
    department: str = ""
    year: int | None = None
    kind: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    def applied_to(self, metadata: Metadata) -> Metadata:
        """Return the metadata with what is declared in place of what was guessed."""
        return replace(
            metadata,
            title=self.title or metadata.title,
            department=self.department or metadata.department,
            year=self.year or metadata.year,
            kind=self.kind or metadata.kind,
        )

    def as_json(self) -> str:
        """Return all that is declared as JSON, the same for the same; empty if nothing is."""
        said = {name: getattr(self, name) for name in DECLARED if getattr(self, name)}
        held = said | dict(self.own)
        return json.dumps(held, ensure_ascii=False, sort_keys=True) if held else ""

    @classmethod
    def from_json(cls, text: str) -> "Declaration":
        """Return the declaration that `as_json` returned as `text`."""
        values = json.loads(text) if text else {}
        known = {name: values.pop(name) for name in DECLARED if name in values}
        return cls(**known, own=values)


NOTHING = Declaration()


@dataclass(frozen=True, slots=True)
class Declarations:
    """A `metadata.csv`: the declarations in it by the names of files, and what is wrong with it.

    If it is `unreadable`, files without a declaration in it keep the one that they had before.
    """

    by_file: Mapping[str, Declaration]
    warnings: tuple[Message, ...] = ()
    unreadable: bool = False

    def of(self, file_name: str) -> Declaration:
        """Return what it says of a file in its folder."""
        return self.by_file.get(_named(file_name), NOTHING)


def read_declarations(folder: Path, inside: Path | None = None) -> Declarations:
    """Return what the `metadata.csv` of a folder says; nothing if there is none.

    With `inside`, it must be in that folder once links are followed.
    """
    path = folder / METADATA
    if not path.is_file():
        return Declarations({})
    try:
        text, warnings = decoded(read_source(path, inside))
    except SourceError as error:
        return Declarations({}, (error.message,), unreadable=True)
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    by_file: dict[str, Declaration] = {}
    problems = list(warnings)
    try:
        names = [_COLUMNS.get(name.strip(), name.strip().casefold()) for name in next(rows, [])]
        if "file" not in names:
            return Declarations({}, (*problems, _no_file_column()), unreadable=True)
        for row in rows:
            held = {n: printable(v).strip() for n, v in zip(names, row, strict=False) if v.strip()}
            if file := _named(held.pop("file", "")):
                if any("\n" in held.get(name, "") for name in _KNOWN):
                    problems.append(_over_lines(rows.line_num, file))
                    continue
                problems += _wrong(held, rows.line_num, file, folder)
                if file in by_file:
                    problems.append(_twice(rows.line_num, file))
                by_file[file] = _declaration(held)
    except csv.Error as error:
        problems.append(_unreadable(rows.line_num, error))
        return Declarations(by_file, tuple(_first(problems)), unreadable=True)
    return Declarations(by_file, tuple(_first(problems)))


def _declaration(held: Mapping[str, str]) -> Declaration:
    year = _year(held)
    return Declaration(
        title=held.get("title", ""),
        department=held.get("department", ""),
        year=int(year) if _is_year(year) else None,
        kind=held.get("kind", ""),
        own={name: value for name, value in held.items() if name and name not in _KNOWN},
    )


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)[0-9]{2}", text) is not None


def _named(file: str) -> str:
    """Return how a file is named: its path below the folder of the table, strokes forward."""
    return normalize("NFC", file.replace("\\", "/")).removeprefix("./")


def _wrong(held: Mapping[str, str], number: int, file: str, folder: Path) -> Iterator[Message]:
    if (year := _year(held)) and not _is_year(year):
        yield Message(
            zh=f"第 {number} 行的年度“{year}”不是 1900 至 2099 的四位数，未采用",
            en=f"line {number}: “{year}” is no year of four digits, 1900 to 2099, and was not taken",
        )
    if file.startswith(("../", "/")):
        yield Message(
            zh=f"第 {number} 行的“{file}”不在这个文件夹里；请写在那个文件夹的 {METADATA} 里",
            en=f"line {number}: “{file}” is in another folder; say it in the {METADATA} there",
        )
    elif not _is_there(folder / file):
        yield Message(
            zh=f"第 {number} 行的文件“{file}”不在这个文件夹里",
            en=f"line {number}: there is no file “{file}” in this folder",
        )


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _first(problems: Sequence[Message]) -> Iterator[Message]:
    """Yield the first problems, and how many more there are: a table of another folder has one a line."""
    yield from problems[:_MOST_PROBLEMS]
    if (more := len(problems) - _MOST_PROBLEMS) > 0:
        yield Message(zh=f"另有 {more} 处问题未列出", en=f"{more} more problems are not listed")


def _year(held: Mapping[str, str]) -> str:
    return normalize("NFKC", held.get("year", "")).rstrip("年度")


def _over_lines(number: int, file: str) -> Message:
    return Message(
        zh=f"到第 {number} 行为止，“{file}”的一格跨了几行，未采用；请检查引号是否成对",
        en=f"up to line {number}, a cell of “{file}” goes over several lines and was not taken; "
        "check that quotation marks are in pairs",
    )


def _twice(number: int, file: str) -> Message:
    return Message(
        zh=f"第 {number} 行又写了“{file}”，以这一行为准",
        en=f"line {number} says “{file}” again; this line counts",
    )


def _unreadable(number: int, error: csv.Error) -> Message:
    return Message(
        zh=f"第 {number} 行读不懂（{error}），从这里起未采用；请检查引号是否成对",
        en=f"line {number} cannot be read ({error}) and nothing from there on was taken; "
        "check that quotation marks are in pairs",
    )


def _no_file_column() -> Message:
    return Message(
        zh="第一行缺少“文件”（file）列，未采用；各报告沿用上次的信息",
        en="its first line has no column “file” (文件), so it was ignored; "
        "reports keep what it declared before",
    )
