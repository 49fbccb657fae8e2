"""Check the scores of self-evaluations: their sums, their limits, and whether targets were met.

The bands of grades, and the reasons that are required where a score is lost: 《项目支出绩效评价管理办法》
(财预〔2020〕10号).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from baocha_indexer.checks.arithmetic import Placed, check
from baocha_indexer.checks.sentences import figures_before
from baocha_indexer.figures import Evaluation, Indicator
from baocha_indexer.messages import Message
from baocha_indexer.model import Check

FULL_SCORE = 100
"""The sum of all weights of a self-evaluation."""

FUNDS_SCORE = 10
"""The weight of the rate of execution in the form."""

TOTAL_MARGIN = 15
"""Without a row of the total, the weights must have the sum 100 if it is not farther from 100 than this."""

FAR_BEYOND = Decimal("1.5")
"""A result of more than this times its target is a sign that the target was set too low."""

LEAST_EXECUTION = 60
"""With a lower rate of execution, in percent, a full score for it is reported."""

BANDS: tuple[tuple[str, int], ...] = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
"""The grades, each with its least score."""

_GRADE = re.compile(
    r"(?:等级|评级|等次|评定|评价|自评|登记|级别)[^，。；]{0,8}?[“\"]?(?P<grade>[优良中差])[”\"]?(?:秀|好|等)?(?:级|等级)?(?=[，。；、”\"）\s]|$)"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_AT_LEAST = re.compile(r"≥|>=|不低于|不少于|以上|大于等于|＞|>|达到")
_AT_MOST = re.compile(r"≤|<=|不高于|不超过|以内|以下|小于|＜|<|控制在")
_BLANK = frozenset(("", "-", "—", "——", "/", "无", "无偏差"))


def check_scores(evaluations: Iterable[Evaluation]) -> Iterator[Check]:
    """Yield the checks of the tables of indicators of a report."""
    for evaluation in evaluations:
        for row in evaluation.rows:
            yield from _checks_of_row(row, asks_reason=evaluation.asks_reasons)
        yield from _checks_of_sums(evaluation)


def _number(text: str) -> Decimal | None:
    """Return the only number of a text, None if it has none or several."""
    found = _NUMBER.findall(text)
    return Decimal(found[0].replace(",", "")) if len(found) == 1 else None


def _row_check(
    rule: str, rows: Sequence[Indicator], *, holds: bool | None, message: Message
) -> Check:
    return Check(rule, holds, message, tuple((row.paragraph, (0, 0)) for row in rows))


def _checks_of_row(row: Indicator, *, asks_reason: bool) -> Iterator[Check]:
    weight, score = _number(row.weight), _number(row.score)
    name = row.level3
    if weight is None or score is None:
        return
    yield _row_check(
        "score-within-weight", [row], holds=score <= weight,
        message=Message(
            zh=f"得分与分值（{name}）：得分 {row.score}，分值 {row.weight}",
            en=f"score within weight ({name}): score {row.score}, weight {row.weight}",
        ),
    )  # fmt: skip
    if score < weight and asks_reason:
        has_reason = row.reason.strip() not in _BLANK
        yield _row_check(
            "reason-for-loss", [row], holds=has_reason,
            message=Message(
                zh=f"扣分原因（{name}）：分值 {row.weight}，得分 {row.score}，"
                + ("已说明" if has_reason else "未说明偏差原因"),
                en=f"a lost score needs a reason ({name}): weight {row.weight}, score {row.score}, "
                + ("a reason is given" if has_reason else "no reason is given"),
            ),
        )  # fmt: skip
    yield from _target_checks(row, is_full=score == weight)


def _target_checks(row: Indicator, *, is_full: bool) -> Iterator[Check]:
    """Check a full score against the target, and whether the result is far beyond it."""
    target, actual = _number(row.target), _number(row.actual)
    if target is None or actual is None or not target or _unit(row.target) != _unit(row.actual):
        return
    is_most, is_least = bool(_AT_MOST.search(row.target)), bool(_AT_LEAST.search(row.target))
    met = actual <= target if is_most else actual >= target
    shown = Message(
        zh=f"（{row.level3}）：目标值 {row.target}，完成值 {row.actual}，分值 {row.weight}，得分 {row.score}",
        en=f" ({row.level3}): target {row.target}, result {row.actual}, weight {row.weight}, "
        f"score {row.score}",
    )
    if is_full:
        yield _row_check(
            "full-score-met", [row], holds=met,
            message=Message(zh=f"满分与目标完成情况{shown.zh}", en=f"a full score needs the target{shown.en}"),
        )  # fmt: skip
    if is_least or not is_most:
        within = actual <= FAR_BEYOND * target
        yield _row_check(
            "target-too-low", [row], holds=within,
            message=Message(
                zh=f"完成值与目标值{shown.zh}", en=f"a result should not be far beyond its target{shown.en}"
            ),
        )  # fmt: skip


def _unit(text: str) -> str:
    """Return a text without its number and the signs before it."""
    text = _AT_MOST.sub("", _AT_LEAST.sub("", _NUMBER.sub("", text)))
    return "".join(text.split()).replace("％", "%").strip("=＝约")


def _checks_of_sums(evaluation: Evaluation) -> Iterator[Check]:
    """Check the sums of weights and of scores against the row of the total."""
    total = evaluation.total
    rows = [*([evaluation.funds] if evaluation.funds else []), *evaluation.rows]
    weights, scores = [_number(row.weight) for row in rows], [_number(row.score) for row in rows]
    weight = _number(total.weight) if total else None
    found = sum(filter(None, weights), Decimal(0))
    if weight is None and abs(found - FULL_SCORE) <= TOTAL_MARGIN:
        weight = Decimal(FULL_SCORE)
    # Without the row of funds, its points are missing in the sums.
    lacks_funds = (
        weight is not None and evaluation.funds is None and 0 < weight - found <= FUNDS_SCORE
    )
    evidence = [*rows, *([total] if total else [])]
    for numbers, wanted, rule, zh, en in (
        (weights, weight, "weights-sum", "分值合计", "sum of weights"),
        (
            scores,
            _number(total.score) if total else None,
            "scores-sum",
            "得分合计",
            "sum of scores",
        ),
    ):
        known = [number for number in numbers if number is not None]
        if wanted is None or len(known) < 2:
            continue
        holds = None if lacks_funds or len(known) < len(rows) else sum(known) == wanted
        sides = f"{' + '.join(map(str, known))} = {sum(known)}"
        yield _row_check(
            rule, evidence, holds=holds,
            message=Message(
                zh=f"{zh}：{sides}，应为 {wanted}" + ("；缺少部分分值，未判定" if holds is None else ""),
                en=f"{en}: {sides}; expected {wanted}"
                + ("; not decided, because scores are missing" if holds is None else ""),
            ),
        )  # fmt: skip


def check_grades(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check that a grade is the one of the score before it in its sentence: 98.3 分，等级为“优”."""
    for match in _GRADE.finditer(text):
        scores = [
            placed
            for placed in figures_before(figures, match.start())
            if placed.figure.kind == "score"
            and placed.figure.name == "得分"
            and not placed.figure.is_change
            and not re.search("[。；]", text[placed.figure.span[1] : match.start()])
        ]
        if not scores or not 0 <= scores[-1].value <= FULL_SCORE:
            continue
        score, grade = scores[-1], match["grade"]
        right = next(name for name, least in BANDS if score.value >= least)
        yield check(
            "grade", [score], holds=grade == right,
            zh=f"等级与得分：{score.written} 应为“{right}”，报告中为“{grade}”",
            en=f"grade and score: {score.written} should be {right}; the report says {grade}",
        )  # fmt: skip


def check_execution_score(figures: Sequence[Placed]) -> Iterator[Check]:
    """Check the score for the rate of execution in a row: weight × rate.

    A region may have another rule, so a difference is not decided; but a full score with a low rate is
    reported.
    """
    rate = next((one for one in figures if one.figure.name == "执行率"), None)
    weight = next((one for one in figures if one.figure.name == "分值"), None)
    score = next((one for one in figures if one.figure.name == "得分"), None)
    if rate is None or weight is None or score is None or rate.figure.kind != "rate":
        return
    expected = weight.value * min(rate.value, Decimal(100)) / 100
    holds: bool | None = abs(score.value - expected) <= score.step
    if not holds:
        is_full = score.value == weight.value
        holds = False if is_full and rate.value < LEAST_EXECUTION else None
    sides = f"{weight.written} × {rate.written} = {expected.normalize():f}"
    yield check(
        "execution-score", [rate, weight, score], holds=holds,
        zh=f"预算执行率得分：{sides}，表中为 {score.written}" + ("；计分规则可能不同，未判定" if holds is None else ""),
        en=f"score for the rate of execution: {sides}; the table says {score.written}"
        + ("; not decided, because regions use different rules" if holds is None else ""),
    )  # fmt: skip
