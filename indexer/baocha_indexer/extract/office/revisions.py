"""Accept the tracked changes of a Word document, and remove its hidden text, before it is read.

ECMA-376, part 1: 17.13.5 (revisions), 17.3.2.41 (vanish).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from baocha_indexer.extract.notices import hidden_text
from baocha_indexer.extract.office.docx_numbers import element_path, value
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Reason

WRITTEN = (qn("w:t"), qn("m:t"), qn("w:delText"))
"""The elements with text, also with deleted text."""

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""The element that repeats the content next to it for old programs."""

_PARAGRAPH, _RUN, _ROW, _CELL = map(qn, ("w:p", "w:r", "w:tr", "w:tc"))
_PROPERTIES, _RUN_PROPERTIES, _VANISH = map(qn, ("w:pPr", "w:rPr", "w:vanish"))
_REFERENCES = (qn("w:footnoteReference"), qn("w:endnoteReference"))
_INSERTED = (qn("w:ins"), qn("w:moveTo"))
_DELETED = (qn("w:del"), qn("w:moveFrom"))
_OFF = ("0", "false", "off")
_MAX_STYLES = 20


@dataclass(slots=True)
class Revisions:
    """The numbers of insertions and deletions that were accepted, and of hidden characters.

    `changes`: where the text that was removed is recorded. `notes`: why the reference to a note was
    removed, by the tag and the id of the reference, if no other one is left.
    """

    changes: Changes
    insertions: int = 0
    deletions: int = 0
    hidden: int = 0
    notes: dict[tuple[str, str], Reason] = field(default_factory=dict)

    def apply(self, root: Any, styles: Mapping[str, Any]) -> None:
        """Accept the changes in a part, and remove its hidden text. `styles`: by their id."""
        self.insertions += sum(_has_content(found) for found in root.iter(*_INSERTED))
        self.insertions += len(_marked_cells(root, "w:cellIns"))
        for found in list(root.iter(*_DELETED)):
            if _has_content(found):
                self.deletions += 1
                self._remove(found, root, "tracked deletion")
        rows = [row for row in root.iter(_ROW) if _is_marked(row, "w:trPr")]
        for removed in (*rows, *_marked_cells(root, "w:cellDel")):
            self.deletions += 1
            self._remove(removed, root, "tracked deletion")
        for paragraph in list(root.iter(_PARAGRAPH)):
            following = paragraph.getnext()
            if (
                _is_marked(paragraph, "w:pPr", "w:rPr")
                and getattr(following, "tag", 0) == _PARAGRAPH
            ):
                _join(paragraph, following)
        for run in list(root.iter(_RUN)):
            if _is_hidden(run, styles):
                self._remove(run, root, "hidden text")
        for reference in root.iter(*_REFERENCES):
            self.notes.pop(_key(reference), None)

    def remove_note(self, note: Any) -> bool:
        """Return whether the reference to a note was removed. Then record its text as removed."""
        reason = self.notes.get((f"{note.tag}Reference", note.get(qn("w:id"), "")))
        if reason:
            self._record(note, reason)
        return reason is not None

    def hide(self, *texts: str) -> None:
        """Record texts that are left out because Word does not show them."""
        self.changes.remove("hidden text", *texts)
        self.hidden += sum(len(text.strip()) for text in texts)

    def _remove(self, element: Any, root: Any, reason: Reason) -> None:
        """Remove an element below a root, unless an element around it was removed before."""
        if next(element.iterancestors(root.tag), None) is not None:
            self._record(element, reason)
            element.getparent().remove(element)

    def _record(self, element: Any, reason: Reason) -> None:
        self.notes.update((_key(found), reason) for found in element.iter(*_REFERENCES))
        for found in element.iter(*WRITTEN):
            if found.text and next(found.iterancestors(FALLBACK), None) is None:
                if reason == "hidden text":
                    self.hide(found.text)
                else:
                    self.changes.remove(reason, found.text)

    def warnings(self) -> Iterator[Message]:
        """Yield what was changed."""
        if self.insertions or self.deletions:
            yield Message(
                zh=f"有修订标记（插入 {self.insertions} 处、删除 {self.deletions} 处），"
                "按接受全部修订读取",
                en=f"tracked changes ({self.insertions} insertions, {self.deletions} deletions) "
                "were read as accepted",
            )
        if self.hidden:
            yield hidden_text(self.hidden)


def _key(reference: Any) -> tuple[str, str]:
    return reference.tag, reference.get(qn("w:id"), "")


def _marked_cells(root: Any, mark: str) -> list[Any]:
    """Return the cells whose properties have a mark. The properties before a change do not count."""
    above = (found.getparent().getparent() for found in root.iter(qn(mark)))
    return [cell for cell in above if cell is not None and cell.tag == _CELL]


def _has_content(change: Any) -> bool:
    """Whether a change has text. One without is the mark of a paragraph, row or list number."""
    return len(change) > 0


def _is_marked(element: Any, *path: str) -> bool:
    """Whether the properties of an element, at a path, mark it as deleted."""
    properties = element.find(element_path(*path))
    return properties is not None and any(properties.find(tag) is not None for tag in _DELETED)


def _join(paragraph: Any, following: Any) -> None:
    """Move the content of a paragraph whose end was deleted to the start of the next one."""
    content = [child for child in paragraph if child.tag != _PROPERTIES]
    at = 1 if following.find(_PROPERTIES) is not None else 0
    following[at:at] = content
    paragraph.getparent().remove(paragraph)


def _is_hidden(run: Any, styles: Mapping[str, Any]) -> bool:
    own = _vanish(run.find(_RUN_PROPERTIES))
    if own is not None:
        return own
    paragraph = next(run.iterancestors(_PARAGRAPH), None)
    of_run = _vanish_of_style(_style(run, "w:rPr", "w:rStyle"), styles)
    if of_run is not None or paragraph is None:
        return of_run is True
    return _vanish_of_style(_style(paragraph, "w:pPr", "w:pStyle"), styles) is True


def _vanish_of_style(name: str, styles: Mapping[str, Any]) -> bool | None:
    """Return what a style says, or else the styles that it is based on."""
    found = None
    for _ in range(_MAX_STYLES):
        style = styles.get(name)
        if found is not None or style is None:
            break
        found = _vanish(style.find(qn("w:rPr")))
        name = _style(style, "w:basedOn")
    return found


def _style(element: Any, *path: str) -> str:
    return value(element, *path) or ""


def _vanish(properties: Any | None) -> bool | None:
    """Return whether properties of text hide it, or None if they have no such property."""
    found = None if properties is None else properties.find(_VANISH)
    return None if found is None else found.get(qn("w:val"), "true") not in _OFF
