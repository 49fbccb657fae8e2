"""The parameters of the API: one table to parse them and to describe them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from baocha.search import AXES, DEFAULT_LIMIT, DEFAULT_SUGGESTIONS, GROUPINGS, MODES, SORTS, Filters
from baocha.search.query import MAX_QUERY_LENGTH, parse_years
from baocha.web import MAX_VALUE_LENGTH, MAX_VALUES
from baocha_indexer.copies import LEAST_RUN
from baocha_indexer.messages import Message
from baocha_indexer.model import MAX_PARAGRAPH

MAX_LIMIT = 100
MAX_OFFSET = 1_000_000
MAX_PASSAGE_OFFSET = 10_000
"""Passages before the offset are compared too, which takes time."""
Kind = Literal["text", "integer", "choice", "texts", "years"]


class ParameterError(Exception):
    """A parameter has an invalid value."""

    def __init__(self, name: str, message: Message) -> None:
        """`message` names the parameter and says which values it accepts."""
        super().__init__(message.en)
        self.name = name
        self.message = message


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query string. The kinds `texts` and `years` may be repeated."""

    name: str
    kind: Kind
    help: Message
    default: Any = None
    maximum: int = 0
    choices: Sequence[str] = ()

    def read(self, given: Sequence[str]) -> Any:
        """Return the value. Raises ParameterError if it is invalid."""
        if not given:
            return () if self.kind in ("texts", "years") else self.default
        match self.kind:
            case "integer":
                return self._integer(given[-1])
            case "choice":
                return self._choice(given[-1])
            case "texts" | "years":
                return self._several(given)
            case _:
                return self._text(given[-1])

    def _text(self, text: str) -> str:
        if len(text) > MAX_QUERY_LENGTH:
            raise self._longer_than(MAX_QUERY_LENGTH)
        return text

    def _integer(self, text: str) -> int:
        # All limits have fewer than eight digits. `isdecimal` also accepts digits of other scripts.
        if not (
            text.isascii() and text.isdecimal() and len(text) <= 8 and int(text) <= self.maximum
        ):
            raise self._wrong(f"0–{self.maximum}")
        return int(text)

    def _choice(self, text: str) -> str:
        if text not in self.choices:
            raise self._wrong(" | ".join(self.choices))
        return text

    def _several(self, given: Sequence[str]) -> tuple[Any, ...]:
        if len(given) > MAX_VALUES:
            raise self._wrong(Message(zh=f"至多 {MAX_VALUES} 个", en=f"at most {MAX_VALUES}"))
        if any(len(value) > MAX_VALUE_LENGTH for value in given):
            raise self._longer_than(MAX_VALUE_LENGTH)
        # A form also sends its empty fields.
        given = [value for value in given if value]
        if self.kind == "texts":
            return tuple(dict.fromkeys(given))
        years = [parse_years(text) for text in given]
        if any(isinstance(year, Message) for year in years):
            raise self._wrong("2022 | 2021-2023")
        return tuple(years)

    def _longer_than(self, maximum: int) -> ParameterError:
        return self._wrong(
            Message(zh=f"至多 {maximum:,} 个字", en=f"at most {maximum:,} characters")
        )

    def _wrong(self, takes: str | Message) -> ParameterError:
        zh, en = (takes.zh, takes.en) if isinstance(takes, Message) else (takes, takes)
        return ParameterError(
            self.name, Message(zh=f"参数 {self.name} 应为 {zh}", en=f"{self.name} must be {en}")
        )

    def schema(self) -> dict[str, Any]:
        """Return the parameter as a JSON schema."""
        match self.kind:
            case "integer":
                return {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": self.maximum,
                    "default": self.default,
                }
            case "choice":
                return {"type": "string", "enum": list(self.choices), "default": self.default}
            case "texts":
                text = {"type": "string", "maxLength": MAX_VALUE_LENGTH}
                return {"type": "array", "items": text, "maxItems": MAX_VALUES}
            case "years":
                pattern = r"^(|\d{4}(-\d{4})?|未知|unknown)$"
                more = "2022年, 2021至2023 and similar forms are accepted too"
                items = {"type": "string", "pattern": pattern, "description": more}
                return {"type": "array", "items": items, "maxItems": MAX_VALUES}
            case _:
                return {"type": "string", "maxLength": MAX_QUERY_LENGTH}


