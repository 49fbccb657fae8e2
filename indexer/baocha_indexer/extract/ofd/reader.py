"""Convert OFD to lines. An OFD file is a ZIP archive of XML parts with the place of each character.

OFD.xml names the documents; a document names its pages, template pages and resources. The text of
a template page is on every page that uses it. `page` makes lines and tables of the pages, as it
does for PDF.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.notices import hidden_text, signed
from baocha_indexer.extract.ofd.graphics import (
    POINTS,
    Graphics,
    Matrix,
    Painter,
    local_name,
    numbers,
)
from baocha_indexer.extract.page import Page, lines_of_pages
from baocha_indexer.extract.pdf import MAX_PAGES, Rotation, fragments_of, inside, quarter_turns
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken, check_archive
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Extract, Properties

_ROOT = "OFD.xml"
_ENCRYPTED = "Encryptions.xml"
_A4 = (0.0, 0.0, 210.0, 297.0)
_MAX_UNREADABLE_RATIO = 0.5
"""Maximum ratio of unreadable characters to readable ones."""

_RESOURCES = ("PublicRes", "DocumentRes", "PageRes")


def extract(content: bytes) -> Extract:
    """Return the lines of an OFD file, each with its page.

    Raises SourceError if it cannot be read, is encrypted, or has no text.
    """
    check_archive(content, _ROOT)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _Reader(archive).extract()
    except etree.XMLSyntaxError as error:
        raise broken() from error


class _Reader:
    """Reads one file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = frozenset(archive.namelist())
        self._parsed: dict[str, Any] = {}
        self._texts: list[str] = []
        self._changes = Changes()
        self._hidden = self._images = self._shown = self._unreadable = 0

    def extract(self) -> Extract:
        """Return the lines of all documents in the file."""
        if _ENCRYPTED in self._names:
            raise SourceError(
                zh="OFD 已加密；请解密后另存再试",
                en="the OFD is encrypted; save it without encryption and try again",
            )
        root = self._part(_ROOT)
        places = [_text(root, "DocRoot", at) for at in range(len(_all(root, "DocRoot")))]
        pages: list[Page] = []
        for place in places:
            pages += self._pages(_resolved("", place), len(pages))
        if self._images and not any(page.fragments for page in pages):
            raise SourceError(
                zh="OFD 只有图像，没有文字，未索引；请另存为 PDF，通过 OCR 读取",
                en="the OFD has only images and no text, and was not indexed; "
                "save it as PDF and read that by OCR",
            )
        warnings = tuple(self._warnings(root, places))
        title = printable(_text(root, "Title")).strip()
        lines = tuple(lines_of_pages(pages, self._changes))
        text = "\n".join(self._texts)
        return Extract(lines, warnings, Properties(title), text, self._changes)

    def _warnings(self, root: Any, documents: list[str]) -> Iterator[Message]:
        if signatures := self._listed("", root, "Signatures", "Signature"):
            yield signed(signatures)
        if self._hidden:
            yield hidden_text(self._hidden)
        if self._unreadable > _MAX_UNREADABLE_RATIO * self._shown:
            yield Message(
                zh="较多文字只保存了字形，无法读取；请另存为 PDF，通过 OCR 读取",
                en="at least a third of the text has only the shapes of its characters and cannot be read; "
                "save it as PDF and read that by OCR",
            )
        attached = 0
        for place in documents:
            base = _resolved("", place)
            attached += self._listed(base, self._part(base), "Attachments", "Attachment")
        if attached:
            yield Message(
                zh=f"有 {attached} 个附件未读取；请将附件另存到同一文件夹后一并索引",
                en=f"{attached} attached files were not read; save them in the same folder to index them",
            )

    def _listed(self, base: str, element: Any, part: str, name: str) -> int:
        """Return how many elements with a name are in the part that is given in an element."""
        place = _resolved(base, _text(element, part))
        return len(_all(self._part(place), name)) if place in self._names else 0

    def _pages(self, base: str, before: int) -> Iterator[Page]:
        """Yield the pages of a document. `base`: the name of its part; `before`: pages so far."""
        document = self._part(base)
        templates = {
            template.get("ID", ""): _resolved(base, template.get("BaseLoc", ""))
            for template in _all(document, "TemplatePage")
        }
        default = _area(document) or _A4
        composites: dict[str, Any] = {}
        self._add_composites(base, document, composites)
        painter = Painter(composites)
        pages = _all(document, "Page")
        if before + len(pages) > MAX_PAGES:
            raise SourceError(
                zh=f"超过 {MAX_PAGES} 页；请拆分", en=f"over {MAX_PAGES} pages; split it"
            )
        for at, listed in enumerate(pages, start=before + 1):
            place = _resolved(base, listed.get("BaseLoc", ""))
            page = self._parse(place)
            self._add_composites(place, page, composites)
            below: list[Any] = []
            above: list[Any] = []
            for used in _all(page, "Template"):
                name = templates.get(used.get("TemplateID", ""), "")
                if name in self._names:
                    front = used.get("ZOrder") == "Foreground"
                    (above if front else below).append(self._part(name))
            left, top, width, height = _area(page) or default
            # To points, with y upwards from the bottom of the page.
            matrix = Matrix(POINTS, 0, 0, -POINTS, -left * POINTS, (top + height) * POINTS)
            graphics = Graphics()
            painter.begin_page()
            for element in (*below, page, *above):
                painter.add(element, graphics, matrix)
            self._hidden += graphics.hidden
            self._images += graphics.images
            self._shown += len(graphics.characters)
            self._unreadable += graphics.unreadable
            self._texts.append("".join(found.char for found in graphics.characters))
            box = (0.0, 0.0, width * POINTS, height * POINTS)
            yield _page(at, graphics, box, self._changes)

    def _add_composites(self, base: str, element: Any, composites: dict[str, Any]) -> None:
        for kind in _RESOURCES:
            for at in range(len(_all(element, kind))):
                place = _resolved(base, _text(element, kind, at))
                if place in self._names:
                    units = _all(self._part(place), "CompositeGraphicUnit")
                    composites.update((unit.get("ID", ""), unit) for unit in units)

    def _part(self, name: str) -> Any:
        """Return the root element of a part, parsed once."""
        if name not in self._parsed:
            self._parsed[name] = self._parse(name)
        return self._parsed[name]

    def _parse(self, name: str) -> Any:
        if name not in self._names:
            raise broken()
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(self._archive.read(name), parser)


