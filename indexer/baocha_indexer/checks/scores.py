"""Check the scores of self-evaluations: their sums, their limits, and whether targets were met.

The bands of grades, and the reasons that are required where a score is lost: 《项目支出绩效评价管理办法》
(财预〔2020〕10号).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from baocha_indexer.checks.arithmetic import Placed, check, distance
from baocha_indexer.checks.passages import PART_END, Passage, have_one_value
from baocha_indexer.figures import Evaluation, Indicator, normalise
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
"""By default, a full score for a rate of execution below this, in percent, is reported. Regions have other rules."""

BANDS: tuple[tuple[str, int], ...] = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
"""The grades, each with its least score."""

_GRADE = re.compile(
    r"(?:等级|评级|等次|评定|评价|自评|登记|级别)[^，。；]{0,8}?[“\"]?(?P<grade>[优良中差])[”\"]?(?:秀|好|等)?(?:级|等级)?(?=[，。；、”\"）\s]|$)"
)
_NUMBER = re.compile(r"(?<![0-9.])-?[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+")
_OF_A_PART = re.compile("扣|满分|分值|指标|投入|决策|过程|产出|效益|满意|执行|[上去]年|提高")
"""Words of a score that is not the one that the grade is given for."""

_FULL = re.compile(r"(?:满分|分值|标准分|权重)(?:为|是|共|共计|：)?\s*$")
_FULL_BEHIND = re.compile(r"^\s*分\s*（\s*(?:满分|分值|标准分)(?:为|是|：)?\s*$")
_SCORED = re.compile(r"(?:得|得分|评分|自评分)(?:为|是|：)?\s*$")
_DEDUCTED = re.compile("[扣减]")
_AT_LEAST = re.compile(r"≥|>=|不低于|不少于|以上|大于等于|＞|>|达到")
_AT_MOST = re.compile(r"≤|<=|不高于|不超过|以内|以下|小于|＜|<|控制在")
_LESS_IS_BETTER = re.compile(
    "成本|时效|时限|时间|及时|周期|投诉|信访|事故|死亡|隐患|差错|延误|违[规法]|能耗|排放|下降|降低|减少|压减|控制"
)
"""Indicators that may be met by a smaller result. Without a sign in the target it is not known."""

_DATE = re.compile(r"[0-9]\s*[年月日号]|[旬底]|第.季度")
_RATE_NAME = re.compile("[率度]$|比[例重]$")


def check_scores(evaluations: Iterable[Evaluation]) -> Iterator[Check]:
    """Yield the checks of the tables of indicators of a report."""
    for evaluation in evaluations:
        for row in evaluation.rows:
            yield from _rate_checks(row)
            yield from _checks_of_row(row, asks_reason=evaluation.asks_reasons)
        yield from _checks_of_sums(evaluation)


def _number(text: str) -> Decimal | None:
    """Return the only number of a text, None if it has none or several."""
    found = _NUMBER.findall(normalise(text))
    return Decimal(found[0].replace(",", "")) if len(found) == 1 else None


def _score(text: str) -> Decimal | None:
    """Return the points of a cell, None if it has none, or points that were deducted."""
    return None if _DEDUCTED.search(text) else _number(text)


def _row_check(
    rule: str, rows: Sequence[Indicator], *, holds: bool | None, message: Message
) -> Check:
    return Check(rule, holds, message, tuple((row.paragraph, (0, 0)) for row in rows))


def _checks_of_row(row: Indicator, *, asks_reason: bool) -> Iterator[Check]:
    weight, score = _score(row.weight), _score(row.score)
    name = row.level3
    if weight is None or score is None:
        return
    yield _row_check(
        "score-within-weight", [row], holds=0 <= score <= weight,
        message=Message(
            zh=f"得分与分值（{name}）：得分 {row.score}，分值 {row.weight}",
            en=f"score within weight ({name}): score {row.score}, weight {row.weight}",
        ),
    )  # fmt: skip
    if score < weight and asks_reason:
        has_reason = row.has_reason
        yield _row_check(
            "reason-for-loss", [row], holds=has_reason,
            message=Message(
                zh=f"扣分原因（{name}）：分值 {row.weight}，得分 {row.score}，"
                + ("已说明" if has_reason else "未说明偏差原因"),
                en=f"reason for deducted points ({name}): weight {row.weight}, score {row.score}, "
                + ("a reason is given" if has_reason else "no reason is given"),
            ),
        )  # fmt: skip
    yield from _target_checks(row, is_full=score == weight)


def _rate_checks(row: Indicator) -> Iterator[Check]:
    """Check 完成率 of a row: the result divided by the target, unless it is limited to 100 %."""
    numbers = [_number(text) for text in (row.target, row.actual, row.rate)]
    target, actual, rate = numbers
    if target is None or actual is None or rate is None or not target or _is_lower_better(row):
        return
    if _unit(row.target) != _unit(row.actual) or _unit(row.rate) != "%":
        return
    computed = 100 * actual / target
    if rate == FULL_SCORE < computed or _DATE.search(row.target + row.actual):
        return
    decimals = max(0, -int(rate.as_tuple().exponent))
    yield _row_check(
        "completion-rate", [row], holds=abs(computed - rate) <= Decimal(1).scaleb(-decimals),
        message=Message(
            zh=f"完成率（{row.level3}）：{row.actual} ÷ {row.target} = {computed:.{decimals + 1}f}%，"
            f"报告中为 {row.rate}",
            en=f"rate of completion ({row.level3}): {row.actual} ÷ {row.target} = "
            f"{computed:.{decimals + 1}f}%; the report says {row.rate}",
        ),
    )  # fmt: skip


def _is_lower_better(row: Indicator) -> bool:
    """Whether a smaller result may be better than a larger one."""
    if _AT_MOST.search(row.target):
        return True
    names = row.level1 + row.level2 + row.level3
    return not _AT_LEAST.search(row.target) and _LESS_IS_BETTER.search(names) is not None


def _target_checks(row: Indicator, *, is_full: bool) -> Iterator[Check]:
    """Check a full score against the target, and whether the result is far beyond it."""
    target, actual = _number(row.target), _number(row.actual)
    if target is None or actual is None or not target or _DATE.search(row.target + row.actual):
        return
    if _is_fraction(actual, target, row):
        actual *= 100
    elif _unit(row.target) != _unit(row.actual):
        return
    is_most = _AT_MOST.search(row.target) is not None
    if not is_most and _is_lower_better(row):
        return
    met = actual <= target if is_most else actual >= target
    shown = Message(
        zh=f"（{row.level3}）：目标值 {row.target}，完成值 {row.actual}，分值 {row.weight}，得分 {row.score}",
        en=f" ({row.level3}): target {row.target}, result {row.actual}, weight {row.weight}, "
        f"score {row.score}",
    )
    if is_full:
        yield _row_check(
            "full-score-met", [row], holds=met,
            message=Message(zh=f"满分与目标{shown.zh}" + ("" if met else "，未达到目标值"),
                en=f"full score and target{shown.en}" + ("" if met else "; the target is not reached"),
            ),
        )  # fmt: skip
    is_beyond = actual > FAR_BEYOND * target
    if not is_most:
        yield _row_check(
            "target-too-low", [row], holds=not is_beyond,
            message=Message(
                zh=f"目标值偏低{shown.zh}" + ("，完成值超过目标值的 1.5 倍" if is_beyond else ""),
                en=f"target too low{shown.en}"
                + ("; the result is more than 1.5 times the target" if is_beyond else ""),
            ),
        )  # fmt: skip


def _is_fraction(actual: Decimal, target: Decimal, row: Indicator) -> bool:
    """Whether a result is a fraction of a target in percent: 0.98 for 95 %."""
    is_rate = "%" in _unit(row.target) or _RATE_NAME.search(row.level3) is not None
    return is_rate and 0 < actual <= 1 < target <= 100 and not _unit(row.actual)


def _unit(text: str) -> str:
    """Return a text without its number and the signs before it."""
    text = _AT_MOST.sub("", _AT_LEAST.sub("", _NUMBER.sub("", text)))
    return "".join(text.split()).replace("％", "%").strip("=＝约")


def _checks_of_sums(evaluation: Evaluation) -> Iterator[Check]:
    """Check the sums of weights and of scores against the row of the total."""
    total = evaluation.total
    rows = [*([evaluation.funds] if evaluation.funds else []), *evaluation.rows]
    weights, scores = [_score(row.weight) for row in rows], [_score(row.score) for row in rows]
    weight = _score(total.weight) if total else None
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
            _score(total.score) if total else None,
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
                zh=f"{zh}：{sides}，总分应为 {wanted}"
                + ("；缺少部分指标的分值或得分，未判定" if holds is None else ""),
                en=f"{en}: {sides}; expected {wanted}"
                + ("; not decided, because a weight or a score is missing" if holds is None else ""),
            ),
        )  # fmt: skip


def check_grades(passage: Passage) -> Iterator[Check]:
    """Check that a grade is the one of the score before it in its sentence: 98.3 分，等级为“优”."""
    for match in _GRADE.finditer(passage.text):
        scores = [
            passage.figures[at]
            for at in passage.before(match.start())
            if _is_graded(passage, at)
            and not PART_END.search(passage.text, passage.figures[at].figure.span[1], match.start())
        ]
        if not scores:
            continue
        grade = match["grade"]
        score = next((one for one in reversed(scores) if _grade(one) == grade), scores[-1])
        right = _grade(score)
        if right != grade and not have_one_value(scores):
            continue
        yield check(
            "grade", [score], holds=grade == right,
            zh=f"等级与得分：{score.written} 应为“{right}”，报告中为“{grade}”",
            en=f"grade and score: {score.written} should be {right}; the report says {grade}",
        )  # fmt: skip


def _grade(score: Placed) -> str:
    return next(name for name, least in BANDS if score.value >= least)


def _is_graded(passage: Passage, at: int) -> bool:
    """Return whether a figure is a total score: not of one indicator, no deduction, no limit of a band."""
    figure = passage.figures[at].figure
    return (
        figure.kind == "score"
        and figure.name == "得分"
        and figure.qualifier is None
        and 0 <= figure.value <= FULL_SCORE
        and not _OF_A_PART.search(figure.label + passage.clause(at))
    )


_MAX_EXECUTION_WEIGHT = 30
"""The greatest weight of the rate of execution in a text. A larger one is that of more than the rate."""


def check_scores_in_text(passage: Passage) -> Iterator[Check]:
    """Check that a score is at most the full score beside it: 满分 10 分，得 9 分; 得 9 分（满分 10 分）."""
    for _, weight, score in _scores_with_weights(passage):
        yield check(
            "score-within-weight", [weight, score], holds=0 <= score.value <= weight.value,
            zh=f"得分与分值：得分 {score.written}，分值 {weight.written}",
            en=f"score within weight: score {score.written}, weight {weight.written}",
        )  # fmt: skip


def check_execution_score_in_text(passage: Passage, least_execution: int) -> Iterator[Check]:
    """Check the score for the rate of execution before it: 执行率 76%，满分 10 分，得 10 分."""
    for at, weight, score in _scores_with_weights(passage):
        if at == 0 or passage.parts[at - 1] != passage.parts[at]:
            continue
        rate = passage.figures[at - 1]
        is_rate = rate.figure.name == "执行率" and rate.figure.qualifier is None
        if is_rate and weight.value <= _MAX_EXECUTION_WEIGHT:
            yield _execution_score(rate, weight, score, least_execution)


def _scores_with_weights(passage: Passage) -> Iterator[tuple[int, Placed, Placed]]:
    """Yield each full score with the score beside it, and the place of the first of both."""
    scores = [at for at, placed in enumerate(passage.figures) if placed.figure.kind == "score"]
    for one, other in pairwise(scores):
        if passage.parts[one] != passage.parts[other]:
            continue
        is_closed = "）" in passage.between(one, other).partition("（")[0]
        if (
            not is_closed  # 得 9 分（满分 10 分），乙得 8 分
            and _FULL.search(passage.leads[one])
            and _SCORED.search(passage.leads[other])
        ):
            yield one, passage.figures[one], passage.figures[other]
        elif _FULL_BEHIND.search(passage.leads[other]):
            yield one, passage.figures[other], passage.figures[one]


def check_execution_score(figures: Sequence[Placed], least_execution: int) -> Iterator[Check]:
    """Check the score for the rate of execution in a row: weight × rate.

    A region may have another rule, so a difference is not decided; but a full score with a rate below
    `least_execution` percent is reported.
    """
    rate = next((one for one in figures if one.figure.name == "执行率"), None)
    weight = next((one for one in figures if one.figure.name == "分值"), None)
    score = next((one for one in figures if one.figure.name == "得分"), None)
    if rate is None or weight is None or score is None or rate.figure.kind != "rate":
        return
    yield _execution_score(rate, weight, score, least_execution)


def _execution_score(rate: Placed, weight: Placed, score: Placed, least_execution: int) -> Check:
    expected = weight.value * min(rate.value, Decimal(100)) / 100
    holds: bool | None = distance(expected, score.value, score.step) <= 0
    if not holds:
        is_full = score.value == weight.value
        holds = False if is_full and rate.value < least_execution else None
    sides = f"{weight.written} × {rate.written} = {expected.normalize():f}"
    return check(
        "execution-score", [rate, weight, score], holds=holds,
        zh=f"预算执行率得分：{sides}，表中为 {score.written}" + ("；计分规则可能不同，未判定" if holds is None else ""),
        en=f"score for the rate of execution: {sides}; the table says {score.written}"
        + ("; not decided, because regions use different rules" if holds is None else ""),
    )  # fmt: skip
