"""The state of the search page: parse it from a request, and make links to similar states."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from werkzeug.datastructures import MultiDict

from baocha.search import FACET_NAMES, FACETS, MODES, SORTS, Filters, Grouping, Mode, Sort
from baocha.search.query import MAX_QUERY_LENGTH, cut_short, parse_years
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN

PAGE_SIZES = (20, 50, 100)
MAX_PAGE = 100_000
MAX_VALUES = 100
"""Maximum number of values of each filter in one request."""

_SHOWN_LENGTH = 40
MAX_VALUE_LENGTH = 100
"""Maximum length of a filter value, in characters. Every link on the page contains every value."""


@dataclass(frozen=True, slots=True)
class Requested:
    """One state of the search page. Every link on the page is another state.

    `mode` is None if the request has no mode; a page then uses its own default. `expand`: equal
    terms of the vocabulary are searched too. `around` is the id of the hit that is shown with its
    context. `expanded_facet` is the facet that is shown with all of its values. `extra` are the
    parameters of one page only, such as the terms of a comparison.
    """

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: Sort
    page: int
    language: Language
    grouping: Grouping = "paragraph"
    mode: Mode | None = None
    expand: bool = False
    follow: bool = False
    size: int = PAGE_SIZES[0]
    around: str = ""
    expanded_facet: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> tuple["Requested", list[Message]]:
        """Parse the parameters. Return the state and warnings about invalid values."""
        warnings: list[Message] = []
        chosen = {}
        for facet in FACETS:
            values = dict.fromkeys(value for value in args.getlist(facet)[:MAX_VALUES] if value)
            if any(len(value) > MAX_VALUE_LENGTH for value in values):
                warnings.append(_too_long(facet))
            chosen[facet] = tuple(v for v in values if len(v) <= MAX_VALUE_LENGTH)
        chosen["year"] = _years(chosen["year"], warnings)
        query = args.get("q", "").strip()
        if len(query) > MAX_QUERY_LENGTH:
            # Every link on the page contains the query.
            query = query[:MAX_QUERY_LENGTH]
            warnings.append(cut_short())
        return cls(
            query=query,
            chosen=chosen,
            sort=_sort(args.get("sort", ""), warnings),
            page=_page(args.get("page", ""), warnings),
            language="en" if args.get("lang") == "en" else "zh",
            grouping="report" if args.get("by") == "report" else "paragraph",
            mode=next((mode for mode in MODES if args.get("mode") == mode), None),
            expand=args.get("expand") == "1",
            follow=args.get("follow") == "1",
            size=_size(args.get("size", ""), warnings),
            around=args.get("around", "")[:MAX_VALUE_LENGTH],
            expanded_facet=next((facet for facet in FACETS if args.get("more") == facet), ""),
        ), warnings

    @property
    def filters(self) -> Filters:
        """The filters for the engine."""
        years = [parse_years(year) for year in self.chosen["year"]]
        return Filters(
            department=self.chosen["department"],
            year=tuple(year for year in years if not isinstance(year, Message)),
            section=self.chosen["section"],
            kind=self.chosen["kind"],
            role=self.chosen["role"],
            region=self.chosen["region"],
            level=self.chosen["level"],
            copied=self.chosen["copied"],
        )

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is chosen."""
        return any(self.chosen.values())

    def with_value(self, facet: str, value: str) -> "Requested":
        """Return this state with one more filter value, on page 1."""
        return self._with_values(facet, (*self.chosen[facet], value))

    def without_value(self, facet: str, value: str) -> "Requested":
        """Return this state without a filter value, on page 1."""
        return self._with_values(facet, tuple(v for v in self.chosen[facet] if v != value))

    def _with_values(self, facet: str, values: Sequence[str]) -> "Requested":
        return self.changed(chosen={**self.chosen, facet: tuple(values)})

    def only(self, **values: str | int | None) -> "Requested":
        """Return this state with only this value for each given facet, on page 1."""
        chosen = {facet: (filter_value(value),) for facet, value in values.items()}
        return self.changed(chosen={**self.chosen, **chosen})

    def without_filters(self) -> "Requested":
        """Return this state without filters, on page 1."""
        return self.changed(chosen=dict.fromkeys(FACETS, ()))

    def changed(self, **changes: Any) -> "Requested":
        """Return this state with other values of some fields.

        If the list of hits changes, it is shown from page 1 and without the context of a hit.
        """
        if changes.keys() <= {"around", "language", "expanded_facet"}:
            return replace(self, **changes)
        return replace(self, **{"page": 1, "around": "", **changes})

    def query_strings_with(self, facet: str) -> Callable[[str], str]:
        """Return a function from a value of a facet to the query string of `with_value`."""
        return _with_hole(self.with_value(facet, _HOLE))

    def query_strings_around(self) -> Callable[[str], str]:
        """Return a function from the id of a hit to the query string of this state around it."""
        return _with_hole(self.changed(around=_HOLE))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of this state, without those that have default values."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(facet, value) for facet in FACETS for value in self.chosen[facet]]
        others = {
            "sort": self.sort if self.sort != "relevance" else "",
            "by": self.grouping if self.grouping != "paragraph" else "",
            "mode": self.mode,
            "expand": "1" if self.expand else "",
            "follow": "1" if self.follow else "",
            "size": str(self.size) if self.size != PAGE_SIZES[0] else "",
            "page": str(self.page) if self.page != 1 else "",
            "lang": self.language if self.language != "zh" else "",
            "more": self.expanded_facet,
            "around": self.around,
        }
        pairs += [(name, value) for name, value in others.items() if value]
        return [*pairs, *self.extra]

    @property
    def query_string(self) -> str:
        """The parameters as a query string."""
        return encode_parameters(self.parameters)


