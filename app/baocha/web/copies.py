"""The pages of copied text: pairs of reports that share text, and the paragraphs that do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flask import Response, request
from werkzeug.datastructures import MultiDict

from baocha.exports import TableExport, copies_table
from baocha.search import (
    CopiedReports,
    Copy,
    CopyFilter,
    Engine,
    ReportParagraph,
    SharedPassage,
)
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.pieces import Piece, pieces_of
from baocha.web.requested import MAX_VALUE_LENGTH, Requested, page_count
from baocha.web.tables import about_search, external_report, send_tables
from baocha.web.texts import text
from baocha_indexer.messages import Message

PAGE_SIZE = 100
"""Number of pairs of reports on one page."""

PARAGRAPHS = 30
"""Number of copied paragraphs of a report on one page."""

COPIES = 5
"""Number of copies shown of each paragraph, if several paragraphs are shown."""

COPIES_OF_ONE = 50
"""Number of copies shown if only one paragraph is shown."""

MAX_EXPORTED = 100_000
"""Number of passages in an exported file."""

RELATIONS = ("same", "between")
"""Pairs of reports of the same department, and of different ones."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choice of the page of pairs: one of RELATIONS; empty for all."""

    relation: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choices":
        """Parse the parameters. An unknown value is ignored."""
        relation = args.get("relation", "")
        return cls(relation if relation in RELATIONS else "")

    def passes(self, shared: CopiedReports | SharedPassage) -> bool:
        """Return whether a pair of reports, or a passage in two reports, is wanted."""
        return not self.relation or shared.is_same_department == (self.relation == "same")


@bp.get("/copies")
def copies_page() -> Page:
    """Show the pairs of reports that share text."""
    requested, choices, warnings = _asked()
    every = current_engine().copied_reports(filters=requested.filters)
    pairs = list(filter(choices.passes, every))
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "copies.html",
        requested,
        warnings,
        choices=choices,
        relations=RELATIONS,
        pairs=pairs[first : first + PAGE_SIZE],
        share_text=lambda share: f"{share:.1%}",
        total=len(pairs),
        pages=page_count(len(pairs), PAGE_SIZE),
    )


@bp.get("/copies.<form>")
def copies_export(form: str) -> Response:
    """Send the shared passages as a table."""
    requested, choices, warnings = _asked()

    def content(engine: Engine) -> TableExport:
        found = filter(choices.passes, engine.shared_passages(filters=requested.filters))
        passages = list(islice(found, MAX_EXPORTED))
        notes = [*warnings, *([_CUT] if len(passages) == MAX_EXPORTED else [])]
        about = about_search(engine, replace(requested, query=""), notes)
        note = (text(requested.language, "about_note"), text(requested.language, "copies_how"))
        table = copies_table(passages, requested.language, external_report)
        return TableExport(text(requested.language, "copies"), (*about, note), (table,))

    return send_tables("copies", form, requested.language, content)


_CUT = Message(
    zh=f"雷同文字较多，仅列出前 {MAX_EXPORTED:,} 处；可增加筛选条件，或用 baocha copies 命令导出全部",
    en=f"there are more passages; only the first {MAX_EXPORTED:,} are listed. Add filters, or use the "
    "command `baocha copies`",
)


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    choices = Choices.from_args(request.args)
    extra = (("relation", choices.relation),) if choices.relation else ()
    return replace(requested, extra=extra), choices, warnings


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """A copy of a paragraph, and both texts in pieces."""

    copy: Copy
    own: Sequence[Piece]
    other: Sequence[Piece]


@bp.get("/reports/<report_id>/copies")
def report_copies_page(report_id: str) -> Page:
    """Show the paragraphs of a report that share text with other reports, beside the other texts."""
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine()
    report = engine.report(report_id)
    if report is None:
        return message("no_report", 404)
    ordinal = request.args.get("paragraph", type=int)
    other = request.args.get("with", "")[:MAX_VALUE_LENGTH]
    outright = request.args.get("outright") == "1"
    copied = engine.copied_paragraphs(
        report_id,
        ordinal,
        other=other or None,
        wanted=CopyFilter(outright=outright),
        most=COPIES if ordinal is None else COPIES_OF_ONE,
    )
    found = copied or ()
    extra = [("with", other)] if other else []
    extra += [("paragraph", str(ordinal))] if ordinal is not None else []
    extra += [("outright", "1")] if outright else []
    first = (requested.page - 1) * PARAGRAPHS
    return render(
        "report_copies.html",
        replace(requested, extra=tuple(extra)),
        warnings,
        report=report,
        compared=engine.report(other) if other else None,
        paragraph=ordinal,
        outright=outright,
        copied=[
            (one, [_shown(one.paragraph, copy) for copy in one.copies])
            for one in found[first : first + PARAGRAPHS]
        ],
        total=len(found),
        pages=page_count(len(found), PARAGRAPHS),
    )


def _shown(paragraph: ReportParagraph, copy: Copy) -> ShownCopy:
    passages = copy.passages
    own = pieces_of(
        paragraph.text,
        [passage.span for passage in passages],
        [item.span for passage in passages for item in passage.items if item.differs],
    )
    other = pieces_of(
        copy.paragraph.text,
        [passage.other_span for passage in passages],
        [item.other_span for passage in passages for item in passage.items if item.differs],
    )
    return ShownCopy(copy, list(own), list(other))
