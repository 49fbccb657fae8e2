"""Convert OFD to lines. An OFD file is a ZIP archive of XML parts with the place of each character.

OFD.xml names the documents; a document names its pages, template pages and resources. The text of
a template page is on every page that uses it. `page` makes lines and tables of the pages, as it
does for PDF.
"""

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ocr
from baocha_indexer.extract.notices import hidden_text, signed
from baocha_indexer.extract.ofd.graphics import (
    POINTS,
    Graphics,
    Matrix,
    Painter,
    local_name,
    numbers,
)
from baocha_indexer.extract.page import Edges, Page, lines_of_pages
from baocha_indexer.extract.pdf import (
    MAX_PAGES,
    MAX_SCAN_CHARACTERS,
    MIN_CHARACTERS,
    MIN_IMAGE_SHARE,
    Rotation,
    TextLayer,
    fragments_of,
    inside,
    plain_text,
    quarter_turns,
    with_ocr,
)
from baocha_indexer.extract.rulings import Ruling
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken, check_archive
from baocha_indexer.messages import Message, counted
from baocha_indexer.model import Changes, Extract, Properties

_ROOT = "OFD.xml"
_ENCRYPTED = "Encryptions.xml"
_A4 = (0.0, 0.0, 210.0, 297.0)
_MAX_SIDE = 5080.0
"""Maximum size of a page in millimetres: that of PDF. A larger one is wrong, and is read as A4."""

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
            return _Reader(content, archive).extract()
    except etree.XMLSyntaxError as error:
        raise broken() from error


class _Reader:
    """Reads one file."""

    def __init__(self, content: bytes, archive: zipfile.ZipFile) -> None:
        self._content = content
        self._archive = archive
        self._names = frozenset(archive.namelist())
        self._parsed: dict[str, Any] = {}
        self._changes = Changes()
        self._layers: list[TextLayer] = []
        self._pictures: dict[int, list[tuple[str, Edges]]] = {}
        self._boxes: dict[int, Edges] = {}
        self._hidden = self._shown = self._unreadable = self._unread_images = 0
        self._missing_images = 0

    def extract(self) -> Extract:
        """Return the lines of all documents in the file."""
        if _ENCRYPTED in self._names:
            raise SourceError(
                zh="OFD 已加密；请解密后另存再试",
                en="the OFD is encrypted; save it without encryption and try again",
            )
        root = self._part(_ROOT)
        places = [_text(root, "DocRoot", at) for at in range(len(_all(root, "DocRoot")))]
        for place in places:
            self._read_pages(_resolved("", place))
        layers = self._layers
        pages = [layer.page for layer in layers]
        of_scans: list[Message] = []
        if ocr.is_installed() or any(page.fragments for page in pages):
            pages, of_scans = with_ocr(self._content, layers, self._image, self._changes)
        if self._pictures and not any(page.fragments for page in pages):
            raise SourceError(
                zh="OFD 只有图像，没有文字，未索引；请另存为 PDF，通过 OCR 读取",
                en="the OFD has only images and no text, and was not indexed; "
                "save it as PDF and read that by OCR",
            )
        warnings = (*self._warnings(root, places), *of_scans)
        title = printable(_text(root, "Title")).strip()
        lines = tuple(lines_of_pages(pages, self._changes))
        text = plain_text(pages, layers)
        return Extract(lines, warnings, Properties(title), text, self._changes)

    def _warnings(self, root: Any, documents: list[str]) -> Iterator[Message]:
        if signatures := self._listed("", root, "Signatures", "Signature"):
            yield signed(signatures)
        if self._hidden:
            yield hidden_text(self._hidden)
        if missing := self._missing_images:
            yield Message(
                zh=f"有 {missing} 幅图像在文件中缺失，未读取",
                en=f"{counted(missing, 'image')} {'is' if missing == 1 else 'are'} missing in the file "
                f"and {'was' if missing == 1 else 'were'} not read",
            )
        if unread := self._unread_images:
            yield Message(
                zh=f"有 {unread} 幅图像的格式无法读取；请另存为 PDF，通过 OCR 读取",
                en=f"{counted(unread, 'image')} {'has' if unread == 1 else 'have'} a format that cannot be read; "
                "save it as PDF and read that by OCR",
            )
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
            verb, them = ("was", "it") if attached == 1 else ("were", "them")
            yield Message(
                zh=f"有 {attached} 个附件未读取；请将附件另存到同一文件夹后一并索引",
                en=f"{counted(attached, 'attached file')} {verb} not read; "
                f"save {them} in the same folder to index {them}",
            )

    def _listed(self, base: str, element: Any, part: str, name: str) -> int:
        """Return how many elements with a name are in the part that is given in an element."""
        place = _resolved(base, _text(element, part))
        return len(_all(self._part(place), name)) if place in self._names else 0

    def _read_pages(self, base: str) -> None:
        """Read the pages of a document. `base`: the name of its part."""
        document = self._part(base)
        templates = {
            template.get("ID", ""): _resolved(base, template.get("BaseLoc", ""))
            for template in _all(document, "TemplatePage")
        }
        default = _area(document) or _A4
        composites: dict[str, Any] = {}
        pictures: dict[str, str] = {}
        self._add_resources(base, document, composites, pictures)
        painter = Painter(composites)
        pages = _all(document, "Page")
        if len(self._layers) + len(pages) > MAX_PAGES:
            raise SourceError(
                zh=f"超过 {MAX_PAGES} 页；请拆分", en=f"over {MAX_PAGES} pages; split it"
            )
        for listed in pages:
            place = _resolved(base, listed.get("BaseLoc", ""))
            page = self._parse(place)
            self._add_resources(place, page, composites, pictures)
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
            self._add_page(graphics, (0.0, 0.0, width * POINTS, height * POINTS), pictures)

    def _add_page(self, graphics: Graphics, box: Edges, pictures: Mapping[str, str]) -> None:
        """Add a page. `box`: left, bottom, right, top in points; `pictures`: parts by their id."""
        number = len(self._layers) + 1
        visible = len(graphics.characters)
        is_scan = visible < MAX_SCAN_CHARACTERS and _image_share(graphics, box) >= MIN_IMAGE_SHARE
        needs_ocr = is_scan or (bool(graphics.images) and visible < MIN_CHARACTERS)
        if is_scan:
            graphics.characters += graphics.transparent
            # It has a text layer.
            needs_ocr = len(graphics.transparent) < MIN_CHARACTERS
        else:
            graphics.hidden += [found.char for found, _ in graphics.transparent]
        self._hidden += len(graphics.hidden)
        self._shown += len(graphics.characters)
        self._unreadable += graphics.unreadable
        characters = [found for found, _ in graphics.characters]
        text = "".join([*(found.char for found in characters), *graphics.hidden, *graphics.lost])
        self._changes.remove("hidden text", *graphics.hidden)
        self._changes.remove("outside the page", *graphics.lost)
        page = _page(number, graphics, box, self._changes)
        if needs_ocr:
            self._pictures[number] = [
                (pictures.get(name, ""), matrix.box(0, 0, 1, 1)) for name, matrix in graphics.images
            ]
            self._boxes[number] = box
        self._layers.append(TextLayer(page, text, needs_ocr))

    def _image(self, number: int) -> tuple[NDArray[np.uint8], float]:
        """Return the images of a page at their places, blue first, and its height in points."""
        _, _, width, height = self._boxes[number]
        present = [(name, edges) for name, edges in self._pictures[number] if name in self._names]
        self._missing_images += len(self._pictures[number]) - len(present)
        pictures = (
            (self._archive.read(name), (left, height - top, right, height - bottom))
            for name, (left, bottom, right, top) in present
        )
        image, unread = ocr.page_of_images(pictures, width, height)
        self._unread_images += unread
        return image, height

    def _add_resources(
        self, base: str, element: Any, composites: dict[str, Any], pictures: dict[str, str]
    ) -> None:
        """Add the composite units, and the names of the parts of images, that a part refers to."""
        for kind in _RESOURCES:
            for at in range(len(_all(element, kind))):
                place = _resolved(base, _text(element, kind, at))
                if place not in self._names:
                    continue
                found = self._part(place)
                composites.update(
                    (unit.get("ID", ""), unit) for unit in _all(found, "CompositeGraphicUnit")
                )
                folder = _resolved(place, posixpath.join(found.get("BaseLoc", ""), "_"))
                pictures.update(
                    (media.get("ID", ""), _resolved(folder, _text(media, "MediaFile")))
                    for media in _all(found, "MultiMedia")
                )

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


