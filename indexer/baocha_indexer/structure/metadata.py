"""Guess the metadata of a report: title, department, year and kind, and where each comes from.

Each value is taken from the first source that has it. The order is that of `_departments`, `_years`
and `_kinds` below. `metadata.csv` (`baocha_indexer.sources.metadata_csv`) has priority over all.

The year is the year that the report is about: 2022年度 has priority over a date. The year of an
official document is the one in its title or else the year when it was issued. The body is never
used, except for the signature and the lines of the cover. A value that no source has is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from baocha_indexer.messages import Message
from baocha_indexer.model import (
    Certainty,
    FactBox,
    Metadata,
    Origin,
    OriginSource,
    Paragraph,
    Properties,
)
from baocha_indexer.structure.departments import (
    department_from_name,
    department_in,
    organ_name,
    simplified,
)
from baocha_indexer.structure.document_numbers import (
    DocumentNumber,
    document_number_in,
    without_document_number,
)
from baocha_indexer.structure.facts import Facts, facts_in
from baocha_indexer.structure.front import ATTACHMENT
from baocha_indexer.structure.kinds import OTHER_KIND, is_document, kind_of
from baocha_indexer.structure.years import Years, date_in, year_of_date, years_in
from baocha_indexer.vocabulary import NO_REGION, region_of, region_of_title

_MAX_TITLE = 400
"""Only this many characters of a title are analysed."""

_ANNOUNCED = re.compile(
    r"^(?:[【\[]?(?:公告|公示|通知|转载)[】\]]?\s*[:：]?\s*|[【\[](?:决算|预算|绩效|.{0,2}公开)[】\]]\s*)+"
)
_CERTAINTIES: tuple[Certainty, ...] = ("certain", "likely", "guess")
_T = TypeVar("_T")
_Candidate = tuple[OriginSource, Certainty, _T | None]
_Text = tuple[OriginSource, Certainty, str]

_FILE_PREFIX = re.compile(r"^(?:[A-Za-z]{1,12}_)+")


def metadata_from(
    title: str, properties: Properties, file_stem: str, paragraphs: Sequence[Paragraph] = ()
) -> Metadata:
    """Return the metadata from the title, completed from the less reliable sources."""
    facts = facts_in(paragraphs)
    box = properties.fact_box
    titles: list[tuple[OriginSource, Certainty, str]] = [
        ("title", "certain", title),
        ("file properties", "likely", properties.title),
        ("fact box", "certain", box.title),
        ("cover", "likely", "" if title else facts.title or ""),
        ("file name", "likely", _FILE_PREFIX.sub("", file_stem) or file_stem),
    ]
    texts = [
        (s, c, without_document_number(without_announcement(simplified(t.strip()[:_MAX_TITLE]))))
        for s, c, t in titles
    ]
    origins: dict[str, Origin] = {}

    def best(field: str, candidates: Iterable[_Candidate[_T]]) -> _T | None:
        for source, certainty, value in candidates:
            if value:
                origins[field] = Origin(source, certainty)
                return value
        return None

    named = ((s, c, without_announcement(compact(t[:_MAX_TITLE]))) for s, c, t in titles[:-1])
    title = best("title", (*named, ("file name", "guess", file_stem))) or ""
    kind = best("kind", ((s, c, kind_of(compact(text))) for s, c, text in texts)) or OTHER_KIND
    number = document_number_in(box.number) or document_number_in(title) or facts.number
    department = best("department", _departments(texts, properties, facts, number, kind))
    years = best("year", _years(texts, box, facts, number, kind))
    published = best(
        "published",
        (
            ("fact box", "certain", date_in(box.published)),
            ("fact box", "guess", date_in(box.date)),
        ),
    )
    region = region_of(department or "")
    if region == NO_REGION and department is None:
        region = region_of_title(compact(texts[0][2]))
    return Metadata(
        title,
        department,
        years.main if years else None,
        kind,
        years.all if years else (),
        region.level,
        region.region,
        number.text if number else None,
        published,
        origins,
    )


def _departments(
    texts: Sequence[_Text],
    properties: Properties,
    facts: Facts,
    number: DocumentNumber | None,
    kind: str,
) -> Iterator[_Candidate[str]]:
    """Yield the department of each source, the most reliable first."""
    box = properties.fact_box
    of_title, *others, of_file = texts

    def named(text: _Text) -> _Candidate[str]:
        source, certainty, title = text
        name = department_in(title, kind_of(compact(title)))
        is_organ = name is not None and organ_name(name) is not None
        return source, certainty if is_organ else "likely", name

    yield named(of_title)
    yield "cover", "certain", facts.cover
    yield "fact box", "certain", _names(box.issuer)
    yield from map(named, others)
    if number and number.certainty != "guess":
        yield "document number", number.certainty, number.issuer
    yield named(of_file)
    yield "file name", "likely", department_from_name(compact(of_file[2]))
    if is_document(kind):
        yield "cover", "likely", facts.passed_by
    yield "signature", "likely", facts.signature
    yield "cover", "likely", facts.cover_name
    for publisher in (box.publisher, properties.department):
        yield "fact box", "likely", department_from_name(simplified(compact(publisher)))
    if number and is_document(kind):
        yield "document number", "guess", number.issuer


def _names(text: str) -> str | None:
    """Return the names of organs in a cell, separated by 、, or None if there are none."""
    names = [
        name for part in re.split(r"[\s、,，;；]+", simplified(text)) if (name := organ_name(part))
    ]
    return "、".join(names) or None


def _years(
    texts: Sequence[_Text],
    box: FactBox,
    facts: Facts,
    number: DocumentNumber | None,
    kind: str,
) -> Iterator[_Candidate[Years]]:
    """Yield the years of each source, the most reliable first."""
    document = is_document(kind)
    of_title, *others, of_file = [
        _dated(source, certainty, years_in(compact(text), is_document=document))
        for source, certainty, text in texts
    ]
    titles = [of_title, *others]
    yield from (found for found in titles if found[1] != "guess")
    if not document:
        yield of_file
    of_number = number.year if number else None
    yield _dated("document number", "certain" if document else "likely", of_number)
    yield _dated("fact box", "certain" if document else "guess", year_of_date(box.date))
    yield _dated("cover", "likely" if document else "guess", facts.passed)
    yield _dated("signature", "likely" if document else "guess", facts.signed)
    yield _dated("cover", "likely" if document else "guess", facts.dated)
    yield from titles
    yield of_file
    yield _dated("fact box", "guess", year_of_date(box.published))


def _dated(
    source: OriginSource, certainty: Certainty, years: Years | int | None
) -> _Candidate[Years]:
    if isinstance(years, int):
        years = Years((years,), years)
    if years and _CERTAINTIES.index(years.certainty) > _CERTAINTIES.index(certainty):
        certainty = years.certainty
    return source, certainty, years


def unknown_fields(metadata: Metadata) -> Iterable[Message]:
    """Yield a warning for each unknown value: department, year."""
    if metadata.department is None:
        yield Message(
            zh="标题和文件名中未找到部门", en="no department found in the title or the file name"
        )
    if metadata.year is None:
        yield Message(
            zh="标题和文件名中未找到年度", en="no year found in the title or the file name"
        )


def compact(text: str) -> str:
    """Return `text` without white space, except between Latin letters or digits."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])", "", text)


def without_announcement(text: str) -> str:
    """Return a title without a prefix such as 附件2： or 公告：."""
    attachment = ATTACHMENT.match(text)
    if attachment and attachment.end() < len(text):
        text = text[attachment.end() :]
    return _ANNOUNCED.sub("", text)
