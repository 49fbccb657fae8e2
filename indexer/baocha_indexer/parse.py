"""Parse one file into one report."""

from dataclasses import replace
from pathlib import PurePath

from baocha_indexer.account import account_of
from baocha_indexer.errors import MAX_CHARACTERS, SourceError, too_many_characters
from baocha_indexer.extract import mark_site_lines, reader_of
from baocha_indexer.figures import figures_of
from baocha_indexer.model import FactBox, Report
from baocha_indexer.sources import NO_DECLARATION, Declaration
from baocha_indexer.structure import (
    cut_long,
    in_sections,
    join_lines_into_paragraphs,
    metadata_from,
    unknown_fields,
)


def parse(content: bytes, file_name: str, declaration: Declaration = NO_DECLARATION) -> Report:
    """Return the report in the bytes of a file; raises SourceError for a file without text.

    The suffix of the name gives the format. `declaration` overrides the guessed metadata.
    """
    name = PurePath(file_name)
    found = reader_of(name.suffix)(content)
    # Refuse a long file before the slow steps. They remove lines, such as heads and contents, but in a
    # real file less than half of the text. A file of which they would remove more is refused too.
    if sum(len(line.text) for line in found.lines) > 2 * MAX_CHARACTERS:
        raise too_many_characters()
    lines, fact_box = mark_site_lines(found.lines)
    paragraphs, cuts = cut_long(in_sections(join_lines_into_paragraphs(lines, found.changes)))
    if not paragraphs:
        raise SourceError(zh="文件中没有文字", en="there is no text in the file")
    if sum(len(paragraph.text) for paragraph in paragraphs) > MAX_CHARACTERS:
        raise too_many_characters()
    titles = [paragraph.text for paragraph in paragraphs if paragraph.role == "title"]
    title = titles[-1] if titles else ""
    properties = found.properties
    if properties.fact_box == FactBox():
        properties = replace(properties, fact_box=fact_box)
    guessed = metadata_from(title, properties, name.stem, paragraphs)
    metadata = declaration.applied_to(guessed)
    account = account_of(found.text, paragraphs, found.changes)
    paragraphs = [
        replace(paragraph, figures=figures) if figures else paragraph
        for paragraph in paragraphs
        for figures in [figures_of(paragraph, metadata.year)]
    ]
    warnings = (
        *found.warnings,
        *filter(None, [account.warning]),
        *cuts,
        *unknown_fields(metadata),
        *declaration.contradictions(guessed),
    )
    return Report(metadata, tuple(paragraphs), warnings, account)
