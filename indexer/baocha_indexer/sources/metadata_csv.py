"""Read `metadata.csv`: declared metadata of the reports in its folder, instead of guessed values.

The `metadata.csv` in the nearest folder has priority. A file in a subfolder is given by its path,
2023/a.pdf. The first line has column names in Chinese or English: 文件 file, 标题 title, 部门
department, 年度 year, 报告类型 kind, and any others, which are stored with the report; 公开日期
(published) is its date of publication. Each other
line declares one report. An empty cell is ignored. The encoding is UTF-8 or GB18030, which Excel
writes.
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
from baocha_indexer.model import DECLARED, Metadata, Origin
from baocha_indexer.sources.csv_table import limited
from baocha_indexer.sources.find import METADATA
from baocha_indexer.sources.read import may_be_in_archive, read_source
from baocha_indexer.structure import KINDS, date_in
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import region_of

_CHINESE_NAMES = {
    "file": "文件 文件名",
    "title": "标题 报告标题",
    "department": "部门 单位 部门名称 单位名称",
    "year": "年度 年份 报告年度",
    "kind": "报告类型 类型",
}
_PUBLISHED = ("公开日期", "公开时间", "发布日期", "published")
"""The names of the additional column with the date of publication."""

MAX_ROWS = 100_000
"""Maximum number of lines of a `metadata.csv` that are read. Each takes some 0.1 ms."""

_COLUMNS = {zh: column for column, names in _CHINESE_NAMES.items() for zh in names.split()}


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declared metadata of one report, empty if there is none.

    `extra_columns`: the values of the other columns, by name.
    """

    title: str = ""
    department: str = ""
    year: int | None = None
    kind: str = ""
    extra_columns: Mapping[str, str] = field(default_factory=dict)

    def applied_to(self, metadata: Metadata) -> Metadata:
        """Return the metadata with the declared values instead of the guessed ones."""
        declared = {name: value for name in DECLARED if (value := getattr(self, name))}
        if self.year and self.year not in metadata.years:
            declared["years"] = (self.year,)
        if self.department:
            declared["level"], declared["region"] = region_of(self.department)
        if published := self.published:
            declared["published"] = published
        own = (*filter(declared.get, DECLARED), *(["published"] if published else []))
        origins = dict.fromkeys(own, Origin("metadata.csv", "certain"))
        return replace(metadata, **declared, origins={**metadata.origins, **origins})

    @property
    def published(self) -> str | None:
        """The declared date of publication, YYYY-MM-DD, or None."""
        return date_in(_first(self.extra_columns, _PUBLISHED))

    def contradictions(self, guessed: Metadata) -> Iterator[Message]:
        """Yield a warning for each declared value that contradicts what the report says.

        A longer or shorter name of the same department, one of the years of the report, and a kind
        that the rules do not know are no contradictions.
        """
        known = {name: getattr(guessed, name) for name in guessed.origins}
        department = known.get("department")
        if self.department and department:
            shorter, longer = sorted(map(fold, (self.department, department)), key=len)
            if shorter not in longer:
                yield _contradiction("部门", "department", self.department, department)
        if self.year and "year" in known and self.year not in guessed.years:
            yield _contradiction("年度", "year", self.year, guessed.year)
        if self.kind in KINDS and self.kind != known.get("kind", self.kind):
            yield _contradiction("报告类型", "kind", self.kind, guessed.kind)

    def as_json(self) -> str:
        """Return the declaration as JSON, or an empty string if nothing is declared.

        Equal declarations give equal strings.
        """
        values = {name: getattr(self, name) for name in DECLARED if getattr(self, name)}
        values |= self.extra_columns
        return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""

    @classmethod
    def from_json(cls, text: str) -> "Declaration":
        """Return the declaration from the JSON that `as_json` returned."""
        values = json.loads(text) if text else {}
        known = {name: values.pop(name) for name in DECLARED if name in values}
        return cls(**known, extra_columns=values)


NO_DECLARATION = Declaration()


@dataclass(frozen=True, slots=True)
class Declarations:
    """The content of a `metadata.csv`: its declarations by file name, and warnings about errors.

    If it is `unreadable`, files without a declaration in it keep their previous declaration.
    """

    by_file: Mapping[str, Declaration]
    warnings: tuple[Message, ...] = ()
    unreadable: bool = False

    @property
    def is_any(self) -> bool:
        """Whether there is a declaration, or there may be one that cannot be read."""
        return bool(self.by_file) or self.unreadable

    def of(self, file_name: str) -> Declaration:
        """Return the declaration of a file in its folder, or NO_DECLARATION."""
        return self.by_file.get(_normalized(file_name), NO_DECLARATION)


