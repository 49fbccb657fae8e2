"""All rules: those of this package, and those that other installed packages add. Run them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Protocol
from weakref import WeakKeyDictionary

from baocha.findings.checks import Checks
from baocha.findings.copies import CopyRules
from baocha.findings.decisions import NO_DECISION, Decision
from baocha.findings.finding import Finding, FindingFilter
from baocha.findings.rules import Rule, rule_in
from baocha.search import CopiesUnknownError, Engine, Filters
from baocha_indexer.errors import IndexUnusableError
from baocha_indexer.messages import Message

GROUP = "baocha.rules"
"""The group of entry points. Each names a class without arguments, or a function, that returns a RuleSet."""

ANY_FINDING = FindingFilter()
NO_DECISIONS: Mapping[str, Decision] = MappingProxyType({})

_LOG = logging.getLogger(__name__)


class RuleSet(Protocol):
    """Some rules that are checked together. A package adds one as an entry point of the group `baocha.rules`."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in the order in which they are listed."""
        ...

    def find(self, engine: Engine, filters: Filters) -> Iterator[Finding | Message]:
        """Yield the findings of the reports that pass the filters, and messages about what was left out.

        Filters by section, role and copied text are not set.
        """
        ...


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of a run, ordered by the source of the report. `problems`: what was left out, and why."""

    found: tuple[Finding, ...]
    problems: tuple[Message, ...]


@dataclass(frozen=True)
class Registry:
    """The rule sets, and messages about those that could not be loaded."""

    sets: tuple[RuleSet, ...]
    problems: tuple[Message, ...] = ()

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by their id, in the order in which they are listed."""
        return {rule.id: rule for one in self.sets for rule in one.rules}

    def rule(self, name: str) -> Rule:
        """Return the rule with an id: see `rule_in`."""
        return rule_in(self.rules, name)

    def run(
        self,
        engine: Engine,
        filters: Filters,
        wanted: FindingFilter = ANY_FINDING,
        decisions: Mapping[str, Decision] = NO_DECISIONS,
        off: Iterable[str] = (),
    ) -> Findings:
        """Return the wanted findings of the reports that pass the filters.

        `off`: the ids of rules that are switched off. A rule set that raises an exception is left out, and
        `problems` has its name. Filters by section, role and copied text are ignored: a finding may be about
        paragraphs of several sections. Raises IndexUnusableError.
        """
        off = frozenset(off)
        filters = replace(filters, section=(), role=(), copied=())
        found: list[Finding] = []
        problems = [*self.problems, *map(_no_such_rule, sorted(off - self.rules.keys()))]
        for one in self.sets:
            names = {rule.id for rule in one.rules} - off
            if not names or (wanted.rules and names.isdisjoint(wanted.rules)):
                continue
            own = _run(one, engine, filters)
            found += (finding for finding in own.found if finding.rule not in off)
            problems += own.problems
        decided = (
            replace(finding, decision=decisions.get(finding.id, NO_DECISION)) for finding in found
        )
        # Two reports that share text are found if one of them passes; the finding may be about the other one.
        passing = {covered.report.id for covered in engine.coverage(filters=filters)}
        chosen = [
            finding
            for finding in decided
            if finding.report.id in passing and wanted.passes(finding)
        ]
        # The sort is stable: by rule set within a report.
        chosen.sort(key=lambda finding: finding.report.source)
        return Findings(tuple(chosen), tuple(problems))


_Kept = dict[tuple[int, Filters], tuple[RuleSet, Findings]]
"""Results by the identity of the rule set, which is kept too, so that no other one gets its identity."""

_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_KEPT_FILTERS = 64
"""Number of results that are kept for an engine: an engine never changes."""


def _run(rules: RuleSet, engine: Engine, filters: Filters) -> Findings:
    """Return the findings of a rule set. If it raises an exception, the result has only a message."""
    kept = _KEPT.setdefault(engine, {})
    key = (id(rules), filters)
    if key in kept:
        return kept[key][1]
    found: list[Finding] = []
    problems: list[Message] = []
    try:
        for one in rules.find(engine, filters):
            if isinstance(one, Message):
                problems.append(one)
            else:
                found.append(_as_finding(one))
    except CopiesUnknownError as error:
        return Findings((), (error.message,))
    except IndexUnusableError:
        raise  # about the index, not the rules
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a rule of another package may raise anything; it is reported
        _LOG.exception("a rule failed")
        return Findings((), (_failed(type(rules).__name__, error),))
    if len(kept) >= _KEPT_FILTERS:
        kept.clear()
    result = Findings(tuple(found), tuple(problems))
    kept[key] = rules, result
    return result


def _no_such_rule(name: str) -> Message:
    return Message(
        zh=f"设置项 rules-off 中没有“{name}”这一核对事项", en=f"setting rules-off: no rule “{name}”"
    )


def _failed(name: str, error: BaseException) -> Message:
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Message(
        zh=f"核对规则 {name} 出错（{what}），其发现未列出",
        en=f"the rules {name} failed ({what}); their findings are missing",
    )


@cache
def registry() -> Registry:
    """Return all rules."""
    own: list[RuleSet] = [Checks(), CopyRules()]
    problems = []
    for point in entry_points(group=GROUP):
        loaded, problem = _load(point)
        own += loaded
        problems += problem
    return Registry(tuple(own), tuple(problems))


def _load(point: EntryPoint) -> tuple[list[RuleSet], list[Message]]:
    try:
        make: Callable[[], RuleSet] = point.load()
        return [_as_rule_set(make())], []
    except (Exception, SystemExit) as error:  # noqa: BLE001 - another package may raise anything; it is reported
        _LOG.exception("the rules %s could not be loaded", point.name)
        return [], [_failed(point.name, error)]


def _as_finding(found: object) -> Finding:
    if not isinstance(found, Finding):
        raise TypeError(f"not a finding: {found!r}")
    return found


def _as_rule_set(made: RuleSet) -> RuleSet:
    if not (callable(made.find) and all(isinstance(rule, Rule) for rule in made.rules)):
        raise TypeError("not a rule set")
    return made


def findings_in(
    engine: Engine,
    filters: Filters,
    wanted: FindingFilter = ANY_FINDING,
    decisions: Mapping[str, Decision] = NO_DECISIONS,
    off: Iterable[str] = (),
) -> Findings:
    """Return the wanted findings of all rules: see `Registry.run`."""
    return registry().run(engine, filters, wanted, decisions, off)
