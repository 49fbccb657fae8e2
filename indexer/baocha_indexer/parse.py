"""Parse one file into one report."""

from dataclasses import replace
from pathlib import PurePath

from baocha_indexer.account import account_of
from baocha_indexer.errors import SourceError
from baocha_indexer.extract import mark_site_lines, reader_of
from baocha_indexer.model import FactBox, Report
from baocha_indexer.sources import NO_DECLARATION, Declaration
from baocha_indexer.structure import (
    cut_long,
    in_sections,
    join_lines_into_paragraphs,
    metadata_from,
    unknown_fields,
)

MAX_CHARACTERS = 8_000_000
"""Maximum number of characters in a report. Indexing needs about 130 bytes of memory for each."""


def parse(content: bytes, file_name: str, declaration: Declaration = NO_DECLARATION) -> Report:
    """Return the report in the bytes of a file; raises SourceError if there is none.

    The suffix of the name gives the format. `declaration` overrides the guessed metadata.
    """
    name = PurePath(file_name)
    found = reader_of(name.suffix)(content)
    lines, fact_box = mark_site_lines(found.lines)
    paragraphs, cuts = cut_long(in_sections(join_lines_into_paragraphs(lines, found.changes)))
    if not paragraphs:
        raise SourceError(zh="文件中没有文字", en="there is no text in the file")
    if sum(len(paragraph.text) for paragraph in paragraphs) > MAX_CHARACTERS:
        raise SourceError(
            zh=f"超过 {MAX_CHARACTERS:,} 个字；请拆分",
            en=f"more than {MAX_CHARACTERS:,} characters; split it",
        )
    titles = [paragraph.text for paragraph in paragraphs if paragraph.role == "title"]
    title = titles[-1] if titles else ""
    properties = found.properties
    if properties.fact_box == FactBox():
        properties = replace(properties, fact_box=fact_box)
    guessed = metadata_from(title, properties, name.stem, paragraphs)
    metadata = declaration.applied_to(guessed)
    account = account_of(found.text, paragraphs, found.changes)
    warnings = (
        *found.warnings,
        *filter(None, [account.warning]),
        *cuts,
        *unknown_fields(metadata),
        *declaration.contradictions(guessed),
    )
    return Report(metadata, tuple(paragraphs), warnings, account)
