"""Find which department of an index a short or former name stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baocha_indexer.text import fold
from baocha_indexer.vocabulary.model import DeclaredDepartment
from baocha_indexer.vocabulary.short_names import former_names, short_names


@dataclass(frozen=True, slots=True)
class Meaning:
    """The departments that a name may stand for. If there are several, the name is ambiguous."""

    departments: tuple[str, ...]
    is_former: bool


class DepartmentNames:
    """The short and former names of the departments of an index.

    Declared short names have priority, then declared former, derived short and derived former ones.
    The full names of the departments in the index are not among them: `find` returns None for these.
    """

    def __init__(
        self, departments: Iterable[str], declared: Iterable[DeclaredDepartment] = ()
    ) -> None:
        """Collect the names of these departments."""
        self._departments = {fold(name): name for name in departments}
        self._declared = {fold(entry.name): entry for entry in declared}
        self._texts: dict[str, str] = {}
        # The names in the order of priority: for each key the departments, as an ordered set.
        self._levels: list[tuple[bool, dict[str, dict[str, None]]]] = [
            (False, {}),
            (True, {}),
            (False, {}),
            (True, {}),
        ]
        for entry in self._declared.values():
            known = [self._departments.get(fold(name)) for name in entry.names]
            for department in dict.fromkeys(filter(None, known)):
                self._add(0, department, (entry.name, *entry.short_names))
                self._add(1, department, entry.former_names)
        for department in self._departments.values():
            self._add(2, department, short_names(department))
            self._add(3, department, former_names(department))

    def _add(self, level: int, department: str, names: Iterable[str]) -> None:
        for name in names:
            key = fold(name)
            if key not in self._departments:
                self._texts.setdefault(key, name)
                self._levels[level][1].setdefault(key, {})[department] = None

    def find(self, name: str) -> Meaning | None:
        """Return what a short or former name stands for, or None if it is not known."""
        key = fold(name)
        for is_former, names in self._levels:
            if key in names:
                return Meaning(tuple(names[key]), is_former)
        return None

    def declared(self, department: str) -> DeclaredDepartment:
        """Return what `departments.csv` declares about a department."""
        return self._declared.get(fold(department)) or DeclaredDepartment(department)

    def derived(self, department: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the derived short and former names of a department that are not ambiguous."""
        short, former = short_names(department), former_names(department)
        return self._only(department, short), self._only(department, former)

    def _only(self, department: str, names: Iterable[str]) -> tuple[str, ...]:
        entry = self.declared(department)
        declared = set(map(fold, entry.names))
        return tuple(
            name
            for name in names
            if fold(name) not in declared
            and (meaning := self.find(name)) is not None
            and meaning.departments == (department,)
        )

    def ambiguous(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each ambiguous name and the departments that it may stand for."""
        for key, text in self._texts.items():
            meaning = self.find(text)
            if meaning is not None and len(meaning.departments) > 1:
                yield self._texts[key], meaning.departments

    def without_reports(self) -> Iterator[DeclaredDepartment]:
        """Yield the declared departments of which the index has no report, under any name."""
        for entry in self._declared.values():
            if self._departments.keys().isdisjoint(map(fold, entry.names)):
                yield entry
