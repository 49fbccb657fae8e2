"""Follow the successions of departments.

`departments.csv` declares that a department was succeeded by another one. A department that several took over
(a split) ends there: it is not known whose work its reports are about. Several departments may have one successor.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baocha_indexer.text import fold
from baocha_indexer.vocabulary.model import DeclaredDepartment


@dataclass(frozen=True, slots=True)
class Lineage:
    """A department and those before it. `name`: the last one; `members`: all names, the last one first."""

    name: str
    members: tuple[str, ...]


class Lineages:
    """The lineages of declared departments that have more than one name."""

    def __init__(self, declared: Iterable[DeclaredDepartment]) -> None:
        """Follow the declared successions. Departments whose successions lead into a circle are left out."""
        by_key = {fold(entry.name): entry for entry in declared}
        names = {key: entry.name for key, entry in by_key.items()}
        after: dict[str, str] = {}
        for key, entry in by_key.items():
            if len(entry.successors) == 1:
                successor = fold(entry.successors[0])
                after[key] = successor
                names.setdefault(successor, entry.successors[0])
        members: defaultdict[str, list[str]] = defaultdict(list)
        for key, last in _last_of_each(after).items():
            members[last].append(names[key])
        self._by_key: dict[str, Lineage] = {}
        for last, before in members.items():
            lineage = Lineage(names[last], (names[last], *sorted(before)))
            for name in lineage.members:
                self._by_key[fold(name)] = lineage

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def of(self, name: str) -> Lineage | None:
        """Return the lineage that a department belongs to, by its full name, or None."""
        return self._by_key.get(fold(name))


def _last_of_each(after: Mapping[str, str]) -> dict[str, str]:
    """Return the last successor of each department, without those whose successions lead into a circle."""
    found: dict[str, str | None] = {}
    for start in after:
        path: dict[str, None] = {}
        key = start
        while key in after and key not in found and key not in path:
            path[key] = None
            key = after[key]
        last = None if key in path else found.get(key, key)
        found |= dict.fromkeys(path, last)
    return {key: last for key, last in found.items() if last is not None}