def read_declarations(folder: Path, required_folder: Path | None = None) -> Declarations:
    """Read the `metadata.csv` of a folder; return no declarations if it does not exist.

    With `required_folder`, the file must be in that folder after links are resolved.
    """
    path = folder / METADATA
    if not (path.exists() or may_be_in_archive(path)):
        return Declarations({})
    try:
        text, warnings = decoded(read_source(path, required_folder))
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
            if rows.line_num > MAX_ROWS:
                problems.append(_too_many_rows())
                break
            cells = {n: printable(v).strip() for n, v in zip(names, row, strict=False) if v.strip()}
            if file := _normalized(cells.pop("file", "")):
                number = rows.line_num
                if any("\n" in cells.get(name, "") for name in _CHINESE_NAMES):
                    problems.append(_several_lines(number, file))
                    continue
                problems += _problems(cells, number, file, folder)
                if file in by_file:
                    problems.append(
                        Message(
                            zh=f"第 {number} 行重复填写了“{file}”，以该行为准",
                            en=f"line {number} declares “{file}” again; this line is used",
                        )
                    )
                by_file[file] = _declaration(cells)
    except csv.Error as error:
        problems.append(_unreadable(rows.line_num, error))
        return Declarations(by_file, tuple(limited(problems)), unreadable=True)
    return Declarations(by_file, tuple(limited(problems)))


def _too_many_rows() -> Message:
    return Message(
        zh=f"超过 {MAX_ROWS:,} 行，其余各行未读取；请分文件夹填写",
        en=f"more than {MAX_ROWS:,} lines; the others were not read; use a file in each folder",
    )


def _declaration(cells: Mapping[str, str]) -> Declaration:
    year = _year(cells)
    return Declaration(
        title=cells.get("title", ""),
        department=cells.get("department", ""),
        year=int(year) if _is_year(year) else None,
        kind=cells.get("kind", ""),
        extra_columns={
            name: value for name, value in cells.items() if name and name not in _CHINESE_NAMES
        },
    )


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)[0-9]{2}", text) is not None


def _normalized(file: str) -> str:
    """Return a relative path in NFC, with forward slashes, without a leading `./`."""
    return normalize("NFC", file.replace("\\", "/")).removeprefix("./")


def _problems(cells: Mapping[str, str], number: int, file: str, folder: Path) -> Iterator[Message]:
    if (year := _year(cells)) and not _is_year(year):
        yield Message(
            zh=f"第 {number} 行的年度“{year}”不是 1900 至 2099 的四位数，未采用",
            en=f"line {number}: the year “{year}” is not a number from 1900 to 2099 and was ignored",
        )
    if (published := _first(cells, _PUBLISHED)) and not date_in(published):
        yield Message(
            zh=f"第 {number} 行的公开日期“{published[:20]}”不是日期，未采用；请写成 2023-08-30",
            en=f"line {number}: the date of publication “{published[:20]}” is no date and was "
            "ignored; write it as 2023-08-30",
        )
    if file.startswith(("../", "/")):
        yield Message(
            zh=f"第 {number} 行的“{file}”不在此文件夹中；请写入其所在文件夹的 {METADATA}",
            en=f"line {number}: “{file}” is in another folder; add the line to the {METADATA} there",
        )
    elif not _exists(folder / file):
        yield Message(
            zh=f"第 {number} 行的文件“{file}”不在此文件夹中",
            en=f"line {number}: there is no file “{file}” in this folder",
        )


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    """Return the first value of these columns, or an empty string."""
    return next(filter(None, map(cells.get, names)), "")


def _exists(path: Path) -> bool:
    try:
        return path.exists() or may_be_in_archive(path)
    except (OSError, ValueError):  # a name that no file can have
        return False


def _year(cells: Mapping[str, str]) -> str:
    return normalize("NFKC", cells.get("year", "")).rstrip("年度")


def _several_lines(number: int, file: str) -> Message:
    return Message(
        zh=f"“{file}”的一个单元格跨多行（至第 {number} 行），未采用；请检查引号是否成对",
        en=f"a cell of “{file}” has several lines, up to line {number}, so it was ignored; "
        "check that quotation marks are in pairs",
    )


def _unreadable(number: int, error: csv.Error) -> Message:
    return Message(
        zh=f"第 {number} 行无法解析（{error}），该行及以后各行未采用；请检查引号是否成对",
        en=f"line {number} cannot be parsed ({error}); this line and all later lines were ignored; "
        "check that quotation marks are in pairs",
    )


def _contradiction(zh: str, en: str, declared: object, found: object) -> Message:
    return Message(
        zh=f"{METADATA} 填写的{zh}是“{declared}”，报告中为“{found}”；以 {METADATA} 为准",
        en=f"{METADATA} declares the {en} “{declared}”, but the report has “{found}”; "
        f"{METADATA} is used",
    )


def _no_file_column() -> Message:
    return Message(
        zh="第一行缺少“文件”（file）列，未采用；各报告沿用上次的信息",
        en="its first line has no column “file” (文件), so it was ignored; "
        "reports keep what it declared before",
    )
