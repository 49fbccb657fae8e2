"""The data of a vocabulary, and how it is stored: as JSON, in a file of the index.

The vocabulary of an index has the built-in groups of the package and what the files of each
folder declare (`sources/synonyms_csv.py`, `sources/departments_csv.py`, `sources/expected_csv.py`). They are stored
separately, because a run replaces only the parts of the folders that it is given. `groups` is the
result of all parts together.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal, TypeVar

from baocha_indexer.messages import Message
from baocha_indexer.text import bare, fold

Grade = Literal["equal", "related"]
"""Equal words mean the same in any report. Who looks for a word may also look for related ones."""


T = TypeVar("T")

MAX_RELATED = 200
"""Number of related terms of one term that are looked at."""


def term_key(text: str) -> str:
    """Return the form of a term in which terms are compared: without marks, as they are found."""
    folded = fold(text)
    return bare(folded) or folded


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Terms that are equal or related, at least two, as written."""

    grade: Grade
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclaredDepartment:
    """One line of `departments.csv`. An unknown value is empty.

    `first_year`, `last_year`: when it had this name; 0 if unknown. `successors`: the departments that took
    over its work.
    """

    name: str
    short_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    level: str = ""
    region: str = ""
    parent: str = ""
    first_year: int = 0
    last_year: int = 0
    successors: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names: the full name, the short names, the former names."""
        return (self.name, *self.short_names, *self.former_names)


@dataclass(frozen=True, slots=True)
class ExpectedReport:
    """One line of `expected.csv`: a report that a department must file for a year.

    `region`: empty if it is not given. `approved`: the day when the legislature or the finance office
    approved it (批复日期), `due`: the last day to publish it (截止日期); both YYYY-MM-DD, or empty.
    """

    department: str
    year: int
    kind: str
    region: str = ""
    approved: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that the last run over its folder could not read: its name as shown, and why."""

    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class FolderVocabulary:
    """What the vocabulary files in a folder declare, and its `expected.csv`."""

    folder: str
    groups: tuple[SynonymGroup, ...] = ()
    departments: tuple[DeclaredDepartment, ...] = ()
    expected: tuple[ExpectedReport, ...] = ()


