"""The comparison page: how often a query, or each of several terms, is mentioned, and its exports."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from typing import TypeVar

from flask import Response, abort, request
from werkzeug.datastructures import MultiDict

from baocha.exports import (
    TABLE_FORMS,
    ExportTable,
    TableCell,
    TableExport,
    filters_text,
)
from baocha.mount import url_for
from baocha.search import AXES, MODES, Axis, Engine, Matrix, MatrixCell, Mode
from baocha.search.query import MAX_QUERY_LENGTH, cut_short
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.comparison import (
    UNITS,
    Comparison,
    Group,
    Row,
    Unit,
    Value,
    column_order,
    compare_query,
    compare_terms,
    sorted_rows,
    value_of,
)
from baocha.web.export import file_name_of
from baocha.web.requested import MAX_VALUE_LENGTH, Requested, encode_parameters, filter_value
from baocha.web.tables import (
    about_search,
    number_of,
    send_tables,
    shown_value,
)
from baocha.web.texts import text
from baocha.web.uploads import receive_query
from baocha_indexer.messages import Message

_Choice = TypeVar("_Choice", bound=str)

MAX_TERMS = 200
MAX_ADDRESS = 7_000
"""Maximum length of a link to this page, in bytes. Many proxies refuse more than 8,000."""

SHADES = 5
_MAX_CELLS = 5_000
"""Maximum number of cells of the table on the page. The parameter `all` shows all of them."""

_MIN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: terms, axes, unit, order, and whether groups are counted together."""

    terms: tuple[str, ...] = ()
    rows: Axis = "department"
    columns: Axis = "year"
    unit: Unit = "paragraphs"
    order: str = ""
    merged: bool = False

    @classmethod
    def from_args(cls, args: MultiDict[str, str], warnings: list[Message]) -> "Choices":
        """Parse the parameters. A value of `term` may have several lines, a term on each."""
        terms = terms_of(args.getlist("term"), warnings)
        columns = chosen_of(args, "columns", AXES) or ("department" if terms else "year")
        rows = chosen_of(args, "rows", AXES) or (
            "department" if columns != "department" else "year"
        )
        if not terms and rows == columns:
            warnings.append(
                Message(
                    zh="行与列不能相同，已改换列",
                    en="rows and columns must differ; columns changed",
                )
            )
            columns = "year" if rows != "year" else "department"
        return cls(
            terms,
            rows,
            columns,
            chosen_of(args, "unit", UNITS) or "paragraphs",
            (args.getlist("order") or [""])[-1][:MAX_VALUE_LENGTH],
            merged=chosen_of(args, "merged", ("0", "1")) == "1",
        )

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters of these choices, without those that have default values."""
        pairs = [("term", term) for term in self.terms]
        pairs += [("rows", self.rows)] if not self.terms and self.rows != "department" else []
        default = "department" if self.terms else "year"
        pairs += [("columns", self.columns)] if self.columns != default else []
        pairs += [("unit", self.unit)] if self.unit != "paragraphs" else []
        pairs += [("order", self.order)] if self.order else []
        pairs += [("merged", "1")] if self.merged else []
        return tuple(pairs)


def chosen_of(args: MultiDict[str, str], name: str, allowed: Sequence[_Choice]) -> _Choice | None:
    """Return the last allowed value of a parameter. A pressed button sends its value last."""
    given = reversed(args.getlist(name))
    return next((one for value in given for one in allowed if one == value), None)


def terms_of(
    given: Iterable[str], warnings: list[Message], most: int = MAX_TERMS
) -> tuple[str, ...]:
    """Return the different terms; add a warning if there are over `most`, or one is too long."""
    lines = (line.strip() for value in given for line in value.splitlines())
    terms = list(dict.fromkeys(line for line in lines if line))
    if any(len(term) > MAX_QUERY_LENGTH for term in terms):
        warnings.append(cut_short())
        terms = list(dict.fromkeys(term[:MAX_QUERY_LENGTH] for term in terms))
    if len(terms) > most:
        warnings.append(
            Message(
                zh=f"共 {len(terms):,} 个检索词，仅统计前 {most} 个；请分批提交",
                en=f"of {len(terms):,} terms, only the first {most} are counted; "
                "enter the others separately",
            )
        )
    return tuple(terms[:most])


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it is shown: its value, the address that it links to, and what it means.

    `meaning`: "hits" for a count above 0; "absent" for a zero that is a proof; "other_marks" for a zero
    that proves nothing, because paragraphs match with other marks; "empty" if no report was searched. An
    empty cell has no link.
    """

    value: float
    meaning: str
    address: str = ""
    other_marks: int = 0


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """A comparison with its parameters. `matrix` is None for a list of terms."""

    requested: Requested
    choices: Choices
    mode: Mode
    comparison: Comparison
    matrix: Matrix | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the chosen order."""
        return sorted_rows(self.comparison, self.choices.unit, self.choices.order)

    def cells(self, row: Row, *, external: bool = False) -> Iterator[ShownCell]:
        """Yield the cells of a row, then its sum if sums are shown.

        Hits link to the search, zeros to what was checked. With `external`, addresses are whole.
        """
        hits, checks = (
            url_for(f"web.{page}", _external=external) for page in ("search_page", "absent_page")
        )
        # There may be thousands of cells: the parameters of a row are encoded once.
        axis = self.comparison.columns_axis
        of_row = self._state(row, axis).query_string
        of_all = self._state(row).query_string
        found = list(zip(row.cells, self.comparison.columns, strict=True))
        queries = [f"{of_row}&{encode_parameters([(axis, filter_value(v))])}" for _, v in found]
        every = [cell for cell, _ in found]
        if self.comparison.sums_rows:
            every, queries = [*every, row.whole], [*queries, of_all]
        for cell, query in zip(every, queries, strict=True):
            value = value_of(cell, self.choices.unit)
            if not cell.searched:
                yield ShownCell(value, "empty")
            elif cell.paragraphs:
                yield ShownCell(value, "hits", f"{hits}?{query}")
            else:
                meaning = "absent" if cell.is_absent else "other_marks"
                yield ShownCell(value, meaning, f"{checks}?{query}", cell.other_marks)

    def _state(self, row: Row, without: Axis | None = None) -> Requested:
        """Return the state of a row, without the filter by one facet."""
        chosen = dict(self.requested.chosen)
        if self.comparison.rows_axis:
            chosen[self.comparison.rows_axis] = (filter_value(row.value),)
        if row.kinds and self.comparison.rows_axis != "kind":
            chosen["kind"] = row.kinds
        if without:
            chosen[without] = ()
        return self.requested.changed(query=row.query, mode=self.mode, extra=(), chosen=chosen)

    def sum_value(self, cell: MatrixCell) -> float:
        """Return the count of a sum in the chosen unit."""
        return value_of(cell, self.choices.unit)

    @property
    def largest(self) -> float:
        """The largest count in a cell."""
        cells = (cell for row in self.comparison.rows for cell in row.cells)
        return max((value_of(cell, self.choices.unit) for cell in cells), default=0)

    @property
    def trend(self) -> list[tuple[Value, int]]:
        """The number of matching paragraphs of each year; empty for terms and for groups."""
        if self.matrix is None or self.choices.columns != "year" or self.comparison.groups:
            return []
        counts = [cell.paragraphs for cell in self.matrix.by_column]
        return list(zip(self.comparison.columns, counts, strict=True))

    @property
    def mentioning(self) -> int:
        """Number of rows with a match, by their different known values."""
        rows = self.comparison.rows
        return len({r.value for r in rows if r.whole.paragraphs and r.value is not None})

    @property
    def known(self) -> int:
        """Number of different known values of the rows."""
        return len({row.value for row in self.comparison.rows if row.value is not None})


@bp.route("/compare", methods=["GET", "POST"])
def compare_page() -> Page:
    """Show a table of counts. A list of terms that is too long for an address is sent by POST."""
    requested, choices, warnings = _asked()
    if not requested.query and not choices.terms:
        return render(
            "compare.html",
            requested,
            warnings,
            choices=choices,
            table=None,
            method="get",
            default_mode="exact",
            units=UNITS,
            axes=AXES,
            max_terms=MAX_TERMS,
            filters_shown=filters_text(requested.filters),
        )
    page = _counted(current_engine(), requested, choices)
    address = url_for("web.compare_page") + "?" + requested.query_string
    is_long = len(address) > MAX_ADDRESS
    if is_long:
        requested = requested.changed(extra=())
    rows, largest = page.rows, page.largest
    columns = len(page.comparison.columns)
    shown = (
        len(page.rows)
        if request.values.get("all")
        else max(_MIN_ROWS, _MAX_CELLS // (columns or 1))
    )
    return render(
        "compare.html",
        requested,
        (*warnings, *page.comparison.warnings),
        choices=choices,
        table=page,
        method="post" if is_long else "get",
        default_mode="exact",
        units=UNITS,
        axes=AXES,
        max_terms=MAX_TERMS,
        filters_shown=filters_text(requested.filters),
        shade=lambda value: shade_of(value, largest),
        rows=rows,
        spans=spans_of(rows[:shown]),
        shown=shown,
        column_order=column_order,
        forms=TABLE_FORMS,
        tallest=max((count for _, count in page.trend), default=0),
    )


@bp.route("/compare.<form>", methods=["GET", "POST"])
def compare_export(form: str) -> Response | Page:
    """Send the table as a file. Its cells link to their hits."""
    if form not in TABLE_FORMS:
        abort(404)
    requested, choices, warnings = _asked()
    if not requested.query and not choices.terms:
        return message("no_query", 400)

    def content(engine: Engine) -> TableExport:
        page = _counted(engine, requested, choices)
        return _export(engine, page, (*warnings, *page.comparison.warnings))

    name = file_name_of(choices.terms[0] if choices.terms else requested.query)
    return send_tables(f"{name}-compare", form, requested.language, content)


def _asked() -> tuple[Requested, Choices, list[Message]]:
    """Return what a request asks for, and warnings."""
    if request.method == "POST":
        receive_query()
    args = request.form if request.method == "POST" else request.args
    requested, warnings = Requested.from_args(args)
    choices = Choices.from_args(args, warnings)
    mode = chosen_of(args, "mode", MODES)
    return replace(requested, extra=choices.parameters, mode=mode, page=1), choices, warnings


def _counted(engine: Engine, requested: Requested, choices: Choices) -> ComparisonPage:
    mode: Mode = requested.mode or "exact"
    filters, expand, merged = requested.filters, requested.expand, choices.merged
    matrix = None
    if choices.terms:
        comparison = compare_terms(
            engine, choices.terms, filters, mode, choices.columns, expand=expand, merged=merged
        )
    else:
        comparison, matrix = compare_query(
            engine,
            requested.query,
            filters,
            mode,
            choices.rows,
            choices.columns,
            expand=expand,
            merged=merged,
        )
    return ComparisonPage(requested, choices, mode, comparison, matrix)


def spans_of(rows: Sequence[Row]) -> list[int]:
    """Return the `rowspan` of the name of each row. Consecutive rows with one value share a name.

    It is 0 for a row that shares the name of a row above.
    """
    spans: list[int] = []
    for _, own in groupby(rows, key=lambda row: (row.value, row.query)):
        size = len(list(own))
        spans += [size, *[0] * (size - 1)]
    return spans


def shade_of(count: float, largest: float) -> int:
    """Return the shade of a cell, from 0 for no paragraphs to `SHADES` for the largest count."""
    return ceil(count * SHADES / largest) if largest else 0


def _export(engine: Engine, page: ComparisonPage, warnings: Sequence[Message]) -> TableExport:
    """Return the table for an export, with the links of its cells."""
    comparison, choices, language = page.comparison, page.choices, page.requested.language
    groups, sums_rows = bool(comparison.groups), comparison.sums_rows
    head = [text(language, comparison.rows_axis or "term")]
    head += [text(language, "group")] if groups else []
    head += [shown_value(language, value) for value in comparison.columns]
    head += [text(language, "sum")] if sums_rows else []
    rows = [_export_row(page, row, len(head)) for row in page.rows]
    sums = [_export_sum(page, group) for group in comparison.sums]
    table = ExportTable(
        text(language, f"unit_{choices.unit}"),
        tuple(head),
        [*rows, *sums],
        fixed=1 + groups,
        sums=len(sums),
    )
    notes = ["matrix_how", *(["split_how"] if groups else [])]
    about = (
        *about_search(engine, page.requested, warnings, choices.terms),
        (text(language, "mode"), text(language, f"mode_{page.mode}")),
        (text(language, "unit"), text(language, f"unit_{choices.unit}")),
        *((text(language, "about_note"), text(language, note)) for note in notes),
    )
    subject = page.requested.query
    if choices.terms:
        subject = text(language, "terms_count", count=len(choices.terms))
    title = text(language, "chip", facet=text(language, "compare"), value=subject)
    return TableExport(title, about, (table,))


def _export_row(page: ComparisonPage, row: Row, width: int) -> list[TableCell]:
    """Return a row of the table. A term that could not be counted has its warnings instead of counts."""
    comparison, language = page.comparison, page.requested.language
    cells = [TableCell(shown_value(language, row.value))]
    if comparison.groups:
        group = text(language, f"group_{row.group}") if row.group else ""
        cells.append(TableCell(group))
    if not row.cells:
        why = "；".join(warning.render(language) for warning in row.warnings)
        cells.append(TableCell(why))
        return [*cells, *[TableCell("")] * (width - len(cells))]
    for cell in page.cells(row, external=True):
        number = TableCell(number_of(cell.value, page.choices.unit), cell.address)
        if cell.meaning == "empty":
            cells.append(TableCell(text(language, "not_filed")))
        elif cell.meaning == "other_marks":  # the star says that this zero is no proof
            cells.append(TableCell(f"{number.text}*", cell.address))
        else:
            cells.append(number)
    return cells


def _export_sum(page: ComparisonPage, group: Group | None) -> list[TableCell]:
    """Return the row of the sums of a group."""
    comparison, language = page.comparison, page.requested.language
    name = text(language, f"group_{group}") if group else ""
    cells = [TableCell(text(language, "sum"))]
    if comparison.groups:
        cells.append(TableCell(name))
    elif name:
        cells = [TableCell(f"{cells[0].value}{text(language, 'in_brackets', text=name)}")]
    sums = [*comparison.sums[group]]
    sums += [comparison.wholes[group]] if comparison.sums_rows else []
    unit = page.choices.unit
    return [*cells, *(TableCell(number_of(page.sum_value(cell), unit)) for cell in sums)]
