"""Find completions of an unfinished query in the texts that follow its occurrences.

The text after each occurrence is cut at the end of a phrase. A phrase ends before a punctuation
mark, or if many different characters follow it. This is the accessor variety of Feng, Chen, Deng
and Zheng, "Accessor Variety Criteria for Chinese Word Extraction", Computational Linguistics
30(1), 2004.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

from baocha.search.local.suggest.samples import Sample, are_words
from baocha_indexer.text import fold

MAX_ADDED = 10
"""Maximum number of characters that a suggestion adds."""

MAX_CUT = 60
"""Number of texts that are cut into words."""

MAX_AFTER = 16
"""Number of following characters that are cut into words: more, so that the last word is whole."""

# Digits are not completed: every year begins with 20.
_RUN = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"(?:部门|单位|department)[:：]$", re.IGNORECASE)
_OTHER_FIELD = re.compile(r"\w+[:：]$")
_SAME_NEXT = 0.7
"""If one character follows in more than this share of the occurrences, the phrase continues."""

# A phrase does not end with these characters: they belong to the following words.
_OPEN = frozenset("的了和与及对在为以将把被是而或第等其")


def typed_run(query: str) -> tuple[str, str]:
    """Split a query into the text before the last run and the last run."""
    start = max(query.rfind(mark) for mark in ' 　“"「(|:：') + 1
    return query[:start], query[start:]


def asks_for(before: str) -> Literal["anything", "department", "nothing"]:
    """Return what may be completed: after 部门: only departments, after 年度: nothing."""
    if _FIELD.search(before):
        return "department"
    return "nothing" if _OTHER_FIELD.search(before) else "anything"


def continuations(typed: str, around: Sequence[Sample]) -> list[tuple[str, int]]:
    """Return the ends of phrases in the following texts, and the frequency of each.

    The most frequent are first. `around` has the text around each occurrence of `typed`. A phrase
    that begins or ends inside a word is left out: see `are_words`.
    """
    seen: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    nexts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    step = max(1, len(around) // MAX_CUT)
    for number, sample in enumerate(around):
        following = sample.after
        match = _RUN.match(following)
        run = match[0][:MAX_ADDED] if match else ""
        borders = sample.borders(typed) if run and number % step == 0 else None
        for length in range(1, len(run) + 1):
            text = run[:length]
            seen[text] += 1
            nexts[text][following[length : length + 1]] += 1
            if borders is not None:
                checked[text] += 1
                begins[text] += 0 in borders
                ends[text] += len(typed) + length in borders
    least = 2 if len(around) > 1 else 1
    whole = [
        (text, count)
        for text, count in seen.items()
        if count >= least
        and text[-1] not in _OPEN
        and (not checked[text] or are_words(checked[text], begins[text], ends[text]))
        and _ends(nexts[text], count)
    ]
    return sorted(whole, key=lambda item: (-item[1], len(item[0]), item[0]))


def _ends(nexts: Counter[str], count: int) -> bool:
    """Return whether a phrase ends here: no letter follows too often. Marks do not count."""
    return max((n for char, n in nexts.items() if _RUN.match(char)), default=0) <= (
        _SAME_NEXT * count
    )


def complete_from_names(typed: str, names: Sequence[str], limit: int) -> list[str]:
    """Return the names that contain the typed text. Names that begin with it are first."""
    needle = fold(typed)
    matching = [name for name in names if needle and needle in fold(name)]
    return sorted(matching, key=lambda name: (not fold(name).startswith(needle), len(name), name))[
        :limit
    ]
