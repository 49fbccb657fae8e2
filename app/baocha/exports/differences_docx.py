"""Write what differs between two reports as a Word document, with the changed words marked."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from baocha.exports.docx_elements import Body, Cell, label, open_body
from baocha.exports.docx_parts import LANDSCAPE
from baocha.search import ReportParagraph, ReportSummary
from baocha.search.differences import KIND_NAMES, KINDS, MOVED, Difference, Differences
from baocha.search.highlight import Span, split_at
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN, Figure

MAX_ROWS = 5_000
"""Number of differences in a document. Word cannot handle many more."""

_TITLE = Message(zh="报告对比", en="Comparison of reports")
_FIRST = Message(zh="原报告", en="first report")
_SECOND = Message(zh="现报告", en="second report")
_WHAT = Message(zh="变化", en="change")
_FIGURES = Message(zh="数字变化", en="figures")
_SUMMARY = Message(zh="概要", en="Summary")
_CHANGES = Message(zh="逐段对比", en="Changes")


def write_differences(
    differences: Differences,
    about: Sequence[tuple[str, str]],
    language: Language,
    file: BinaryIO,
) -> None:
    """Write a summary, then the paragraphs that differ. `about`: labels and values for the end."""
    with open_body(file, _TITLE.render(language), "", language, LANDSCAPE) as body:
        body.add_paragraph(_TITLE.render(language), "Title")
        first, second = _described(differences.first), _described(differences.second)
        body.add_lines([(_FIRST.render(language), first), (_SECOND.render(language), second)])
        body.add_paragraph(_SUMMARY.render(language), "Heading1")
        body.add_lines(summary_lines(differences, language))
        body.add_paragraph(_CHANGES.render(language), "Heading1")
        _add_changes(body, differences, language)
        body.add_paragraph(Message(zh="说明", en="About").render(language), "Heading1")
        body.add_lines(about)


def summary_lines(differences: Differences, language: Language) -> list[tuple[str, str]]:
    """Return the name of each kind of change with the number of paragraphs."""
    names: dict[str, Message] = {"moved": MOVED}
    names.update((kind, KIND_NAMES[kind]) for kind in KINDS)
    return [
        (names[kind].render(language), f"{count:,}") for kind, count in differences.summary.items()
    ]


def _described(report: ReportSummary) -> str:
    about = (report.department or UNKNOWN, str(report.year or UNKNOWN), report.source)
    return f"{report.title}（{'，'.join(about)}）"


def _add_changes(body: Body, differences: Differences, language: Language) -> None:
    changes = differences.changes
    narrow = LANDSCAPE.text_width // 9
    wide = (LANDSCAPE.text_width - 2 * narrow) // 2

    def rows() -> Iterator[list[Cell]]:
        heads = (_WHAT, _FIRST, _SECOND, _FIGURES)
        yield [label(head.render(language)) for head in heads]
        for one in changes[:MAX_ROWS]:
            yield [
                Cell(change_name(one).render(language)),
                _text_cell(one.first, [edit.first for edit in one.edits]),
                _text_cell(one.second, [edit.second for edit in one.edits]),
                Cell("\n".join(figure_changes(one))),
            ]

    body.add_table((narrow, wide, wide, narrow), rows(), heads=1)
    if len(changes) > MAX_ROWS:
        note = Message(
            zh=f"另有 {len(changes) - MAX_ROWS:,} 处未列出",
            en=f"{len(changes) - MAX_ROWS:,} more are not listed",
        )
        body.add_paragraph(note.render(language), "Remark")


def change_name(difference: Difference) -> Message:
    """Return what happened to a paragraph, for display."""
    name = KIND_NAMES[difference.kind]
    if not difference.is_moved:
        return name
    if difference.kind == "unchanged":
        return MOVED
    return Message(zh=f"{name.zh}、{MOVED.zh}", en=f"{name.en}, {MOVED.en}")


def figure_changes(difference: Difference) -> list[str]:
    """Return the figures of a paragraph that changed: 执行率 82.3% → 97.6%."""
    return [
        f"{change.second.label or change.first.label} {_shown(change.first)} → {_shown(change.second)}"
        for change in difference.figures
    ]


def _shown(figure: Figure) -> str:
    return figure.text + ("" if figure.text.endswith(figure.unit) else figure.unit)


def _text_cell(paragraph: ReportParagraph | None, spans: Sequence[Span]) -> Cell:
    if paragraph is None:
        return Cell("")
    return Cell(list(split_at(paragraph.text, spans)), shades_hits=False)
