"""What a request to the search page asks for, and the links that ask for a little else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.search import FACETS, SORTS, Filters, Sort
from app.search.grammar import MAX_QUERY_LENGTH, cut_short
from app.years import parse_years
from indexer.messages import Language, Message

PAGE_SIZE = 20
MAX_PAGE = 100_000
MAX_FILTERS = 100
"""Values of filters that are read of one request."""


@dataclass(frozen=True, slots=True)
class Requested:
    """One state of the search page; every link on the page is another."""

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: Sort
    page: int
    language: Language

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> tuple["Requested", list[Message]]:
        """Return what the parameters ask for, and what of them was not understood."""
        warnings: list[Message] = []
        chosen = {}
        for facet in FACETS:
            values = dict.fromkeys(value for value in args.getlist(facet)[:MAX_FILTERS] if value)
            chosen[facet] = tuple(values)
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
        return replace(self, chosen={**self.chosen, facet: tuple(values)}, page=1)

    def without_filters(self) -> "Requested":
        """Return this request without any filter, on its first page."""
        return replace(self, chosen=dict.fromkeys(FACETS, ()), page=1)

    def on_page(self, page: int) -> "Requested":
        """Return this request on another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> "Requested":
        """Return this request in another order, on its first page."""
        return replace(self, sort=sort, page=1)

    def in_language(self, language: Language) -> "Requested":
        """Return this request in another language."""
        return replace(self, language=language)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters that ask for this, those at their defaults left out."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(facet, value) for facet in FACETS for value in self.chosen[facet]]
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        if self.page != 1:
            pairs.append(("page", str(self.page)))
        if self.language != "zh":
            pairs.append(("lang", self.language))
        return pairs

    @property
    def query_string(self) -> str:
        """The parameters as the end of an address."""
        return urlencode(self.parameters, errors="replace")


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
        warnings.append(Message(zh=f"没有“{value}”这种排序", en=f"there is no order “{value}”"))
    return "relevance"


def _page(value: str, warnings: list[Message]) -> int:
    if value.isdecimal() and 1 <= int(value[:9]) <= MAX_PAGE:
        return int(value[:9])
    if value:
        warnings.append(Message(zh=f"没有第“{value}”页", en=f"there is no page “{value}”"))
    return 1