def _page(
    number: int, graphics: Graphics, box: tuple[float, float, float, float], changes: Changes
) -> Page:
    """Return a page. `box`: left, bottom, right, top in points."""
    rotation = Rotation(quarter_turns(graphics.angles), box)
    rulings = rotation.rulings(graphics.rulings)
    characters = rotation.characters(inside(graphics.characters, box, changes))
    left, bottom, right, top = rotation.box(*box)
    fragments = tuple(fragments_of(characters, rulings, changes))
    return Page(number, bottom, top, fragments, rulings, left, right, -rotation.quarters % 4)


def _all(element: Any, name: str) -> list[Any]:
    return [found for found in element.iter() if local_name(found) == name]


def _text(element: Any, name: str, at: int = 0) -> str:
    """Return the text of an element with a name below an element, or an empty text."""
    found = _all(element, name)
    return (found[at].text or "").strip() if at < len(found) else ""


def _area(element: Any) -> tuple[float, ...] | None:
    """Return the box of a page: left, top, width and height in millimetres, None if unknown."""
    box = numbers(_text(element, "PhysicalBox"), 4)
    return box if box and min(box[2:]) > 0 else None


def _resolved(base: str, place: str) -> str:
    """Return the name of a part. `place`: from the folder of the part `base`, or from the root."""
    path = posixpath.join("/", posixpath.dirname(base), place.replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/")
