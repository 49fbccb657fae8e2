"""Cut text typed without spaces into words. All of them must occur."""

import re
from collections.abc import Iterator

from baocha_indexer.text import MARKS, han_runs, words_inside, words_of

# A number is joined to the word after it (2022年度, 13万). Signs inside words and numbers are
# kept (c#, 97.60%, sqg15-02). Other marks separate words and are dropped.
_FIGURE = re.compile(r"[0-9.]+")
OPTIONAL_WORDS = frozenset(
    [
        "什么",
        "什么样",
        "什么时候",
        "哪",
        "哪个",
        "哪些",
        "哪里",
        "哪儿",
        "哪年",
        "哪种",
        "哪位",
        "哪一",
        "哪项",
        "几",
        "几个",
        "几年",
        "多少",
        "多久",
        "多大",
        "多长",
        "是否",
        "是否是",
        "如何",
        "怎么",
        "怎样",
        "怎么样",
        "为什么",
        "为何",
        "何",
        "何时",
        "何地",
        "何处",
        "何种",
        "何人",
        "谁",
        "吗",
        "呢",
        "么",
        "的",
        "地",
        "得",
        "了",
        "着",
        "是",
        "和",
        "与",
        "及",
        "或",
        "而",
        "并",
        "但",
        "在",
        "对",
        "为",
        "于",
        "以",
        "由",
        "从",
        "向",
        "把",
        "被",
        "将",
        "给",
        "所",
        "之",
        "其",
        "这",
        "那",
        "该",
        "此",
        "也",
        "都",
        "就",
        "又",
        "还",
    ]
)
"""Words that a paragraph need not have, if the run has other words too: those that ask, and single
characters that only join. The answer to 资金由谁拨付 does not say 谁."""

_MARKS = MARKS + "'<>,.;:!?、。~…|/\\“”"


def query_words(folded: str) -> tuple[str, ...]:
    """Return the words of a folded run, in order, without duplicates.

    If it has no words, return the run itself.
    """
    words: list[str] = []
    figure = ""
    for is_han, run in _runs(folded):
        if is_han:
            for word, _ in words_of(run):
                words.append(figure + word)
                figure = ""
            continue
        words += [figure] if figure else []
        figure = ""
        stripped = run.strip(_MARKS)
        if not stripped:
            continue
        if _FIGURE.fullmatch(stripped) and run.endswith(stripped):
            figure = stripped
        else:
            words.append(stripped)
    words += [figure] if figure else []
    return tuple(dict.fromkeys(words)) or (folded,)


def finer_words(word: str) -> tuple[str, ...]:
    """Return the shorter words inside a word, in order; pairs of characters if it has none.

    Return nothing for a word of up to three characters, or of letters other than Han characters.
    """
    kinds = {is_han for is_han, _ in han_runs(word)}
    if len(word) < 4 or True not in kinds:
        return ()
    inside = [part for part in words_inside(word) if part not in OPTIONAL_WORDS]
    return tuple(dict.fromkeys(inside or [word[at : at + 2] for at in range(len(word) - 1)]))


def _runs(folded: str) -> Iterator[tuple[bool, str]]:
    """Yield runs of Han characters and the other runs between them, split at spaces.

    The flag is True for Han characters.
    """
    for is_han, run in han_runs(folded):
        yield from ((is_han, piece) for piece in run.split())
