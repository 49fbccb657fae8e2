"""Read the vocabulary files of a run: what each folder declares now."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from baocha_indexer.messages import Message
from baocha_indexer.sources.csv_table import UnreadableTableError, limited
from baocha_indexer.sources.deleted import is_deleted
from baocha_indexer.sources.departments_csv import read_departments
from baocha_indexer.sources.expected_csv import read_expected
from baocha_indexer.sources.find import (
    DEPARTMENTS,
    EXPECTED,
    SYNONYMS,
    TABLES,
    FindResult,
    Note,
    Table,
)
from baocha_indexer.sources.synonyms_csv import built_in_groups, read_synonyms
from baocha_indexer.vocabulary import FolderVocabulary, Vocabulary

_Reader = Callable[[Path, list[Message], Path | None], Any]
_READERS: Mapping[str, tuple[str, _Reader]] = {
    SYNONYMS: ("groups", read_synonyms),
    DEPARTMENTS: ("departments", read_departments),
    EXPECTED: ("expected", read_expected),
}
"""For each table, the field of `FolderVocabulary` with its content, and the function that reads it."""


def read_vocabulary(
    paths: Sequence[Path],
    found: Iterable[FindResult],
    before: Vocabulary,
    note: Callable[[Note], None],
    *,
    keeps_others: bool,
) -> Vocabulary:
    """Return the vocabulary with what the files in the given folders declare now.

    `found`: the result of `find_sources` for the paths. `before`: the vocabulary of the index. What
    other folders declared stays if `keeps_others`. A file that cannot be read keeps what it
    declared before. `note` is called for each fault in a file.
    """
    declared = {part.folder: part for part in before.folders}
    folders = [Path(os.path.abspath(path)) for path in paths]
    parts = {}
    if keeps_others:
        parts = {
            name: part for name, part in declared.items() if not _is_removed(Path(name), folders)
        }
    tables = [item for item in found if isinstance(item, Table)]
    for name in {str(table.path.parent) for table in tables}:
        parts[name] = FolderVocabulary(name)
    for table in tables:
        name = str(table.path.parent)
        parts[name] = _with_table(parts[name], table, declared.get(name), note)
    return Vocabulary(
        built_in_groups(), tuple(part for _, part in sorted(parts.items())), before.unread
    )


def _is_removed(folder: Path, given: Sequence[Path]) -> bool:
    """Return whether a folder is in one of the given folders and its files were deleted."""
    return any(map(folder.is_relative_to, given)) and all(
        is_deleted(folder / name) for name in TABLES
    )


def _with_table(
    part: FolderVocabulary,
    table: Table,
    before: FolderVocabulary | None,
    note: Callable[[Note], None],
) -> FolderVocabulary:
    """Return a part of the vocabulary with the content of one file."""
    before = before or FolderVocabulary(part.folder)
    problems: list[Message] = []
    field, read = _READERS[table.path.name]
    try:
        content = read(table.path, problems, table.required_folder)
    except UnreadableTableError as error:
        why = error.message
        problems = [
            Message(
                zh=f"{why.zh}；沿用该文件上次的内容", en=f"{why.en}; its earlier content is kept"
            )
        ]
        content = getattr(before, field)
    part = replace(part, **{field: content})
    for problem in limited(problems):
        note(Note(str(table.path), problem))
    return part
