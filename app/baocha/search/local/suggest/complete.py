"""Complete what is being typed with what the index holds.

What follows the typed characters where they occur is cut where a phrase ends. Phrases end
where what comes next varies, or a mark comes: the accessor variety of Feng, Chen, Deng and
Zheng, "Accessor Variety Criteria for Chinese Word Extraction", Computational Linguistics
30(1), 2004.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

from baocha_indexer.text import fold

LONGEST = 10
"""Characters that a suggestion adds at most."""

# Not into figures: every year begins with 20.
_RUN = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"(?:部门|单位|department)[:：]$", re.IGNORECASE)
_OTHER_FIELD = re.compile(r"\w+[:：]$")
_SAME_NEXT = 0.7
"""Where one character follows more often than this, the phrase goes on with it."""

# What a phrase does not end with: 的 and the like belong to what follows.
_OPEN = frozenset("的了和与及对在为以将把被是而或第等其")


def typed_run(query: str) -> tuple[str, str]:
    """Return what stands before the run that is being typed, and the run."""
    start = max(query.rfind(mark) for mark in ' 　“"「(|:：') + 1
    return query[:start], query[start:]


def asks_for(before: str) -> Literal["anything", "department", "nothing"]:
    """Return what may stand behind what was typed: after 部门: a department, after 年份: nothing."""
    if _FIELD.search(before):
        return "department"
    return "nothing" if _OTHER_FIELD.search(before) else "anything"


def continuations(followings: Sequence[str]) -> list[tuple[str, int]]:
    """Return the ends of phrases among what follows, and how often each was seen.

    The most frequent come first. `followings` is what was read after each occurrence.
    """
    seen: Counter[str] = Counter()
    nexts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for following in followings:
        match = _RUN.match(following)
        run = match[0][:LONGEST] if match else ""
        for length in range(1, len(run) + 1):
            seen[run[:length]] += 1
            nexts[run[:length]][following[length : length + 1]] += 1
    least = 2 if len(followings) > 1 else 1
    whole = [
        (text, count)
        for text, count in seen.items()
        if count >= least and text[-1] not in _OPEN and _ends(nexts[text], count)
    ]
    return sorted(whole, key=lambda item: (-item[1], len(item[0]), item[0]))


def _ends(nexts: Counter[str], count: int) -> bool:
    """Whether a phrase ends here: what comes next varies. Marks and ends are all unlike."""
    return max((n for char, n in nexts.items() if _RUN.match(char)), default=0) <= (
        _SAME_NEXT * count
    )


def complete_from_names(typed: str, names: Sequence[str], limit: int) -> list[str]:
    """Return the names that hold what is typed, those that begin with it first."""
    needle = fold(typed)
    holding = [name for name in names if needle and needle in fold(name)]
    return sorted(holding, key=lambda name: (not fold(name).startswith(needle), len(name), name))[
        :limit
    ]
