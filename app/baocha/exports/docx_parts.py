"""The parts of a Word document other than its text: page, styles, fonts, footer, links, properties.

They are written directly (ECMA-376, part 1), not taken from the empty document of python-docx: that
one has the size US Letter, the properties and a picture of another document, and 900 KB of styles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from baocha.exports.provenance import xml_text
from baocha_indexer.messages import Language, Message

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FOOTER_ID = "rId4"

_BODY, _HEAD, _LATIN = "仿宋", "黑体", "Times New Roman"
_ALTERNATIVES = {
    _BODY: "FangSong,仿宋_GB2312,FangSong_GB2312,STFangsong,华文仿宋,Noto Serif CJK SC",
    _HEAD: "SimHei,STHeiti,华文黑体,Noto Sans CJK SC",
}
"""Fonts that are used if the first is not installed (17.8.3.1: a list with commas)."""


@dataclass(frozen=True, slots=True)
class Page:
    """The size and margins of a page, and the distance of its footer from the edge, in 1/20 point."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    footer: int

    @property
    def text_width(self) -> int:
        """Width of the text."""
        return self.width - self.left - self.right

    @property
    def section(self) -> str:
        """The XML of a section (17.6.17) with pages of this form."""
        orient = "landscape" if self.width > self.height else "portrait"
        return (
            f'<w:sectPr xmlns:w="{MAIN}" xmlns:r="{RELATIONS}">'
            f'<w:footerReference w:type="default" r:id="{_FOOTER_ID}"/>'
            f'<w:pgSz w:w="{self.width}" w:h="{self.height}" w:orient="{orient}"/>'
            f'<w:pgMar w:top="{self.top}" w:right="{self.right}" w:bottom="{self.bottom}" '
            f'w:left="{self.left}" w:header="851" w:footer="{self.footer}" w:gutter="0"/>'
            "</w:sectPr>"
        )


# GB/T 9704-2012, 5.2.1 and 5.1: A4; top 37 mm, left 28 mm; text of 156 mm by 225 mm.
PORTRAIT = Page(11906, 16838, top=2098, right=1474, bottom=1984, left=1588, footer=1134)

# A4. The text is wider than the standard's 225 mm: a table has up to twelve columns.
LANDSCAPE = Page(16838, 11906, top=1417, right=1134, bottom=1134, left=1134, footer=567)

_OWN_STYLES = ("Remark", "Source", "Cell", "CellHead", "CellSum")
"""The styles that are not built into Word."""

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_OFFICE}.wordprocessingml.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("footer1", "footer"),
        )
    )
    + '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    f'<Override PartName="/docProps/app.xml" ContentType="{_OFFICE}.extended-properties+xml"/>'
    "</Types>"
)

