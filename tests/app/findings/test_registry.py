"""The registry of rules: those of other packages, those that fail, and those that are switched off."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from baocha.findings import (
    STORED_RULES,
    Finding,
    FindingFilter,
    Registry,
    findings_in,
    make_rules,
    registry,
)
from baocha.findings.checks import Checks
from baocha.findings.registry import GROUP
from baocha.search import Engine, Filters, open_engine
from baocha_indexer.errors import BaochaError
from baocha_indexer.messages import Message
from tests.app.findings.reports import FILES
from tests.conftest import index_of

LOCAL = make_rules(("local-rule", "本地核对", "local rule", "notice"))
NOTE = Message(zh="未核对的报告有 2 份", en="2 reports were not checked")

MODULE = '''
"""A rule set of another package."""

from baocha.findings import Finding, make_rules
from baocha_indexer.messages import Message

dict = dict  # a class that makes no rule set

if {fails!r} == "import":
    raise ImportError("没有所需的库")


class Titles:
    rules = make_rules(("title-of-others", "标题核对", "titles", "notice"))

    def __init__(self):
        if {fails!r} == "make":
            raise OSError("缺少词表")

    def find(self, engine, filters):
        for covered in engine.coverage(filters=filters):
            report = covered.report
            yield Finding.of(self.rules[0], report, {{1: ()}}, Message(zh=report.title, en=report.title))
'''


class Local:
    """A rule set that says something of each report, then `end` happens."""

    rules = LOCAL

    def __init__(self, end: BaseException | Message | None = None) -> None:
        self.end = end

    def find(self, engine: Engine, filters: Filters) -> Iterator[Finding | Message]:
        for report, _ in engine.analyses(filters=filters):
            yield Finding.of(LOCAL[0], report, {1: ()}, Message(zh="一", en="one"))
        if isinstance(self.end, Message):
            yield self.end
        elif self.end:
            raise self.end


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(index_of(tmp_path_factory.mktemp("registry"), FILES))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which Python finds installed packages. The rules are found anew in it, and afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    registry.cache_clear()
    yield folder
    registry.cache_clear()


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, made: str = "Titles", fails: str = ""
) -> None:
    """Install a package with a rule set, as a package manager would."""
    (folder / f"{name}.py").write_text(MODULE.format(fails=fails), "utf-8")
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}:{made}\n", "utf-8")
    monkeypatch.delitem(sys.modules, name, raising=False)


def test_a_rule_set_that_raises_is_left_out_and_reported_and_the_others_run(
    engine: Engine,
) -> None:
    alone = Registry((Checks(),)).run(engine, Filters())
    result = Registry((Local(ZeroDivisionError("除数为零\n第二行")), Checks())).run(
        engine, Filters()
    )
    assert result.found == alone.found != ()
    (problem,) = result.problems
    assert problem.zh == "核对规则 Local 出错（ZeroDivisionError: 除数为零），其发现未列出"
    assert "findings are missing" in problem.en


@dataclass
class WithoutHash(Local):
    """A rule set that is equal to others, so that Python cannot hash it."""

    end: BaseException | Message | None = None


class WithoutFindings(Local):
    """A rule set that yields something else than findings."""

    def find(self, engine: Engine, filters: Filters) -> Iterator[Finding | Message]:
        yield from super().find(engine, filters)
        yield None  # type: ignore[misc]  # the mistake


@pytest.mark.parametrize("kind", [WithoutHash, WithoutFindings])
def test_a_rule_set_with_a_mistake_does_not_stop_the_others(
    engine: Engine, kind: type[Local]
) -> None:
    alone = Registry((Checks(),)).run(engine, Filters())
    result = Registry((kind(), Checks())).run(engine, Filters())
    assert set(alone.problems) <= set(result.problems)
    assert [one for one in result.found if one.rule != LOCAL[0].id] == list(alone.found)


@pytest.mark.parametrize("error", [SystemExit(3), BaochaError(zh="坏规则", en="bad rules")])
def test_a_rule_set_that_ends_the_program_or_has_an_error_of_ours_is_reported_too(
    engine: Engine, error: BaseException
) -> None:
    result = Registry((Local(error), Checks())).run(engine, Filters())
    assert result.found == Registry((Checks(),)).run(engine, Filters()).found
    (problem,) = result.problems
    assert type(error).__name__ in problem.en


def test_a_rule_set_that_failed_is_tried_again(engine: Engine) -> None:
    local = Local(ValueError("一时不可用"))
    both = Registry((local,))
    assert both.run(engine, Filters()).found == ()
    local.end = None
    result = both.run(engine, Filters())
    assert (len(result.found), result.problems) == (len(FILES), ())


def test_messages_of_a_rule_set_are_problems_and_its_findings_stay(engine: Engine) -> None:
    result = Registry((Local(NOTE),)).run(engine, Filters())
    assert (len(result.found), result.problems) == (len(FILES), (NOTE,))


def test_findings_are_ordered_by_report_then_by_rule_set(engine: Engine) -> None:
    found = Registry((Local(), Checks())).run(engine, Filters()).found
    sources = [finding.report.source for finding in found]
    assert sources == sorted(sources)
    of_one = [finding.rule for finding in found if finding.report.department == "青湖区教育局"]
    assert of_one[0] == LOCAL[0].id
    assert "execution-rate" in of_one[1:]
    assert list(Registry((Checks(), Local())).rules) == [
        *(rule.id for rule in STORED_RULES),
        LOCAL[0].id,
    ]


def test_only_the_rule_sets_of_wanted_rules_run(engine: Engine) -> None:
    both = Registry((Local(ZeroDivisionError("除数为零")), Checks()))
    result = both.run(engine, Filters(), FindingFilter(rules=("execution-rate",)))
    assert {finding.rule for finding in result.found} == {"execution-rate"}
    assert result.problems == ()


def test_filters_by_section_role_and_copied_text_are_ignored(engine: Engine) -> None:
    sets = Registry((Checks(), Local()))
    filters = Filters(section=("无此章节",), role=("title",), copied=("yes",))
    assert sets.run(engine, filters) == sets.run(engine, Filters())


def test_rules_that_are_switched_off_are_missing(engine: Engine) -> None:
    everything = findings_in(engine, Filters())
    assert {"execution-rate", "reason-for-loss"} <= {one.rule for one in everything.found}
    fewer = findings_in(engine, Filters(), off=("execution-rate",))
    assert fewer.problems == ()
    assert fewer.found == tuple(one for one in everything.found if one.rule != "execution-rate")
    wanted = FindingFilter(rules=("execution-rate",))
    assert findings_in(engine, Filters(), wanted, off=("execution-rate",)).found == ()


def test_a_rule_set_whose_rules_are_all_switched_off_does_not_run(engine: Engine) -> None:
    both = Registry((Local(ZeroDivisionError("除数为零")), Checks()))
    result = both.run(engine, Filters(), off=(LOCAL[0].id,))
    assert result.found
    assert result.problems == ()


def test_an_unknown_rule_that_is_switched_off_is_reported(engine: Engine) -> None:
    result = findings_in(engine, Filters(), off=("no-such-rule", "execution-rate", "another"))
    assert [problem.zh for problem in result.problems] == [
        "设置项 rules-off 中没有“another”这一核对事项",
        "设置项 rules-off 中没有“no-such-rule”这一核对事项",
    ]
    assert result.found


def test_the_rules_of_an_installed_package_are_found(
    engine: Engine, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = findings_in(engine, Filters())
    registry.cache_clear()
    install(packages, monkeypatch, "baocha_extra_titles")
    assert registry().rule("title-of-others").name.zh == "标题核对"
    result = findings_in(engine, Filters())
    assert result.problems == ()
    own = [one for one in result.found if one.rule == "title-of-others"]
    assert sorted(Path(one.report.source).name for one in own) == sorted(FILES)
    assert [one for one in result.found if one.rule != "title-of-others"] == list(before.found)
    only = findings_in(engine, Filters(year=((2022, 2022),)), FindingFilter(("title-of-others",)))
    assert {one.report.year for one in only.found} == {2022}
    off = findings_in(engine, Filters(), off=("title-of-others",))
    assert off == before


@pytest.mark.parametrize(
    ("made", "fails", "reason"),
    [
        ("Titles", "import", "ImportError: 没有所需的库"),
        ("Titles", "make", "OSError: 缺少词表"),
        ("Missing", "", "AttributeError"),
        ("dict", "", "AttributeError"),
    ],
)
def test_an_entry_point_that_cannot_be_loaded_is_reported_and_the_other_rules_run(
    engine: Engine,
    packages: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: str,
    fails: str,
    reason: str,
) -> None:
    before = findings_in(engine, Filters())
    registry.cache_clear()
    name = f"baocha_extra_{made}_{fails}".lower()
    install(packages, monkeypatch, name, made, fails)
    result = findings_in(engine, Filters())
    assert result.found == before.found != ()
    (problem,) = result.problems
    assert problem.zh.startswith(f"核对规则 {name} 出错（{reason}")
    assert "title-of-others" not in registry().rules
