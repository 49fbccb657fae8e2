"""Check that the text of a report gives the same value each time it names the same thing.

Two values under one name are no error: they may be of two projects, or of two units. So only a value that
is similar to an earlier one like a slip is reported, and only if the name has few values in the report.
Rates are not compared: many are similar by chance, such as 96.88% and 96.89%.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import Placed, are_equal, check, is_slip
from baocha_indexer.checks.passages import follows_comparison
from baocha_indexer.figures import base_unit, without_years
from baocha_indexer.model import Check, Figure, Paragraph

_MIN_NAME = 4
"""Minimum length of a name. A shorter one, such as 支出, is used for many things."""

_MAX_VALUES = 3
"""Maximum number of values of a name. A name with more is that of many things."""


def check_repetitions(paragraphs: Sequence[Paragraph]) -> Iterator[Check]:
    """Yield a check for each figure of the text whose name has an equal or similar value before it."""
    for (name, *_), figures in _figures_by_name(paragraphs).items():
        values: list[Placed] = []
        found: list[Check] = []
        for placed in figures:
            same = next((one for one in values if are_equal(one, placed)), None)
            slip = next((one for one in values if is_slip(placed, one.value)), None)
            if other := same or slip:
                found.append(_check(name, placed, other, holds=same is not None))
            if same is None:
                values.append(placed)
            if len(values) > _MAX_VALUES:
                break
        else:
            yield from found


def _check(name: str, placed: Placed, other: Placed, *, holds: bool) -> Check:
    return check(
        "repetition", [other, placed], holds=holds,
        zh=f"前后一致（{name}）：前文为 {other.written}，后文为 {placed.written}",
        en=f"repetition ({name}): first {other.written}, then {placed.written}",
    )  # fmt: skip


def _figures_by_name(paragraphs: Sequence[Paragraph]) -> dict[tuple[str, ...], list[Placed]]:
    """Return the values of the text by their label, kind, unit and period, in their order."""
    found: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    for paragraph in paragraphs:
        if paragraph.role == "table":
            continue
        for figure in paragraph.figures:
            name = without_years(figure.label)
            if len(name) >= _MIN_NAME and _is_value(paragraph.text, figure):
                unit = base_unit(figure.unit) if figure.kind == "count" else figure.currency
                period = "" if figure.period in (None, "本年") else figure.period
                key = (name, figure.kind, unit, period)
                found[key].append(Placed(paragraph.ordinal, figure))
    return found


def _is_value(text: str, figure: Figure) -> bool:
    """Whether a figure is a value of this year: no change, no limit, and not what another one is compared with."""
    return (
        figure.kind != "rate"
        and figure.value > 0
        and figure.qualifier is None
        and figure.period != "上年"
        and not follows_comparison(text, figure.span[0])
    )
