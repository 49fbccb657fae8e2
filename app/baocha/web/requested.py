"""What a request to the search page asks for, and the links that ask for a little else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from baocha.search import FACET_NAMES, FACETS, SORTS, Filters, Grouping, Sort
from baocha.search.query import MAX_QUERY_LENGTH, cut_short, parse_years
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN

PAGE_SIZES = (20, 50, 100)
MAX_PAGE = 100_000
MAX_FILTERS = 100
"""Values of filters that are read of one request."""

_SAID = 40
MAX_VALUE_LENGTH = 100
"""Characters: every link on the page carries every value, and no name is so long."""


@dataclass(frozen=True, slots=True)
class Requested:
    """One state of the search page; every link on the page is another.

    `around` is the id of the hit that is shown with the paragraphs around it, `unfolded` the
    facet of which every value is shown.
    """

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: Sort
    page: int
    language: Language
    unit: Grouping = "paragraph"
    size: int = PAGE_SIZES[0]
    around: str = ""
    unfolded: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> tuple["Requested", list[Message]]:
        """Return what the parameters ask for, and what of them was not understood."""
        warnings: list[Message] = []
        chosen = {}
        for facet in FACETS:
            values = dict.fromkeys(value for value in args.getlist(facet)[:MAX_FILTERS] if value)
            if any(len(value) > MAX_VALUE_LENGTH for value in values):
                warnings.append(_too_long(facet))
            chosen[facet] = tuple(v for v in values if len(v) <= MAX_VALUE_LENGTH)
        chosen["year"] = _years(chosen["year"], warnings)
        query = args.get("q", "").strip()
        if len(query) > MAX_QUERY_LENGTH:
            # Every link on the page carries the query.
            query = query[:MAX_QUERY_LENGTH]
            warnings.append(cut_short())
        return cls(
            query=query,
            chosen=chosen,
            sort=_sort(args.get("sort", ""), warnings),
            page=_page(args.get("page", ""), warnings),
            language="en" if args.get("lang") == "en" else "zh",
            unit="report" if args.get("by") == "report" else "paragraph",
            size=_size(args.get("size", ""), warnings),
            around=args.get("around", "")[:MAX_VALUE_LENGTH],
            unfolded=next((facet for facet in FACETS if args.get("more") == facet), ""),
        ), warnings

    @property
    def filters(self) -> Filters:
        """The filters as an engine takes them."""
        years = [parse_years(year) for year in self.chosen["year"]]
        return Filters(
            department=self.chosen["department"],
            year=tuple(year for year in years if not isinstance(year, Message)),
            section=self.chosen["section"],
            kind=self.chosen["kind"],
        )

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is chosen."""
        return any(self.chosen.values())

    def with_value(self, facet: str, value: str) -> "Requested":
        """Return this request with one more value of a facet, on its first page."""
        return self._with_values(facet, (*self.chosen[facet], value))

    def without_value(self, facet: str, value: str) -> "Requested":
        """Return this request without a value of a facet, on its first page."""
        return self._with_values(facet, tuple(v for v in self.chosen[facet] if v != value))

    def _with_values(self, facet: str, values: Sequence[str]) -> "Requested":
        return self._changed(chosen={**self.chosen, facet: tuple(values)})

    def only(self, **values: str) -> "Requested":
        """Return this request with these values alone of these facets, on its first page."""
        return self._changed(chosen={**self.chosen, **{f: (v,) for f, v in values.items()}})

    def _changed(self, **changes: Any) -> "Requested":
        """Return this request changed in what makes it another list: it begins anew."""
        return replace(self, page=1, around="", **changes)

    def without_filters(self) -> "Requested":
        """Return this request without any filter, on its first page."""
        return self._changed(chosen=dict.fromkeys(FACETS, ()))

    def on_page(self, page: int) -> "Requested":
        """Return this request on another page."""
        return replace(self, page=page, around="")

    def sorted_by(self, sort: Sort) -> "Requested":
        """Return this request in another order, on its first page."""
        return self._changed(sort=sort)

    def by(self, unit: Grouping) -> "Requested":
        """Return this request by paragraph or by report, on its first page."""
        return self._changed(unit=unit)

    def sized(self, size: int) -> "Requested":
        """Return this request with so many hits a page, on its first page."""
        return self._changed(size=size)

    def asking(self, query: str) -> "Requested":
        """Return this request with another query, on its first page."""
        return self._changed(query=query)

    def open_at(self, hit_id: str) -> "Requested":
        """Return this request with the paragraphs around a hit shown; none for an empty id."""
        return replace(self, around=hit_id)

    def in_language(self, language: Language) -> "Requested":
        """Return this request in another language."""
        return replace(self, language=language)

    def unfold(self, facet: str) -> "Requested":
        """Return this request with every value of a facet shown; of none for an empty name."""
        return replace(self, unfolded=facet)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters that ask for this, those at their defaults left out."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(facet, value) for facet in FACETS for value in self.chosen[facet]]
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        if self.unit != "paragraph":
            pairs.append(("by", self.unit))
        if self.size != PAGE_SIZES[0]:
            pairs.append(("size", str(self.size)))
        if self.page != 1:
            pairs.append(("page", str(self.page)))
        if self.language != "zh":
            pairs.append(("lang", self.language))
        if self.unfolded:
            pairs.append(("more", self.unfolded))
        if self.around:
            pairs.append(("around", self.around))
        return pairs

    @property
    def query_string(self) -> str:
        """The parameters as the end of an address."""
        return urlencode(self.parameters, errors="replace")


def _too_long(facet: str) -> Message:
    name = FACET_NAMES[facet]
    return Message(
        zh=f"{name.zh}的筛选超过 {MAX_VALUE_LENGTH} 个字，未采用",
        en=f"a {name.en} of over {MAX_VALUE_LENGTH} characters was not taken",
    )


def _cut(value: str) -> str:
    """Return a value short enough to be said again."""
    return value if len(value) <= _SAID else value[:_SAID] + "…"


def _years(values: Sequence[str], warnings: list[Message]) -> tuple[str, ...]:
    understood = []
    for value in values:
        years = parse_years(value)
        if isinstance(years, Message):
            warnings.append(years)
        else:
            understood.append(value)
    return tuple(understood)


def _sort(value: str, warnings: list[Message]) -> Sort:
    for sort in SORTS:
        if value == sort:
            return sort
    if value:
        said = _cut(value)
        warnings.append(Message(zh=f"没有“{said}”这种排序", en=f"there is no order “{said}”"))
    return "relevance"


def _size(value: str, warnings: list[Message]) -> int:
    for size in PAGE_SIZES:
        if value == str(size):
            return size
    if value:
        sizes = " ".join(map(str, PAGE_SIZES))
        warnings.append(
            Message(
                zh=f"每页不能是“{_cut(value)}”段；可用 {sizes}",
                en=f"a page cannot have “{_cut(value)}” hits; it may have {sizes}",
            )
        )
    return PAGE_SIZES[0]


def year_name(year: int | None) -> str:
    """Return a year as a filter names it."""
    return UNKNOWN if year is None else str(year)


def _page(value: str, warnings: list[Message]) -> int:
    if value.isdecimal() and 1 <= int(value[:9]) <= MAX_PAGE:
        return int(value[:9])
    if value:
        said = _cut(value)
        warnings.append(Message(zh=f"没有第“{said}”页", en=f"there is no page “{said}”"))
    return 1