class _Hole(str):
    """A value that is inserted later. It is known by its identity: any other text may be typed."""

    __slots__ = ()


_HOLE = _Hole("?")


def _with_hole(state: Requested) -> Callable[[str], str]:
    """Return a function from the value of the parameter `_HOLE` to the query string.

    The other parameters are encoded only once. A page has a hundred links with the same ones.
    """
    parameters = state.parameters
    at = next(at for at, (_, value) in enumerate(parameters) if value is _HOLE)
    before = [*parameters[:at], (parameters[at][0], "")]
    start, after = encode_parameters(before), encode_parameters(parameters[at + 1 :])
    end = f"&{after}" if after else ""
    return lambda value: f"{start}{_quoted(value)}{end}"


def encode_parameters(parameters: Iterable[tuple[str, str | int]]) -> str:
    """Return parameters as a query string. A lone surrogate, which cannot be encoded, becomes “?”."""
    return "&".join([f"{name}={_quoted(str(value))}" for name, value in parameters])


# A page has some hundred links, and each has the query and all filters.
@lru_cache(512)
def _quoted(value: str) -> str:
    return quote_plus(value, errors="replace")


def _too_long(facet: str) -> Message:
    name = FACET_NAMES[facet]
    return Message(
        zh=f"{name.zh}的筛选超过 {MAX_VALUE_LENGTH} 个字，未采用",
        en=f"the filter {name.en} is over {MAX_VALUE_LENGTH} characters long and was ignored",
    )


def cut(value: str) -> str:
    """Return a value cut to a length that a message can show."""
    return value if len(value) <= _SHOWN_LENGTH else value[:_SHOWN_LENGTH] + "…"


def _years(values: Sequence[str], warnings: list[Message]) -> tuple[str, ...]:
    valid = []
    for value in values:
        years = parse_years(value)
        if isinstance(years, Message):
            warnings.append(
                Message(zh=f"{years.zh}；该筛选未采用", en=f"{years.en}; the filter was ignored")
            )
        else:
            valid.append(value)
    return tuple(valid)


def _sort(value: str, warnings: list[Message]) -> Sort:
    for sort in SORTS:
        if value == sort:
            return sort
    if value:
        shown = cut(value)
        warnings.append(Message(zh=f"没有“{shown}”这种排序", en=f"unknown order “{shown}”"))
    return "relevance"


def _size(value: str, warnings: list[Message]) -> int:
    for size in PAGE_SIZES:
        if value == str(size):
            return size
    if value:
        sizes = " ".join(map(str, PAGE_SIZES))
        warnings.append(
            Message(
                zh=f"每页不能是“{cut(value)}”段；可用 {sizes}",
                en=f"“{cut(value)}” is not a page size; choose one of {sizes}",
            )
        )
    return PAGE_SIZES[0]


def page_count(items: int, size: int) -> int:
    """Return the number of pages of a list. An empty list has one."""
    return max(1, -(-items // size))


def filter_value(value: str | int | None) -> str:
    """Return the text that a filter needs to select a value of a facet."""
    return UNKNOWN if value is None else str(value)


def _page(value: str, warnings: list[Message]) -> int:
    if value.isdecimal() and 1 <= int(value[:9]) <= MAX_PAGE:
        return int(value[:9])
    if value:
        shown = cut(value)
        warnings.append(Message(zh=f"没有第“{shown}”页", en=f"there is no page “{shown}”"))
    return 1