QUERY = Parameter("q", "text", Message(zh="检索", en="the query"), default="")
LANGUAGE = Parameter(
    "lang",
    "choice",
    Message(
        zh="消息的语言；默认按 Accept-Language", en="language of messages; default: Accept-Language"
    ),
    choices=("zh", "en"),
)
FILTERS = (
    Parameter("department", "texts", Message(zh="部门", en="department")),
    Parameter("year", "years", Message(zh="年度：2022 或 2021-2023", en="year: 2022 or 2021-2023")),
    Parameter("section", "texts", Message(zh="章节", en="section")),
    Parameter("kind", "texts", Message(zh="报告类型", en="kind of report")),
    Parameter(
        "role",
        "texts",
        Message(zh="段落类型：body、table 或 heading", en="part: body, table or heading"),
    ),
    Parameter("region", "texts", Message(zh="地区", en="region")),
    Parameter(
        "level",
        "texts",
        Message(zh="层级：国家、省、市、县、乡", en="level: 国家, 省, 市, 县 or 乡"),
    ),
    Parameter("copied", "texts", Message(zh="雷同：yes 或 no", en="copied text: yes or no")),
)
FOLLOW = Parameter(
    "follow",
    "choice",
    Message(
        zh="1：有沿革关系的部门合并为一个，沿革见 departments.csv",
        en="1: departments that succeeded each other are one, as departments.csv declares",
    ),
    "0",
    choices=("0", "1"),
)
OFFSET = Parameter(
    "offset",
    "integer",
    Message(zh="跳过几条", en="number of items to skip"),
    default=0,
    maximum=MAX_OFFSET,
)
PASSAGE_OFFSET = Parameter(
    "offset",
    "integer",
    Message(
        zh="跳过几处；其后的请加筛选条件，或用 baocha copies",
        en="number of passages to skip; for later ones add filters, or use baocha copies",
    ),
    default=0,
    maximum=MAX_PASSAGE_OFFSET,
)
LIMIT = Parameter(
    "limit",
    "integer",
    Message(zh="至多几条", en="maximum number of items"),
    DEFAULT_LIMIT,
    MAX_LIMIT,
)
SUGGESTIONS = Parameter(
    "limit",
    "integer",
    Message(zh="至多几条", en="maximum number of items"),
    DEFAULT_SUGGESTIONS,
    20,
)
SORT = Parameter(
    "sort",
    "choice",
    Message(
        zh="排序；highest、lowest 按数字条件的数值",
        en="order; highest and lowest: by the value of the condition on figures",
    ),
    default="relevance",
    choices=SORTS,
)
BY = Parameter(
    "by",
    "choice",
    Message(
        zh="按段落，或按报告（每份报告一条）",
        en="by paragraph, or the best paragraph of each report",
    ),
    default="paragraph",
    choices=GROUPINGS,
)
LEVEL1 = Parameter("level1", "text", Message(zh="一级指标", en="indicator of the first level"))
NAME = Parameter(
    "name", "text", Message(zh="指标名称中的文字", en="a part of the name of the indicator")
)
GRADE = Parameter("grade", "text", Message(zh="等级：优 良 中 差", en="grade: 优 良 中 差"))
LOST = Parameter(
    "lost",
    "choice",
    Message(zh="1：仅扣分的指标", en="1: only with deducted points"),
    "0",
    choices=("0", "1"),
)
NO_REASON = Parameter(
    "no_reason",
    "choice",
    Message(zh="1：仅扣分而未填原因的指标", en="1: only deducted points without a reason"),
    "0",
    choices=("0", "1"),
)
MIN_CHARS = Parameter(
    "min_chars",
    "integer",
    Message(
        zh=f"雷同文字至少几字，不少于 {LEAST_RUN}",
        en=f"least number of characters of a passage, at least {LEAST_RUN}",
    ),
    default=LEAST_RUN,
    maximum=MAX_PARAGRAPH,
)
OUTRIGHT = Parameter(
    "outright",
    "choice",
    Message(
        zh="1：数字、年度和部门名称也须相同", en="1: numbers, years and names must be equal too"
    ),
    "0",
    choices=("0", "1"),
)
TEMPLATES = Parameter(
    "templates",
    "choice",
    Message(zh="1：包括模板文字", en="1: template text too"),
    "0",
    choices=("0", "1"),
)
RULE = Parameter("rule", "texts", Message(zh="核对事项的代号", en="id of a rule"))
SEVERITY = Parameter(
    "severity",
    "texts",
    Message(zh="可靠程度：error、warning 或 notice", en="severity: error, warning or notice"),
)
STATE = Parameter(
    "state",
    "texts",
    Message(
        zh="处理结果：open、confirmed 或 dismissed", en="decision: open, confirmed or dismissed"
    ),
)
_MODE = Message(
    zh="关键词的匹配方式：words 含各词，exact 原样",
    en="match of keywords: words (all words occur) or exact (as typed)",
)
MODE = Parameter("mode", "choice", _MODE, default="words", choices=MODES)
MATRIX_MODE = Parameter("mode", "choice", _MODE, default="exact", choices=MODES)
ROWS = Parameter(
    "rows",
    "choice",
    Message(zh="按什么分行", en="the facet of the rows"),
    default="department",
    choices=AXES,
)
COLUMNS = Parameter(
    "columns",
    "choice",
    Message(zh="按什么分列，不得与 rows 相同", en="the facet of the columns, not that of the rows"),
    default="year",
    choices=AXES,
)
EXPAND = Parameter(
    "expand",
    "choice",
    Message(zh="1：一并检索同义词", en="1: search synonyms too"),
    default="0",
    choices=("0", "1"),
)
FACET_COUNTS = Parameter(
    "facets",
    "choice",
    Message(zh="1：列出各部门、年度等的段数", en="1: list the counts of each facet"),
    default="0",
    choices=("0", "1"),
)
ANSI = Parameter(
    "ansi",
    "choice",
    Message(
        zh="1：加入终端的转义序列（粗体、颜色）",
        en="1: with escape sequences of a terminal for bold and colours",
    ),
    default="0",
    choices=("0", "1"),
)
ROWS_OF_FILE = Parameter(
    "limit",
    "integer",
    Message(zh="返回段落数上限；默认全部", en="maximum number of paragraphs; all by default"),
    maximum=MAX_OFFSET,
)
AROUND = Parameter(
    "around", "integer", Message(zh="前后各几段", en="paragraphs before and after"), 1, 20
)


def read_parameters(
    parameters: Sequence[Parameter], args: MultiDict[str, str]
) -> tuple[dict[str, Any], list[Message]]:
    """Return the values of the parameters, and warnings about unknown or repeated ones.

    Raises ParameterError if a value is invalid.
    """
    known = {parameter.name for parameter in parameters}
    unknown = [name for name in args if name not in known]
    warnings = [
        Message(zh=f"没有参数 {name[:40]}，未采用", en=f"unknown parameter {name[:40]} was ignored")
        for name in unknown[:MAX_VALUES]
    ]
    warnings += [
        Message(
            zh=f"参数 {p.name} 给了几次，取最后一个",
            en=f"{p.name} is repeated; the last value is used",
        )
        for p in parameters
        if p.kind not in ("texts", "years") and len(args.getlist(p.name)) > 1
    ]
    return {p.name: p.read(args.getlist(p.name)) for p in parameters}, warnings


def filters_of(values: Mapping[str, Any]) -> Filters:
    """Return the filters from the values of the parameters."""
    return Filters(**{parameter.name: values[parameter.name] for parameter in FILTERS})
