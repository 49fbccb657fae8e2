"""Cut text typed without spaces into words. All of them must occur."""

import re
from collections.abc import Iterator

from baocha_indexer.text import MARKS, han_runs, words_of

# A number is joined to the word after it (2022年度, 13万). Signs inside words and numbers are
# kept (c#, 97.60%, sqg15-02). Other marks separate words and are dropped.
_FIGURE = re.compile(r"[0-9.]+")
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


def _runs(folded: str) -> Iterator[tuple[bool, str]]:
    """Yield runs of Han characters and the other runs between them, split at spaces.

    The flag is True for Han characters.
    """
    for is_han, run in han_runs(folded):
        yield from ((is_han, piece) for piece in run.split())