class EqualGroups:
    """Groups of equal terms. Groups that share a term are one group: equality is transitive.

    `by_term` has the whole group of each term. A group is the texts of its terms by their keys.
    """

    def __init__(self, groups: Iterable[SynonymGroup] = ()) -> None:
        """Start with these groups."""
        self.by_term: dict[str, dict[str, str]] = {}
        for group in groups:
            self.add({term_key(term): term for term in group.terms})

    def joined(self, group: Mapping[str, str]) -> dict[str, str]:
        """Return a group together with those that share a term with it."""
        whole: dict[str, str] = {}
        for key, term in group.items():
            whole |= self.by_term.get(key) or {key: term}
        return whole

    def add(self, group: Mapping[str, str]) -> None:
        """Add a group."""
        whole = self.joined(group)
        self.by_term.update(dict.fromkeys(whole, whole))


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary of an index. `built_in` are the groups of the package.

    It also has what else a run learns beside the reports: those that are expected, in `folders`, and
    the files that could not be read, in `unread`.
    """

    built_in: tuple[SynonymGroup, ...] = ()
    folders: tuple[FolderVocabulary, ...] = ()
    unread: tuple[UnreadFile, ...] = ()

    @cached_property
    def groups(self) -> tuple[SynonymGroup, ...]:
        """The groups that apply. A declared group replaces each built-in group that shares a term."""
        declared = [group for folder in self.folders for group in folder.groups]
        known = {term_key(term) for group in declared for term in group.terms}
        kept = (group for group in self.built_in if known.isdisjoint(map(term_key, group.terms)))
        return (*kept, *declared)

    @cached_property
    def departments(self) -> tuple[DeclaredDepartment, ...]:
        """The declared departments, one for each name. The first folder has priority."""
        found: dict[str, DeclaredDepartment] = {}
        for folder in self.folders:
            for department in folder.departments:
                found.setdefault(fold(department.name), department)
        return tuple(found.values())

    @cached_property
    def expected(self) -> tuple[ExpectedReport, ...]:
        """The expected reports, each department, year and kind once. The first folder has priority."""
        found: dict[tuple[str, int, str], ExpectedReport] = {}
        for folder in self.folders:
            for one in folder.expected:
                found.setdefault((fold(one.department), one.year, fold(one.kind)), one)
        return tuple(found.values())

    def has(self, text: str) -> bool:
        """Return whether a text has equal or related terms."""
        key = term_key(text)
        return key in self._equal or key in self._related

    def equal_terms(self, text: str) -> tuple[str, ...]:
        """Return the terms that are equal to a text, without the text itself."""
        key = term_key(text)
        return tuple(term for other, term in self._equal.get(key, {}).items() if other != key)

    def related_terms(self, text: str) -> tuple[str, ...]:
        """Return the terms that are related to a text, without the terms that are equal to it.

        At most about `MAX_RELATED`: a term may be in all groups of a file.
        """
        key = term_key(text)
        equal = self._equal.get(key, {})
        found: dict[str, str] = {}
        for group in self._related.get(key, ()):
            if len(found) >= MAX_RELATED:
                break
            keys = {term_key(term): term for term in group.terms}
            found |= {k: term for k, term in keys.items() if k != key and k not in equal}
        return tuple(found.values())

    @cached_property
    def _equal(self) -> dict[str, dict[str, str]]:
        return EqualGroups(group for group in self.groups if group.grade == "equal").by_term

    @cached_property
    def _related(self) -> dict[str, list[SynonymGroup]]:
        found: dict[str, list[SynonymGroup]] = {}
        for group in self.groups:
            if group.grade == "related":
                for key in {term_key(term) for term in group.terms}:
                    found.setdefault(key, []).append(group)
        return found

    def restricted_to(self, departments: Collection[str]) -> "Vocabulary":
        """Return the vocabulary with only these departments, also as parents. All groups stay.

        Expected reports stay too: a scope may include departments without reports. The names of files
        that could not be read are removed: their departments are unknown.
        """
        keys = {fold(name) for name in departments}

        def visible(entries: Sequence[DeclaredDepartment]) -> tuple[DeclaredDepartment, ...]:
            return tuple(
                replace(
                    entry,
                    parent=entry.parent if fold(entry.parent) in keys else "",
                    successors=tuple(one for one in entry.successors if fold(one) in keys),
                )
                for entry in entries
                if fold(entry.name) in keys
            )

        return replace(
            self,
            folders=tuple(
                replace(folder, departments=visible(folder.departments)) for folder in self.folders
            ),
            unread=(),
        )

    def merged(self, before: "Vocabulary", other: "Vocabulary") -> "Vocabulary":
        """Apply the changes between `before` and this vocabulary to `other`, folder by folder.

        So two runs over different folders that began with the same vocabulary both keep their changes.
        """
        folders = _merged(
            {one.folder: one for one in before.folders},
            {one.folder: one for one in self.folders},
            {one.folder: one for one in other.folders},
        )
        unread = _merged(
            {one.name: one for one in before.unread},
            {one.name: one for one in self.unread},
            {one.name: one for one in other.unread},
        )
        return Vocabulary(self.built_in, folders, unread)

    def as_json(self) -> bytes:
        """Return the content of the file that stores the vocabulary."""
        content = {
            # The key has this name in the indexes that exist.
            "starting": [_group_values(group) for group in self.built_in],
            "folders": [
                [
                    part.folder,
                    [_group_values(group) for group in part.groups],
                    [_department_values(department) for department in part.departments],
                ]
                for part in self.folders
            ],
            # Earlier versions of this program ignore these keys.
            "expected": [
                [part.folder, *(list(astuple(one)) for one in part.expected)]
                for part in self.folders
                if part.expected
            ],
            "unread": [[file.name, file.reason.zh, file.reason.en] for file in self.unread],
            "successions": [
                [part.folder, at, one.first_year, one.last_year, one.successors]
                for part in self.folders
                for at, one in enumerate(part.departments)
                if one.first_year or one.last_year or one.successors
            ],
        }
        # The path of a folder may have bytes that are not UTF-8.
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


NO_VOCABULARY = Vocabulary()


def _merged(
    before: Mapping[str, T], mine: Mapping[str, T], other: Mapping[str, T]
) -> tuple[T, ...]:
    """Return the values of `other`, changed as `before` was changed to `mine`, ordered by name."""
    changed = {name for name in {*before, *mine} if before.get(name) != mine.get(name)}
    found = {name: value for name, value in other.items() if name not in changed}
    found |= {name: value for name, value in mine.items() if name in changed}
    return tuple(value for _, value in sorted(found.items()))


@lru_cache(maxsize=2)
def vocabulary_from(content: bytes) -> Vocabulary:
    """Return the vocabulary from the bytes that `as_json` returned; empty bytes give an empty one."""
    if not content:
        return NO_VOCABULARY
    values = json.loads(content.decode("utf-8", "surrogatepass"))
    # Earlier versions wrote none of the last three keys.
    expected = {
        folder: tuple(ExpectedReport(*one) for one in entries)
        for folder, *entries in values.get("expected", ())
    }
    successions = {
        (folder, at): {"first_year": first, "last_year": last, "successors": tuple(names)}
        for folder, at, first, last, names in values.get("successions", ())
    }
    return Vocabulary(
        tuple(map(_group, values["starting"])),
        tuple(
            FolderVocabulary(
                name,
                tuple(map(_group, groups)),
                tuple(
                    replace(_department(one), **successions.get((name, at), {}))
                    for at, one in enumerate(departments)
                ),
                expected.get(name, ()),
            )
            for name, groups, departments in values["folders"]
        ),
        tuple(UnreadFile(name, Message(zh, en)) for name, zh, en in values.get("unread", ())),
    )


def _group_values(group: SynonymGroup) -> list[Any]:
    return [group.grade, *group.terms]


def _group(values: Sequence[Any]) -> SynonymGroup:
    return SynonymGroup(values[0], tuple(values[1:]))


def _department_values(entry: DeclaredDepartment) -> list[Any]:
    names = [entry.name, entry.short_names, entry.former_names]
    return [*names, entry.level, entry.region, entry.parent]


def _department(values: Sequence[Any]) -> DeclaredDepartment:
    name, short, former, level, region, parent = values
    return DeclaredDepartment(name, tuple(short), tuple(former), level, region, parent)