_RELATIONSHIPS = f"{_PACKAGE}/relationships"
_ROOT_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_RELATIONSHIPS}">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONSHIPS}/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
_DOCUMENT_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_RELATIONSHIPS}">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/fontTable" Target="fontTable.xml"/>'
    f'<Relationship Id="{_FOOTER_ID}" Type="{RELATIONS}/footer" Target="footer1.xml"/>'
)
_APP = (
    f'{_XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>baocha</Application></Properties>'
)
_SETTINGS = (
    f'{_XML}<w:settings xmlns:w="{MAIN}"><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def parts(title: str, author: str, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the name and the XML of each part except the text and its relations."""
    yield "[Content_Types].xml", _TYPES
    yield "_rels/.rels", _ROOT_RELATIONS
    yield "docProps/core.xml", _core(title, author)
    yield "docProps/app.xml", _APP
    yield "word/styles.xml", _styles(language)
    yield "word/settings.xml", _SETTINGS
    yield "word/fontTable.xml", _fonts()
    yield "word/footer1.xml", _footer(language)


def relations(links: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of `word/_rels/document.xml.rels`, with the addresses of the links."""
    yield _DOCUMENT_RELATIONS
    for number, link in enumerate(links, start=1):
        yield (
            f'<Relationship Id="{link_id(number)}" Type="{RELATIONS}/hyperlink" '
            f'Target="{escape(xml_text(link))}" TargetMode="External"/>'
        )
    yield "</Relationships>"


def link_id(number: int) -> str:
    """Return the id of a link. The first has the number 1."""
    return f"link{number}"


def _core(title: str, author: str) -> str:
    """Return the properties (ECMA-376, part 2, 11). The author is empty if it is unknown."""
    # Word refuses a longer property.
    title, author = (escape(xml_text(text[:255])) for text in (title, author))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title>"
        f"<dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{now}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{now}</dcterms:modified>'
        "</cp:coreProperties>"
    )


def _fonts() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for (name, others), family in zip(_ALTERNATIVES.items(), ("modern", "swiss"), strict=True)
    )
    return f'{_XML}<w:fonts xmlns:w="{MAIN}">{fonts}</w:fonts>'


def _footer(language: Language) -> str:
    """Return the footer: 第 x 页 共 y 页 (fields PAGE and NUMPAGES, 17.16.5)."""
    before, between, after = (
        Message(zh="第 |页　共 |页", en="Page | of |").render(language).split("|")
    )

    def run(content: str) -> str:
        return f"<w:r>{content}</w:r>"

    def text(content: str) -> str:
        return run(f'<w:t xml:space="preserve">{content}</w:t>')

    def field(name: str) -> str:
        marks = [
            run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "separate", "end")
        ]
        code = run(f'<w:instrText xml:space="preserve"> {name} </w:instrText>')
        return marks[0] + code + marks[1] + text("1") + marks[2]

    space = " " if language == "zh" else ""
    content = text(before) + field("PAGE") + text(space + between) + field("NUMPAGES")
    return (
        f'{_XML}<w:ftr xmlns:w="{MAIN}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{content}{text(space + after)}</w:p></w:ftr>"
    )


def _styles(language: Language) -> str:
    """Return the styles. Sizes are in half points, spaces in twentieths of a point."""
    spell = "zh-CN" if language == "zh" else "en-US"
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_font(_BODY)}<w:sz w:val="24"/><w:szCs w:val="24"/>'
        f'<w:lang w:val="{spell}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    none = '<w:spacing w:line="300" w:lineRule="auto"/>'
    small = '<w:keepLines/><w:spacing w:before="60" w:line="264" w:lineRule="auto"/>'
    centre = '<w:jc w:val="center"/>'
    indent = '<w:ind w:firstLineChars="200" w:firstLine="560"/>'
    styles = (
        _style("Normal", "Normal", none, "", default=True),
        _style(
            "Title",
            "Title",
            f'<w:spacing w:before="0" w:after="240"/>{centre}<w:outlineLvl w:val="0"/>',
            f'{_font(_HEAD)}<w:sz w:val="44"/><w:szCs w:val="44"/>',
        ),
        _style("Subtitle", "Subtitle", f'<w:spacing w:after="160"/>{centre}', '<w:sz w:val="28"/>'),
        _style(
            "Heading1",
            "heading 1",
            '<w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>',
            f'{_font(_HEAD)}<w:sz w:val="32"/><w:szCs w:val="32"/>',
        ),
        _style(
            "Heading2",
            "heading 2",
            '<w:keepNext/><w:spacing w:before="280" w:after="60"/><w:outlineLvl w:val="1"/>',
            f'{_font(_HEAD)}<w:sz w:val="28"/><w:szCs w:val="28"/>',
        ),
        _style(
            "Quote",
            "Quote",
            f'<w:keepNext/><w:spacing w:before="40" w:after="60" w:line="360" w:lineRule="auto"/>{indent}'
            '<w:jc w:val="both"/>',
            '<w:sz w:val="28"/><w:szCs w:val="28"/>',
        ),
        _style(
            "Remark",
            "Remark",
            '<w:spacing w:before="60" w:after="40"/>',
            '<w:sz w:val="24"/>',
        ),
        _style("Source", "Source", small, '<w:sz w:val="21"/><w:szCs w:val="21"/>'),
        _style(
            "Cell",
            "Cell",
            '<w:spacing w:before="30" w:after="30"/>',
            '<w:sz w:val="21"/><w:szCs w:val="21"/>',
        ),
        _style(
            "CellHead",
            "Cell Head",
            '<w:spacing w:before="30" w:after="30"/>',
            f'{_font(_HEAD)}<w:sz w:val="21"/><w:szCs w:val="21"/>',
        ),
        _style(
            "CellSum",
            "Cell Sum",
            '<w:spacing w:before="30" w:after="30"/>',
            f'{_font(_HEAD)}<w:b/><w:sz w:val="21"/><w:szCs w:val="21"/>',
        ),
        _style("Footer", "footer", centre, '<w:sz w:val="21"/><w:szCs w:val="21"/>'),
    )
    link = (
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="175B69"/><w:u w:val="single"/></w:rPr></w:style>'
    )
    return f'{_XML}<w:styles xmlns:w="{MAIN}">{defaults}{"".join(styles)}{link}</w:styles>'


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{name}" w:cs="{_LATIN}"/>'


def _style(key: str, name: str, paragraph: str, run: str, *, default: bool = False) -> str:
    flag = ' w:default="1"' if default else ' w:customStyle="1"' if key in _OWN_STYLES else ""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{flag} w:styleId="{key}"><w:name w:val="{name}"/>{based}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