def _page(number: int, graphics: Graphics, box: Edges, changes: Changes) -> Page:
    """Return a page. `box`: left, bottom, right, top in points."""
    left, bottom, right, top = box
    fitting, angles = [], []
    for found, angle in graphics.characters:
        if found.right - found.left <= right - left and found.top - found.bottom <= top - bottom:
            fitting.append(found)
            angles.append(angle)
        else:  # larger than the page
            changes.remove("outside the page", found.char)
    rotation = Rotation(quarter_turns(angles), box)
    rulings = rotation.rulings(_on_page(graphics.rulings, box))
    characters = rotation.characters(inside(fitting, box, changes))
    left, bottom, right, top = rotation.box(*box)
    fragments = tuple(fragments_of(characters, rulings, changes))
    return Page(number, bottom, top, fragments, rulings, left, right, -rotation.quarters % 4)


def _image_share(graphics: Graphics, page: Edges) -> float:
    """Return the share of a page that its images cover. A scan may be cut into several images."""
    left, bottom, right, top = page
    covered = 0.0
    for _, matrix in graphics.images:
        box = matrix.box(0, 0, 1, 1)
        width = min(right, box[2]) - max(left, box[0])
        height = min(top, box[3]) - max(bottom, box[1])
        covered += max(0.0, width) * max(0.0, height)
    return covered / ((right - left) * (top - bottom))


def _on_page(rulings: Iterable[Ruling], box: Edges) -> list[Ruling]:
    """Return the parts of rulings that are on the page."""
    left, bottom, right, top = box
    cut = [
        Ruling(max(left, r.left), max(bottom, r.bottom), min(right, r.right), min(top, r.top))
        for r in rulings
    ]
    return [ruling for ruling in cut if ruling.left <= ruling.right and ruling.bottom <= ruling.top]


def _all(element: Any, name: str) -> list[Any]:
    return [found for found in element.iter() if local_name(found) == name]


def _text(element: Any, name: str, at: int = 0) -> str:
    """Return the text of an element with a name below an element, or an empty text."""
    found = _all(element, name)
    return (found[at].text or "").strip() if at < len(found) else ""


def _area(element: Any) -> tuple[float, ...] | None:
    """Return the box of a page: left, top, width and height in millimetres, None if unknown."""
    box = numbers(_text(element, "PhysicalBox"), 4)
    return box if box and min(box[2:]) > 0 and max(map(abs, box)) <= _MAX_SIDE else None


def _resolved(base: str, place: str) -> str:
    """Return the name of a part. `place`: from the folder of the part `base`, or from the root."""
    path = posixpath.join("/", posixpath.dirname(base), place.replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/")
