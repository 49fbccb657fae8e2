"""Accept the tracked changes of a Word document, and remove its hidden text, before it is read.

ECMA-376, part 1: 17.13.5 (revisions), 17.3.2.41 (vanish).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from baocha_indexer.extract.notices import hidden_text
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes

_PARAGRAPH, _RUN, _ROW, _TEXT = map(qn, ("w:p", "w:r", "w:tr", "w:t"))
_PROPERTIES = qn("w:pPr")
_INSERTED = (qn("w:ins"), qn("w:moveTo"))
_DELETED = (qn("w:del"), qn("w:moveFrom"))
_OFF = ("0", "false", "off")
_MAX_STYLES = 20


@dataclass(slots=True)
class Revisions:
    """The numbers of insertions and deletions that were accepted, and of characters removed.

    `changes`: where the hidden text that was removed is recorded.
    """

    changes: Changes
    insertions: int = 0
    deletions: int = 0
    hidden: int = 0

    def apply(self, root: Any, styles: Mapping[str, Any]) -> None:
        """Accept the changes in a part, and remove its hidden text. `styles`: by their id."""
        self.insertions += sum(_has_content(found) for found in root.iter(*_INSERTED))
        for found in list(root.iter(*_DELETED)):
            if _has_content(found):
                self.deletions += 1
                found.getparent().remove(found)
        for row in list(root.iter(_ROW)):
            if _is_marked(row, "w:trPr"):
                self.deletions += 1
                row.getparent().remove(row)
        for paragraph in list(root.iter(_PARAGRAPH)):
            following = paragraph.getnext()
            if (
                _is_marked(paragraph, "w:pPr", "w:rPr")
                and getattr(following, "tag", 0) == _PARAGRAPH
            ):
                _join(paragraph, following)
        for run in list(root.iter(_RUN)):
            if _is_hidden(run, styles):
                texts = [(text.text or "").strip() for text in run.iter(_TEXT)]
                self.hidden += sum(map(len, texts))
                self.changes.remove("hidden text", *texts)
                run.getparent().remove(run)

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


def _has_content(change: Any) -> bool:
    """Whether a change has text. One without is the mark of a paragraph, row or list number."""
    return len(change) > 0


def _is_marked(element: Any, *path: str) -> bool:
    """Whether the properties of an element, at a path, mark it as deleted."""
    properties = element.find("/".join(map(qn, path)))
    return properties is not None and any(properties.find(tag) is not None for tag in _DELETED)


def _join(paragraph: Any, following: Any) -> None:
    """Move the content of a paragraph whose end was deleted to the start of the next one."""
    content = [child for child in paragraph if child.tag != _PROPERTIES]
    at = 1 if following.find(_PROPERTIES) is not None else 0
    following[at:at] = content
    paragraph.getparent().remove(paragraph)


def _is_hidden(run: Any, styles: Mapping[str, Any]) -> bool:
    own = _vanish(run.find(qn("w:rPr")))
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
    found = element.find("/".join(map(qn, path)))
    return "" if found is None else found.get(qn("w:val"), "")


def _vanish(properties: Any | None) -> bool | None:
    """Return whether properties of text hide it, or None if they have no such property."""
    found = None if properties is None else properties.find(qn("w:vanish"))
    return None if found is None else found.get(qn("w:val"), "true") not in _OFF
