"""The departments of an index and their names, as data."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Department:
    """A department with reports in the index. An unknown value is empty.

    `short_names`, `former_names`, `level`, `region`, `parent`: as `departments.csv` declares them.
    `first_year`, `last_year` (0 if unknown), `successors`: likewise. `lineage`: all names of departments that
    succeeded each other, the last one first; empty if there is only one.
    `derived_short_names`, `derived_former_names`: by rules from the name; without ambiguous ones.
    """

    name: str
    reports: int
    level: str
    region: str
    parent: str
    short_names: tuple[str, ...]
    former_names: tuple[str, ...]
    derived_short_names: tuple[str, ...]
    derived_former_names: tuple[str, ...]
    first_year: int = 0
    last_year: int = 0
    successors: tuple[str, ...] = ()
    lineage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """A short or former name that several departments may have: it stands for none of them."""

    name: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departments:
    """The departments of an index, ordered by name.

    `without_reports`: the names in `departments.csv` of which the index has no report.
    """

    departments: tuple[Department, ...]
    ambiguous: tuple[AmbiguousName, ...]
    without_reports: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the departments as JSON values."""
        return asdict(self)
