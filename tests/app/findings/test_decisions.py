"""What officers decide about findings: stored beside the index, for all users."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from baocha.basket.store import SUFFIX
from baocha.findings import (
    MAX_REASON,
    NO_DECISION,
    STATES,
    DecisionError,
    Decisions,
    Finding,
    FindingFilter,
    State,
    findings_in,
)
from baocha.search import Filters, open_engine
from baocha_indexer.build import build_index
from tests.app.cli.test_cli import baocha, one_line
from tests.app.findings.reports import FILES
from tests.conftest import IndexFiles

REASON = "报告写明口径不同"


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files(FILES)


def listed(index: Path, *states: State) -> list[Finding]:
    """Return the findings with these decisions."""
    wanted = FindingFilter(states=states)
    decisions = Decisions(index).all()
    return list(findings_in(open_engine(index), Filters(), wanted, decisions).found)


def ids(findings: list[Finding]) -> list[str]:
    return [finding.id for finding in findings]


def test_nothing_is_decided_at_first_and_reading_stores_nothing(index: Path) -> None:
    found = listed(index)
    assert len(found) > 2
    assert {finding.decision for finding in found} == {NO_DECISION}
    assert ids(listed(index, "open")) == ids(found)
    assert listed(index, "confirmed", "dismissed") == []
    assert not index.with_name(index.name + SUFFIX).exists()


def test_a_finding_is_confirmed_dismissed_and_reopened(index: Path) -> None:
    first, second, *_ = everything = listed(index)
    decisions = Decisions(index)
    decisions.decide(first.id, "confirmed", by="张三")
    decisions.decide(second.id, "dismissed", f"  {REASON}\n见附表 ", "李四")
    (confirmed,), (dismissed,) = listed(index, "confirmed"), listed(index, "dismissed")
    assert replace(confirmed, decision=NO_DECISION) == first
    assert (confirmed.decision.reason, confirmed.decision.by) == ("", "张三")
    assert confirmed.decision.when.endswith("+00:00")
    assert dismissed.id == second.id
    assert (dismissed.decision.reason, dismissed.decision.by) == (f"{REASON} 见附表", "李四")
    assert dismissed.to_dict("zh")["state"] == "dismissed"
    assert dismissed.to_dict("zh")["reason"] == f"{REASON} 见附表"
    assert ids(listed(index, "open")) == ids(everything)[2:]
    assert ids(listed(index, "open", "dismissed")) == ids(everything)[1:]
    assert ids(listed(index, *STATES)) == ids(everything)
    for finding in (first, second):
        decisions.decide(finding.id, "open")
        decisions.decide(finding.id, "open")  # again: nothing to remove
    assert listed(index) == everything
    assert decisions.all() == {}


def test_a_finding_is_not_dismissed_without_a_reason(index: Path) -> None:
    (first, *_) = listed(index)
    decisions = Decisions(index)
    decisions.decide(first.id, "confirmed", "已核实")
    for reason in ("", " \n\t　"):
        with pytest.raises(DecisionError, match="a reason"):
            decisions.decide(first.id, "dismissed", reason)
    with pytest.raises(DecisionError, match=str(MAX_REASON)):
        decisions.decide(first.id, "confirmed", "长" * (MAX_REASON + 1))
    (kept,) = decisions.all().values()
    assert (kept.state, kept.reason) == ("confirmed", "已核实")
    decisions.decide(first.id, "dismissed", "长" * MAX_REASON)
    assert len(decisions.all()[first.id].reason) == MAX_REASON


def test_the_last_decision_counts(index: Path) -> None:
    (first, *_) = listed(index)
    one, other = Decisions(index), Decisions(index)
    one.decide(first.id, "confirmed", by="张三")
    other.decide(first.id, "dismissed", REASON, "李四")
    for decisions in (one, other):
        assert decisions.all()[first.id].state == "dismissed"
    one.decide(first.id, "confirmed", by="张三")
    (decision,) = other.all().values()
    assert (decision.state, decision.reason, decision.by) == ("confirmed", "", "张三")


def test_decisions_survive_a_rebuild_and_end_with_a_changed_text(
    index: Path, index_files: IndexFiles, tmp_path: Path
) -> None:
    by_rule = {finding.rule: finding for finding in listed(index)}
    wrong, lost = by_rule["execution-rate"], by_rule["reason-for-loss"]
    decisions = Decisions(index)
    decisions.decide(wrong.id, "confirmed")
    decisions.decide(lost.id, "dismissed", REASON)
    build_index([tmp_path / "reports"], index, rebuild=True)
    assert ids(listed(index, "confirmed")) == [wrong.id]
    assert ids(listed(index, "dismissed")) == [lost.id]
    index_files({"b.txt": str(FILES["b.txt"]).replace("70%", "75%")})
    assert listed(index, "confirmed") == []
    (again,) = (one for one in listed(index, "open") if one.rule == "execution-rate")
    assert again.id != wrong.id
    assert ids(listed(index, "dismissed")) == [lost.id]
    # The text as it was: the decision is there again.
    index_files({"b.txt": FILES["b.txt"]})
    assert ids(listed(index, "confirmed")) == [wrong.id]


def test_the_command_line_decides_and_lists_by_decision(index: Path) -> None:
    first, second, *rest = ids(listed(index))

    def with_state(state: str) -> list[str]:
        found = baocha("findings", "--state", state, "--index", index, "--json")
        values = json.loads(found.stdout)
        assert found.returncode == (0 if values else 1)
        assert {value["state"] for value in values} <= {state}
        return [value["id"] for value in values]

    confirmed = baocha("findings", "--confirm", first, "--index", index)
    assert (confirmed.returncode, confirmed.stdout) == (0, "")
    assert one_line(confirmed.stderr)
    assert "属实" in confirmed.stderr
    dismissed = baocha("findings", "--dismiss", second, "--reason", REASON, "--index", index)
    assert dismissed.returncode == 0
    assert with_state("confirmed") == [first]
    assert with_state("dismissed") == [second]
    assert with_state("open") == rest
    shown = baocha("findings", "--state", "dismissed", "--index", index)
    assert f"已排除 {REASON}" in shown.stdout
    assert second in shown.stdout
    assert baocha("findings", "--reopen", first, "--index", index).returncode == 0
    assert with_state("confirmed") == []
    assert with_state("open") == [first, *rest]


def test_decisions_that_are_not_valid_are_one_line_and_store_nothing(index: Path) -> None:
    first, second, *_ = ids(listed(index))
    for arguments, reason in (
        (["--confirm", "0000000000000000"], "没有编号为 0000000000000000 的发现"),
        (["--reopen", "0000000000000000"], "没有编号为"),
        (["--confirm", first, "--dismiss", second, "--reason", REASON], "一次只能处理一条发现"),
        (["--confirm", first, "--reopen", first], "一次只能处理一条发现"),
        (["--dismiss", first], "须填写理由"),
        (["--dismiss", first, "--reason", "  "], "须填写理由"),
        (["--dismiss", first, "--reason", "长" * (MAX_REASON + 1)], "不能超过 500 字"),
        (["--state", "unknown"], "--state"),
        (["--rule", "no-such-rule"], "no-such-rule"),
    ):
        refused = baocha("findings", *arguments, "--index", index)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert one_line(refused.stderr)
        assert reason in refused.stderr
    assert Decisions(index).all() == {}
